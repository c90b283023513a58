"""What an applicant says against a refusal that is intended (陈述申辩), and the office's answer."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Defence(models.Model):
    """One intended refusal as it was told, and what was said to it before it could be signed."""

    PREFIX = "defence-"  # of the code of its files: no attachment of a form has a hyphen

    class Closed(models.TextChoices):
        """How the applicant's time ended."""

        STATED = "stated", _("Defence stated")
        LAPSED = "lapsed", _("Nothing was said in time")

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="defences")
    number = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)  # the grounds as they were told
    told = models.DateTimeField()
    days = models.PositiveSmallIntegerField()  # working days given
    due = models.DateField()
    due_provisional = models.BooleanField(default=False)
    closed = models.DateTimeField(null=True)
    closed_as = models.CharField(max_length=10, choices=Closed, blank=True)
    recalled = models.DateTimeField(null=True)  # the case went back: nothing is intended any more
    text = models.TextField(blank=True)
    files = models.JSONField(default=list)  # [{"code", "name", "sha256", "size", "pages"}]
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answer = models.TextField(blank=True)  # the office's; the decision repeats it
    answered = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("defence")
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="defences_are_numbered"),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(closed=None, recalled=None),
                name="one_defence_at_a_time",
            ),
        ]
        ordering = ["case", "number"]

    def __str__(self) -> str:
        return f"{self.case} / {self.number}"

    @property
    def code(self) -> str:
        """The code under which the applicant attaches files to it."""
        return f"{self.PREFIX}{self.number}"
