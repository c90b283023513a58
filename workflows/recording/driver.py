"""One recorded application on its way: the case, the people, the moment, what is still to come."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from workflows import clock, demo
from workflows.errors import CaseError
from workflows.models import Case, Round
from workflows.models.case import CLOSED, State
from workflows.recording.reader import Application, Occurrence
from workflows.working_days import calendar

OFFICE_HOUR = time(10, 0)
HOUR = timedelta(hours=1)
Key = tuple[int, str, str]


@dataclass
class Drive:
    """One application: ``begin`` opens its draft, ``until`` names a node of the flow to stop at."""

    application: Application
    begin: Callable[["Drive"], Case]
    until: str = ""
    call: Round | None = None  # where it is filed; a draft is begun before the call closes
    casts: dict[str, demo.Cast] = field(default_factory=dict)
    case: Case = field(init=False)
    moment: datetime = field(init=False)  # of the last thing that happened to it
    ahead: list[Occurrence] = field(init=False)  # entries of the timeline still to come
    state: str = State.DRAFT  # legal state, when last looked at
    version: int = 0  # of its case, when last looked at
    group: str = ""  # in which its case is ranked
    nodes: frozenset[str] = frozenset()  # of the flow that wait, when last looked at
    heard: bool = False  # its applicant may still speak to an intended refusal
    unread: bool = False  # a delivered decision waits for the applicant's receipt
    refusal: CaseError | None = None  # why it could not be filed
    problem: str = ""  # why it could not be carried on

    def __post_init__(self) -> None:
        """Begin on the day of submission, with the rest of the timeline ahead."""
        self.moment = min([self.submission, *self._last_draft()]) - HOUR
        timeline = sorted(self.application.timeline, key=lambda entry: entry.day)
        self.ahead = [entry for entry in timeline if entry.event != "submit"]

    def _last_draft(self) -> list[datetime]:
        return [self.call.closes] if self.call else []

    @property
    def submission(self) -> datetime:
        """When it is filed."""
        return at_office(self.application.submitted_on)

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

    # --- where it stands --------------------------------------------------------------------------
    @property
    def begun(self) -> bool:
        """Whether its draft has been opened."""
        return hasattr(self, "case")

    @property
    def cohort(self) -> Key | None:
        """The group it is ranked in: its call, procedure and code."""
        if self.call is None or not self.group:
            return None
        return self.call.pk, self.case.procedure_key, self.group

    @property
    def filed(self) -> bool:
        """Whether it has been filed, or never will be."""
        return self.ended or (self.begun and self.state != State.DRAFT)

    @property
    def ended(self) -> bool:
        """Whether nothing more can happen to it: closed, or a draft that could not be filed."""
        return self.refusal is not None or bool(self.problem) or self.state in CLOSED

    @property
    def lives(self) -> bool:
        """Whether something may still happen to it; a project of the register may be called up."""
        return not self.ended or (self.state == State.REGISTERED and not self.problem)

    @property
    def stopped(self) -> bool:
        """Whether it is to be left where it now waits."""
        return self.until in self.nodes

    def read(self) -> None:
        """Read the case as it now stands."""
        self.case = Case.objects.select_related("edition", "applicant", "round").get(
            pk=self.case.pk
        )

    # --- time -------------------------------------------------------------------------------------
    def next_office_day(self, now: datetime) -> datetime:
        """When the next ordinary act happens: the working day after the last, if that lies ahead.

        A case that others held up goes on the working day after ``now``.
        """
        following = office_day_after(self.moment)
        return following if following >= now else office_day_after(now)


def at_office(day: date) -> datetime:
    """Ten in the morning of ``day`` in the city."""
    return datetime.combine(day, OFFICE_HOUR, clock.LOCAL)


def office_day_after(moment: datetime) -> datetime:
    """Ten in the morning of the next working day."""
    return at_office(calendar().add(clock.local(moment).date(), 1).day)
