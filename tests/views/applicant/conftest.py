"""The world of the applicant's pages: drafts of this week, and cases carried by the recordings."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.utils import translation

from tests.conftest import StandingClock
from tests.views.applicant.drafts import (
    DELIVERED,
    PUBLISHED,
    STRANGER,
    begun,
    filed_by,
    filled,
    organisation,
)
from tests.views.public.world import carried, world
from workflows import clock, demo, jobs
from workflows.models import Case, User
from workflows.stages import issuance, supplements

AFTER_RETURN = datetime(
    2026, 10, 8, 9, 0, tzinfo=clock.LOCAL
)  # P1-002 was returned on 29 September
KNOWN = ("edition", "applicant", "round")
AFTER_ALL = datetime(2026, 12, 1, 9, 0, tzinfo=clock.LOCAL)


@pytest.fixture(autouse=True)
def standing(standing_clock: StandingClock) -> StandingClock:
    """The clock of every test here: Monday 7 September 2026 until the test moves it."""
    return standing_clock


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Sentences asked for outside a page come in English too."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="module")
def _world(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with world(django_db_blocker):
        yield


@pytest.fixture(scope="module")
def _returned(_world: None) -> int:
    return carried("P1-002", until="correction").pk


@pytest.fixture(scope="module")
def _evaluated(_world: None) -> int:
    return carried("P1-001", until="sheet").pk


@pytest.fixture(scope="module")
def _published(_world: None) -> int:
    return carried("P1-002", until="notice", form=filed_by(PUBLISHED)).pk


@pytest.fixture(scope="module")
def _delivered(_world: None) -> int:
    """A case whose decision lies in the applicant's account, not yet confirmed."""
    case = carried("P1-002", until="signing", form=filed_by(DELIVERED))
    cast = demo.cast(case.district)
    with clock.at(AFTER_ALL), jobs.lane("delivered"):
        issuance.sign(case, by=cast.issuer)
        issuance.seal(case, by=cast.seal)
        jobs.run_due(AFTER_ALL, "delivered")
        jobs.close_lane("delivered")
    return case.pk


@pytest.fixture
def draft(_world: None, db: None) -> Case:
    """A draft just begun; the profile is filled in already."""
    return begun()


@pytest.fixture
def complete(_world: None, db: None) -> Case:
    """A draft with every answer, and no paper."""
    return filled(begun())


@pytest.fixture
def returned(_returned: int, db: None, standing: StandingClock) -> Case:
    """A case the window returned; it is the eighth of October."""
    standing.move_to(AFTER_RETURN)
    return Case.objects.select_related(*KNOWN).get(pk=_returned)


@pytest.fixture
def evaluated(_evaluated: int, db: None, standing: StandingClock) -> Case:
    """A case before its panel; its clock stands."""
    standing.move_to(AFTER_RETURN)
    return Case.objects.select_related(*KNOWN).get(pk=_evaluated)


@pytest.fixture
def asked(evaluated: Case) -> Case:
    """A case whose office asked two things after acceptance."""
    officer = demo.cast(evaluated.district).officer
    supplements.ask(evaluated, questions=["资金来源？", "合作协议？"], days=10, by=officer)
    return evaluated


@pytest.fixture
def published(_published: int, db: None, standing: StandingClock) -> Case:
    """A case in public notice."""
    standing.move_to(datetime(2026, 11, 2, 9, 0, tzinfo=clock.LOCAL))
    return Case.objects.select_related(*KNOWN).get(pk=_published)


@pytest.fixture
def delivered(_delivered: int, db: None, standing: StandingClock) -> Case:
    """A granted case whose decision has reached the applicant."""
    standing.move_to(AFTER_ALL)
    return Case.objects.select_related(*KNOWN).get(pk=_delivered)


@pytest.fixture
def stranger(_world: None, db: None) -> User:
    """The clerk of another organisation."""
    return demo.clerk(organisation(STRANGER))
