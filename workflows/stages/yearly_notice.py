"""Entering the holidays of a year, and counting again what could only be told provisionally.

The State Council names the holidays and make-up days of a year late in the year before. Until
then a day told in it is provisional (domain 0.7); it is counted again here, and never becomes
earlier than it was told.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any

import chinese_calendar
from django.db import transaction
from django.db.models import QuerySet

from workflows import audit, clock
from workflows.calendar import DAY, FRIDAY, Due, WorkCalendar
from workflows.errors import CaseError
from workflows.models import (
    Case,
    Correction,
    DayOverride,
    Defence,
    PublicNotice,
    Supplement,
    Task,
    User,
)
from workflows.models.case import State
from workflows.stages import deadlines, defences, messages
from workflows.stages.law import lawfully
from workflows.working_days import calendar, entered, forget

FIRST_YEAR = 2019
SOURCE = "chinesecalendar"


class YearUnknown(CaseError):
    """The holidays of %(year)s are not published in the calendar library yet."""


# --- entering -----------------------------------------------------------------------------------
def published() -> range:
    """The years whose notice the calendar library holds."""
    return range(FIRST_YEAR, max(chinese_calendar.holidays).year + 1)


@transaction.atomic
def load(years: Iterable[int], *, by: User | None = None) -> dict[int, int]:
    """Enter the days of ``years`` that differ from Monday to Friday; say how many in each.

    Days the office entered itself stay as they are. Raises ``YearUnknown``.
    """
    years = list(years)
    for year in years:
        if year not in published():
            raise YearUnknown(year=year)
    kept = DayOverride.objects.filter(date__year__in=years)
    ours = kept.filter(notice__startswith=SOURCE)
    own = set(kept.exclude(notice__startswith=SOURCE).values_list("date", flat=True))
    days = [DayOverride(**each) for year in years for each in _differing(year)]
    wanted = {(day.date, day.is_workday) for day in days if day.date not in own}
    if wanted != set(ours.values_list("date", "is_workday")):
        ours.delete()
        DayOverride.objects.bulk_create(day for day in days if day.date not in own)
        audit.record_system("calendar", "calendar_loaded", by=by, years=years, source=SOURCE)
        forget()
        transaction.on_commit(forget)
    return {year: sum(day.date.year == year for day in days) for year in years}


@cache
def _differing(year: int) -> Sequence[dict[str, Any]]:
    found, day = [], date(year, 1, 1)
    while day.year == year:
        works = chinese_calendar.is_workday(day)
        if works != (day.weekday() <= FRIDAY):
            _, occasion = chinese_calendar.get_holiday_detail(day)
            found.append({"date": day, "is_workday": works, "notice": f"{SOURCE}: {occasion}"})
        day += DAY
    return found


# --- counting again -----------------------------------------------------------------------------
def recompute() -> int:
    """Count every provisional day again, on the calendar as entered now; say how many changed.

    Each case is handled in a transaction of its own, under its lock, with an event; people are
    told when the day moved.
    """
    forget()
    moved = [_recount_case(case) for case in Case.objects.open().filter(due_provisional=True)]
    moved += [_recount_correction(each) for each in _running_corrections()]
    moved += [_recount_answer(each) for each in _running_answers()]
    moved += [_recount_notice(each) for each in _running_notices()]
    return sum(moved)


@transaction.atomic
def _recount_case(case: Case) -> bool:
    with lawfully(case) as locked:
        told = locked.due
        if told is None or not locked.due_provisional:
            return False
        deadlines.recount(locked)
        locked.due = max(told, locked.due or told)
        if locked.due_provisional and locked.due == told:
            return False
        event = audit.record(locked, "due_recounted", by=None, told=str(told), due=str(locked.due))
    if locked.due != told:
        messages.tell(locked, "due_recounted", event=event, due=str(locked.due))
    return locked.due != told


def _running_corrections() -> QuerySet[Correction]:
    open_ = Correction.objects.filter(due_provisional=True, answered=None)
    return open_.filter(case__state=State.RETURNED).select_related("case")


@transaction.atomic
def _recount_correction(correction: Correction) -> bool:
    with lawfully(correction.case) as locked:
        told = correction.due
        unit = locked.procedure.limits["correction"].unit
        found = recounted(clock.local(correction.issued).date(), told, unit)
        if found == Due(told, provisional=True):
            return False
        correction.due, correction.due_provisional = found.day, found.provisional
        correction.save(update_fields=["due", "due_provisional"])
        tasks = Task.objects.filter(case=locked, node="correction", finished=None)
        tasks.update(due=found.day)
        event = audit.record(
            locked, "correction_recounted", by=None, told=str(told), due=str(found.day)
        )
    if found.day != told:
        deadlines.watch_closing(locked, "abandon", found.day, key=found.day.isoformat())
        messages.tell(locked, "correction_extended", event=event, due=str(found.day))
    return found.day != told


def _running_answers() -> list[Supplement | Defence]:
    """What applicants are asked; while a case is suspended its days stand, and begin afresh."""
    running = Case.objects.open().exclude(state=State.SUSPENDED)
    asked = {"due_provisional": True, "closed": None, "case__in": running}
    return [
        *Supplement.objects.filter(**asked).select_related("case"),
        *Defence.objects.filter(recalled=None, **asked).select_related("case"),
    ]


@transaction.atomic
def _recount_answer(asked: Supplement | Defence) -> bool:
    """The timer that watches the day asks for it again when it rings."""
    with lawfully(asked.case) as locked:
        asked.refresh_from_db()
        told = asked.due
        found = _answer_due(locked, asked)
        if asked.closed is not None or found == Due(told, provisional=True):
            return False
        asked.due, asked.due_provisional = found.day, found.provisional
        asked.save(update_fields=["due", "due_provisional"])
        event = audit.record(
            locked, "answer_recounted", by=None, told=str(told), due=str(found.day)
        )
    if found.day != told:
        messages.tell(locked, "answer_recounted", event=event, due=str(found.day))
    return found.day != told


def _answer_due(locked: Case, asked: Supplement | Defence) -> Due:
    if isinstance(asked, Supplement):
        return recounted(clock.local(asked.asked).date(), asked.due, "working")
    unit = locked.procedure.limits[defences.LIMIT].unit
    return recounted(clock.local(asked.told).date(), asked.due, unit)


def _running_notices() -> QuerySet[PublicNotice]:
    return PublicNotice.objects.filter(provisional=True, entries__closed=None).distinct()


@transaction.atomic
def _recount_notice(notice: PublicNotice) -> bool:
    """A notice tells its last day to the public; its timers ask for it again when they ring."""
    told = notice.closes
    found = recounted(notice.opens - DAY, told, notice.unit)
    if found == Due(told, provisional=True):
        return False
    PublicNotice.objects.filter(pk=notice.pk).update(
        closes=found.day, provisional=found.provisional
    )
    audit.record_system(
        "notices", "notice_recounted", by=None, notice=notice.slug, told=str(told),
        closes=str(found.day),
    )  # fmt: skip
    return found.day != told


def recounted(start: date, told: date, unit: str) -> Due:
    """Give the day that ends as many days after ``start`` as ``told`` was meant to.

    How many were meant is read off the calendar that was known when it was told: the one without
    the year ``told`` lies in.
    """
    if unit == "calendar":
        found = calendar().add_calendar(told, 0)
    else:
        found = calendar().add(start, _known_before(told.year).count(start, told))
    return Due(max(told, found.day), found.provisional)


def _known_before(year: int) -> WorkCalendar:
    now = entered()
    earlier = {day: works for day, works in now.overrides.items() if day.year < year}
    return WorkCalendar(earlier, frozenset())
