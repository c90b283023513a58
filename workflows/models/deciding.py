"""A decision on its way: the worksheet it is drawn up on, the intent that may be taken back."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class Worksheet(models.Model):
    """What one person has ticked and written for a task so far; nobody else reads it."""

    task = models.ForeignKey("workflows.Task", models.CASCADE, related_name="worksheets")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    values = models.JSONField(default=dict)  # names of fields and what stands in them
    kept = models.DateTimeField()

    class Meta:
        verbose_name = _("worksheet")
        constraints = [
            models.UniqueConstraint(fields=["task", "by"], name="one_worksheet_a_task_and_person")
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.by}"


class Intent(models.Model):
    """What somebody has decided and may still take back; the job ledger carries it out.

    The law knows it only when it is carried out: that moment is the act's (interface 8, Undo).
    """

    class State(models.TextChoices):
        """An intent waits once; whatever becomes of it is final."""

        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Carried out")
        UNDONE = "undone", _("Taken back")
        REFUSED = "refused", _("Could not be carried out")

    task = models.ForeignKey("workflows.Task", models.CASCADE, related_name="intents")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)  # decide, assign, …
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    told = models.CharField(max_length=200, blank=True)  # what the page says was done
    batch = models.CharField(max_length=40, blank=True)  # pressed together with others
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    made = models.DateTimeField()
    due = models.DateTimeField()  # carried out from then on
    settled = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=300, blank=True)  # why it could not be carried out

    class Meta:
        verbose_name = _("intent")
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=models.Q(state="waiting"), name="one_waiting_intent"
            )
        ]
        indexes = [
            models.Index(fields=["by", "batch"], name="intents_pressed_together"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.task_id}"
