"""The law of moving many cases together: the same beats as ``law``, in few statements.

A ranking may touch every case of a group at once; each still has its own entry on the trail.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import OperationalError, connection
from django.db.models import QuerySet

from workflows import clock
from workflows.errors import CaseBusy, StageClosed
from workflows.models import Case, Edition, Organisation, Task, User, rows
from workflows.stages.law import (
    DONE,
    KEPT,
    LOCKED,
    Unlawful,
    changes_of,
    lawful_writing,
    opened,
    process_of,
    stir,
)

BATCH = 500  # rows in one statement
UNREAD = ("draft",)  # what nobody needs of a case held among many


@contextmanager
def lawfully_all(cases: QuerySet[Case]) -> Iterator[list[Case]]:
    """Hold the locks of many cases, taken in the order of their keys, as ``lawfully`` holds one.

    Each is handed out without its draft, with its edition and applicant; what the verb changed is
    saved in one go.
    """
    assert connection.in_atomic_block, "a stage verb opens the transaction"
    held = _lock_all(cases)
    editions = Edition.objects.in_bulk({each.edition_id for each in held})
    applicants = Organisation.objects.defer("profile").in_bulk({each.applicant_id for each in held})
    kept = [name for name in KEPT if name not in UNREAD]
    for each in held:
        each.edition, each.applicant = editions[each.edition_id], applicants[each.applicant_id]
        each.state_before = each.state
        each.kept = {name: getattr(each, name) for name in kept}
    try:
        yield held
    except Unlawful as refusal:
        raise StageClosed from refusal
    settle_all(held)


def _lock_all(cases: QuerySet[Case]) -> list[Case]:
    try:
        return list(LOCKED.filter(pk__in=cases.values("pk")).defer(*UNREAD).order_by("pk"))
    except OperationalError as busy:
        raise CaseBusy from busy


def settle_all(held: Sequence[Case]) -> None:
    """Write what changed so far of many held cases: one prepared statement, a row at a time."""
    changed = [each for each in held if changes_of(each)]
    names = sorted({name for each in changed for name in changes_of(each)})
    told = [
        (
            {name: getattr(each, name) for name in names},
            {"id": each.pk, "version": each.kept["version"]},
        )
        for each in changed
    ]
    with lawful_writing():
        written = rows.update_each(Case, told)
    if written != len(changed):
        raise CaseBusy
    for each in changed:
        stir(each)
        each.kept |= changes_of(each)
        each.state_before = each.state


def release_all(cases: Sequence[Case], node: str, *, by: User) -> None:
    """Finish the open task of ``node`` of many cases; what follows opens in few statements."""
    Task.objects.filter(case__in=[each.pk for each in cases], node=node, finished=None).update(
        status=DONE, finished=clock.now(), owner=by
    )
    waiting: list[Task] = []
    token = opened.set(waiting)
    try:
        for each in cases:
            process = process_of(each)
            process.flow_class.instance.node(node).go_on(process, "")
    finally:
        opened.reset(token)
    Task.objects.bulk_create(waiting, batch_size=BATCH)
