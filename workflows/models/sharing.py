"""How the tasks of a group are dealt out among its people."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Distribution(models.Model):
    """Whether the unclaimed tasks of a group are assigned by rule, and by whose will."""

    group = models.CharField(max_length=60, unique=True)  # a task's candidate
    on = models.BooleanField(default=False)
    changed = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("distribution")

    def __str__(self) -> str:
        return f"{self.group}: {'on' if self.on else 'off'}"


class Turn(models.Model):
    """When somebody was last given a task of a group; who waited longest comes first."""

    group = models.CharField(max_length=60)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("turn")
        constraints = [
            models.UniqueConstraint(fields=["group", "person"], name="one_turn_a_person_and_group")
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.person}"
