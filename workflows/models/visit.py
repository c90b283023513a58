"""The on-site check by two people (行政许可法 34)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SiteVisit(models.Model):
    """One visit to the place an application speaks of: why, when, by whom, what was found."""

    class Ground(models.TextChoices):
        """Why the place is visited."""

        ALWAYS = "always", _("Every file of this kind is visited")
        NEAR = "near", _("The mark lies near the pass mark")
        SAMPLE = "sample", _("Drawn by lot")

    class Result(models.TextChoices):
        """What the visitors found."""

        CONFIRMED = "confirmed", _("As stated")
        DIFFERENCES = "differences", _("Differs from what was stated")

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="visits")
    round = models.PositiveSmallIntegerField()  # evaluation round
    ground = models.CharField(max_length=10, choices=Ground)
    ordered = models.DateTimeField()
    visited_on = models.DateField(null=True)
    place = models.CharField(max_length=200, blank=True)
    result = models.CharField(max_length=12, choices=Result, blank=True)
    note = models.TextField(blank=True)
    differences = models.JSONField(default=list)  # sentences
    photos = models.JSONField(default=list)  # [{"name", "sha256"}]
    first = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    first_signed = models.DateTimeField(null=True)
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    second_signed = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("on-site check")
        constraints = [models.UniqueConstraint(fields=["case", "round"], name="one_visit_a_round")]

    def __str__(self) -> str:
        return f"{self.case} {self.visited_on or ''}".strip()
