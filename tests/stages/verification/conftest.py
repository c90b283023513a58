"""The ground of these tests."""

from datetime import datetime

import pytest

from tests.conftest import StandingClock
from tests.programmes.benchmark_school import cohort
from tests.stages import schooling
from tests.stages.schooling import Schooling
from workflows import clock


@pytest.fixture
def school(office: None, standing_clock: StandingClock) -> Schooling:
    """A filed application of one school."""
    standing_clock.move_to(datetime(2026, 10, 8, 9, 0, tzinfo=clock.LOCAL))
    return schooling.filed(cohort.CAOJIANG, schooling.call(), standing_clock)


@pytest.fixture
def schools(office: None, standing_clock: StandingClock) -> list[Schooling]:
    """The higher group of the cohort, checked and confirmed."""
    standing_clock.move_to(datetime(2026, 10, 8, 9, 0, tzinfo=clock.LOCAL))
    call = schooling.call(quota=2, share_percent=100)
    return schooling.group(cohort.HIGHER, call, standing_clock)
