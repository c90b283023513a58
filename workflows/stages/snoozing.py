"""Putting one's own task off until a day: out of the inbox, back by itself in the morning.

The queues compare the day, so nothing has to run for a task to come back. It comes back sooner
where it is supervised or its case changes (``following``), and when its owner wants it.
"""

from collections.abc import Iterable
from datetime import date

from workflows import audit, clock
from workflows.errors import (
    ClaimedByAnother,
    NotYourTask,
    SnoozedBeyondDue,
    SnoozedToThePast,
    StageClosed,
)
from workflows.models import Case, Task, User
from workflows.stages import intents
from workflows.stages.law import ASSIGNED, lawfully, verb

REASON = 200  # characters


@verb
def snooze(task: Task, *, until: date, by: User, reason: str = "") -> Task:
    """Put a task of ``by``'s own off until the morning of ``until``, with or without a reason.

    Raises ``SnoozedToThePast`` for a day that is not to come, ``SnoozedBeyondDue`` for one after
    the task's last day while its time runs, ``StageClosed`` for a finished task, ``NotYourTask``
    for an unclaimed one and ``ClaimedByAnother`` for a colleague's.
    """
    with lawfully(task.case) as locked:
        found = _own(task, by)
        intents.require_none(found)
        if until <= clock.today():
            raise SnoozedToThePast
        if found.due is not None and until > found.due and not found.paused:
            raise SnoozedBeyondDue(due=found.due.isoformat())
        _set(found, until)
        audit.record(
            locked,
            "snoozed",
            by=by,
            node=found.node,
            unit=found.unit,
            until=until.isoformat(),
            reason=reason.strip()[:REASON],
        )
    return found


@verb
def wake(task: Task, *, by: User) -> Task:
    """Take a task back into the inbox before its day; one that is awake stays as it is."""
    with lawfully(task.case) as locked:
        found = _own(task, by)
        if found.snoozed is not None:
            _set(found, None)
            audit.record(locked, "woken", by=by, node=found.node, unit=found.unit)
    return found


@verb
def waken(case: Case, *, because: Iterable[str]) -> int:
    """Bring every task of ``case`` back that was put off; say how many.

    ``because`` names the entries of the trail that are the reason.
    """
    with lawfully(case) as locked:
        asleep = Task.objects.filter(case=locked, finished=None, snoozed__gt=clock.today())
        for found in asleep.order_by("pk"):
            _set(found, None)
            audit.record(
                locked,
                "woken",
                by=None,
                node=found.node,
                unit=found.unit,
                because=sorted(set(because)),
            )
    return len(asleep)


def _own(task: Task, by: User) -> Task:
    found: Task = Task.objects.select_related("owner").get(pk=task.pk)
    if found.finished is not None:
        raise StageClosed
    if found.owner is None:
        raise NotYourTask
    if found.owner != by or found.status != ASSIGNED:
        raise ClaimedByAnother(name=str(found.owner))
    return found


def _set(task: Task, until: date | None) -> None:
    Task.objects.filter(pk=task.pk).update(snoozed=until)
    task.snoozed = until
