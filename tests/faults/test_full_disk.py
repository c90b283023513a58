"""A disk that fills up while a paper is signed: the work waits, and nothing is lost."""

import errno
from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch

import pytest

from workflows import clock, demo, jobs
from workflows.models import Case, Document, Job
from workflows.stages import issuance

pytestmark = pytest.mark.django_db
FULL = OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_while_signing_delays_the_paper_and_loses_nothing(
    carry: Callable[..., Case],
) -> None:
    case = carry("P1-001", until="sealing")
    Job.objects.all().delete()  # timers of months ago
    issuance.seal(case, by=demo.cast(case.district).seal)

    moment = clock.now()  # stands still, or a slow machine would try again at once
    with clock.at(moment), patch("os.fsync", side_effect=FULL):
        jobs.run_due()
    waiting = list(Job.objects.filter(kind="issue_document"))
    papers = Document.objects.filter(pk__in=[job.payload["document"] for job in waiting])

    assert {(job.state, job.failures) for job in waiting} == {(Job.State.READY, 1)}
    assert {job.last_error for job in waiting} == {
        "StoreFull: The file store is full, so nothing was changed. Please try again later."
    }
    assert {paper.state for paper in papers} == {Document.State.REQUESTED}

    with clock.at(moment + timedelta(minutes=1)):
        jobs.run_due()

    assert {paper.state for paper in papers.all()} == {Document.State.ISSUED}
    assert Case.objects.get(pk=case.pk).state == Case.State.GRANTED
