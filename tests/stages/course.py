"""A case taken along its ordinary course act by act, by the real verbs, on the test's own clock.

``course.to("opinion")`` lets everyone do what they do on an ordinary day until that step waits; the
test then takes the case further by hand. Papers are asked for as always, but typeset only when the
test says ``course.papers()``.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.conftest import StandingClock, recording
from workflows import clock, demo, jobs
from workflows.models import Case, Document, Event, Job, Organisation, Round, Seat, Task, User
from workflows.recording import acts, house
from workflows.recording.driver import Drive
from workflows.recording.reader import Application
from workflows.stages import deadlines, defences, papers, people

POOL_ENTRY, CERTIFICATION = "P1-002", "P1-001"
MINUTE = timedelta(minutes=1)


@dataclass
class Course:
    """One case, everyone who handles it, and the standing clock."""

    drive: Drive
    clock: StandingClock

    # --- where it stands ----------------------------------------------------------------------
    @property
    def case(self) -> Case:
        """The case as the database has it now."""
        self.drive.case = found(self.drive.case)
        return self.drive.case

    @property
    def state(self) -> str:
        """Its legal state."""
        return str(self.case.state)

    @property
    def waiting(self) -> list[str]:
        """The nodes whose tasks are open, in order, each once."""
        nodes = Task.objects.filter(case=self.drive.case, finished=None).values_list("node")
        return sorted({node for (node,) in nodes})

    @property
    def kinds(self) -> list[str]:
        """What the trail tells, in order."""
        events = Event.objects.filter(case=self.drive.case).order_by("seq")
        return list(events.values_list("kind", flat=True))

    @property
    def seats(self) -> list[Seat]:
        """The seats of the present round, the void ones included."""
        case = self.case
        seats = Seat.objects.filter(case=case, round=case.evaluation_round)
        return list(seats.select_related("case", "expert").order_by("number"))

    def task(self, node: str, unit: str = "") -> Task:
        """The one open task of ``node``."""
        return Task.objects.select_related("case").get(
            case=self.drive.case, node=node, unit=unit, finished=None
        )

    # --- who ----------------------------------------------------------------------------------
    @property
    def cast(self) -> demo.Cast:
        """Who handles the case where it lies."""
        return self.drive.cast

    @property
    def clerk(self) -> User:
        """Who drafts for the applicant."""
        return demo.clerk(self.drive.case.applicant)

    @property
    def signer(self) -> User:
        """Who signs for the applicant."""
        return demo.signer(self.drive.case.applicant)

    def also(self, user: User, role: str, scope: str = "") -> User:
        """``user`` with one more office, as of now; the rules of the house allow it."""
        people.appoint(user, role=role, scope=scope, by=None)
        return User.objects.get(pk=user.pk)

    # --- on its way ---------------------------------------------------------------------------
    def file(self) -> "Course":
        """The answers are filled in and filed, without papers."""
        acts.submit(self.drive)
        return self

    def to(self, *nodes: str) -> "Course":
        """Everyone does their ordinary part until one of ``nodes`` waits."""
        while not set(nodes) & set(self.waiting):
            self.step()
        return self

    def step(self) -> None:
        """What is done next on an ordinary day, or the next day that something falls due."""
        waiting, self.drive.case = self.waiting, self.case
        act = next((act for node, act in acts.ORDINARY.items() if node in waiting), None)
        if (told := defences.waiting(self.case)) is not None:
            self.pass_closing(told.due)  # of a refusal; nobody speaks against it
        elif act is not None:
            act(self.drive)
        else:
            self.pass_time_limit(self.case.entries.latest("pk").notice.closes)

    def pass_time_limit(self, day: date) -> None:
        """The day passes, and what was waiting for its end is tried."""
        self.clock.move_to(clock.end_of(day) + MINUTE)
        self.timers()

    def pass_closing(self, day: date) -> None:
        """What the applicant was asked until that day is closed, with nothing certified (X24)."""
        self.clock.move_to(deadlines.closing(day) + MINUTE)
        self.timers()

    def timers(self) -> None:
        """Whatever is due by now happens, the typesetting of papers left out."""
        while due := jobs._due(self.clock.moment, "").exclude(kind="issue_document").first():
            taken = jobs.lease(self.clock.moment, "", due.pk)
            assert taken is not None
            jobs.run(taken)

    def papers(self) -> "Course":
        """Whatever is due by now happens: papers are made, and the last one ends the case."""
        jobs.run_due()
        return self


def begun(name: str, clock_: StandingClock, call: Round, **form: Any) -> Course:
    """The recorded application ``name``, drafted with changes to its answers, nothing filed."""
    known = next(each for each in recording().applications if each.id == name)
    data = known.model_dump(mode="json")
    data |= {"form": {**data["form"], **form}, "attachments": [], "timeline": [], "expected": {}}
    drive = Drive(
        application=Application.model_validate(data),
        begin=lambda drive: house._begin(drive, call, organisations()),
    )
    drive.case = drive.begin(drive)
    return Course(drive, clock_)


def organisations() -> dict[str, Organisation]:
    """The recorded organisations, settled."""
    return {each.uscc: demo.organisation(each.profile()) for each in recording().organisations}


def queue(course: Course) -> list[str]:
    """Which groups are asked to fill a seat."""
    empty = Task.objects.filter(case=course.case, node="sheet", finished=None).exclude(candidate="")
    return list(empty.order_by("pk").values_list("candidate", flat=True))


def found(case: Case) -> Case:
    """``case`` as the database has it now."""
    return Case.objects.select_related("edition", "applicant", "round").get(pk=case.pk)


def plain_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers are their own record, unsigned and at once; the real ones have tests of their own."""

    def made(job: Job) -> dict[str, str]:
        document = Document.objects.get(pk=job.payload["document"])
        sha256 = papers.keep(document.record.encode())
        return {"unsigned_sha256": sha256, "sha256": sha256, "signer": "nobody"}

    issuing = jobs._handlers["issue_document"]
    monkeypatch.setitem(jobs._handlers, "issue_document", replace(issuing, work=made))
