"""Carries recorded applications together, whatever comes first: one clock, one order of acts.

Every application says what comes next for it and when; the earliest of all happens, and timers fire
at their own moment in between. An application that waits for its group says nothing until then.
"""

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from workflows import clock, jobs
from workflows.errors import CaseError
from workflows.models import Case, Decision, Defence, Job, Task
from workflows.models.case import State
from workflows.recording import acts, events
from workflows.recording.cohort import Cohort
from workflows.recording.driver import HOUR, Drive, Key, at_office, office_day_after
from workflows.recording.reader import BadRecording, Occurrence
from workflows.stages.standings import Group

LONGEST = timedelta(days=800)  # a timer further ahead is no reason to wait
Act = Callable[[Drive], None]


def silent(words: str) -> None:
    """Nobody listens."""


def always() -> bool:
    """Nobody has to be waited for."""
    return True


@dataclass(frozen=True)
class Plan:
    """What comes next for one application or group, when, and whether the others let it."""

    moment: datetime
    act: Callable[[], None]
    ready: Callable[[], bool] = always


@dataclass
class Convoy:
    """Applications on their way together."""

    drives: Sequence[Drive]
    say: Callable[[str], None] = silent  # is told what happens
    lane: str = field(default_factory=lambda: f"drive:{uuid.uuid4().hex[:8]}")
    order: Sequence[str] = ()  # applications, as the conference puts equals in order
    now: datetime = field(init=False)
    cohorts: dict[Key | None, Cohort] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with the first application."""
        self.now = min(drive.moment for drive in self.drives)

    def run(self) -> None:
        """Carry every application to its end; a draft is left where it could not be filed."""
        with jobs.lane(self.lane):
            try:
                while self._advance():
                    self._look()
                self._pass_until(self.now + HOUR)  # papers asked for last are made
            finally:
                jobs.close_lane(self.lane)

    def _advance(self) -> bool:
        """Let the next thing happen; False once nothing is left to happen."""
        timer = self._timer()
        for plan in sorted(self._plans(), key=lambda each: each.moment):
            if timer is not None and timer <= plan.moment:
                break
            if plan.ready():
                self.now = plan.moment
                plan.act()
                return True
        else:
            if timer is None or timer > self._horizon():
                self._nobody_waits()
                return False
        self._pass_until(max(timer, self.now))
        return True

    # --- what comes next --------------------------------------------------------------------------
    def _plans(self) -> Iterator[Plan]:
        plans = [self._plan(drive) for drive in self.drives]
        plans += [self._plan_of_all(cohort) for cohort in self.cohorts.values()]
        return (plan for plan in plans if plan is not None)

    def _plan(self, drive: Drive) -> Plan | None:
        """What comes next for ``drive``; None while it waits for others or for a timer."""
        if drive.stopped:
            return None
        if drive.unread:
            return Plan(self.now, partial(self._do, drive, acts.acknowledge))
        if drive.ended and not drive.lives:
            return None
        if not drive.begun:
            return Plan(drive.moment, partial(self._begin, drive))
        if drive.state == State.DRAFT:
            return Plan(drive.submission, partial(self._file, drive))
        return self._next(drive)

    def _next(self, drive: Drive) -> Plan | None:
        """The earlier of the timeline's next entry and the ordinary act."""
        entry = drive.ahead[0] if drive.ahead else None
        act = self._ordinary(drive, entry)
        plan = self._ordinary_plan(drive, act) if act is not None else None
        if entry is None or not events.possible(entry, drive.nodes):
            return plan
        day = max(at_office(entry.day), drive.moment, self.now)
        if plan is not None and plan.moment <= day:
            return plan
        return Plan(day, partial(self._follow, drive, entry))

    def _ordinary(self, drive: Drive, entry: Occurrence | None) -> Act | None:
        """The ordinary act the case waits for, unless the timeline's next entry is that act."""
        if drive.state == State.SUSPENDED or drive.heard:
            return None
        for node, act in acts.ORDINARY.items():
            if node in drive.nodes:
                held = entry is not None and node in events.answers(entry.event)
                return None if held else act
        return None

    def _ordinary_plan(self, drive: Drive, act: Act) -> Plan:
        def ready() -> bool:
            return cohort is None or cohort.lets(drive.case.pk, partial(acts.may, act, drive))

        cohort = self.cohorts.get(drive.cohort)
        return Plan(drive.next_office_day(self.now), partial(self._do, drive, act), ready)

    def _plan_of_all(self, cohort: Cohort) -> Plan | None:
        """What must be done for a group, once the call has closed and everybody waits."""
        call = cohort.group.round
        members = [each for each in cohort.drives.values() if each.lives]
        unfiled = any(not each.filed and each.call == call for each in self.drives)
        if not members or unfiled or any(each.stopped for each in members):
            return None
        last = max(call.closes, *(each.moment for each in members))
        moment = max(office_day_after(last), self.now)
        return Plan(moment, partial(self._settle, cohort), partial(cohort.lets, 0, cohort.due))

    # --- letting it happen ------------------------------------------------------------------------
    def _begin(self, drive: Drive) -> None:
        self.say(f"{drive.application.id}: {drive.application.submitted_on}")
        with clock.at(self.now), self._may_be_refused(drive):
            drive.case = drive.begin(drive)

    def _file(self, drive: Drive) -> None:
        drive.moment = self.now
        with clock.at(self.now), self._may_be_refused(drive):
            acts.submit(drive)

    @contextmanager
    def _may_be_refused(self, drive: Drive) -> Iterator[None]:
        """Keep the reason where the application cannot be filed."""
        try:
            yield
        except CaseError as refusal:
            drive.refusal = refusal
            self.say(f"{drive.application.id}: {type(refusal).__name__}")

    def _do(self, drive: Drive, act: Act) -> None:
        with self._acting([drive], act.__name__):
            drive.read()
            act(drive)
        if not Case.objects.filter(pk=drive.case.pk, version__gt=drive.version).exists():
            self._give_up(drive, f"{act.__name__}: nothing came of it")

    def _follow(self, drive: Drive, entry: Occurrence) -> None:
        drive.ahead.remove(entry)
        with self._acting([drive], entry.event):
            drive.read()
            events.act_of(entry.event)(drive, entry)

    def _settle(self, cohort: Cohort) -> None:
        members = [drive for drive in cohort.drives.values() if drive.lives]
        with self._acting(members, "ranking"):
            cohort.act()

    @contextmanager
    def _acting(self, drives: Sequence[Drive], what: str) -> Iterator[None]:
        """Let it be now; where the house refuses the act, ``drives`` go no further."""
        for drive in drives:
            drive.moment = self.now
        try:
            with clock.at(self.now):
                yield
        except (CaseError, BadRecording) as refusal:
            for drive in drives:
                self._give_up(drive, f"{what}: {refusal}")

    def _give_up(self, drive: Drive, why: str) -> None:
        drive.problem = drive.problem or f"{clock.local(self.now):%Y-%m-%d} {why}"
        self.say(f"{drive.application.id}: {drive.problem}")

    # --- time -------------------------------------------------------------------------------------
    def _look(self) -> None:
        """See where every case stands, which of its nodes are open, and what lies unread."""
        drives = {drive.case.pk: drive for drive in self.drives if drive.begun}
        cases = Case.objects.filter(pk__in=drives)
        for pk, state, version, group in cases.values_list("pk", "state", "version", "group"):
            self._note(drives[pk], state, version, group)
        tasks = Task.objects.filter(case__in=drives, finished=None)
        for pk, node in tasks.values_list("case", "node"):
            drives[pk].nodes |= {node}
        told = Defence.objects.filter(case__in=drives, case__state=State.SIGNING)
        for pk in told.filter(closed=None, recalled=None).values_list("case", flat=True):
            drives[pk].heard = True
        delivered = Decision.objects.filter(case__in=drives).exclude(delivered=None)
        for pk in delivered.filter(acknowledged=None).values_list("case", flat=True):
            drives[pk].unread = True

    def _note(self, drive: Drive, state: str, version: int, group: str) -> None:
        if state != drive.state:
            self.say(f"{drive.application.id}: {clock.local(self.now):%Y-%m-%d} {state}")
        drive.state, drive.version, drive.group = state, version, group
        drive.nodes, drive.heard, drive.unread = frozenset(), False, False
        if drive.call is not None and drive.cohort is not None:
            found = Group(drive.call, drive.case.procedure_key, group)
            cohort = self.cohorts.setdefault(drive.cohort, Cohort(found, order=self.order))
            cohort.drives[drive.case.pk] = drive

    def _due(self) -> list[tuple[datetime, int | None]]:
        ready = Job.objects.filter(lane=self.lane, state=Job.State.READY)
        return list(ready.order_by("not_before").values_list("not_before", "case"))

    def _timer(self) -> datetime | None:
        return next((moment for moment, _ in self._due()), None)

    def _horizon(self) -> datetime:
        """How far ahead a timer is waited for: not at all for those that have ended."""
        return self.now + LONGEST if any(self._goes_on()) else self.now

    def _goes_on(self) -> Iterator[Drive]:
        return (each for each in self.drives if not each.ended and not each.stopped)

    def _pass_until(self, moment: datetime) -> None:
        """Let time pass; what falls due on the way happens at its own moment."""
        touched = {case for due, case in self._due() if due <= moment}
        with clock.at(self.now):
            jobs.run_due(moment, self.lane)
        self.now = moment
        for drive in self.drives:
            if drive.begun and drive.case.pk in touched:
                drive.moment = max(drive.moment, moment)

    def _nobody_waits(self) -> None:
        """Whoever is still on the way now goes no further."""
        for drive in self._goes_on():
            failed = Job.objects.filter(case=drive.case, state=Job.State.INCIDENT).first()
            why = failed.last_error if failed else "nobody is left to act"
            self._give_up(drive, f"{drive.state}, {why}")
