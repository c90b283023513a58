"""The law of moving a case: lock, permit, save, release.

Every verb of every stage has the same four beats, in one transaction::

    with lawfully(case) as locked:      # the case row is locked and read again
        ...                             # check, then change
        audit.record(locked, ...)       # record
    release(locked, "node", by=by)      # the flow goes on
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import Exists, OuterRef, Subquery
from django_fsm import TransitionNotAllowed
from viewflow.workflow.status import PROCESS, STATUS

from workflows import clock, jobs
from workflows.errors import (
    AbsenceOver,
    AccepterMayNotDecide,
    ApproverMayNotAct,
    CaseBusy,
    CaseClosed,
    CaseError,
    CaseSuspended,
    EvaluatorMayNotDecide,
    IssuerMayNotSeal,
    NotEntitled,
    PartyMayNotAct,
    StageClosed,
)
from workflows.models import Absence, Case, Event, Partner, Process, Task, User, Watch, rows

NEW, ASSIGNED, DONE = STATUS.NEW, STATUS.ASSIGNED, STATUS.DONE
Unlawful = TransitionNotAllowed  # a move the law does not know
P = ParamSpec("P")
R = TypeVar("R")
RUN = Process.objects.filter(case=OuterRef("pk"), finished=None).values("pk")
SNOOZED = Task.objects.filter(case=OuterRef("pk"), finished=None, snoozed__isnull=False)
LOCKED = Case.objects.select_for_update(of=("self",)).annotate(  # type: ignore[no-redef]
    process_key=Subquery(RUN),
    followed=Exists(Watch.objects.filter(case=OuterRef("pk"))) | Exists(SNOOZED),
)
ONE_LOCKED = LOCKED.filter(pk=rows.KEY)
KEPT = [field.attname for field in Case._meta.concrete_fields if not field.primary_key]
IN_STEAD = '"for":{'  # in the text of an entry: an act in an absent colleague's stead
opened: ContextVar[list[Task] | None] = ContextVar("opened", default=None)


def verb(act: Callable[P, R]) -> Callable[P, R]:
    """Make a stage verb of ``act``: one transaction, and one statement for the jobs it puts in."""

    @wraps(act)
    def acted(*args: P.args, **kwargs: P.kwargs) -> R:
        with waiting_its_turn(), transaction.atomic(), jobs.gathered():
            return act(*args, **kwargs)

    return acted


@contextmanager
def waiting_its_turn() -> Iterator[None]:
    """Say ``CaseBusy`` where the database could not give a lock in time, wherever it says so."""
    try:
        yield
    except OperationalError as busy:
        if jobs.is_transient(busy):
            raise CaseBusy from busy
        raise


@contextmanager
def lawfully(case: Case) -> Iterator[Case]:
    """Hold the case's lock, hand out the case as it stands now, and save what the verb changed.

    Raises ``CaseClosed`` or ``StageClosed`` when the law knows no such move, ``CaseSuspended``
    while the case stands still, ``CaseBusy`` when the lock cannot be had in time. The caller's
    transaction keeps the lock until it commits.
    """
    assert connection.in_atomic_block, "a stage verb opens the transaction"
    locked = _lock(case.pk)
    locked.edition, locked.applicant = case.edition, case.applicant  # the caller has read them
    locked.state_before = locked.state
    locked.kept = {name: getattr(locked, name) for name in KEPT}
    try:
        yield locked
    except (TransitionNotAllowed, StageClosed) as refusal:
        if locked.kept["state"] == Case.State.SUSPENDED:
            raise CaseSuspended(since=suspended_since(locked).isoformat()) from refusal
        if isinstance(refusal, StageClosed):
            raise
        raise (StageClosed if locked.is_open else CaseClosed)() from refusal
    settle(locked)


def suspended_since(locked: Case) -> date:
    """The day since when a suspended case stands still."""
    stops = Event.objects.filter(case=locked, kind="suspended").order_by("-seq")
    return clock.local(stops.values_list("at", flat=True)[0]).date()


def _lock(pk: int) -> Case:
    """Lock the row; only what never changes may come with it: what is joined is read unlocked."""
    try:
        held = rows.one(ONE_LOCKED, pk)
    except OperationalError as busy:
        raise CaseBusy from busy
    if held is None:
        raise Case.DoesNotExist
    return held


def settle(locked: Case) -> None:
    """Write what changed so far; a verb of two moves settles the first before the second."""
    changes = changes_of(locked)
    if not changes:
        return
    with lawful_writing():
        written = rows.update(Case, changes, id=locked.pk, version=locked.kept["version"])
    if written != 1:
        raise CaseBusy
    if "state" in changes and Case.State.SUSPENDED in (changes["state"], locked.kept["state"]):
        tell_whether_it_stands(locked)
    stir(locked)
    locked.kept.update(changes)
    locked.state_before = locked.state


def tell_whether_it_stands(locked: Case) -> None:
    """Let the lists know whether the open steps of a held case stand still."""
    Task.objects.filter(case=locked, finished=None).update(paused=locked.stands_still)


def stir(locked: Case) -> None:
    """Let whoever follows a held case know what it is about to become; see ``watching``."""
    if not locked.followed:
        return
    told = {
        "since": locked.kept["version"],
        "seq": locked.version,
        "before": str(locked.kept["state"]),
        "after": str(locked.state),
    }
    key = f"stirred:{locked.pk}:{locked.version}"
    jobs.enqueue("stirred", case=locked, key=key, payload=told)


def changes_of(locked: Case) -> dict[str, Any]:
    """What differs from what the database holds."""
    now = {name: getattr(locked, name) for name in locked.kept}
    return {name: value for name, value in now.items() if value != locked.kept[name]}


@contextmanager
def lawful_writing() -> Iterator[None]:
    """Read a guard's refusal as a move the law does not know."""
    try:
        yield
    except DatabaseError as refused:
        if "heng:" in str(refused):
            raise StageClosed from refused
        raise


