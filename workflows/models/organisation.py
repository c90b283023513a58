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

    class Meta:
        verbose_name = _("organisation")

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships, by date."""

    def in_force(self, day: date | None = None) -> "MembershipQuerySet":
        """Those valid on ``day`` (today unless told), both ends included."""
        day = day or clock.today()
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class Membership(models.Model):
    """One person's mandate to act for one organisation, from one day to another."""

    class Role(models.TextChoices):
        """What the mandate covers; a signer may also do a clerk's work."""

        CLERK = "clerk", _("Clerk")
        SIGNER = "signer", _("Authorised signer")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

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
