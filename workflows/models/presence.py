"""Presence: one section of a draft has one writer at a time."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from workflows.models.people import User

SILENCE = timedelta(minutes=2)  # without a sign of life a place is given up
PATIENCE = timedelta(seconds=60)  # a request nobody answers is granted


class Presence(models.Model):
    """Who is filling in a section at this moment, and who asks to go on in their stead."""

    case = models.ForeignKey("workflows.Case", models.CASCADE, related_name="presences")
    section = models.CharField(max_length=60)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened = models.DateTimeField()
    seen = models.DateTimeField()  # the last sign of life
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    asked = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("presence")
        constraints = [
            models.UniqueConstraint(fields=["case", "section"], name="one_writer_a_section")
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.section}: {self.user}"

    def alive(self, moment: datetime) -> bool:
        """Whether there was a sign of life lately."""
        return moment - self.seen <= SILENCE

    def asker(self, moment: datetime) -> "User | None":
        """Who waits for an answer; a request that nobody follows up lapses."""
        if self.asked is None or moment - self.asked > SILENCE:
            return None
        return self.asked_by

    def gives_way_to(self, user: "User", moment: datetime) -> bool:
        """Whether ``user`` may write here: it is theirs, was left, or was asked for in vain."""
        if self.user_id == user.pk or not self.alive(moment):
            return True
        in_vain = self.asked is not None and moment - self.asked >= PATIENCE
        return in_vain and self.asker(moment) == user
