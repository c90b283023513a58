"""The doorbell, the relay and the command: who rings, who runs, who waits."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import StringIO
from threading import Event as Signal
from unittest.mock import patch

import pytest
from celery import current_app
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, OperationalError
from kombu.exceptions import OperationalError as BrokerDown
from pytest_django import (
    DjangoCaptureOnCommitCallbacks,
    Settings,
)

from tests.ledger import T0, count, effects, fail
from workflows import clock, doorbell, jobs, tasks
from workflows.errors import CaseBusy
from workflows.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.broken_books]  # bare rows: no flow runs


# --- the doorbell -------------------------------------------------------------------------------
Rung = list[tuple[str, tuple[str, ...], datetime | None]]


@pytest.fixture
def bell(settings: Settings) -> Iterator[Rung]:
    """A broker that only notes what is sent, and for when."""
    settings.CELERY_BROKER_URL = "redis://nobody"
    rung: Rung = []

    def send(task: str, args: tuple[str, ...], eta: datetime | None, **_: object) -> None:
        rung.append((task, args, eta))

    with (
        patch.object(doorbell, "_doorbell", doorbell.Doorbell()),
        patch.object(current_app._get_current_object(), "send_task", send),
    ):
        yield rung


def test_the_bell_rings_after_commit_for_work_that_is_ready_or_soon_will_be(
    bell: Rung,
    at_t0: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue("count", key="now")
        jobs.enqueue("count", key="soon", not_before=T0 + timedelta(seconds=10))
        jobs.enqueue("count", key="later", not_before=T0 + jobs.NEAR)
        with jobs.lane("recorded"):
            jobs.enqueue("count", key="aside")
        assert bell == []

    ready, soon = Job.objects.get(dedupe_key="now"), Job.objects.get(dedupe_key="soon")
    assert bell == [
        ("workflows.tasks.run_job", (str(ready.pk),), None),
        ("workflows.tasks.run_job", (str(soon.pk),), T0 + timedelta(seconds=10)),
    ]


def test_what_failed_is_rung_for_the_moment_of_its_next_try(
    bell: Rung,
    handle: Callable[..., None],
    at_t0: None,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    handle("fail", fail(CaseBusy()))
    jobs.enqueue("fail", key="a")

    with django_capture_on_commit_callbacks(execute=True):
        jobs.run_due()

    assert [moment for _, _, moment in bell] == [T0 + jobs.BUSY_WAIT]


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


def test_the_relay_calls_only_when_something_has_waited(bell: Rung, at_t0: None) -> None:
    jobs.enqueue("count", key="a")

    assert tasks.relay() is False
    with clock.at(T0 + jobs.GRACE):
        assert tasks.relay() is True
    assert bell == [("workflows.tasks.drain", (), None)]


def test_the_relay_calls_at_once_for_a_job_that_lost_its_worker(bell: Rung, at_t0: None) -> None:
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


@pytest.mark.parametrize("lost", [DatabaseError("gone"), InterfaceError("closed")], ids=repr)
def test_the_relay_survives_a_database_that_is_down(
    caplog: pytest.LogCaptureFixture, lost: Exception
) -> None:
    class Twice:
        calls = 0

        def wait(self, _seconds: float) -> bool:
            self.calls += 1
            return self.calls > 2

    with (
        patch.object(tasks, "_closing", Twice()),
        patch.object(tasks, "relay", side_effect=lost),
        patch.object(tasks, "connection"),
    ):
        tasks._relay_until_closing()

    assert [record.message for record in caplog.records] == [
        f"the relay could not read the ledger: {lost}"
    ] * 2
