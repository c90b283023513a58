"""The broker is a doorbell: whatever happens to it, the ledger brings the work to its end."""

import pytest

from tests.faults.conftest import Rung
from tests.faults.house import ISSUED
from tests.faults.test_killed_worker import PAPERS, assert_issued_once

pytestmark = pytest.mark.faults
RUNG, DRAINED = "Task workflows.tasks.run_job[", "Task workflows.tasks.drain["


def test_the_doorbell_brings_a_worker_at_once(rung_house: Rung) -> None:
    house, _ = rung_house

    with house.worker() as worker:
        worker.until_said("ready.")
        house.rehearse("seal")
        house.until(ISSUED, PAPERS)

        assert worker.said(RUNG)
    assert_issued_once(house)


def test_a_broker_that_is_down_costs_the_office_nothing(rung_house: Rung) -> None:
    house, broker = rung_house
    broker.kill()

    house.rehearse("seal")
    broker.start()
    with house.worker() as worker:
        house.until(ISSUED, PAPERS)
        assert worker.said(DRAINED)  # the relay found what no doorbell had announced

    assert_issued_once(house)


def test_a_broker_that_forgets_everything_loses_nothing(rung_house: Rung) -> None:
    house, broker = rung_house
    house.rehearse("seal")

    broker.kill()
    broker.start()
    with house.worker():
        house.until(ISSUED, PAPERS)

    assert_issued_once(house)


def test_a_broker_killed_over_a_working_worker_loses_nothing(rung_house: Rung) -> None:
    house, broker = rung_house

    with house.worker() as worker:
        worker.until_said("ready.")
        house.rehearse("seal")
        house.until("SELECT count(*) > 0 FROM workflows_job WHERE state = 'leased'", True)
        broker.kill()
        broker.start()
        house.until(ISSUED, PAPERS)

    assert_issued_once(house)


def test_a_hundred_doorbells_for_one_job_are_one_job(rung_house: Rung) -> None:
    house, _ = rung_house
    house.rehearse("seal")

    house.rehearse("storm")
    with house.worker():
        house.until(ISSUED, PAPERS)

    assert_issued_once(house)
    assert house.ask("SELECT max(attempt) FROM workflows_job") == 1
