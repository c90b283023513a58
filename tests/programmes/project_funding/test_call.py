"""A call for projects stands open for five working days at least (domain 2.4.4, step 1)."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from tests.conftest import StandingClock
from tests.stages import projects
from workflows import clock
from workflows.models import Round
from workflows.stages import rounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]


def call(last: date) -> Round:
    return rounds.open_round(
        programme=projects.PROGRAMME,
        title="2026年度产教融合专项资金",
        opens=clock.start_of(date(2026, 9, 7)),
        closes=clock.end_of(last),
        by=projects.cast().officer,
    )


def test_a_call_open_from_monday_to_friday_is_long_enough(standing_clock: StandingClock) -> None:
    assert call(date(2026, 9, 11)).pk


def test_a_shorter_call_is_refused_with_the_day(standing_clock: StandingClock) -> None:
    with pytest.raises(ValidationError) as refusal:
        call(date(2026, 9, 10))

    assert "2026-09-11" in str(refusal.value.message_dict["closes"])
