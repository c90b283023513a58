"""The joint conference: meetings, items, ballots."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Meeting(models.Model):
    """A sitting, or a written round, of the joint conference (domain 0.11)."""

    number = models.CharField(max_length=30, unique=True)
    title = models.CharField(max_length=100)
    held = models.DateTimeField()
    written = models.BooleanField(default=False)
    convenor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    minutes = models.TextField(blank=True)
    closed = models.DateTimeField(null=True)  # minutes signed and locked

    class Meta:
        verbose_name = _("meeting")

    def __str__(self) -> str:
        return self.title


class MeetingMember(models.Model):
    """A voting member summoned to a meeting, and whether they attended."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    unit = models.CharField(max_length=100)
    present = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "user"], name="one_chair_a_member")
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.user}"


class Item(models.Model):
    """One case on the agenda of one meeting."""

    class Result(models.TextChoices):
        """What the conference resolved."""

        PENDING = "", _("Not yet resolved")
        PASSED = "passed", _("Passed")
        NOT_PASSED = "not_passed", _("Not passed")
        DEFERRED = "deferred", _("Deferred")
        SENT_BACK = "sent_back", _("Sent back with questions")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    proposal = models.CharField(max_length=30)  # outcome the office proposes
    result = models.CharField(max_length=12, choices=Result, blank=True)
    questions = models.TextField(blank=True)
    tally = models.JSONField(default=dict)  # {"agree", "disagree", "abstain", "base", "present"}
    resolved = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "case"], name="a_case_once_a_meeting"),
            models.UniqueConstraint(fields=["meeting", "position"], name="agenda_is_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} {self.position}"


class Ballot(models.Model):
    """One member's vote on one item; final once cast."""

    class Choice(models.TextChoices):
        """How the member voted; a recused member is counted out of the base."""

        AGREE = "agree", _("Agree")
        DISAGREE = "disagree", _("Disagree")
        ABSTAIN = "abstain", _("Abstain")
        RECUSED = "recused", _("Recused")

    item = models.ForeignKey(Item, models.PROTECT, related_name="ballots")
    member = models.ForeignKey(MeetingMember, models.PROTECT, related_name="ballots")
    choice = models.CharField(max_length=10, choices=Choice)
    reason = models.TextField(blank=True)
    cast = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "member"], name="one_ballot_a_member")
        ]

    def __str__(self) -> str:
        return self.get_choice_display()
