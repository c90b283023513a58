"""What the tests of the job ledger share: handlers for one test, a fixed moment, effects."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from workflows import clock, jobs
from workflows.models import Job, Series

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
