"""Who has a task open: told to whoever opens it too, so that two do not do one thing.

Nobody is kept out by it, and nobody is watched by it: of each person only the last look is kept,
and not for longer than a day.
"""

from contextlib import suppress
from datetime import timedelta

from django.db import OperationalError, transaction

from workflows import clock, jobs
from workflows.models import Job, Task, User, Viewing
from workflows.stages import sight

OFTEN = timedelta(minutes=1)  # a look is written down at most so often
HERE = timedelta(minutes=15)
AGE = timedelta(days=1)
NAMED = 3  # people


def look(task: Task, by: User) -> list[tuple[str, int]]:
    """``by`` opens ``task`` and is told who else did; what ``seen`` and ``others`` do, as one."""
    now = clock.now()
    found = list(_recent(task))
    own = next((each.at for each in found if each.user_id == by.pk), None)
    if own is None or own <= now - OFTEN:
        _write(task, by)
    return _named(found, task, by)


def seen(task: Task, by: User) -> None:
    """Note that ``by`` has ``task`` open now; at most one write a minute."""
    fresh = Viewing.objects.filter(task=task, user=by, at__gt=clock.now() - OFTEN)
    if not fresh.exists():
        _write(task, by)


def others(task: Task, by: User) -> list[tuple[str, int]]:
    """Who else opened ``task`` in the last quarter of an hour, and how many minutes ago.

    The last one first. Only colleagues who may read the case now are named.
    """
    return _named(list(_recent(task)), task, by)


def _recent(task: Task) -> list[Viewing]:
    found = Viewing.objects.filter(task=task, at__gt=clock.now() - HERE)
    return list(found.select_related("user").order_by("-at", "pk"))


def _named(found: list[Viewing], task: Task, by: User) -> list[tuple[str, int]]:
    elsewhere = [each for each in found if each.user_id != by.pk and each.user.is_active]
    now = clock.now()
    return [
        (str(each.user), max(0, int((now - each.at) / timedelta(minutes=1))))
        for each in elsewhere[:NAMED]
        if sight.readable(each.user).filter(pk=task.case_id).exists()
    ]


def _write(task: Task, by: User) -> None:
    """Write the look down; while the database is busy it goes without."""
    now = clock.now()
    with suppress(OperationalError), transaction.atomic():
        Viewing.objects.bulk_create(
            [Viewing(task=task, user=by, at=now)],
            update_conflicts=True,
            unique_fields=["task", "user"],
            update_fields=["at"],
        )


@jobs.handler("sweep_viewings")
def sweep(job: Job, made: None) -> None:
    """Forget every look of more than a day ago."""
    Viewing.objects.filter(at__lt=clock.now() - AGE).delete()
