"""Whose queue a task stands in; taking it from there, and giving it back."""

from collections.abc import Iterable

from django.db.models import Q

from workflows import audit
from workflows.errors import ClaimedByAnother, NotEntitled, StageClosed
from workflows.models import Appointment, Task, User
from workflows.stages.law import ASSIGNED, NEW, lawfully, verb

BY_DISTRICT = ("window", "district_reviewer")  # without a district they serve the whole city


def queues(offices: Iterable[Appointment]) -> Q:
    """The tasks that holders of ``offices`` may take."""
    held = list(offices)
    found = Q(candidate__in=sorted({office.candidacy for office in held}))
    for role in sorted({office.role for office in held if _is_city_wide(office)}):
        found |= Q(candidate__startswith=f"{role}:")
    return found


def serves(office: Appointment, candidate: str) -> bool:
    """Whether holders of ``office`` may take what the group ``candidate`` is asked to do."""
    of_role = candidate.partition(":")[0] == office.role
    return candidate == office.candidacy or (of_role and _is_city_wide(office))


def _is_city_wide(office: Appointment) -> bool:
    return office.role in BY_DISTRICT and not office.scope


def is_free(task: Task) -> bool:
    """Whether a task of a group is nobody's: whoever had claimed it may no longer do it."""
    if task.owner is None or not task.candidate:
        return task.owner is None
    return not (task.owner.is_active and _may_take(task.owner, task.candidate))


def _may_take(user: User, candidate: str) -> bool:
    served = any(serves(office, candidate) for office in user.offices)
    return served or candidate in user.candidacies()


@verb
def claim(task: Task, *, by: User) -> Task:
    """Take an unclaimed task of one of ``by``'s groups; the first one wins.

    What somebody had claimed whose office ended since is unclaimed as well.
    """
    if not _may_take(by, task.candidate):
        raise NotEntitled
    with lawfully(task.case) as locked:
        found: Task = Task.objects.select_related("owner").get(pk=task.pk)
        if found.finished is not None:
            raise StageClosed
        free = is_free(found)
        if not free and found.owner != by:
            raise ClaimedByAnother(name=str(found.owner))
        if free:
            Task.objects.filter(pk=task.pk).update(owner=by, status=ASSIGNED)
            audit.record(locked, "claimed", by=by, node=found.node, unit=found.unit)
    return found


@verb
def give_back(task: Task, *, by: User) -> None:
    """Put a claimed task back into its group's queue."""
    with lawfully(task.case) as locked:
        changed = (
            Task.objects.filter(pk=task.pk, owner=by, finished=None)
            .exclude(candidate="")
            .update(owner=None, status=NEW)
        )
        if not changed:
            raise StageClosed
        audit.record(locked, "given_back", by=by, node=task.node, unit=task.unit)