def release(case: Case, node: str, *, unit: str = "", by: User | None = None) -> None:
    """Finish the open task of ``node`` and let the flow go on to what follows.

    ``unit`` names the branch where several run in parallel. Raises ``StageClosed`` when the task
    is no longer open.
    """
    ending: dict[str, Any] = {"status": STATUS.DONE, "finished": clock.now()}
    if by is not None:
        ending["owner_id"] = by.pk  # the verb's actor owns what they do, whoever claimed it
    process = process_of(case)
    # whoever waited for the lock while the flow was built anew knows the run that was ended
    waiting = {"case_id": case.pk, "node": node, "unit": unit, "process_id": process.pk}
    if not rows.update(Task, ending, **waiting, finished=None):
        raise StageClosed
    process.flow_class.instance.node(node).go_on(process, unit)


def open_task(task: Task) -> None:
    """Write the row of a step that begins to wait; inside ``together.release_all`` with others."""
    waiting = opened.get()
    if waiting is None:
        rows.insert(task)
    else:
        waiting.append(task)


def wait_again(case: Case, node: str, unit: str = "") -> None:
    """Let the flow stand at ``node`` once more instead of whatever waits now."""
    Task.objects.filter(case=case, finished=None).update(
        status=STATUS.CANCELED, finished=clock.now()
    )
    open_branches(case, node, [unit])


def begin(case: Case) -> None:
    """Start the flow of the case's procedure."""
    case.programme.flow_of(case.procedure).instance.submission.run(case=case)


def open_branches(case: Case, node: str, units: Iterable[str]) -> None:
    """Open further parallel tasks of ``node`` beside those that already run."""
    process = process_of(case)
    process.flow_class.instance.node(node).open_for(process, units)


def process_of(case: Case) -> Process:
    """The run of a held case through its flow, known since the lock unless it began meanwhile."""
    key = case.process_key or Process.objects.get(case=case, finished=None).pk
    return Process(pk=key, flow_class=case.programme.flow_of(case.procedure), case=case)


