"""A worker killed in the middle of an issuance loses nothing and doubles nothing."""

import random
from time import sleep

import pytest

from tests.faults.house import ISSUED, House

POINTS = ("leased", "worked", "finished", "committed")
PAPERS = 2  # of a granted decision: the letter and the certificate


def assert_issued_once(house: House) -> None:
    """Everything is there, once, and the books balance."""
    told = house.report()
    assert told["state"] == "granted"
    assert [state for _, state in told["papers"]] == ["issued"] * PAPERS
    assert told["whole"] == [True] * PAPERS
    assert (told["issued_events"], told["titles"], told["granted"]) == (PAPERS, 1, 1)
    assert [serial for _, serial in told["numbers"]] == [1] * len(told["numbers"])
    assert len({text for text, _ in told["numbers"]}) == len(told["numbers"])
    assert [state for state, _ in told["jobs"]] == ["done"] * PAPERS
    assert told["verified"].endswith("chains verify")


def test_a_worker_killed_over_a_signed_paper_loses_and_doubles_nothing(own_house: House) -> None:
    own_house.rehearse("seal")

    with own_house.worker(HENG_PAUSE_AT="worked") as worker:
        worker.until_said("paused at worked")  # the paper is signed and not yet registered
        worker.kill()
    assert own_house.ask(ISSUED) == 0

    with own_house.worker():
        own_house.until(ISSUED, PAPERS)

    assert_issued_once(own_house)
    assert own_house.ask("SELECT max(attempt) FROM workflows_job") == 2


@pytest.mark.faults
@pytest.mark.parametrize("point", POINTS)
def test_a_crash_at_any_point_of_a_job_recovers(own_house: House, point: str) -> None:
    own_house.rehearse("seal")

    with own_house.worker(HENG_CRASH_AT=point) as worker:
        if own_house.broker:
            worker.until_said("WorkerLostError")
        else:
            assert worker.process.wait(60) == 137
    with own_house.worker():
        own_house.until(ISSUED, PAPERS)

    assert_issued_once(own_house)


@pytest.mark.faults
def test_a_worker_killed_again_and_again_gets_there(own_house: House) -> None:
    own_house.rehearse("seal")
    chance = random.Random(4)  # noqa: S311 -- repeatable

    for _ in range(4):
        with own_house.worker():
            sleep(chance.uniform(2.0, 6.0))  # the lease of 3 s is lost up to four times
    with own_house.worker():
        own_house.until(ISSUED, PAPERS)

    assert_issued_once(own_house)


@pytest.mark.faults
def test_a_worker_told_to_stop_finishes_what_it_has_in_hand(own_house: House) -> None:
    own_house.rehearse("seal")

    with own_house.worker() as worker:
        own_house.until("SELECT count(*) > 0 FROM workflows_job WHERE state = 'leased'", True)
        assert worker.stop() == 0

    assert own_house.ask("SELECT count(*) FROM workflows_job WHERE state = 'leased'") == 0
    with own_house.worker():
        own_house.until(ISSUED, PAPERS)
    assert_issued_once(own_house)
