"""The one correction notice and its items."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Correction(models.Model):
    """The full list of what to correct, told once (行政许可法 32)."""

    case = models.OneToOneField("workflows.Case", models.PROTECT, related_name="correction")
    issued = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    due = models.DateField()
    due_provisional = models.BooleanField(default=False)
    answered = models.DateTimeField(null=True)
    note = models.TextField(blank=True)  # the applicant's words when resubmitting

    class Meta:
        verbose_name = _("correction notice")

    def __str__(self) -> str:
        return f"{self.case}"


class CorrectionItem(models.Model):
    """One thing to correct: a field or a paper, why, and the applicant's answer."""

    class Answered(models.TextChoices):
        """How the applicant dealt with it when handing in; nothing: it was left open (X20)."""

        CHANGED = "changed", _("Changed")
        EXPLAINED = "explained", _("Explained")

    correction = models.ForeignKey(Correction, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    target = models.CharField(
        max_length=60, blank=True
    )  # field or attachment code; "" = as a whole
    reason = models.CharField(max_length=40)  # coded reason of the edition
    text = models.TextField()
    answer = models.TextField(blank=True)
    answered_as = models.CharField(max_length=10, choices=Answered, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["correction", "position"], name="items_are_numbered")
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return self.text
