"""Rounds: calls with dates and an edition."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Round(models.Model):
    """A call (批次) of one programme under one edition, open between two moments."""

    key = models.CharField(max_length=40, unique=True)
    programme = models.CharField(max_length=50)
    edition = models.ForeignKey("workflows.Edition", models.PROTECT, related_name="rounds")
    title = models.CharField(max_length=100)
    opens = models.DateTimeField()
    closes = models.DateTimeField()

    class Meta:
        verbose_name = _("round")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")), name="round_closes_after_opening"
            )
        ]

    def __str__(self) -> str:
        return self.title
