"""Public notices, their entries, and objections."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PublicNotice(models.Model):
    """A list shown to the public before the decision (domain 0.12); stays readable for good."""

    slug = models.SlugField(max_length=40, unique=True)
    programme_key = models.CharField(max_length=50)
    title = models.CharField(max_length=120)
    body = models.TextField()
    opens = models.DateField()
    closes = models.DateField()  # last day, included
    days = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=10)  # working, calendar
    provisional = models.BooleanField(default=False)
    published = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("public notice")

    def __str__(self) -> str:
        return self.title


class NoticeEntry(models.Model):
    """One case on one notice; an objection holds this entry and no other."""

    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="entries")
    case = models.ForeignKey("workflows.Case", models.PROTECT, related_name="entries")
    position = models.PositiveSmallIntegerField()
    facts = models.JSONField()  # what the public reads: name, code, outcome, mark if published
    removed = models.DateTimeField(null=True)
    closed = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "case"], name="a_case_once_a_notice")
        ]
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.notice} {self.position}"


class Objection(models.Model):
    """A signed claim against one published entry; its author stays secret from the applicant."""

    class Result(models.TextChoices):
        """How the office answered."""

        OPEN = "open", _("Under review")
        INADMISSIBLE = "inadmissible", _("Not admissible")
        NOT_UPHELD = "not_upheld", _("Not upheld")
        UPHELD = "upheld", _("Upheld")
        SETTLED = "settled", _("Settled: the entry left the list")  # by another's, or with the case

    entry = models.ForeignKey(NoticeEntry, models.PROTECT, related_name="objections")
    number = models.CharField(max_length=30, unique=True)
    objector = models.CharField(max_length=100)
    contact_name = models.CharField(max_length=50)
    phone = models.CharField(max_length=30)
    is_unit = models.BooleanField(default=False)
    facts = models.TextField()
    evidence = models.JSONField(default=list)  # [{"name", "sha256"}]
    received = models.DateTimeField()
    due = models.DateField()
    reply = models.TextField(blank=True)  # the applicant's own word on it, given once
    replied = models.DateTimeField(null=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    result = models.CharField(max_length=15, choices=Result, default=Result.OPEN)
    answer = models.TextField(blank=True)
    answered = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("objection")

    def __str__(self) -> str:
        return self.number
