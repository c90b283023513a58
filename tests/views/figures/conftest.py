"""The ground of these tests."""

from datetime import datetime

import pytest
from django.utils import translation

from tests.conftest import StandingClock
from tests.programmes.benchmark_school import cohort
from tests.stages import schooling
from tests.stages.schooling import Schooling
from workflows import clock
from workflows.stages import ranking


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def school(office: None, standing_clock: StandingClock) -> Schooling:
    """A filed application of one school."""
    standing_clock.move_to(datetime(2026, 10, 8, 9, 0, tzinfo=clock.LOCAL))
    return schooling.filed(cohort.CAOJIANG, schooling.call(quota=2), standing_clock)


@pytest.fixture
def ranked(office: None, standing_clock: StandingClock) -> Schooling:
    """The second school of a ranked group."""
    standing_clock.move_to(datetime(2026, 10, 8, 9, 0, tzinfo=clock.LOCAL))
    call = schooling.call(quota=2, share_percent=100)
    second = schooling.group(cohort.HIGHER, call, standing_clock)[1]
    made = ranking.rank(call, procedure_key="recognition", group="higher", by=second.cast.officer)
    ranking.approve(made, by=second.cast.leader)
    return second
