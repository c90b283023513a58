"""Rounds: calls with dates, an edition, a quota and money; and the needs open to bidders."""

from django.conf import settings
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
    group = models.CharField(max_length=40, blank=True)  # for one group of applicants only
    quota = models.PositiveIntegerField(null=True)
    share_percent = models.PositiveSmallIntegerField(null=True)  # of the group, at most
    pass_mark = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    budgets = models.JSONField(default=dict)  # funding line -> 万元, as text
    contact = models.CharField(max_length=200, blank=True)
    one_by_one = models.BooleanField(default=False)  # no press confirms several checks

    class Meta:
        verbose_name = _("round")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")), name="round_closes_after_opening"
            )
        ]
        ordering = ["opens"]

    def __str__(self) -> str:
        return self.title


class Challenge(models.Model):
    """A published need (榜单) that units bid for (揭榜挂帅)."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="challenges")
    number = models.CharField(max_length=40, unique=True)
    line = models.CharField(max_length=40)
    title = models.CharField(max_length=100)
    need = models.TextField()
    owner = models.CharField(max_length=100)  # who needs it
    cap = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # 万元
    opens = models.DateTimeField()
    closes = models.DateTimeField()
    published = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("challenge")
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
