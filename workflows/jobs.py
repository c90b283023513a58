"""The job ledger: work for later, finished only by the transaction that commits its effect.

A job runs in three steps (reliability 4.1): a short transaction leases it; slow work happens
outside any transaction and leaves nothing but content-addressed files; a short transaction marks
the job done, if the lease is still ours, together with its effect. Whoever dies in between loses
the lease, and the next worker begins again. The same handlers run under ``manage.py work``, in
Celery workers, and in a driver of recorded cases.
"""

import logging
import os
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, models, transaction
from django.db.models import Q

from workflows import clock, doorbell
from workflows.errors import CaseBusy, CaseError, NotYetDue
from workflows.failpoints import reach
from workflows.models import Case, Job, rows

State = Job.State
FAILURES = 5  # then a person looks at it
LONGEST_WAIT = timedelta(hours=1)
GRACE = timedelta(seconds=5)  # how long a doorbell may take before the relay rings again
NEAR = timedelta(minutes=2)  # what is due within it is rung for now, to begin at its moment
BUSY_WAIT = timedelta(seconds=1)
TRANSIENT = {"40001", "40P01", "55P03"}  # serialisation failure, deadlock, lock not available

log = logging.getLogger(__name__)
_lane: ContextVar[str] = ContextVar("lane", default="")
_basket: ContextVar[list[Job] | None] = ContextVar("basket", default=None)


class JobLost(Exception):
    """The lease ran out and another worker has the job now; our work is thrown away."""


class NoHandler(LookupError):
    """This process knows no handler for the job's kind."""


# --- handlers -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Handler:
    """What a kind of job does: ``work`` outside, then ``finish`` inside the last transaction."""

    finish: Callable[[Job, Any], object]
    work: Callable[[Job], Any] | None = None


_handlers: dict[str, Handler] = {}
Finish = Callable[[Job, Any], object]


def handler(kind: str, *, work: Callable[[Job], Any] | None = None) -> Callable[[Finish], Finish]:
    """Register the decorated ``finish(job, made)`` for jobs of ``kind``.

    ``work(job)`` runs before it outside any transaction and returns ``made`` (None without one);
    it may run more than once, so it writes nothing but content-addressed files.
    """

    def enter(finish: Finish) -> Finish:
        if kind in _handlers:
            raise ValueError(f"jobs of kind {kind} have a handler already")
        _handlers[kind] = Handler(finish, work)
        return finish

    return enter


# --- putting work in ----------------------------------------------------------------------------
def enqueue(
    kind: str,
    *,
    key: str,
    case: Case | None = None,
    payload: Mapping[str, Any] | None = None,
    not_before: datetime | None = None,
) -> None:
    """Put work into the ledger, in the caller's transaction; a ``key`` seen before changes nothing.

    The job runs at ``not_before`` (at once unless told) and belongs to the lane of the caller.
    """
    moment = clock.now()
    job = Job(
        kind=kind,
        case=case,
        payload=dict(payload or {}),
        dedupe_key=key,
        lane=_lane.get(),
        not_before=not_before or moment,
        created=moment,
    )
    basket = _basket.get()
    if basket is None:
        _put_in([job])
    else:
        basket.append(job)


def _put_in(jobs: Sequence[Job]) -> None:
    rows.insert_new(jobs)
    for job in jobs:
        _ring(job, job.not_before, job.created)


def _ring(job: Job, due: datetime, moment: datetime) -> None:
    """Ring once ``job`` is committed, unless it is due in a while: then the relay finds it."""
    if not job.lane and due < moment + NEAR:
        at = due if due > moment else None
        transaction.on_commit(partial(doorbell.announce, job.pk, at), robust=True)


@contextmanager
def gathered() -> Iterator[None]:
    """Put in everything enqueued inside the block with one statement at its end."""
    basket: list[Job] = []
    token = _basket.set(basket)
    try:
        yield
    finally:
        _basket.reset(token)
    if basket:
        _put_in(basket)


@contextmanager
def lane(name: str) -> Iterator[None]:
    """Let jobs put in inside the block wait for ``run_due(lane=name)``; workers pass them by."""
    token = _lane.set(name)
    try:
        yield
    finally:
        _lane.reset(token)


def close_lane(name: str) -> None:
    """Hand what is left in the lane to the workers."""
    Job.objects.filter(lane=name, state__in=[State.READY, State.LEASED]).update(lane="")


# --- running ------------------------------------------------------------------------------------
def run_due(until: datetime | None = None, lane: str = "") -> int:
    """Run what is due in ``lane``, earliest first, new work included; say how many jobs ran.

    With ``until`` the clock moves: each job finds it at its own ``not_before``, never earlier
    than the job before it, and whatever falls due up to ``until`` runs.
    """
    count, moment = 0, None
    while job := lease(until or clock.now(), lane):
        if until is not None:
            moment = max(moment or job.not_before, job.not_before)
        with clock.at(moment) if moment else nullcontext():
            run(job)
        count += 1
    return count


def run_one(job_id: UUID | str) -> State | None:
    """Run the job a doorbell names, if it is due and nobody has it."""
    job = lease(clock.now(), "", job_id)
    return run(job) if job else None


