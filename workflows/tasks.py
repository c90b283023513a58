"""Celery: fetch, delegate, nothing else.

A doorbell names one job; ``drain`` runs whatever has waited too long. Every Celery worker keeps a
small relay that looks at the ledger and calls for a drain, so timers fire and lost leases come
back without a scheduler. Importing this module makes every handler known.
"""

import logging
from importlib import import_module
from pkgutil import iter_modules
from threading import Event, Thread
from time import monotonic

from celery import shared_task
from celery.signals import worker_ready, worker_shutting_down
from django.db import DatabaseError, InterfaceError, connection

from workflows import clock, doorbell, jobs, stages
from workflows.stages import reminders

for _module in iter_modules(stages.__path__):
    import_module(f"{stages.__name__}.{_module.name}")

ROUND = 2.0  # seconds between two looks at the ledger
SHIFT = 60.0  # seconds one drain may take, so that doorbells get their turn
log = logging.getLogger(__name__)
_closing = Event()


@shared_task(name=doorbell.RUN_JOB)
def run_job(job_id: str) -> None:
    """Run the job the doorbell names."""
    jobs.run_one(job_id)


@shared_task(name=doorbell.DRAIN)
def drain() -> None:
    """Run what is due until nothing is left or the shift ends."""
    end = monotonic() + SHIFT
    while monotonic() < end and (job := jobs.lease(clock.now())):
        jobs.run(job)


def relay() -> bool:
    """Call for a drain if something has waited too long, and say whether that was needed."""
    return jobs.overdue() and doorbell.call_to_drain()


@worker_ready.connect
def open_relay(**_: object) -> None:
    """Start the relay of this worker."""
    _closing.clear()
    Thread(target=_relay_until_closing, name="relay", daemon=True).start()


@worker_shutting_down.connect
def close_relay(**_: object) -> None:
    """Stop the relay with its worker."""
    _closing.set()


def _relay_until_closing() -> None:
    armed = False
    while not _closing.wait(ROUND):
        try:
            if not armed:
                reminders.arm()
                armed = True
            relay()
        except (DatabaseError, InterfaceError) as error:
            log.warning("the relay could not read the ledger: %s", error)
        finally:
            connection.close()  # a forked child must not inherit an open one
