"""The lifecycle machine for as long as it takes to go everywhere."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stages import course as courses
from tests.stages.acting import acting
from tests.stages.course import POOL_ENTRY
from tests.stages.machine import Lifecycle
from workflows.recording import acts

pytestmark = [pytest.mark.django_db, pytest.mark.faults]
FOR_LONG = settings(
    max_examples=400,
    stateful_step_count=40,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
)


def test_whatever_anybody_tries_for_long_the_house_stays_lawful(call, standing_clock, monkeypatch):
    courses.plain_papers(monkeypatch)
    course = courses.begun(POOL_ENTRY, standing_clock, call, c5_claim=False, c5_investments=[])
    acts.fill(course.drive, course.drive.application.form)
    everybody = acting(course)

    run_state_machine_as_test(lambda: Lifecycle(everybody), settings=FOR_LONG)
