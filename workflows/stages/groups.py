"""Whose groups a task may stand in: those of one's own offices, and of absent colleagues'.

A substitute is lent no power their unit does not have (decision 0027): they hold the absent
person's office themselves, or serve at the same desk of the same district.
"""

from collections.abc import Iterable
from copy import copy
from functools import reduce
from operator import or_

from django.db.models import Q

from workflows.districts import NAMES
from workflows.models import Absence, Appointment, Task, User
from workflows.stages.law import ASSIGNED

BY_DISTRICT = ("window", "district_reviewer")  # without a district they serve the whole city
ONE_DESK = frozenset(BY_DISTRICT)  # in one district they are one unit
LENT = frozenset(
    {
        "window", "district_reviewer", "department_reviewer", "case_officer", "leader", "finance",
        "agency_manager", "issuer", "seal_keeper",
    }
)  # fmt: skip  # marks and votes are personal: experts and members are replaced, not stood in for


# --- by one's own office --------------------------------------------------------------------------
def names(offices: Iterable[Appointment]) -> list[str]:
    """The groups whose tasks holders of ``offices`` may take, each by its exact name.

    Whoever serves the whole city serves every district by name: a name is found by an index in
    the order of the list, which a beginning of a name is not.
    """
    found = set()
    for office in offices:
        found.add(office.candidacy)
        if _is_city_wide(office):
            found |= {f"{office.role}:{code}" for code in ("", *NAMES)}
    return sorted(found)


def queues(offices: Iterable[Appointment]) -> Q:
    """The tasks that holders of ``offices`` may take."""
    return Q(candidate__in=names(offices))


def serves(office: Appointment, candidate: str) -> bool:
    """Whether holders of ``office`` may take what the group ``candidate`` is asked to do."""
    of_role = candidate.partition(":")[0] == office.role
    return candidate == office.candidacy or (of_role and _is_city_wide(office))


def _is_city_wide(office: Appointment) -> bool:
    return office.role in BY_DISTRICT and not office.scope


def is_of(user: User, candidate: str) -> bool:
    """Whether ``user`` belongs to the group ``candidate`` by an office or mandate of their own."""
    served = any(serves(office, candidate) for office in user.offices)
    return served or candidate in user.candidacies()


# --- in an absent colleague's stead ---------------------------------------------------------------
def lent(user: User, substitute: User, role: str = "") -> list[Appointment]:
    """The offices of ``user`` (of ``role`` alone) in which ``substitute`` may stand in for them."""
    return [
        office
        for office in user.offices
        if office.role in LENT
        and role in ("", office.role)
        and any(_may_stand_in(own, office) for own in substitute.offices)
    ]


def _may_stand_in(own: Appointment, office: Appointment) -> bool:
    if own.organisation_id != office.organisation_id:
        return False
    if own.role == office.role:
        return own.scope == office.scope or _is_city_wide(own)
    return {own.role, office.role} <= ONE_DESK and bool(own.scope) and own.scope == office.scope


def reaches(absence: Absence, substitute: User, task: Task) -> bool:
    """Whether ``substitute`` may do ``task`` for the absent person."""
    offices = lent(absence.user, substitute, absence.role)
    return absence.concerns(task) and any(serves(each, task.candidate) for each in offices)


def may_take(user: User, task: Task) -> bool:
    """Whether ``user`` belongs to the group of ``task``, or stands in for somebody who does."""
    if is_of(user, task.candidate):
        return True
    return any(reaches(each, user, task) for each in user.stand_ins)


def acting(by: User, task: Task) -> User:
    """``by`` as they act on ``task``: as themselves, or in the stead of an absent colleague.

    A task of the colleague's own is always done for them; one of a group only where ``by`` does
    not belong to it.
    """
    theirs = task.owner_id not in (None, by.pk)
    if not task.candidate or (not theirs and is_of(by, task.candidate)):
        return by
    for absence in by.stand_ins:
        if (not theirs or task.owner_id == absence.user_id) and reaches(absence, by, task):
            return _in_stead(by, absence)
    return by


def _in_stead(by: User, absence: Absence) -> User:
    """The same account, with the offices it is lent and the name it acts for."""
    other = copy(by)
    other.stands_for = absence
    other.offices = [*by.offices, *lent(absence.user, by, absence.role)]
    return other


# --- as queries -----------------------------------------------------------------------------------
def held(user: User) -> list[Q]:
    """The tasks in the hands of ``user``, and those of each colleague they stand in for today.

    One part for each owner: no task is in two of them, and each stands in one index in order.
    """
    lends: dict[int, list[Q]] = {}
    for absence in user.stand_ins:
        if groups := names(lent(absence.user, user, absence.role)):
            lends.setdefault(absence.user_id, []).append(
                Q(candidate__in=groups, **_programme(absence))
            )
    own = Q(owner=user, status=ASSIGNED)
    return [own, *(Q(owner=key, status=ASSIGNED) & _any(lends[key]) for key in sorted(lends))]


def served(user: User) -> list[tuple[list[str], Q]]:
    """The groups ``user`` serves, those of absent colleagues included, and which of their tasks.

    No task is in two of them; those of one group stand in one index in order.
    """
    whole, programmes = _served(user)
    lends = [(groups, Q(programme_key=key)) for key, groups in programmes.items()]
    return [(whole, Q()), *lends] if whole else lends


def mine(user: User) -> Q:
    """The tasks in the hands of ``user``, or of somebody they stand in for today."""
    return _any(held(user))


def open_to(user: User) -> Q:
    """The tasks of every group ``user`` serves, those of absent colleagues included."""
    parts = [Q(candidate__in=groups) & lent_ones for groups, lent_ones in served(user)]
    return _any(parts or [Q(pk__in=[])])


def _served(user: User) -> tuple[list[str], dict[str, list[str]]]:
    """The groups served as a whole, and the further ones of each programme."""
    whole = set(names(user.offices))
    programmes: dict[str, set[str]] = {}
    for absence in user.stand_ins:
        groups = names(lent(absence.user, user, absence.role))
        if absence.programme:
            programmes.setdefault(absence.programme, set()).update(groups)
        else:
            whole.update(groups)
    further = {key: sorted(programmes[key] - whole) for key in sorted(programmes)}
    return sorted(whole), {key: groups for key, groups in further.items() if groups}


def _programme(absence: Absence) -> dict[str, str]:
    return {"programme_key": absence.programme} if absence.programme else {}


def _any(parts: list[Q]) -> Q:
    return reduce(or_, parts)
