"""What is done outside the ordinary course: interventions in a flow, findings of the audit."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Intervention(models.Model):
    """One person asks to end a case or to have a step done again; a second one decides."""

    class Kind(models.TextChoices):
        """What is asked."""

        CANCEL = "cancel", _("End the case")
        JUMP = "jump", _("Have a step done again")

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="interventions")
    kind = models.CharField(max_length=10, choices=Kind)
    node = models.CharField(max_length=60, blank=True)  # of the flow, where a jump leads
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked = models.DateTimeField()
    second = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided = models.DateTimeField(null=True)
    approved = models.BooleanField(default=False)
    answer = models.CharField(max_length=500, blank=True)  # why it was declined

    class Meta:
        verbose_name = _("intervention")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(decided=None), name="one_open_intervention"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.kind}"


class AuditFinding(models.Model):
    """A broken procedure as an auditor found it, and the answer the office owes (X53)."""

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="audit_findings")
    text = models.TextField(max_length=4000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made = models.DateTimeField()
    due = models.DateField()  # last day to answer
    answer = models.TextField(max_length=4000, blank=True)
    answered = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("finding of the audit")
        indexes = [
            models.Index(
                fields=["due"], condition=models.Q(answered=None), name="findings_to_answer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.made:%Y-%m-%d}"
