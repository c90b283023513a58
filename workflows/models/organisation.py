"""Organisations and the people who may act for them."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from workflows import clock


class Organisation(models.Model):
    """An enterprise, school, agency or authority, known for life by its credit code.

    The code never changes with the legal name (GB 32100-2015), so it is the identity.
    """

    name = models.CharField(_("name"), max_length=100)
    uscc = models.CharField(_("unified social credit code"), max_length=18, unique=True)
    kind = models.CharField(max_length=30)
    district = models.CharField(max_length=6, blank=True)
    state_owned = models.BooleanField(default=False)  # by the state-assets register
    profile = models.JSONField(
        default=dict
    )  # answers of the shared section, pre-filled into drafts
    registered = models.DateTimeField()
    renamed = models.DateTimeField(null=True)  # since when it bears its name, if it had another

    class Meta:
        verbose_name = _("organisation")

    def __str__(self) -> str:
        return self.name


class FormerName(models.Model):
    """A legal name the organisation bore, and until when (X7)."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=100)
    until = models.DateTimeField()

    class Meta:
        ordering = ["until"]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships, by date."""

    def in_force(self, day: date | None = None) -> "MembershipQuerySet":
        """Those valid on ``day`` (today unless told), both ends included."""
        day = day or clock.today()
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class Membership(models.Model):
    """One person's mandate to act for one organisation, from one day to another.

    Whoever acts for several organisations has one of each, every one on its own ground (X58).
    """

    class Role(models.TextChoices):
        """What the mandate covers; signers and owners may also do a clerk's work."""

        CLERK = "clerk", _("Clerk")
        SIGNER = "signer", _("Authorised signer")
        OWNER = "owner", _("Account owner")

    class Basis(models.TextChoices):
        """What the mandate rests on (行政许可法 29: an agent shows a power of attorney)."""

        OFFICE = "office", _("Entered by the office")
        LEGAL = "legal", _("Legal representative")
        LETTER = "letter", _("Power of attorney")
        OWNER = "owner", _("Named by the account owner")

    class Paper(models.TextChoices):
        """What a signer is identified by; a foreign one has a passport (X57)."""

        IDENTITY_CARD = "identity_card", _("Resident identity card")
        PASSPORT = "passport", _("Passport")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    basis = models.CharField(max_length=10, choices=Basis, default=Basis.OFFICE)
    letter_name = models.CharField(max_length=150, blank=True)
    letter_sha256 = models.CharField(max_length=64, blank=True)
    paper = models.CharField(max_length=15, choices=Paper, blank=True)
    paper_number = models.CharField(max_length=20, blank=True)
    provisional = models.BooleanField(default=False)  # drafts only, until the window has looked

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role", "valid_from"], name="one_mandate_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.organisation}"

    @property
    def candidacy(self) -> str:
        """The inbox group of everyone who acts for the organisation."""
        return f"applicant:{self.organisation_id}"
