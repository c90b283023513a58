"""Away, and who acts meanwhile: set by the person or the head of the unit (X11, decision 0027)."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from workflows import audit, clock
from workflows.errors import (
    AbsenceReversed,
    AbsentAlready,
    NotEntitled,
    StageClosed,
    SubstituteAway,
    SubstituteUnfit,
)
from workflows.models import Absence, Appointment, User
from workflows.stages.desk import left_behind, take_in
from workflows.stages.groups import LENT, lent
from workflows.stages.law import verb

CHAIN = "absences"


@transaction.atomic
def announce(
    user: User,
    *,
    substitute: User,
    starts: date,
    ends: date,
    by: User,
    programme: str = "",
    role: str = "",
    reason: str = "",
) -> Absence:
    """``user`` is away from one day to another, and ``substitute`` acts for them.

    ``programme`` and ``role`` narrow what the substitute does; empty is everything. Raises
    ``NotEntitled`` unless ``by`` is the person or heads their unit, ``AbsenceReversed`` for days
    that make no sense, ``SubstituteUnfit`` and ``SubstituteAway`` for whoever cannot help, and
    ``AbsentAlready`` where somebody else already does.
    """
    list(User.objects.select_for_update().filter(pk__in=[user.pk, substitute.pk]).order_by("pk"))
    _decides_on(user, by)
    absence = Absence(
        user=user, substitute=substitute, starts=starts, ends=ends, programme=programme,
        role=role, reason=reason.strip(), by=by, made=clock.now(),
    )  # fmt: skip
    if ends < starts or ends < clock.today():
        raise AbsenceReversed
    if substitute == user or not substitute.is_active or not lent(user, substitute, role):
        raise SubstituteUnfit(name=str(substitute))
    _free_of_clashes(absence)
    absence.save(force_insert=True)
    _record("absence_set", absence, by)
    return absence


def _decides_on(user: User, by: User) -> None:
    """The person themselves, or the head of the office or of one of their districts."""
    scopes = {"", *(office.scope for office in user.offices)}
    if by != user and not scopes & headed(by):
        raise NotEntitled


def _free_of_clashes(absence: Absence) -> None:
    ahead = Absence.objects.ahead().select_related("substitute")
    for other in ahead.filter(user=absence.user):
        if absence.meets(other):
            raise AbsentAlready(name=str(other.substitute))
    for away in ahead.filter(user=absence.substitute):
        if absence.starts <= away.ends and away.starts <= absence.ends:
            raise SubstituteAway(name=str(absence.substitute))


def uncovered(absence: Absence) -> list[Absence]:
    """The absences in whose days nobody acts, because their substitute is then away as well.

    Whoever falls ill is away whether or not somebody counts on them, so this refuses nothing.
    """
    ahead = Absence.objects.ahead().filter(substitute=absence.user_id)
    within = ahead.filter(starts__lte=absence.ends, ends__gte=absence.starts)
    return list(within.select_related("user").order_by("starts", "pk"))


def end(absence: Absence, *, by: User) -> None:
    """The person is back, or the absence is called off; the substitute acts for them no more.

    What the substitute had taken for them goes back to its group; ``StageClosed`` when the absence
    is over already.
    """
    _end(absence, by)
    for task in list(left_behind(User.objects.get(pk=absence.substitute_id))):
        take_in(task)


@verb
def _end(absence: Absence, by: User) -> None:
    held = Absence.objects.select_for_update(of=("self",)).select_related("user", "substitute")
    locked = held.get(pk=absence.pk)
    _decides_on(locked.user, by)
    if locked.ended is not None or locked.ends < clock.today():
        raise StageClosed
    locked.ended, locked.ended_by = clock.now(), by
    locked.save(update_fields=["ended", "ended_by"])
    _record("absence_ended", locked, by)


def _record(kind: str, absence: Absence, by: User) -> None:
    audit.record_system(
        CHAIN,
        kind,
        by=by,
        absence=absence.pk,
        username=absence.user.username,
        substitute=absence.substitute.username,
        starts=absence.starts.isoformat(),
        ends=absence.ends.isoformat(),
        programme=absence.programme,
        role=absence.role,
        reason=absence.reason,
    )


# --- who is whose head, who may help, and who is away ---------------------------------------------
def headed(by: User) -> set[str]:
    """The districts ``by`` heads; the empty one is the whole office."""
    return {office.scope for office in by.offices if office.role == "leader"}


def of_unit(by: User) -> QuerySet[User]:
    """Everybody with an office whose absences ``by`` may set as their head, by name."""
    held = Appointment.objects.in_force().filter(role__in=LENT)
    scopes = headed(by)
    if "" not in scopes:
        within = Appointment.objects.in_force().filter(scope__in=scopes)
        held = held.filter(user__in=within.values("user"))
    found = User.objects.filter(pk__in=held.values("user"), is_active=True)
    return found.order_by("name", "pk")


def candidates(user: User) -> list[User]:
    """Everybody who may stand in for ``user`` in some office, by name; two statements."""
    near = User.objects.filter(
        Q(appointments__role__in={office.role for office in user.offices})
        | Q(appointments__scope__in={office.scope for office in user.offices}),
        is_active=True,
    ).exclude(pk=user.pk)
    people = list(near.distinct().order_by("name", "pk"))
    _read_offices(people)
    return [each for each in people if lent(user, each)]


def _read_offices(people: Iterable[User]) -> None:
    """Let every one of ``people`` know their offices of today; see ``User.offices``."""
    standing_in = Absence.objects.running().filter(substitute=OuterRef("user"))
    held = Appointment.objects.in_force().filter(user__in=[each.pk for each in people])
    offices: dict[int, list[Appointment]] = {each.pk: [] for each in people}
    for office in held.select_related("organisation").annotate(stands_in=Exists(standing_in)):
        offices[office.user_id].append(office)
    for each in people:
        each.offices = offices[each.pk]


def away(people: Iterable[User], day: date | None = None) -> dict[int, list[Absence]]:
    """The absences of ``people`` on ``day`` (today unless told), by person."""
    found: dict[int, list[Absence]] = {}
    running = Absence.objects.running(day).filter(user__in=people)
    for absence in running.select_related("user", "substitute").order_by("pk"):
        found.setdefault(absence.user_id, []).append(absence)
    return found
