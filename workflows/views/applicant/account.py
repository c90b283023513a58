"""The clock account of a case as the applicant may read it: counted, paused and why, due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workflows import clock
from workflows.models import Case, Segment
from workflows.models.case import DECIDED, State
from workflows.status_words import Light, time_light
from workflows.working_days import calendar


@dataclass(frozen=True)
class Pause:
    """Time that did not count: from the end of ``first`` to the end of ``last``."""

    ground: str
    reason: str
    first: date
    last: date | None


@dataclass(frozen=True)
class Account:
    """The decision clock: days allowed and used in ``unit``, the last day, the pauses."""

    started: date
    allowed: int
    extension: int  # days of ``allowed`` that were added
    used: int
    unit: str
    due: date | None
    provisional: bool
    pauses: tuple[Pause, ...]

    @property
    def paused(self) -> bool:
        """Whether the clock stands still now."""
        return any(pause.last is None for pause in self.pauses)

    @property
    def over(self) -> bool:
        """Whether more days were used than allowed."""
        return self.used > self.allowed


def account(case: Case, segments: Sequence[Segment]) -> Account | None:
    """The decision clock of ``case``; None before it is accepted, for it does not run yet."""
    if case.accepted is None:
        return None
    total = case.procedure.total
    extension = total.extension if case.extended else 0
    started = clock.local(case.accepted).date()
    return Account(
        started=started,
        allowed=total.days + extension,
        extension=extension,
        used=_used(started, _until(case), segments, total.unit),
        unit=total.unit,
        due=case.due,
        provisional=case.due_provisional,
        pauses=tuple(
            Pause(each.get_ground_display(), each.reason, each.paused, each.resumed)
            for each in segments
        ),
    )


def light(case: Case, kept: Account | None, waits: date | None) -> Light | None:
    """The light of the limit that runs now: of the decision, or before it of the open step.

    ``waits`` is the due day of the open step. A draft and a case that ended without a decision
    have none.
    """
    if kept is not None:
        return decision_light(case, kept.allowed, paused=kept.paused)
    if case.is_open and waits is not None:
        limit = "correction" if case.state == State.RETURNED else "completeness"
        left = calendar().left(waits, clock.today())
        return time_light(left, case.procedure.limits[limit].days)
    return None


def decision_light(case: Case, allowed: int, *, paused: bool) -> Light | None:
    """The light of the decision clock; none where it does not run, or ended without a decision."""
    if case.due is None or not (case.is_open or case.state in DECIDED):
        return None
    left = calendar().left(case.due, _until(case))
    return time_light(left, allowed, paused=paused and case.is_open, finished=not case.is_open)


def _until(case: Case) -> date:
    return clock.local(case.decided).date() if case.decided else clock.today()


def _used(started: date, until: date, segments: Sequence[Segment], unit: str) -> int:
    pauses = [(each.paused, each.resumed) for each in segments]
    if unit == "working":
        return calendar().elapsed(started, until, pauses)
    stood = sum(((resumed or until) - paused).days for paused, resumed in pauses)
    return (until - started).days - stood
