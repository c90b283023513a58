"""The company library (材料库): papers an organisation keeps, and uses in every application."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from workflows import clock
from workflows.models.file import File

SOON = timedelta(days=30)  # before it expires


@dataclass(frozen=True)
class Validity:
    """What the library knows of a file: whether it lies there, and until when it is good."""

    until: date | None = None
    kept: bool = False

    @property
    def state(self) -> str:
        """``expired``, ``soon`` (within thirty days), or nothing to say."""
        if self.until is None or self.until > clock.today() + SOON:
            return ""
        return "expired" if self.until < clock.today() else "soon"


class Evidence(models.Model):
    """A paper of one organisation, with the days between which it proves anything."""

    organisation = models.ForeignKey(
        "workflows.Organisation", models.PROTECT, related_name="library"
    )
    title = models.CharField(_("title"), max_length=100)
    code = models.CharField(max_length=50, blank=True)  # of the paper it was attached to at first
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    pages = models.PositiveIntegerField(default=0)
    scan = models.CharField(max_length=12, choices=File.Scan, default=File.Scan.UNSCANNED)
    dated = models.DateField(_("dated"), null=True)
    valid_to = models.DateField(_("valid until"), null=True)  # no day: it does not expire
    uploaded = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("paper of the library")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "sha256"],
                condition=models.Q(removed=None),
                name="evidence_once_an_organisation",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def available(self) -> bool:
        """Whether it may be opened."""
        return self.scan in (File.Scan.UNSCANNED, File.Scan.CLEAN)

    @property
    def validity(self) -> Validity:
        """Until when it is good."""
        return Validity(self.valid_to, self.removed is None)
