"""Cases for the tests of stages: on their ordinary course, on a clock that stands still."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import StandingClock, recording
from tests.stages import course as courses
from tests.stages.course import CERTIFICATION, POOL_ENTRY, Course
from workflows import programme
from workflows.models import Round
from workflows.recording import calls
from workflows.stages import deliberation

Begin = Callable[..., Course]
GROUNDS = ["实习证据不足", "年度报告未公开"]


@pytest.fixture
def plain_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers cost nothing."""
    courses.plain_papers(monkeypatch)


@pytest.fixture
def begin(call: Round, standing_clock: StandingClock) -> Begin:
    """Draft a recorded application: ``begin("P1-001", employees_total=12)``."""

    def begun(name: str, **form: Any) -> Course:
        return courses.begun(name, standing_clock, call, **form)

    return begun


@pytest.fixture
def pool_entry(begin: Begin) -> Course:
    """A filed application for the pool: two reviewers check it."""
    return begin(POOL_ENTRY, c5_claim=False, c5_investments=[]).file()


@pytest.fixture
def refused(pool_entry: Course, plain_papers: None) -> Course:
    """The conference has just resolved to refuse; the decision waits for its signature."""
    pool_entry.to("proposal")
    deliberation.propose(
        pool_entry.case,
        outcome_="refused",
        finding="条件不足。",
        reasons=GROUNDS,
        by=pool_entry.cast.officer,
    )
    return pool_entry.to("signing")


@pytest.fixture
def certification(begin: Begin) -> Course:
    """A filed application for certification: a panel of seven marks it."""
    return begin(CERTIFICATION).file()


@pytest.fixture
def bases(office: None) -> Round:
    """The recorded call for base designations."""
    kind = programme.get("base_designation")
    first = next(each for each in recording().rounds if each.programme == kind.code)
    return calls.open_call(first, kind)
