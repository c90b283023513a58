"""The ground of these tests."""

from decimal import Decimal

import pytest

from tests.groups import PROJECTS, SCHOOLS, Bid, call, projects, schools, variant
from tests.stages.ranking.deeds import BEST, FAIR, GOOD, Cases
from workflows.models import (
    Round,
)


@pytest.fixture
def called(cast, standing_clock) -> Round:
    """A call for schools that nobody reads: two may be chosen, from 3 points up."""
    edition = variant(SCHOOLS, "recognition", publishes=["mark", "place"], reading=False)
    return call(SCHOOLS, edition=edition, quota=2, share_percent=100, pass_mark=Decimal(3))


@pytest.fixture
def three(called) -> Cases:
    """Three schools; two may be chosen."""
    return schools(called, {"a": BEST, "b": GOOD, "c": FAIR})


@pytest.fixture
def line(cast, standing_clock) -> Round:
    """A call with 1,000 for training bases."""
    return call(PROJECTS, budgets={"training_base": "1000.00", "talent_urgent": "600.00"})


@pytest.fixture
def five(line) -> Cases:
    """Five projects that want 1,310 together; one is below the pass mark."""
    return projects(
        line,
        {
            "a": Bid("90.00", 400),
            "b": Bid("85.00", 300),
            "c": Bid("80.00", 450),
            "d": Bid("75.00", 100),
            "e": Bid("69.99", 60),
        },
    )


@pytest.fixture
def tied(called) -> Cases:
    """Two schools equal in everything stand at the cut."""
    return schools(called, {"a": BEST, "b": GOOD, "c": GOOD, "d": FAIR})
