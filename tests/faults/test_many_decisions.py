"""Two hundred contradicting decisions at once: one outcome, 199 refusals that keep their words."""

import pytest
from django.db import connection

from tests.conftest import StandingClock
from tests.stages import course as courses
from tests.stages.test_races_of_intents import contradicted
from workflows.models import Intent, Round

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
PRESSES = {"postgresql": 200, "sqlite": 60}  # SQLite has one writer at a time anyway


def test_two_hundred_contradicting_presses_have_one_outcome(
    call: Round, standing_clock: StandingClock, settings
) -> None:
    settings.HENG_UNDO_SECONDS = 10
    case = courses.begun(courses.POOL_ENTRY, standing_clock, call, c5_claim=False).file()
    case.to("district_review")
    number = PRESSES[connection.vendor]

    answers = contradicted(case, number)

    assert answers == [(303, False)] + [(409, True)] * (number - 1)
    assert Intent.objects.count() == 1
    assert case.kinds.count("reviewed") == 1
