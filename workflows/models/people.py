"""People and what they may do: one account each, offices held for a time."""

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from workflows import clock
from workflows.models.absence import Absence

if TYPE_CHECKING:
    from workflows.models.organisation import Membership


class User(AbstractUser):
    """A person with one account, whatever offices they hold.

    People are never deleted, only deactivated: their past acts stay under their name.
    """

    name = models.CharField(_("name"), max_length=50)
    language = models.CharField(max_length=10, default="zh-hans")
    phone = models.CharField(_("mobile number"), max_length=20, blank=True)  # for short messages
    stands_for: Absence | None = None  # of an account that acts in a colleague's stead

    class Meta:
        verbose_name = _("person")

    def __str__(self) -> str:
        return self.name or self.username

    @cached_property
    def offices(self) -> list["Appointment"]:
        """The appointments in force today; read once per loaded account.

        They know whether the person stands in for somebody, which is seldom and costs no statement.
        """
        absences = Absence.objects.running().filter(substitute=OuterRef("user"))
        held = self.appointments.in_force().select_related("organisation")
        return list(held.annotate(stands_in=Exists(absences)))

    @cached_property
    def mandates(self) -> list["Membership"]:
        """The memberships in organisations in force today."""
        return list(self.memberships.in_force().select_related("organisation"))

    @cached_property
    def stand_ins(self) -> list[Absence]:
        """The absences today in which this person acts for a colleague."""
        if not any(vars(office)["stands_in"] for office in self.offices):
            return []
        mine = self.substitutions.running().filter(user__is_active=True)
        return list(mine.select_related("user").order_by("pk"))

    def roles(self) -> set[str]:
        """Codes of every role held today (domain 0.3)."""
        return {office.role for office in self.offices} | {
            f"applicant_{mandate.role}" for mandate in self.mandates
        }

    def organisations(self) -> list[int]:
        """Keys of the organisations this person may act for today."""
        return [mandate.organisation_id for mandate in self.mandates]

    def vouched(self) -> list[int]:
        """Keys of those of them whose evidence the office has seen."""
        return [each.organisation_id for each in self.mandates if not each.provisional]

    def candidacies(self) -> list[str]:
        """Names of the inbox groups whose unclaimed tasks this person may take."""
        return sorted(
            {office.candidacy for office in self.offices}
            | {mandate.candidacy for mandate in self.mandates}
        )

    def holds(self, *roles: str) -> bool:
        """Whether any of ``roles`` is held today."""
        return not self.roles().isdisjoint(roles)


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Appointments, by date."""

    def in_force(self, day: date | None = None) -> "AppointmentQuerySet":
        """Those valid on ``day`` (today unless told), both ends included."""
        day = day or clock.today()
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class Appointment(models.Model):
    """One office held by one person from one day to another (domain 0.3)."""

    class Role(models.TextChoices):
        """The staff roles of domain 0.3; applicants' roles are memberships."""

        WINDOW = "window", _("Acceptance window")
        DISTRICT = "district_reviewer", _("District reviewer")
        DEPARTMENT = "department_reviewer", _("Department reviewer")
        CASE_OFFICER = "case_officer", _("Case officer")
        LEADER = "leader", _("Head of the office")
        FINANCE = "finance", _("Finance officer")
        AGENCY = "agency_manager", _("Agency manager")
        EXPERT = "expert", _("Expert")
        CHECKER = "checker", _("Material reviewer")
        MEMBER = "member", _("Conference member")
        CONVENOR = "convenor", _("Convenor")
        ISSUER = "issuer", _("Issuer")
        SEAL_KEEPER = "seal_keeper", _("Seal keeper")
        AUDITOR = "auditor", _("Auditor")
        OPERATOR = "operator", _("Operator")

    user = models.ForeignKey(User, models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=30, choices=Role)
    scope = models.CharField(
        max_length=30, blank=True
    )  # district or department code, "" = whole city
    organisation = models.ForeignKey(
        "workflows.Organisation", models.PROTECT, null=True, related_name="appointments"
    )
    background = models.CharField(max_length=20, blank=True)  # experts: industry, school, finance
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "scope", "valid_from"], name="one_office_once"
            )
        ]
        indexes = [models.Index(fields=["role", "scope"], name="offices_by_role")]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} {self.scope}".strip()

    @property
    def candidacy(self) -> str:
        """The inbox group of this office, e.g. ``window:310115``."""
        return f"{self.role}:{self.scope}" if self.scope else self.role


class ErasureRequest(models.Model):
    """Somebody asked for their personal data to be deleted, and what was answered (X59)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="erasure_requests")
    asked = models.DateTimeField()
    blanked = models.JSONField(default=list)  # codes of what was not needed any more
    kept = models.JSONField(default=list)  # codes of what a retention duty keeps

    class Meta:
        ordering = ["asked"]

    def __str__(self) -> str:
        return f"{self.user} {self.asked:%Y-%m-%d}"
