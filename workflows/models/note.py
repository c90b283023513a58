"""Notes of the office on a case; no applicant ever reads one."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Note(models.Model):
    """What a colleague wrote beside a case, and whom they named with it; written once."""

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = models.TextField(max_length=4000)
    made = models.DateTimeField()
    mentioned = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    class Meta:
        verbose_name = _("note")
        indexes = [models.Index(fields=["case", "made"], name="notes_of_a_case")]

    def __str__(self) -> str:
        return f"{self.case} {self.by}"