def cancel(case: Case) -> None:
    """End the flow where it stands: every open task is cancelled, nothing follows."""
    moment = clock.now()
    Task.objects.filter(case=case, finished=None).update(status=STATUS.CANCELED, finished=moment)
    Process.objects.filter(case=case, finished=None).update(
        status=PROCESS.CANCELED, finished=moment
    )


def close_branch(case: Case, node: str, unit: str) -> None:
    """Cancel one parallel task of ``node`` while the others run on."""
    Task.objects.filter(case=case, node=node, unit=unit, finished=None).update(
        status=STATUS.CANCELED, finished=clock.now()
    )


# --- who may act --------------------------------------------------------------------------------
def entitled(by: User, *roles: str, scope: str | None = None) -> None:
    """Refuse with ``NotEntitled`` unless ``by`` holds one of ``roles`` (for ``scope``) today.

    Whoever acts in a colleague's stead is refused once that colleague is back (``AbsenceOver``).
    """
    still_away(by)
    for office in by.offices:
        if office.role in roles and (scope is None or office.scope in ("", scope)):
            return
    raise NotEntitled


def still_away(by: User) -> None:
    """Refuse with ``AbsenceOver`` where ``by`` acts for somebody who came back meanwhile."""
    if by.stands_for is None:
        return
    absence = Absence.objects.running().filter(pk=by.stands_for.pk, substitute=by)
    if absence.select_for_update().first() is None:
        raise AbsenceOver(name=str(by.stands_for.user))


def acts_for(by: User, case: Case, *, signing: bool = False) -> None:
    """Refuse with ``NotEntitled`` unless ``by`` may act (``signing``: sign) for the applicant."""
    for mandate in by.mandates:
        if mandate.organisation_id == case.applicant_id and (
            not signing or mandate.role == mandate.Role.SIGNER
        ):
            return
    raise NotEntitled


# domain 0.3: the accepter, the evaluator and the approver differ; the seal keeper is not the issuer
FORBIDDEN: dict[str, dict[str, type[CaseError]]] = {
    "accept": {"evaluate": EvaluatorMayNotDecide, "approve": ApproverMayNotAct},
    "evaluate": {"accept": AccepterMayNotDecide, "approve": ApproverMayNotAct},
    "approve": {"accept": AccepterMayNotDecide, "evaluate": EvaluatorMayNotDecide},
    "sign": {
        "accept": AccepterMayNotDecide,
        "evaluate": EvaluatorMayNotDecide,
        "seal": IssuerMayNotSeal,
    },
    "seal": {"sign": IssuerMayNotSeal},
}


ACTS = {
    duty: Event.objects.filter(case=rows.KEY, duty__in=others)
    .order_by("seq")
    .values_list("duty", "actor", "body")
    for duty, others in FORBIDDEN.items()
}


def separate(case: Case, duty: str, by: User) -> None:
    """Refuse ``by`` a ``duty`` on a case of their own, or one that conflicts with a former one."""
    if is_party(case, by):
        raise PartyMayNotAct
    if conflict := conflicting(case, duty, by):
        raise conflict


def is_party(case: Case, by: User) -> bool:
    """Whether ``by`` acts today for the applicant or a partner; nobody judges a case of theirs."""
    own = by.organisations()
    if case.applicant_id in own:
        return True
    return bool(own) and Partner.objects.filter(case=case, organisation__in=own, left=None).exists()


def conflicting(case: Case, duty: str, by: User) -> type[CaseError] | None:
    """What keeps ``by`` from ``duty``, if anything: another duty exercised on this case.

    An act in an absent colleague's stead counts as one of both people, and so does whoever
    ``by`` stands in for now: nobody gets round the rule by going away (decision 0027).
    """
    forbidden = FORBIDDEN[duty]
    people = {by.pk} | ({by.stands_for.user_id} if by.stands_for else set())
    for done, actor, body in rows.read(ACTS[duty], case.pk):
        absent = (json.loads(body).get("for") if IN_STEAD in body else None) or {}
        if not people.isdisjoint({actor, absent.get("id")}):
            return forbidden[done]
    return None
