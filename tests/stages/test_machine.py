"""The lifecycle machine, for a minute; ``make faults`` runs it for longer."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stages import machine
from workflows.recording import acts

pytestmark = pytest.mark.django_db
FOR_A_MINUTE = settings(
    max_examples=30,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def test_whatever_anybody_tries_the_house_stays_lawful(begin, plain_papers):
    course = begin("P1-002", c5_claim=False, c5_investments=[])
    acts.fill(course.drive, course.drive.application.form)
    world = machine.world(course)

    run_state_machine_as_test(lambda: machine.Lifecycle(world), settings=FOR_A_MINUTE)
