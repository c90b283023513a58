"""The lifecycle machine, for a minute; ``make faults`` lets it run for longer."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stages.acting import acting
from tests.stages.machine import Lifecycle
from workflows.recording import acts

pytestmark = pytest.mark.django_db
FOR_A_MINUTE = settings(
    max_examples=40,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_whatever_anybody_tries_the_house_stays_lawful(begin, plain_papers):
    course = begin("P1-002", c5_claim=False, c5_investments=[])
    acts.fill(course.drive, course.drive.application.form)
    everybody = acting(course)

    run_state_machine_as_test(lambda: Lifecycle(everybody), settings=FOR_A_MINUTE)
