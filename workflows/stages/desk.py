"""Whose queue a task stands in; taking it from there, and giving it back."""

from collections.abc import Iterator

from workflows import audit
from workflows.errors import ClaimedByAnother, NotEntitled, StageClosed
from workflows.models import Case, Task, User
from workflows.stages import intents
from workflows.stages.groups import (
    acting,
    held,
    may_take,
    mine,
    names,
    open_to,
    queues,
    served,
    serves,
)
from workflows.stages.law import ASSIGNED, NEW, lawfully, still_away, verb

__all__ = [
    "acting", "claim", "claim_at_once", "give_back", "held", "is_free", "left_behind", "may_take",
    "mine", "names", "open_to", "put_back", "queues", "served", "serves", "take_in",
]  # fmt: skip


def is_free(task: Task) -> bool:
    """Whether a task of a group is nobody's: whoever had claimed it may no longer do it."""
    if task.owner is None or not task.candidate:
        return task.owner is None
    return not (task.owner.is_active and may_take(task.owner, task))


@verb
def claim(task: Task, *, by: User) -> Task:
    """Take an unclaimed task of one of ``by``'s groups; the first one wins.

    What somebody had claimed whose office ended since is unclaimed as well.
    """
    if not may_take(by, task):
        raise NotEntitled
    with lawfully(task.case) as locked:
        found: Task = Task.objects.select_related("owner").get(pk=task.pk)
        if found.finished is not None:
            raise StageClosed
        free = is_free(found)
        if not free and found.owner != by:
            raise ClaimedByAnother(name=str(found.owner))
        _undecided(found, by)
        if free:
            found.owner = None
            still_away(actor := acting(by, found))
            Task.objects.filter(pk=task.pk).update(owner=by, status=ASSIGNED, snoozed=None)
            audit.record(locked, "claimed", by=actor, node=found.node, unit=found.unit)
    return found


def _undecided(task: Task, by: User) -> None:
    """Refuse to take from somebody what they have decided and may still take back."""
    first = intents.waiting(task)
    if first is not None and first.by != by:
        raise intents.already(first)


@verb
def claim_at_once(task: Task, *, by: User) -> Task | None:
    """Take an unclaimed task, unless somebody acts on its case this very moment; see ``claim``.

    Where many reach for the next task together, none stands in line for what another has.
    """
    quiet = Case.objects.select_for_update(skip_locked=True).filter(pk=task.case_id)
    return claim(task, by=by) if quiet.values_list("pk").first() else None


@verb
def give_back(task: Task, *, by: User) -> None:
    """Put a claimed task back into its group's queue."""
    with lawfully(task.case) as locked:
        intents.require_none(task)
        changed = (
            Task.objects.filter(pk=task.pk, owner=by, finished=None)
            .exclude(candidate="")
            .update(owner=None, status=NEW, snoozed=None)
        )
        if not changed:
            raise StageClosed
        audit.record(locked, "given_back", by=by, node=task.node, unit=task.unit)


# --- what somebody left behind (X12) --------------------------------------------------------------
def left_behind(owner: User | None = None) -> Iterator[Task]:
    """The open tasks that are nobody's any more, though somebody's name stands on them.

    A house has many tasks, so they are read one by one, without the long columns of their cases.
    """
    held = Task.objects.filter(finished=None, status=ASSIGNED).exclude(candidate="")
    if owner is not None:
        held = held.filter(owner=owner)
    people = User.objects.in_bulk(held.order_by().values_list("owner", flat=True).distinct())
    found = held.select_related("case").defer("case__draft").order_by("case", "pk")
    for task in found.iterator(chunk_size=1_000):
        task.owner = people[task.owner_id]  # one account each, so its offices are read once
        if is_free(task):
            yield task


@verb
def take_in(task: Task) -> bool:
    """Put a task whose owner may no longer do it back into its group's queue; say whether it was.

    What that person did stays under their name.
    """
    with lawfully(task.case) as locked:
        now = Task.objects.select_related("owner").get(pk=task.pk)
        if now.finished is not None or now.owner is None or not is_free(now):
            return False
        put_back(locked, now, by=None)
    return True


def put_back(locked: Case, task: Task, *, by: User | None) -> None:
    """Let ``task`` of a held case be for everyone of its group again, and say whose it was."""
    Task.objects.filter(pk=task.pk, finished=None).update(owner=None, status=NEW, snoozed=None)
    audit.record(
        locked, "given_back", by=by, node=task.node, unit=task.unit, former_holder=str(task.owner)
    )
