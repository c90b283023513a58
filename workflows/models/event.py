"""The audit trail's rows; the triggers that guard them are in a migration."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One entry of the audit trail: who did what, on which facts, chained to the entry before.

    ``body`` is the exact canonical text that was hashed; the other columns repeat parts of it for
    queries. ``hash = sha256(0x00 || prev || body)`` (reliability 3.2).
    """

    chain = models.CharField(max_length=60)  # case:<id>, sys:<subject>
    seq = models.PositiveIntegerField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)
    body = models.TextField()
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    duty = models.CharField(max_length=20, blank=True)  # accept, evaluate, approve, sign, seal
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey("workflows.Case", models.PROTECT, null=True, related_name="events")

    class Meta:
        verbose_name = _("event")
        constraints = [models.UniqueConstraint(fields=["chain", "seq"], name="chain_has_no_fork")]
        ordering = ["chain", "seq"]
        indexes = [models.Index(fields=["case", "seq"], name="events_of_a_case")]

    def __str__(self) -> str:
        return f"{self.chain}:{self.seq} {self.kind}"
