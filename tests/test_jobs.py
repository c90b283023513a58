"""The job ledger: nothing lost, nothing twice."""

from collections.abc import Callable
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection, transaction
from pytest_django import (
    DjangoAssertNumQueries,
)

from tests.ledger import MINUTE, T0, count, effects, fail, only
from tests.races import race
from tests.rows import case
from workflows import clock, jobs
from workflows.errors import CaseBusy, NotYetDue, ReasonMissing
from workflows.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.broken_books]  # bare rows: no flow runs


# --- putting work in ----------------------------------------------------------------------------
def test_putting_the_same_work_in_twice_is_one_job(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    jobs.enqueue("count", key="certificate:1:1", payload={"a": 1})

    with django_assert_num_queries(1):
        jobs.enqueue("count", key="certificate:1:1", payload={"a": 2})

    assert only().payload == {"a": 1}


def test_work_is_not_there_when_its_transaction_is_not() -> None:
    with transaction.atomic():
        jobs.enqueue("count", key="a")
        transaction.set_rollback(True)

    assert not Job.objects.exists()


def test_a_kind_has_one_handler(handle: Callable[..., None]) -> None:
    handle("count", count)

    with pytest.raises(ValueError, match="count"):
        handle("count", count)


# --- running ------------------------------------------------------------------------------------
def test_a_job_is_done_with_its_effect(handle: Callable[..., None], at_t0: None) -> None:
    seen = []
    handle("count", lambda job, made: (seen.append(made), count(job)), work=lambda job: "made")
    jobs.enqueue("count", key="a", case=case())

    assert jobs.run_due() == 1

    assert (seen, effects()) == (["made"], {"a": 1})
    assert (only().state, only().done, only().attempt) == (Job.State.DONE, T0, 1)
    assert jobs.run_due() == 0


@pytest.mark.django_db(transaction=True)
def test_slow_work_happens_outside_any_transaction(handle: Callable[..., None]) -> None:
    inside = []
    look = lambda *_: inside.append(connection.in_atomic_block)  # noqa: E731
    handle("look", look, work=look)
    jobs.enqueue("look", key="a")

    jobs.run_due()

    assert inside == [False, True]


def test_work_for_later_waits(handle: Callable[..., None], at_t0: None) -> None:
    handle("count", count)
    jobs.enqueue("count", key="a", not_before=T0 + MINUTE)

    assert jobs.run_due() == 0
    with clock.at(T0 + MINUTE):
        assert jobs.run_due() == 1


def test_a_moving_clock_runs_everything_in_its_own_time(
    handle: Callable[..., None], at_t0: None
) -> None:
    story = []

    def tell(job: Job, _made: object) -> None:
        story.append((job.dedupe_key, (clock.now() - T0) // MINUTE))
        if job.dedupe_key == "first":
            jobs.enqueue("narrate", key="follow-up", not_before=clock.now() + 3 * MINUTE)
            jobs.enqueue("narrate", key="at once")

    handle("narrate", tell)
    jobs.enqueue("narrate", key="late", not_before=T0 + 9 * MINUTE)
    jobs.enqueue("narrate", key="second", not_before=T0 + 4 * MINUTE)
    jobs.enqueue("narrate", key="first", not_before=T0 + 2 * MINUTE)

    assert jobs.run_due(until=T0 + 5 * MINUTE) == 4

    assert story == [("first", 2), ("at once", 2), ("second", 4), ("follow-up", 5)]
    assert clock.now() == T0


def test_workers_pass_a_lane_by_until_it_is_closed(
    handle: Callable[..., None], at_t0: None
) -> None:
    handle("count", lambda job, made: (count(job), jobs.enqueue("count", key=f"{job.dedupe_key}+")))
    with jobs.lane("recorded"):
        jobs.enqueue("count", key="a")

    assert jobs.run_due() == 0
    assert jobs.lease(T0, "") is None
    job = jobs.lease(T0, "recorded")
    jobs.run(job)
    assert Job.objects.get(dedupe_key="a+").lane == "recorded"  # work it creates stays with it

    jobs.close_lane("recorded")
    with patch.object(jobs, "enqueue"):
        assert jobs.run_due() == 1


def test_what_a_lane_has_done_stays_its_own(handle: Callable[..., None], at_t0: None) -> None:
    handle("count", count)
    with jobs.lane("recorded"):
        jobs.enqueue("count", key="a")
    jobs.run_due(lane="recorded")

    jobs.close_lane("recorded")

    assert (only().lane, only().state) == ("recorded", Job.State.DONE)


# --- failing ------------------------------------------------------------------------------------
def test_failures_wait_longer_and_longer_and_end_with_a_person(
    handle: Callable[..., None], at_t0: None
) -> None:
    handle("fail", fail(ReasonMissing()))
    jobs.enqueue("fail", key="a")

    waits, moment = [], T0
    while only().state == Job.State.READY:
        with clock.at(moment):
            jobs.run_due()
        waits.append((only().not_before - moment).total_seconds())
        moment = only().not_before

    assert waits == [2, 4, 8, 16, 0]
    assert (only().state, only().failures) == (Job.State.INCIDENT, 5)
    assert only().last_error == "ReasonMissing: Please give the reason."
    assert effects() == {}


def test_the_longest_wait_is_an_hour(handle: Callable[..., None], at_t0: None) -> None:
    handle("fail", fail(ReasonMissing()))
    jobs.enqueue("fail", key="a")
    Job.objects.update(failures=20)

    with patch.object(jobs, "FAILURES", 99):
        jobs.run_due()

    assert only().not_before == T0 + timedelta(hours=1)


def test_an_error_leaves_its_class_and_nothing_personal(
    handle: Callable[..., None], at_t0: None
) -> None:
    handle("fail", fail(ValueError("310115199001011234")))
    jobs.enqueue("fail", key="a")

    jobs.run_due()

    assert only().last_error == "ValueError"


def test_work_nobody_knows_fails_like_any_other(at_t0: None) -> None:
    jobs.enqueue("unheard of", key="a")

    jobs.run_due()

    assert (only().state, only().last_error) == (Job.State.READY, "NoHandler")


def test_what_is_not_yet_due_waits_without_a_failure(
    handle: Callable[..., None], at_t0: None
) -> None:
    handle("fail", fail(NotYetDue(not_before=T0 + MINUTE)))
    jobs.enqueue("fail", key="a")

    jobs.run_due()

    assert (only().state, only().failures) == (Job.State.READY, 0)
    assert only().not_before == T0 + MINUTE


@pytest.mark.parametrize("facts", [{}, {"not_before": T0 - MINUTE}], ids=["never", "in the past"])
def test_a_limit_that_never_comes_is_a_failure(
    handle: Callable[..., None], at_t0: None, facts: dict[str, datetime]
) -> None:
    handle("fail", fail(NotYetDue(**facts)))
    jobs.enqueue("fail", key="a")

    jobs.run_due()

    assert only().failures == 1


def deadlock() -> OperationalError:
    error = OperationalError("deadlock detected")
    error.__cause__ = type("DeadlockDetected", (Exception,), {"sqlstate": "40P01"})()
    return error


@pytest.mark.parametrize(
    "error", [CaseBusy(), deadlock(), OperationalError("database is locked")], ids=repr
)
def test_a_lock_conflict_spends_no_attempt(
    handle: Callable[..., None], at_t0: None, error: Exception
) -> None:
    handle("fail", fail(error))
    jobs.enqueue("fail", key="a")

    jobs.run_due()

    assert (only().state, only().failures) == (Job.State.READY, 0)
    assert only().not_before == T0 + timedelta(seconds=1)


def test_an_incident_can_be_given_a_fresh_start(handle: Callable[..., None], at_t0: None) -> None:
    handle("count", count)
    jobs.enqueue("count", key="a")
    Job.objects.update(state=Job.State.INCIDENT, failures=5)

    jobs.retry(only())
    jobs.run_due()

    assert (only().state, effects()) == (Job.State.DONE, {"a": 1})


# --- leases -------------------------------------------------------------------------------------
def test_a_lease_that_ran_out_spends_an_attempt_and_is_taken_over(
    handle: Callable[..., None], at_t0: None
) -> None:
    handle("count", count)
    jobs.enqueue("count", key="a")
    dead = jobs.lease(T0)

    assert jobs.lease(T0 + jobs.lease_time() - timedelta(seconds=1)) is None
    second = jobs.lease(T0 + jobs.lease_time())

    assert (dead.attempt, second.attempt, second.failures) == (1, 2, 1)
    assert second.last_error == f"{dead.leased_by} was lost"


def test_a_zombie_finishing_late_has_no_effect(handle: Callable[..., None], at_t0: None) -> None:
    handle("count", count)
    jobs.enqueue("count", key="a")
    zombie = jobs.lease(T0)
    heir = jobs.lease(T0 + jobs.lease_time())

    assert jobs.run(zombie) == Job.State.LEASED
    assert effects() == {}
    assert jobs.run(heir) == Job.State.DONE
    assert jobs.run(zombie) == Job.State.LEASED
    assert effects() == {"a": 1}


def test_a_failing_zombie_changes_nothing(handle: Callable[..., None], at_t0: None) -> None:
    handle("fail", fail(ReasonMissing()), work=fail_work)
    jobs.enqueue("fail", key="a")
    zombie = jobs.lease(T0)
    heir = jobs.lease(T0 + jobs.lease_time())

    assert jobs.run(zombie) == Job.State.LEASED

    assert (only().attempt, only().state) == (heir.attempt, Job.State.LEASED)


def fail_work(_job: Job) -> None:
    raise ReasonMissing


def test_work_that_kills_its_workers_ends_with_a_person(at_t0: None) -> None:
    jobs.enqueue("deadly", key="a")

    moment, leases = T0, 0
    while jobs.lease(moment):
        leases += 1
        moment += jobs.lease_time()

    assert (leases, only().state) == (5, Job.State.INCIDENT)


@pytest.mark.django_db(transaction=True)
def test_many_workers_do_each_job_once(handle: Callable[..., None]) -> None:
    handle("count", count)
    for number in range(24):
        jobs.enqueue("count", key=f"job {number}")

    race([jobs.run_due] * 4)
    jobs.run_due()  # a worker that met only locked rows went home early

    assert effects() == {f"job {number}": 1 for number in range(24)}
    assert set(Job.objects.values_list("state", "attempt")) == {(Job.State.DONE, 1)}


@pytest.mark.django_db(transaction=True)
def test_many_doorbells_ring_one_job_once(handle: Callable[..., None]) -> None:
    handle("count", count)
    jobs.enqueue("count", key="a")
    number = only().pk

    outcomes = race([lambda: jobs.run_one(number)] * 6)

    assert sorted(outcomes, key=str) == sorted([None] * 5 + [Job.State.DONE], key=str)
    assert effects() == {"a": 1}
