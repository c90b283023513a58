"""Which cases a person may see, as conditions for queries."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from workflows.models.assignment import Seat
from workflows.models.meeting import Item
from workflows.models.partner import Partner
from workflows.models.process import Task
from workflows.models.state import State

if TYPE_CHECKING:
    from workflows.models.people import Appointment, User


def seen(user: "User", at: str = "") -> Q:
    """What ``user`` may read, as a condition on cases, or on rows that point to one (``case__``).

    It never joins what a case has several of, so no case is found twice.
    """
    sight = Q(**{f"{at}applicant__in": user.organisations()})
    if vouched := user.vouched():
        sight |= Q(**{f"{at}pk__in": Partner.objects.told(vouched).values("case")})
    for office in user.offices:
        sight |= SIGHT[office.role](office, at)
    return sight


def _filed(office: "Appointment", at: str) -> Q:
    return Q(**{f"{at}submitted__isnull": False})


def _of_district(office: "Appointment", at: str) -> Q:
    """A desk reads its own district; one without a district reads the whole city."""
    filed = _filed(office, at)
    return filed & Q(**{f"{at}district": office.scope}) if office.scope else filed


def _asked(office: "Appointment", at: str) -> Q:
    """A department reads what it was ever asked about."""
    return has(Task.objects.filter(candidate=office.candidacy), at)


def _of_agency(office: "Appointment", at: str) -> Q:
    """An agency reads what it was given; while nobody was given it, what any of them may take."""
    free = Q(**{f"{at}agency": None, f"{at}state": State.EVALUATING})
    free &= has(Task.objects.filter(candidate="agency_manager"), at)
    if office.organisation_id is None:
        return free
    return Q(**{f"{at}agency": office.organisation_id}) | free


def _seated(office: "Appointment", at: str) -> Q:
    return has(Seat.objects.filter(expert=office.user_id, void=None), at)


def _invited(office: "Appointment", at: str) -> Q:
    return has(Item.objects.filter(meeting__members__user=office.user_id), at)


def has(rows: models.QuerySet[Any], at: str = "") -> Q:
    """Whether some of ``rows`` is of the case: a look-up by key."""
    return Q(Exists(rows.filter(case=OuterRef(f"{at}pk"))))


SIGHT: Mapping[str, "Callable[[Appointment, str], Q]"] = {
    "window": _of_district,
    "district_reviewer": _of_district,
    "department_reviewer": _asked,
    "case_officer": _filed,
    "leader": _filed,
    "finance": _filed,
    "agency_manager": _of_agency,
    "expert": _seated,
    "checker": _seated,
    "member": _invited,
    "convenor": _filed,
    "issuer": _filed,
    "seal_keeper": _filed,
    "auditor": _filed,
    "operator": lambda office, at: Q(pk__in=[]),
}
