"""What operators decide about background work; every decision is on the trail."""

from django.db import transaction

from workflows import audit, jobs
from workflows.errors import StageClosed
from workflows.models import Job, User
from workflows.stages.law import entitled


@transaction.atomic
def retry(job: Job, *, by: User) -> None:
    """Give a failed job a fresh start.

    Raises ``StageClosed`` when it no longer needs a person, e.g. because somebody was faster.
    """
    entitled(by, "operator", "leader")
    found = Job.objects.select_for_update().get(pk=job.pk)
    if found.state != Job.State.INCIDENT:
        raise StageClosed
    jobs.retry(found)
    audit.record_system(
        "jobs",
        "job_retried",
        by=by,
        job=str(found.pk),
        kind=found.kind,
        key=found.dedupe_key,
        error=found.last_error,
    )