def lease(moment: datetime, lane: str = "", job_id: UUID | str | None = None) -> Job | None:
    """Take the earliest job that is due at ``moment``, or the one named; None if there is none.

    A lease that ran out spent an attempt: a job that kills its workers ends as an incident.
    """
    due = _due(moment, lane)
    if job_id is not None:
        due = due.filter(pk=job_id)
    while due.exists():  # a look without a lock, so that idle polling takes none
        with transaction.atomic():
            job = due.select_for_update(skip_locked=True).first()
            if job is None:
                return None
            if _take(job, moment):
                return job
    return None


def lease_time() -> timedelta:
    """How long a worker may take before another one begins again; longer than any job."""
    return timedelta(seconds=settings.HENG_LEASE_SECONDS)


def _due(moment: datetime, lane: str, grace: timedelta = timedelta()) -> models.QuerySet[Job]:
    ready = Q(state=State.READY, not_before__lte=moment - grace)
    lost = Q(state=State.LEASED, lease_until__lte=moment)
    order = ("not_before", "created", "dedupe_key")
    return Job.objects.filter(ready | lost, lane=lane).order_by(*order)


def _take(job: Job, moment: datetime) -> bool:
    """Lease a locked job, unless its last worker's death was one too many."""
    if job.state == State.LEASED:
        job.failures += 1
        job.last_error = f"{job.leased_by} was lost"
        if job.failures >= FAILURES:
            job.state = State.INCIDENT
            job.save(update_fields=["state", "failures", "last_error"])
            log.error("job %s (%s) needs a person: %s", job.pk, job.kind, job.last_error)
            return False
    job.state, job.attempt = State.LEASED, job.attempt + 1
    job.leased_by = f"{socket.gethostname()}:{os.getpid()}"
    job.lease_until = moment + lease_time()
    job.save(
        update_fields=["state", "attempt", "failures", "last_error", "leased_by", "lease_until"]
    )
    return True


def run(job: Job) -> State:
    """Carry out a leased job and say where that leaves it; no error of the work escapes."""
    reach("leased")
    try:
        with lane(job.lane):
            _carry_out(job)
    except JobLost:
        log.warning("job %s (%s) was taken over; our work is thrown away", job.pk, job.kind)
        return State.LEASED
    except Exception as error:  # noqa: BLE001 -- whatever it is, the ledger writes it down
        return _put_back(job, error)
    reach("committed")
    return State.DONE


def _carry_out(job: Job) -> None:
    handler = _handlers.get(job.kind)
    if handler is None:
        raise NoHandler(job.kind)
    made = handler.work(job) if handler.work else None
    reach("worked")
    with transaction.atomic():
        if job.case_id:  # lock order: case before job (reliability 4.2)
            Case.objects.select_for_update().values_list("pk").get(pk=job.case_id)
        _fenced(job, state=State.DONE, done=clock.now())
        handler.finish(job, made)
        reach("finished")


def _fenced(job: Job, **changes: object) -> None:
    """Write ``changes`` if the lease is still ours."""
    mine = Job.objects.filter(pk=job.pk, state=State.LEASED, attempt=job.attempt)
    if not mine.update(**changes):
        raise JobLost


# --- failing ------------------------------------------------------------------------------------
def _put_back(job: Job, error: Exception) -> State:
    moment = clock.now()
    changes = _consequence(job, error, moment)
    try:
        _fenced(job, lease_until=None, **changes)
    except JobLost:
        return State.LEASED
    if changes["state"] == State.READY:
        _ring(job, changes["not_before"], moment)
    if changes["state"] == State.INCIDENT:
        log.error("job %s (%s) needs a person", job.pk, job.kind, exc_info=error)
    elif "failures" in changes:
        log.warning("job %s (%s) failed and is tried again", job.pk, job.kind, exc_info=error)
    return State(changes["state"])


def _consequence(job: Job, error: Exception, moment: datetime) -> dict[str, Any]:
    """What becomes of a job whose work raised ``error`` at ``moment``."""
    later = error.facts.get("not_before") if isinstance(error, NotYetDue) else None
    if isinstance(later, datetime) and later > moment:
        return {"state": State.READY, "not_before": later}
    if is_transient(error):
        return {"state": State.READY, "not_before": moment + BUSY_WAIT}
    failures = job.failures + 1
    told = {"failures": failures, "last_error": _sentence(error)}
    if failures >= FAILURES:
        return {"state": State.INCIDENT, **told}
    wait = min(timedelta(seconds=2**failures), LONGEST_WAIT)
    return {"state": State.READY, "not_before": moment + wait, **told}


def is_transient(error: BaseException) -> bool:
    """Whether ``error`` is a lock or serialisation conflict, which spends no attempt."""
    if isinstance(error, CaseBusy):
        return True
    cause = error.__cause__
    return isinstance(error, OperationalError) and (
        getattr(cause, "sqlstate", None) in TRANSIENT or "database is locked" in str(error)
    )


def _sentence(error: Exception) -> str:
    """The class, and the sentence if it is one of ours: other texts may hold personal data."""
    name = type(error).__name__
    return f"{name}: {error}"[:300] if isinstance(error, CaseError) else name


# --- looking after ------------------------------------------------------------------------------
def overdue() -> bool:
    """Whether something has waited longer than a doorbell takes, or lost its worker."""
    return _due(clock.now(), "", GRACE).exists()


def retry(job: Job) -> None:
    """Give an incident a fresh start; the caller records who decided it."""
    Job.objects.filter(pk=job.pk, state=State.INCIDENT).update(
        state=State.READY, failures=0, not_before=clock.now()
    )
