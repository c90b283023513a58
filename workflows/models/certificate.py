"""Titles: the register that decides what is valid today."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class Certificate(models.Model):
    """A title in the register (名录): who holds what, since when, and whether it stands."""

    class State(models.TextChoices):
        """States of a granted title (domain 0.4)."""

        ACTIVE = "active", _("Valid")
        WARNING = "warning", _("To be rectified")
        PAUSED = "paused", _("Paused")
        REVOKED = "revoked", _("Revoked")
        EXPIRED = "expired", _("Expired")
        CANCELLED = "cancelled", _("Cancelled")
        SUPERSEDED = "superseded", _("Superseded")

    holder = models.ForeignKey("workflows.Organisation", models.PROTECT, related_name="titles")
    holder_name = models.CharField(max_length=100)  # as printed
    programme_key = models.CharField(max_length=50)
    kind = models.CharField(max_length=30)  # pool_entry, certificate
    title = models.CharField(max_length=100)  # as printed, in Chinese
    title_en = models.CharField(max_length=100, blank=True)
    level = models.CharField(max_length=30, blank=True)
    level_en = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=60, unique=True)
    identifier = models.CharField(max_length=120, blank=True)  # 电子证照标识, GB/T 36904-2018
    state = models.CharField(max_length=12, choices=State, default=State.ACTIVE)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    facts = models.JSONField(default=dict)
    case = models.ForeignKey("workflows.Case", models.PROTECT, null=True, related_name="titles")
    document = models.OneToOneField(
        "workflows.Document", models.PROTECT, null=True, related_name="grants"
    )
    registered = models.DateTimeField()

    class Meta:
        verbose_name = _("title")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=models.Q(state="active"),
                name="one_live_title_a_case_and_kind",
            )
        ]
        indexes = [models.Index(fields=["programme_key", "kind", "state"], name="register_by_kind")]

    def __str__(self) -> str:
        return self.number

    @property
    def called(self) -> str:
        """What the title is called, in the reader's language."""
        return _said(self.title, self.title_en)

    @property
    def graded(self) -> str:
        """Its level, in the reader's language."""
        return _said(self.level, self.level_en)


def _said(zh: str, en: str) -> str:
    return en if en and not (get_language() or "zh").startswith("zh") else zh
