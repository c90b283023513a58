"""Time limits of a case: due days from the edition, pauses, and the timers that watch them."""

from collections.abc import Sequence
from datetime import date

from workflows import clock, jobs
from workflows.calendar import Due
from workflows.models import Case, Segment, Supplement
from workflows.working_days import calendar


def due(case: Case, limit: str, *, start: date | None = None) -> Due:
    """The last day of the edition's ``limit`` for ``case``, counted from ``start`` (today)."""
    rule = case.procedure.limits[limit]
    start = start or clock.today()
    if rule.unit == "working":
        return calendar().add(start, rule.days)
    return calendar().add_calendar(start, rule.days)


def decision_due(case: Case, pauses: list[tuple[date, date | None]]) -> Due:
    """The last day of the decision clock: total limit, extension, and standing time (0.7)."""
    total = case.procedure.total
    days = total.days + (total.extension if case.extended else 0)
    assert case.accepted is not None, "the decision clock runs from acceptance"
    return calendar().due(clock.local(case.accepted).date(), days, total.unit, pauses)


def recount(locked: Case) -> None:
    """Set the case's due day from its clock account; called under the lock."""
    if locked.accepted is None:
        return
    count(locked, list(Segment.objects.filter(case=locked).values_list("paused", "resumed")))


def count(locked: Case, pauses: list[tuple[date, date | None]]) -> None:
    """Set the case's due day from the pauses known."""
    found = decision_due(locked, pauses)
    locked.due, locked.due_provisional = found.day, found.provisional


def stop(locked: Case, ground: str, reason: str = "") -> None:
    """Stop the running decision clock at the end of today (行政许可法 45)."""
    Segment.objects.create(case=locked, ground=ground, reason=reason, paused=clock.today())


def pause(locked: Case, ground: str, reason: str = "") -> None:
    """Stop the decision clock as ``stop`` does, whether it runs or stands on another ground."""
    Segment.objects.filter(case=locked, resumed=None).update(resumed=clock.today())
    stop(locked, ground, reason)


def unpause(locked: Case) -> None:
    """Let the decision clock run again after today, unless the applicant still owes material."""
    Segment.objects.filter(case=locked, resumed=None).update(resumed=clock.today())
    if Supplement.objects.filter(case=locked, closed=None).exists():
        pause(locked, "supplement")
    recount(locked)


def unpause_all(held: Sequence[Case]) -> None:
    """Let the decision clocks of many cases run again after today, as ``unpause`` does."""
    segments = Segment.objects.filter(case__in=[each.pk for each in held])
    segments.filter(resumed=None).update(resumed=clock.today())
    for owed in Supplement.objects.filter(case__in=held, closed=None).select_related("case"):
        pause(owed.case, "supplement")
    pauses: dict[int, list[tuple[date, date | None]]] = {each.pk: [] for each in held}
    for case, paused, resumed in segments.values_list("case", "paused", "resumed"):
        pauses[case].append((paused, resumed))
    for each in held:
        if each.accepted is not None:
            count(each, pauses[each.pk])


def watch(locked: Case, verb: str, day: date, *, key: str, **payload: object) -> None:
    """Let the system try ``verb`` once ``day`` has passed; the verb checks again itself."""
    jobs.enqueue(
        "timer",
        case=locked,
        key=f"{verb}:{locked.pk}:{key}",
        payload={"verb": verb, **payload},
        not_before=clock.end_of(day),
    )
