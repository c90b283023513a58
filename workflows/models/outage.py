"""Times when the service could not be reached, as the operator certified them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Outage(models.Model):
    """One failure of the service, from one moment to another."""

    started = models.DateTimeField()
    ended = models.DateTimeField()
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded = models.DateTimeField()
    moved = models.JSONField(default=list)  # keys of the rounds and numbers of the cases it moved

    class Meta:
        verbose_name = _("outage")
        ordering = ["-started"]

    def __str__(self) -> str:
        return f"{self.started:%Y-%m-%d %H:%M}"
