"""A correction is weighed as of the day the application was filed, however long it takes."""

from datetime import timedelta

import pytest

from tests.conftest import StandingClock
from tests.stages import projects
from workflows import clock
from workflows.errors import Incomplete
from workflows.models.case import State
from workflows.stages import corrections

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office", "plain_papers")]
ITEM = {"target": "agreement", "reason": "missing_paper", "text": "缺少协议。"}


def test_a_project_that_was_to_begin_soon_may_be_corrected_after_that_day(
    standing_clock: StandingClock,
) -> None:
    begins = clock.today() + timedelta(days=2)
    case = projects.filed(projects.call(), starts_on=begins.isoformat())
    corrections.return_once(case, items=[ITEM], by=projects.cast().window)
    standing_clock.pass_(days=7)

    corrections.resubmit(
        projects.fresh(case), note="已补充", answers={}, by=projects.signer(case.applicant)
    )

    assert projects.fresh(case).state == State.SUBMITTED


def test_a_project_that_began_before_it_was_filed_is_told_so(standing_clock: StandingClock) -> None:
    yesterday = clock.today() - timedelta(days=1)

    with pytest.raises(Incomplete) as refusal:
        projects.filed(projects.call(), starts_on=yesterday.isoformat())

    assert list(refusal.value.facts["errors"]) == ["starts_on"]
