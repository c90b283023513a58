"""The job ledger: work for later, finished only by the transaction that commits its effect."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """One piece of background work (reliability 4.1)."""

    class State(models.TextChoices):
        """A job is done only with its effect; five failures make an incident."""

        READY = "ready", _("Waiting")
        LEASED = "leased", _("Being worked on")
        DONE = "done", _("Done")
        INCIDENT = "incident", _("Needs a person")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    case = models.ForeignKey("workflows.Case", models.PROTECT, null=True, related_name="jobs")
    payload = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=120, unique=True)
    lane = models.CharField(max_length=40, blank=True)  # "" = the workers'; a driver runs its own
    not_before = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.READY)
    attempt = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=80, blank=True)
    created = models.DateTimeField()
    done = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)  # class and sentence, never locals

    class Meta:
        verbose_name = _("job")
        indexes = [
            models.Index(
                fields=["lane", "not_before"],
                condition=models.Q(state__in=["ready", "leased"]),
                name="jobs_to_run",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.dedupe_key}"
