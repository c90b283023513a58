"""Schools on their way to recognition, by the real verbs: filed, checked, confirmed, ranked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.conftest import StandingClock
from tests.programmes.benchmark_school.cohort import School
from workflows import clock, demo, edition, jobs, programme
from workflows.models import Case, Edition, Event, Figures, Round, Seat, Task, User
from workflows.stages import (
    acceptance,
    confirmation,
    drafting,
    panel,
    review,
    submission,
    verification,
)

KEY, PROCEDURE = "benchmark_school", "recognition"
GROUPS = {
    "secondary_vocational": "secondary",
    "technical_school": "secondary",
    "higher_vocational": "higher",
    "undergraduate": "undergraduate",
}
MINUTE = timedelta(minutes=1)


@dataclass
class Schooling:
    """One school's case, and everyone who handles it."""

    school: School
    case_key: int
    clock: StandingClock
    cast: demo.Cast = field(init=False)

    def __post_init__(self) -> None:
        """Know who works where the case lies."""
        self.cast = demo.cast(self.case.district)

    @property
    def case(self) -> Case:
        """The case as the database has it now."""
        found: Case = Case.objects.select_related("edition", "applicant", "round").get(
            pk=self.case_key
        )
        return found

    @property
    def waiting(self) -> list[str]:
        """The nodes whose tasks are open, each once."""
        open_ = Task.objects.filter(case=self.case_key, finished=None).values_list("node")
        return sorted({node for (node,) in open_})

    @property
    def kinds(self) -> list[str]:
        """What the trail tells, in order."""
        events = Event.objects.filter(case=self.case_key).order_by("seq")
        return list(events.values_list("kind", flat=True))

    @property
    def seats(self) -> list[Seat]:
        """Everyone seated in the present round, checkers first."""
        case = self.case
        seats = Seat.objects.filter(case=case, round=case.evaluation_round)
        return list(seats.select_related("case", "expert").order_by("node", "number"))

    @property
    def revisions(self) -> list[Figures]:
        """The versions of the figures."""
        return list(Figures.objects.filter(case=self.case_key).order_by("revision"))

    @property
    def signer(self) -> User:
        """Who signs for the school."""
        return demo.signer(self.case.applicant)

    @property
    def clerk(self) -> User:
        """Who drafts for the school."""
        return demo.clerk(self.case.applicant)

    # --- on its way -------------------------------------------------------------------------------
    def accepted(self) -> "Schooling":
        """The window finds it complete."""
        acceptance.accept(self.case, by=self.cast.window)
        return self

    def screened(self) -> "Schooling":
        """The officer sends it to the agency."""
        self.accepted()
        review.screen(self.case, verdict="evaluate", text="", by=self.cast.officer)
        return self

    def assigned(self) -> "Schooling":
        """Two people of the agency have declared and hold the figures."""
        self.screened().assign()
        return self

    def assign(self) -> None:
        """Two people of the agency take the figures and declare."""
        verification.assign(self.case, checkers=self.cast.checkers[:2], by=self.cast.agency)
        for seat in self.seats:
            if seat.node == verification.NODE and seat.declared is None:
                panel.declare(seat, by=seat.expert)

    def check(
        self, number: int, findings: Mapping[str, Mapping[str, Any]] | None = None
    ) -> Figures | None:
        """The checker seated at ``number`` (from 1) signs."""
        (seat,) = (
            each
            for each in self.seats
            if each.node == verification.NODE and each.number == number and each.void is None
        )
        if seat.declared is None:
            panel.declare(seat, by=seat.expert)
        return verification.check_figures(seat, findings=findings or {}, by=seat.expert)

    def checked(self, findings: Mapping[str, Mapping[str, Any]] | None = None) -> "Schooling":
        """Both found the same."""
        self.assigned()
        self.check(1, findings)
        self.check(2, findings)
        return self

    def confirmed(self, findings: Mapping[str, Mapping[str, Any]] | None = None) -> "Schooling":
        """The school agrees to what was found."""
        self.checked(findings)
        confirmation.confirm(self.case, by=self.signer)
        return self

    def timers(self) -> None:
        """Whatever is due by now happens, the typesetting of papers left out."""
        while due := jobs._due(self.clock.moment, "").exclude(kind="issue_document").first():
            taken = jobs.lease(self.clock.moment, "", due.pk)
            assert taken is not None
            jobs.run(taken)

    def pass_due(self, node: str) -> None:
        """The day on which ``node`` is due passes, and timers fire."""
        due = Task.objects.get(case=self.case_key, node=node, finished=None).due
        assert due is not None
        self.clock.move_to(clock.end_of(due) + MINUTE)
        self.timers()


def call(key: str = "P3-test", **terms: Any) -> Round:
    """A call for schools under the newest edition, open all year."""
    kept = Edition.objects.filter(programme=KEY).latest("published")
    year = clock.today().year
    made: Round = Round.objects.create(
        key=key,
        programme=KEY,
        edition=kept,
        title="标杆学校认定",
        opens=clock.start_of(clock.today().replace(month=1, day=1)),
        closes=clock.end_of(clock.today().replace(year=year, month=12, day=31)),
        **terms,
    )
    return made


def filed(school: School, round_: Round, clock_: StandingClock, **changes: Any) -> Schooling:
    """The application of ``school``, filed; ``changes`` are answers given otherwise."""
    applicant = demo.organisation(profile(school))
    clerk, signer = demo.clerk(applicant), demo.signer(applicant)
    case = drafting.draft(round_, procedure=PROCEDURE, organisation=applicant, by=clerk)
    given = {**case.draft, **answers(school), **changes}
    case = drafting.save(case, answers=given, revision=case.draft_revision, by=clerk)
    submission.submit(case, by=signer)
    return Schooling(school, case.pk, clock_)


def group(schools: Sequence[School], round_: Round, clock_: StandingClock) -> list[Schooling]:
    """Applications of a whole group, checked and confirmed: they wait to be ranked."""
    return [filed(each, round_, clock_).confirmed() for each in schools]


def profile(school: School) -> dict[str, Any]:
    """What the register of organisations holds of a school."""
    sample = _sample()
    shared = {
        key: sample[key]
        for key in ("address", "established_on", "contact_phone", "legal_rep", "contact_name")
    }
    return {
        **shared,
        "org_name": school.name,
        "uscc": school.uscc,
        "org_kind": school.kind,
        "district_code": school.uscc[2:8],
        "licence_valid_to": "2029-12-31",
        "contact_email": f"office@{school.uscc.lower()}.example",
    }


def answers(school: School) -> dict[str, Any]:
    """The form as the school fills it in."""
    return {
        **_sample(),
        **profile(school),
        "group": GROUPS[school.kind],
        "indicators": rows(school.values),
    }


def rows(values: Mapping[str, str], *, not_applicable: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The table of indicators."""
    return [
        {
            "id": code,
            "value": value,
            "not_applicable": code in not_applicable,
            "evidence_file": f"{code}.pdf",
        }
        for code, value in values.items()
    ]


def _sample() -> dict[str, Any]:
    shape = edition.load(programme.get(KEY).edition_path)
    return dict(shape.samples[0].answers)
