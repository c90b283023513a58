"""The ground of these tests."""

import pytest

from tests.stages import course as courses
from tests.stages.visits.deeds import BASE


@pytest.fixture
def base(bases, standing_clock):
    """A filed application for a base: a panel of five marks it."""
    return courses.begun(BASE, standing_clock, bases).file()


@pytest.fixture
def visited(base):
    """The sheets are in, and the place is to be visited."""
    return base.to("visit")
