"""Run the job ledger without a broker: one process, one job at a time, until told to stop."""

import signal
from threading import Event
from typing import Any

from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandParser
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connection

from workflows import clock, jobs, tasks
from workflows.models import Job
from workflows.stages import reminders

__all__ = ["Command", "tasks"]  # importing tasks makes every handler known


class Command(BaseCommand):
    """Lease, run, repeat; several of these, and Celery workers, may run side by side."""

    help = "Run background work from the job ledger."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to run, and how often to look."""
        parser.add_argument("--once", action="store_true", help="stop when nothing is due")
        parser.add_argument("--lane", default="", help="run this lane instead of the workers'")
        parser.add_argument("--poll", type=float, default=0.5, help="seconds between two looks")

    def handle(self, *_: Any, once: bool, lane: str, poll: float, **__: Any) -> None:
        """Work until SIGTERM or Ctrl-C; the job in hand is finished first."""
        self.check(tags=[Tags.database], databases=[DEFAULT_DB_ALIAS])
        closing = Event()
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_: closing.set())
        if not lane:
            reminders.arm()
        while not closing.is_set():
            if not self._step(lane):
                if once:
                    break
                closing.wait(poll)

    def _step(self, lane: str) -> bool:
        """Run one job, and say whether there was one; a database that is down is waited for."""
        try:
            job = jobs.lease(clock.now(), lane)
            if job is None:
                return False
            self._tell(job, jobs.run(job))
        except (OperationalError, InterfaceError) as error:
            self.stderr.write(f"the database does not answer: {error}")
            connection.close()
            return False
        return True

    def _tell(self, job: Job, outcome: str) -> None:
        moment = clock.local(clock.now())
        self.stdout.write(f"{moment:%H:%M:%S} {outcome:8} {job.kind} {job.dedupe_key}")
        self.stdout.flush()
