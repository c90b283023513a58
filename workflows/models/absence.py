"""Absences: who is away from when to when, and who acts in their stead."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflows import clock

if TYPE_CHECKING:
    from workflows.models.process import Task


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences, by date."""

    def running(self, day: date | None = None) -> Self:
        """Those in force on ``day`` (today unless told), both ends included."""
        day = day or clock.today()
        return self.filter(ended=None, starts__lte=day, ends__gte=day)

    def ahead(self) -> Self:
        """Those in force today or later."""
        return self.filter(ended=None, ends__gte=clock.today())


class Absence(models.Model):
    """One person away from one day to another, with a colleague who stands in for them (X11)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences")
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="substitutions"
    )
    starts = models.DateField()
    ends = models.DateField()
    programme = models.CharField(max_length=50, blank=True)  # "" = every programme
    role = models.CharField(max_length=30, blank=True)  # "" = every office of the person
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made = models.DateTimeField()
    ended = models.DateTimeField(null=True)  # back earlier, or called off
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__gte=models.F("starts")), name="absence_ends_after_start"
            ),
            models.CheckConstraint(
                condition=~models.Q(user=models.F("substitute")), name="nobody_stands_in_for_self"
            ),
        ]
        indexes = [
            models.Index(
                fields=["substitute", "ends"], condition=models.Q(ended=None), name="stand_ins"
            ),
            models.Index(
                fields=["user", "ends"], condition=models.Q(ended=None), name="absences_ahead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.starts}/{self.ends}: {self.substitute}"

    def meets(self, other: Self) -> bool:
        """Whether both are in force on some day for some same task."""
        same_days = self.starts <= other.ends and other.starts <= self.ends
        same_programme = not (self.programme and other.programme) or (
            self.programme == other.programme
        )
        same_role = not (self.role and other.role) or self.role == other.role
        return same_days and same_programme and same_role

    def concerns(self, task: "Task") -> bool:
        """Whether ``task`` lies within its scope, whoever owns it."""
        role = task.candidate.partition(":")[0]
        return self.programme in ("", task.programme_key) and self.role in ("", role)
