"""The job ledger: nothing lost, nothing twice."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from threading import Event as Signal
from typing import Any
from unittest.mock import patch

import pytest
from celery import current_app
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection, transaction
from kombu.exceptions import OperationalError as BrokerDown
from pytest_django import (
    DjangoAssertNumQueries,
    DjangoCaptureOnCommitCallbacks,
    Settings,
)

from tests.races import race
from tests.rows import case
from workflows import clock, doorbell, jobs, tasks
from workflows.errors import CaseBusy, NotYetDue, ReasonMissing
from workflows.models import Job, Series

pytestmark = [pytest.mark.django_db, pytest.mark.broken_books]  # bare rows: no flow runs
T0 = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Effect = Callable[[Job, Any], object]


@pytest.fixture
def handle() -> Iterator[Callable[..., None]]:
    """Register handlers for one test."""
    kinds = dict(jobs._handlers)

    def enter(kind: str, finish: Effect, work: Callable[[Job], Any] | None = None) -> None:
        jobs.handler(kind, work=work)(finish)

    yield enter
    jobs._handlers.clear()
    jobs._handlers.update(kinds)


@pytest.fixture
def at_t0() -> Iterator[None]:
    with clock.at(T0):
        yield


def count(job: Job, _made: object = None) -> None:
    """An effect that shows how often it happened."""
    series, _ = Series.objects.select_for_update().get_or_create(key=job.dedupe_key)
    series.last += 1
    series.save()


def fail(error: Exception) -> Effect:
    def finish(job: Job, made: object) -> None:
        count(job, made)  # must be rolled back
        raise error

    return finish


def effects() -> dict[str, int]:
    return dict(Series.objects.values_list("key", "last"))


def only() -> Job:
    return Job.objects.get()


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
            jobs.enqueue("tell", key="follow-up", not_before=clock.now() + 3 * MINUTE)
            jobs.enqueue("tell", key="at once")

    handle("tell", tell)
    jobs.enqueue("tell", key="late", not_before=T0 + 9 * MINUTE)
    jobs.enqueue("tell", key="second", not_before=T0 + 4 * MINUTE)
    jobs.enqueue("tell", key="first", not_before=T0 + 2 * MINUTE)

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


# --- the doorbell -------------------------------------------------------------------------------
@pytest.fixture
def bell(settings: Settings) -> Iterator[list[tuple[str, tuple[str, ...]]]]:
    """A broker that only notes what is sent."""
    settings.CELERY_BROKER_URL = "redis://nobody"
    rung: list[tuple[str, tuple[str, ...]]] = []

    def send(task: str, args: tuple[str, ...], **_: object) -> None:
        rung.append((task, args))

    with (
        patch.object(doorbell, "_doorbell", doorbell.Doorbell()),
        patch.object(current_app._get_current_object(), "send_task", send),
    ):
        yield rung


def test_the_bell_rings_after_commit_for_work_that_is_ready(
    bell: list[tuple[str, tuple[str, ...]]],
    at_t0: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue("count", key="now")
        jobs.enqueue("count", key="later", not_before=T0 + MINUTE)
        with jobs.lane("recorded"):
            jobs.enqueue("count", key="aside")
        assert bell == []

    ready = Job.objects.get(dedupe_key="now")
    assert bell == [("workflows.tasks.run_job", (str(ready.pk),))]


def test_the_doorbell_hangs_on_the_houses_own_celery() -> None:
    assert current_app.main == "heng"
    assert current_app.conf.task_acks_late is True


def test_without_a_broker_nobody_rings(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = ""

    assert doorbell.Doorbell().ring("anything") is False


def test_a_broker_that_is_down_is_tried_once_and_said_once(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CELERY_BROKER_URL = "redis://nobody"
    bell, calls = doorbell.Doorbell(), []

    def refuse(*_: object, **__: object) -> None:
        calls.append(1)
        raise BrokerDown("connection refused")

    with patch.object(current_app._get_current_object(), "send_task", refuse):
        rung = [bell.ring("a"), bell.ring("b")]
        bell.quiet_until = 0.0
        rung.append(bell.ring("c"))

    assert (rung, len(calls), len(caplog.records)) == ([False] * 3, 2, 1)


def test_the_relay_calls_only_when_something_has_waited(
    bell: list[tuple[str, tuple[str, ...]]], at_t0: None
) -> None:
    jobs.enqueue("count", key="a")

    assert tasks.relay() is False
    with clock.at(T0 + jobs.GRACE):
        assert tasks.relay() is True
    assert bell == [("workflows.tasks.drain", ())]


def test_the_relay_calls_at_once_for_a_job_that_lost_its_worker(
    bell: list[tuple[str, tuple[str, ...]]], at_t0: None
) -> None:
    jobs.enqueue("count", key="a")
    jobs.lease(T0)

    with clock.at(T0 + jobs.lease_time() - timedelta(seconds=1)):
        assert tasks.relay() is False
    with clock.at(T0 + jobs.lease_time()):
        assert tasks.relay() is True


# --- Celery and the command ---------------------------------------------------------------------
def test_celery_runs_the_same_handlers(handle: Callable[..., None], at_t0: None) -> None:
    handle("count", count)
    for key in "abc":
        jobs.enqueue("count", key=key)

    tasks.run_job(str(Job.objects.get(dedupe_key="b").pk))
    assert effects() == {"b": 1}
    tasks.run_job(str(Job.objects.get(dedupe_key="b").pk))
    tasks.drain()

    assert effects() == {"a": 1, "b": 1, "c": 1}


def test_every_handler_is_known_once_the_tasks_are() -> None:
    assert {"issue_document", "timer"} <= set(jobs._handlers)


def test_the_command_works_until_nothing_is_due(handle: Callable[..., None], at_t0: None) -> None:
    handle("count", count)
    jobs.enqueue("count", key="a")
    told = StringIO()

    call_command("work", "--once", stdout=told)

    assert effects() == {"a": 1}
    assert told.getvalue() == "09:00:00 done     count a\n"


@pytest.mark.django_db(transaction=True)
def test_the_command_waits_for_a_database_that_does_not_answer(
    handle: Callable[..., None], at_t0: None
) -> None:
    handle("count", count)
    jobs.enqueue("count", key="a")
    told, lease, down = StringIO(), jobs.lease, Signal()

    def flaky(*arguments: object) -> Job | None:
        if not down.is_set():
            down.set()
            raise OperationalError("server closed the connection")
        return lease(*arguments)

    with patch.object(jobs, "lease", flaky):
        call_command("work", "--once", stdout=StringIO(), stderr=told)
    call_command("work", "--once", stdout=StringIO())

    assert told.getvalue().startswith("the database does not answer")
    assert effects() == {"a": 1}


def test_the_relay_survives_a_database_that_is_down(caplog: pytest.LogCaptureFixture) -> None:
    class Twice:
        calls = 0

        def wait(self, _seconds: float) -> bool:
            self.calls += 1
            return self.calls > 2

    with (
        patch.object(tasks, "_closing", Twice()),
        patch.object(tasks, "relay", side_effect=DatabaseError("gone")),
        patch.object(tasks, "connection"),
    ):
        tasks._relay_until_closing()

    assert [record.message for record in caplog.records] == [
        "the relay could not read the ledger: gone"
    ] * 2
