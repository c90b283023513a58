"""Checked figures, and the order of a group."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Figures(models.Model):
    """One immutable version of a case's checked figures; the newest confirmed one is in force.

    ``values`` maps an indicator to ``{"reported", "value", "na", "finding", "reason"}``; figures
    are text, ``finding`` is confirmed, corrected or unproven (which counts as 0).
    """

    class Finding(models.TextChoices):
        """What the evidence says of one figure."""

        CONFIRMED = "confirmed", _("Confirmed")
        CORRECTED = "corrected", _("Corrected")
        UNPROVEN = "unproven", _("Not proven")

    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="figures")
    round = models.PositiveSmallIntegerField()  # evaluation round in which they were checked
    revision = models.PositiveSmallIntegerField()
    values = models.JSONField()
    reason = models.TextField(blank=True)  # why it differs from the revision before
    given = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # by the applicant or its silence, by the settling agency, after the freeze by the head's order
    confirmed = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    contested = models.JSONField(default=dict)  # indicator -> the applicant's words

    class Meta:
        verbose_name = _("checked figures")
        constraints = [
            models.UniqueConstraint(fields=["case", "revision"], name="figures_are_numbered")
        ]
        ordering = ["revision"]

    def __str__(self) -> str:
        return f"{self.case} figures {self.revision}"


class Ranking(models.Model):
    """One revision of the order of a group in a round; the newest is in force.

    Making the first one freezes the data of the group (数据冻结).
    """

    round = models.ForeignKey("workflows.Round", models.PROTECT, related_name="rankings")
    procedure_key = models.CharField(max_length=30)
    group = models.CharField(max_length=40)
    revision = models.PositiveSmallIntegerField()
    rules = models.JSONField()  # {"quota", "share_percent", "pass_mark", "budget"} it was made by
    digest = models.CharField(max_length=64)  # sha256 of everything that was weighed
    reason = models.TextField(blank=True)  # why it was made again
    order = models.JSONField(default=list)  # references of tied cases as the conference put them
    meeting = models.CharField(max_length=30, blank=True)  # that broke the tie
    made = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approved = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("ranking")
        constraints = [
            models.UniqueConstraint(
                fields=["round", "procedure_key", "group", "revision"],
                name="rankings_are_numbered",
            )
        ]
        ordering = ["revision"]

    def __str__(self) -> str:
        return f"{self.round} {self.group} / {self.revision}"


class Standing(models.Model):
    """The place of one case in one ranking; unequal cases never share one."""

    class Status(models.TextChoices):
        """What the place means."""

        SELECTED = "selected", _("Selected")
        TIED = "tied", _("Tied at the cut")
        OFFERED = "offered", _("Smaller amount offered")
        WAITING = "waiting", _("Waits for money")
        BELOW = "below", _("Below the cut")
        FAILED = "failed", _("Below the pass mark")

    ranking = models.ForeignKey(Ranking, models.PROTECT, related_name="standings")
    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="standings")
    place = models.PositiveIntegerField()
    mark = models.DecimalField(max_digits=6, decimal_places=2)
    parts = models.JSONField(default=dict)  # index: indicator -> {"value", "best", "mark"}; ties
    status = models.CharField(max_length=10, choices=Status)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # 万元
    accepted = models.BooleanField(null=True)  # the applicant's answer to a smaller amount
    answered = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("standing")
        constraints = [
            models.UniqueConstraint(fields=["ranking", "case"], name="a_case_once_a_ranking")
        ]
        ordering = ["place"]

    def __str__(self) -> str:
        return f"{self.ranking}: {self.place}"
