"""Carries one recorded application from draft to its end, act by act."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from workflows import clock, demo, jobs
from workflows.errors import CaseError
from workflows.models import Case, Job, Task
from workflows.models.case import CLOSED, State
from workflows.recording import acts, events
from workflows.recording.reader import Application, Occurrence
from workflows.working_days import calendar

OFFICE_HOUR = time(10, 0)
LONGEST = timedelta(days=800)


class Stuck(Exception):
    """The recording leaves the case where no further act is possible."""


@dataclass
class Drive:
    """One application on its way: the case, the people, the moment, what is still to come."""

    application: Application
    begin: Callable[["Drive"], Case]
    until: str = ""  # stop where this node of the flow waits
    casts: dict[str, demo.Cast] = field(default_factory=dict)
    lane: str = field(default_factory=lambda: f"drive:{uuid.uuid4().hex[:8]}")
    case: Case = field(init=False)
    moment: datetime = field(init=False)
    ahead: list[Occurrence] = field(init=False)
    refusal: CaseError | None = None

    def __post_init__(self) -> None:
        """Begin on the day of submission, with the rest of the timeline ahead."""
        self.moment = at_office(self.application.submitted_on)
        timeline = sorted(self.application.timeline, key=lambda entry: entry.day)
        self.ahead = [entry for entry in timeline if entry.event != "submit"]

    @property
    def cast(self) -> demo.Cast:
        """Who handles the case where it now lies."""
        district = self.case.district
        if district not in self.casts:
            self.casts[district] = demo.cast(district, self.agency())
        return self.casts[district]

    def agency(self) -> demo.Agency | None:
        """The agency the recording names."""
        told = self.application.evaluation
        if told is None or not told.agency_uscc:
            return None
        return demo.Agency(name=told.agency, uscc=told.agency_uscc)

    # --- the way ------------------------------------------------------------------------------
    def run(self) -> Case:
        """Carry the application to its end; a draft is left where it could not be filed."""
        with jobs.lane(self.lane):
            try:
                self._file()
                while self.refusal is None and self._goes_on():
                    self._step()
                self._settle()
            finally:
                jobs.close_lane(self.lane)
        return self.case

    def _file(self) -> None:
        with clock.at(self.moment - timedelta(hours=1)):
            self.case = self.begin(self)
        with clock.at(self.moment):
            try:
                acts.submit(self)
            except CaseError as refusal:
                self.refusal = refusal

    def _goes_on(self) -> bool:
        self.case = Case.objects.select_related("edition", "applicant").get(pk=self.case.pk)
        return self.case.state not in CLOSED and not self._waits_at(self.until)

    def _waits_at(self, node: str) -> bool:
        return bool(node) and self._open_tasks().filter(node=node).exists()

    def _open_tasks(self) -> QuerySet[Task]:
        found: QuerySet[Task] = Task.objects.filter(case=self.case, finished=None)
        return found

    def _step(self) -> None:
        """Do what comes next: the timeline's entry, an ordinary act, or let a timer fire."""
        entry = self.ahead[0] if self.ahead else None
        act = self._ordinary(entry)
        if act is None and entry is None:
            self._wait_for_timer()
            return
        moment = self._next_office_day() if act is not None else None
        if entry is not None and (moment is None or at_office(entry.day) < moment):
            self.ahead.pop(0)
            self._go_to(max(at_office(entry.day), self.moment))
            if self._goes_on():
                self._do(events.act_of(entry.event), entry)
            return
        assert act is not None
        assert moment is not None
        self._go_to(moment)
        if self._goes_on() and self._ordinary(entry) is act:
            self._do(act)

    def _ordinary(self, entry: Occurrence | None) -> Callable[["Drive"], None] | None:
        """The ordinary act the case waits for, unless the timeline's next entry is that act."""
        open_nodes = set(self._open_tasks().values_list("node", flat=True))
        if self.case.state == State.SUSPENDED:
            return None
        for node, act in acts.ORDINARY.items():
            if node in open_nodes:
                return None if entry and node in events.answers(entry.event) else act
        return None

    def _do(self, act: Callable[..., None], entry: Occurrence | None = None) -> None:
        with clock.at(self.moment):
            try:
                act(self, entry) if entry is not None else act(self)
            except CaseError as refusal:
                told = entry.event if entry is not None else act.__name__
                raise Stuck(
                    f"{self.case}: {told} on {self.moment:%Y-%m-%d}: {refusal}"
                ) from refusal
        self._run_jobs()

    # --- time -----------------------------------------------------------------------------------
    def _next_office_day(self) -> datetime:
        return at_office(calendar().add(clock.local(self.moment).date(), 1).day)

    def _go_to(self, moment: datetime) -> None:
        """Let time pass; timers that fall due on the way fire at their own moment."""
        self._run_jobs(moment)
        self.moment = moment

    def _run_jobs(self, until: datetime | None = None) -> None:
        with self.at_moment():
            jobs.run_due(until or self.moment, self.lane)

    @contextmanager
    def at_moment(self) -> Iterator[None]:
        """Let it be the drive's moment."""
        with clock.at(self.moment):
            yield

    def _wait_for_timer(self) -> None:
        waiting = (
            Job.objects.filter(lane=self.lane, state=Job.State.READY)
            .order_by("not_before")
            .values_list("not_before", flat=True)
            .first()
        )
        if waiting is None or waiting > self.moment + LONGEST:
            raise Stuck(f"{self.case}: {self.case.state}, nobody is left to act")
        self._go_to(max(waiting, self.moment) + timedelta(seconds=1))

    def _settle(self) -> None:
        """Papers asked for last are made, and the applicant confirms receipt."""
        self._run_jobs(self.moment + timedelta(hours=1))
        if self.case.state in CLOSED:
            with self.at_moment():
                acts.acknowledge(self)


def at_office(day: date) -> datetime:
    """Ten in the morning of ``day`` in the city."""
    return datetime.combine(day, OFFICE_HOUR, clock.LOCAL)
