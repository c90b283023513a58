"""The doorbell: tells a Celery worker that a job is ready. The ledger remembers, not the broker."""

import logging
from datetime import datetime
from time import monotonic
from uuid import UUID

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

QUIET = 5.0  # seconds without ringing after the broker gave no answer
RUN_JOB, DRAIN = "workflows.tasks.run_job", "workflows.tasks.drain"
log = logging.getLogger(__name__)


class Doorbell:
    """Rings as long as somebody answers; a dead line costs one attempt every ``QUIET`` seconds."""

    def __init__(self) -> None:
        self.down = False
        self.quiet_until = 0.0

    def ring(self, task: str, *arguments: str, at: datetime | None = None) -> bool:
        """Send ``task`` to the workers, who begin ``at`` that moment or at once.

        Says whether it went; failure is harmless.
        """
        if not settings.CELERY_BROKER_URL or monotonic() < self.quiet_until:
            return False
        try:
            current_app.send_task(task, args=arguments, eta=at, retry=False, ignore_result=True)
        except (OperationalError, OSError) as error:
            if not self.down:
                log.warning("the broker is down; the ledger keeps the work: %s", error)
            self.down, self.quiet_until = True, monotonic() + QUIET
            return False
        self.down = False
        return True


_doorbell = Doorbell()


def announce(job_id: UUID, at: datetime | None = None) -> bool:
    """Ring for one job that has just become ready, or will be ``at`` a moment near by."""
    return _doorbell.ring(RUN_JOB, str(job_id), at=at)


def call_to_drain() -> bool:
    """Ring for whatever has waited too long, timers and lost leases included."""
    return _doorbell.ring(DRAIN)
