"""The ground of these tests."""

import pytest

from tests.conftest import recording
from tests.stages import course as courses
from tests.stages.visits.deeds import BASE
from workflows import programme
from workflows.recording import calls


@pytest.fixture
def bases(office):
    """The recorded call for base designations."""
    kind = programme.get("base_designation")
    first = next(each for each in recording().rounds if each.programme == kind.code)
    return calls.open_call(first, kind)


@pytest.fixture
def base(bases, standing_clock):
    """A filed application for a base: a panel of five marks it."""
    return courses.begun(BASE, standing_clock, bases).file()


@pytest.fixture
def visited(base):
    """The sheets are in, and the place is to be visited."""
    return base.to("visit")
