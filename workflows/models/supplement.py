"""Questions the office asks after acceptance, and the material the applicant adds (domain 0.5)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Supplement(models.Model):
    """One request for supplementary material; the decision clock stands until it is closed."""

    PREFIX = "supplement-"  # of the code of its files: no attachment of a form has a hyphen

    class Closed(models.TextChoices):
        """How a request ended."""

        ANSWERED = "answered", _("Answered")
        LAPSED = "lapsed", _("Not answered in time")
        RECALLED = "recalled", _("Taken back by the office")

    class Ground(models.TextChoices):
        """Why the applicant is asked."""

        MATERIAL = "material", _("More is needed to decide")
        LICENCE = "licence", _("The licence has ended")  # before the seal (X4)

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="supplements")
    number = models.PositiveSmallIntegerField()
    ground = models.CharField(max_length=10, choices=Ground, default=Ground.MATERIAL)
    asked = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField()  # working days given
    due = models.DateField()
    due_provisional = models.BooleanField(default=False)
    closed = models.DateTimeField(null=True)
    closed_as = models.CharField(max_length=10, choices=Closed, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    note = models.TextField(blank=True)  # the applicant's words, or why it was taken back
    valid_to = models.DateField(null=True)  # of the renewed licence, as the applicant gives it
    files = models.JSONField(default=list)  # [{"code", "name", "sha256", "size", "pages"}]

    class Meta:
        verbose_name = _("supplement")
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="supplements_are_numbered"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(closed=None), name="one_supplement_at_a_time"
            ),
        ]
        ordering = ["case", "number"]

    def __str__(self) -> str:
        return f"{self.case} / {self.number}"

    @property
    def code(self) -> str:
        """The code under which the applicant attaches files to it."""
        return f"{self.PREFIX}{self.number}"


class SupplementItem(models.Model):
    """One question of a request, and the applicant's answer."""

    supplement = models.ForeignKey(Supplement, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplement", "position"], name="questions_are_numbered"
            )
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.text
