"""Outages (X24): when the service failed on somebody's last day, that day is one working day later.

Server time decides, and what arrives before midnight counts as that day (民法典 203). Only a
failure of more than two hours before the moment a limit ends moves it. What was asked of an
applicant is closed at noon of the next working day (``deadlines.closing``): until then an outage
of the last evening moves it, afterwards nothing is left to move.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet

from workflows import audit, clock
from workflows.errors import OutageImpossible, ReasonMissing
from workflows.models import Case, Correction, Defence, Outage, Round, Supplement, Task, User
from workflows.models.case import State
from workflows.stages import messages, rounds
from workflows.stages.law import entitled, lawfully
from workflows.working_days import calendar

Asked = TypeVar("Asked", Correction, Supplement, Defence)
CHAIN = "outages"
LONG = timedelta(hours=2)  # domain X24; design default (office may set)


@transaction.atomic
def certify(*, started: datetime, ended: datetime, reason: str, by: User) -> Outage:
    """Record that the service could not be reached, and move every limit it took time from.

    Raises ``OutageImpossible`` for one that ends before it begins or has not ended yet.
    """
    entitled(by, "operator", "leader")
    if not reason.strip():
        raise ReasonMissing
    if not started < ended <= clock.now():
        raise OutageImpossible
    outage = Outage(started=started, ended=ended, reason=reason, by=by, recorded=clock.now())
    outage.moved = [
        *_rounds(outage, by),
        *_corrections(outage),
        *_supplements(outage),
        *_defences(outage),
    ]
    outage.save()
    audit.record_system(
        CHAIN,
        "outage_certified",
        by=by,
        started=started.isoformat(),
        ended=ended.isoformat(),
        reason=reason,
        moved=outage.moved,
    )
    return outage


def _long(outage: Outage, ends: datetime) -> bool:
    """Whether more than two hours of the last day, before the limit ended, were lost."""
    day = clock.local(ends).replace(hour=0, minute=0, second=0, microsecond=0)
    return min(outage.ended, ends) - max(outage.started, day) > LONG


def _last_days(outage: Outage) -> tuple[date, date]:
    return clock.local(outage.started).date(), clock.local(outage.ended).date()


def _rounds(outage: Outage, by: User) -> Iterator[str]:
    """Calls that closed on a day of the outage close one working day later, at the same hour."""
    held = Round.objects.select_for_update().filter(closes__gte=outage.started)
    for call in held.select_related("edition").order_by("pk"):
        if not _long(outage, call.closes):
            continue
        last = clock.local(call.closes)
        call.closes = datetime.combine(calendar().add(last.date(), 1).day, last.timetz())
        call.save(update_fields=["closes"])
        rounds.told(call, "round_moved", by)
        yield call.key


def _corrections(outage: Outage) -> Iterator[str]:
    waiting = Correction.objects.filter(answered=None, case__state=State.RETURNED)
    for correction in _due(waiting, outage):
        yield from _moved(correction, "correction", {"answered": None})


def _supplements(outage: Outage) -> Iterator[str]:
    waiting = Supplement.objects.filter(closed=None, case__in=Case.objects.open())
    for supplement in _due(waiting, outage):
        yield from _moved(supplement, "supplement", {"closed": None})


def _defences(outage: Outage) -> Iterator[str]:
    waiting = Defence.objects.filter(closed=None, recalled=None, case__in=Case.objects.open())
    for defence in _due(waiting, outage):
        yield from _moved(defence, "defence", {"closed": None, "recalled": None})


def _due(waiting: QuerySet[Asked], outage: Outage) -> list[Asked]:
    """Those of ``waiting`` whose last day the outage took too much of, in one order of locks."""
    found = waiting.filter(due__range=_last_days(outage)).select_related("case").order_by("case")
    return [each for each in found if _long(outage, clock.end_of(each.due))]


def _moved(asked: Asked, node: str, open_: Mapping[str, None]) -> Iterator[str]:
    """The applicant has one working day more; the timer that watches the day asks again itself.

    Whoever has answered, or was given more time, meanwhile needs none.
    """
    with lawfully(asked.case) as locked:
        if not type(asked).objects.filter(pk=asked.pk, due=asked.due, **open_).exists():
            return
        limit = calendar().add(asked.due, 1)
        asked.due, asked.due_provisional = limit.day, limit.provisional
        asked.save(update_fields=["due", "due_provisional"])
        Task.objects.filter(case=locked, node=node, finished=None).update(due=limit.day)
        event = audit.record(locked, "deadline_moved", by=None, node=node, due=str(limit.day))
    messages.tell(locked, "deadline_moved", event=event, due=limit.day.isoformat())
    yield locked.reference
