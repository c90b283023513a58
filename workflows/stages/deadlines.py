"""Time limits of a case: due days from the edition, pauses, and the timers that watch them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time

from django.db.models import Q

from workflows import clock, jobs
from workflows.calendar import Due
from workflows.errors import LastDayOver, NotYetDue
from workflows.models import Case, Segment, Task
from workflows.working_days import calendar

NOON = time(12)
STANDING = (Segment.Ground.SUSPENSION, Segment.Ground.SUPPLEMENT)  # nobody's step goes on then
# neither an applicant's steps nor the system's
OF_THE_OFFICE = ~Q(candidate__startswith="applicant:") & ~Q(candidate="", owner=None)
PROMISED = "objection"  # its last day was told to the objector, and is theirs


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
    count(locked, list(Segment.objects.filter(case=locked).values_list("paused", "resumed")))


def count(locked: Case, pauses: list[tuple[date, date | None]]) -> None:
    """Set the case's due day from the pauses known; before acceptance it has none."""
    if locked.accepted is not None:
        found = decision_due(locked, pauses)
        locked.due, locked.due_provisional = found.day, found.provisional


def stop(locked: Case, ground: str, reason: str = "") -> None:
    """Stop the running decision clock at the end of today (行政许可法 45)."""
    Segment.objects.create(case=locked, ground=ground, reason=reason, paused=clock.today())


def pause(locked: Case, ground: str, reason: str = "") -> None:
    """Stop the decision clock as ``stop`` does, whether it runs or stands on another ground."""
    _end(Segment.objects.filter(case=locked, resumed=None), clock.today())
    stop(locked, ground, reason)


def unpause(locked: Case, last: date | None = None) -> None:
    """Let the decision clock run again after ``last`` (today), unless material is still owed.

    ``last`` may have passed: a clock is not stopped for longer because somebody looked later.
    """
    segments = list(Segment.objects.filter(case=locked))
    _end(segments, last or clock.today())
    if locked.asked_since:
        stop(locked, "supplement")
    count(locked, [(each.paused, each.resumed) for each in segments])


def unpause_all(held: Sequence[Case]) -> None:
    """Let the decision clocks of many cases run again after today, as ``unpause`` does."""
    segments = list(Segment.objects.filter(case__in=[each.pk for each in held]))
    _end(segments, clock.today())
    for case in held:
        if case.asked_since:
            stop(case, "supplement")
    pauses: dict[int, list[tuple[date, date | None]]] = {each.pk: [] for each in held}
    for each in segments:
        pauses[each.case_id].append((each.paused, each.resumed))
    for case in held:
        count(case, pauses[case.pk])


def _end(segments: Iterable[Segment], last: date) -> None:
    """End those of ``segments`` that still run, after ``last``; steps that stood get days back."""
    running = [each for each in segments if each.resumed is None]
    stood: dict[int, tuple[date, date]] = {}
    for each in running:
        each.resumed = end = max(each.paused, last)
        if each.ground in STANDING:
            stood[each.case_id] = each.paused, end
    Segment.objects.bulk_update(running, ["resumed"])
    if stood:
        put_off(stood)


def put_off(stood: Mapping[int, tuple[date, date]]) -> None:
    """Move the last days of the office's open steps by the working days on which none went on.

    ``stood`` has the pause of each case, which has just ended. Time that was over when it began
    stays over; an applicant's own days ran on (X19), and the system's steps wait for a day.
    """
    moved, waiting = [], Task.objects.filter(OF_THE_OFFICE, case__in=stood, finished=None)
    for task in waiting.exclude(node=PROMISED).exclude(due=None):
        assert task.due is not None, "only tasks with a day are asked for"
        paused, resumed = stood[task.case_id]
        lost = calendar().count(max(paused, clock.local(task.created).date()), resumed)
        if lost and task.due > paused:
            task.due, task.stood = calendar().add(task.due, lost).day, task.stood + lost
            moved.append(task)
    Task.objects.bulk_update(moved, ["due", "stood"])


def allowed(task: Task) -> int:
    """The working days a task with a last day was given, those left out by which it was moved."""
    assert task.due is not None, "only tasks with a day are asked for"
    return calendar().count(clock.local(task.created).date(), task.due) - task.stood


def watch(locked: Case, verb: str, day: date, *, key: str, **payload: object) -> None:
    """Let the system try ``verb`` once ``day`` has passed; the verb checks again itself."""
    _watch(locked, verb, clock.end_of(day), key, payload)


def _watch(locked: Case, verb: str, moment: datetime, key: str, payload: dict[str, object]) -> None:
    jobs.enqueue(
        "timer",
        case=locked,
        key=f"{verb}:{locked.pk}:{key}",
        payload={"verb": verb, **payload},
        not_before=moment,
    )


# --- what an applicant is asked (X24) -------------------------------------------------------------
def closing(day: date) -> datetime:
    """When the house closes what an applicant was asked until ``day``: noon, one working day later.

    The last day stays ``day``, and what comes after it is late. But until then an outage of its
    evening can be certified, which moves the day before anything was lost.
    """
    return datetime.combine(calendar().add(day, 1).day, NOON, clock.LOCAL)


def watch_closing(locked: Case, verb: str, day: date, *, key: str, **payload: object) -> None:
    """Let the system try ``verb`` at the ``closing`` of ``day``; the verb checks again itself."""
    _watch(locked, verb, closing(day), key, payload)


def closing_if_over(day: date) -> datetime | None:
    """The ``closing`` of a last day that has passed; None while the day still runs."""
    return closing(day) if clock.now() > clock.end_of(day) else None


def require_running(day: date) -> None:
    """Refuse what an applicant hands in after its last day (``LastDayOver``)."""
    if closing_if_over(day):
        raise LastDayOver(due=day.isoformat())


def require_closing(day: date) -> None:
    """Refuse to close what was asked until ``day`` before its time (``NotYetDue``)."""
    if clock.now() < closing(day):
        raise NotYetDue(not_before=closing(day))
