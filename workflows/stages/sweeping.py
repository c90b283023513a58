"""What nobody needs leaves the store: files that were refused, work that was lost, dead uploads.

A file comes before the row that points at it, so what is young stays; and a file put again is as
young as a new one. What is taken away is an entry of the chain ``sys:store``.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.apps import apps
from django.db import models

from workflows import audit, jobs, staging, store
from workflows.models import (
    Defence,
    File,
    Job,
    Objection,
    SiteVisit,
    Submission,
    Supplement,
    Upload,
)

CHAIN = "store"
AGE = timedelta(days=1)  # within it every row is written whose file was put
SHELVES = "0123456789abcdef"  # the first digit of a name: no job looks at the whole store
LISTS = (  # columns with a list of {"sha256": …}
    (Submission, "files"),
    (Supplement, "files"),
    (Defence, "files"),
    (Objection, "evidence"),
    (SiteVisit, "photos"),
)
DIGEST = "sha256"  # how the names of all other columns end that point at files


def ask(day: str) -> None:
    """Let workers sweep the store and the uploads, once that day."""
    jobs.enqueue("sweep_uploads", key=f"sweep_uploads:{day}")
    for shelf in SHELVES:
        jobs.enqueue("sweep_shelf", key=f"sweep_shelf:{shelf}:{day}", payload={"shelf": shelf})


# --- the store ----------------------------------------------------------------------------------
def sweep(job: Job) -> int:
    """Take away what no row points at; how many files that were; outside any transaction.

    Where no row points at anything the database is not the one of this store: nothing is touched.
    """
    if not File.objects.exists():
        return 0
    shelf = job.payload["shelf"]
    return store.store().sweep(shelf, wanted=set(wanted(shelf)), age=AGE)


@jobs.handler("sweep_shelf", work=sweep)
def swept(job: Job, gone: int) -> None:
    """Write down that files were taken away."""
    if gone:
        audit.record_system(CHAIN, "store_swept", by=None, shelf=job.payload["shelf"], files=gone)


def wanted(shelf: str) -> Iterator[str]:
    """Every name, beginning with ``shelf``, that a row points at."""
    for model, column in columns():
        found = model._default_manager.filter(**{f"{column}__startswith": shelf})
        yield from found.order_by().values_list(column, flat=True).iterator()
    for model, column in LISTS:
        rows = model._default_manager.exclude(**{column: []})
        for files in rows.order_by().values_list(column, flat=True).iterator():
            yield from (each[DIGEST] for each in files)


def columns() -> Iterator[tuple[type[models.Model], str]]:
    """Every column of the house that holds the name of a file."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, models.CharField) and field.name.endswith(DIGEST):
                yield model, field.name


# --- uploads ------------------------------------------------------------------------------------
@jobs.handler("sweep_uploads")
def sweep_uploads(job: Job, made: None) -> None:
    """Drop what arrived for uploads that are gone: an upload comes before its first piece."""
    arrived = list(staging.keys())
    known = set(Upload.objects.filter(pk__in=arrived).values_list("pk", flat=True))
    for key in set(arrived) - known:
        staging.drop(key)
