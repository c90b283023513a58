"""Taking a task from the group's queue, and giving it back."""

from workflows import audit
from workflows.errors import ClaimedByAnother, NotEntitled, StageClosed
from workflows.models import Task, User
from workflows.stages.law import ASSIGNED, NEW, lawfully, verb


@verb
def claim(task: Task, *, by: User) -> Task:
    """Take an unclaimed task of one of ``by``'s groups; the first one wins."""
    if task.candidate not in by.candidacies():
        raise NotEntitled
    with lawfully(task.case) as locked:
        found: Task = Task.objects.select_related("owner").get(pk=task.pk)
        if found.finished is not None:
            raise StageClosed
        if found.owner is not None and found.owner != by:
            raise ClaimedByAnother(name=str(found.owner))
        if found.owner is None:
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
