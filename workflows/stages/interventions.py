"""Steps into a flow from outside: ending a case, having a step done again, building rows anew.

Whoever keeps the house running asks with a reason, and the head of the office, another person,
decides. A jump goes back only, along moves the law knows; nothing is skipped. Building the rows
of a flow anew changes no fact, so it needs no second person.
"""

from collections.abc import Callable, Mapping

from django.db import IntegrityError, transaction

from workflows import audit, clock
from workflows.errors import (
    FlowSound,
    InterventionOpen,
    NotEntitled,
    ReasonMissing,
    SecondPerson,
    StageClosed,
    StepOutOfReach,
)
from workflows.models import Case, Intervention, Item, Process, Seat, Task, User
from workflows.models.case import State
from workflows.stages import (
    deadlines,
    defences,
    deliberation,
    messages,
    panel,
    publication,
    renewals,
    sight,
    suspension,
)
from workflows.stages.law import (
    ASSIGNED,
    cancel,
    entitled,
    lawfully,
    open_branches,
    separate,
    verb,
    wait_again,
)
from workflows.stages.position import Branch, has, position, standing

Kind = Intervention.Kind
ASKERS = ("operator", "leader")
KEPT = (
    "candidate", "owner_id", "status", "due", "stood", "created", "reminded", "escalated",
    "snoozed",
)  # fmt: skip


# --- asking ---------------------------------------------------------------------------------------
@verb
def ask(case: Case, *, kind: str, reason: str, by: User, node: str = "") -> Intervention:
    """Ask to end a case (``cancel``), or to have a step done again (``jump`` to ``node``).

    Raises ``ReasonMissing``, ``StepOutOfReach`` for a step that ``reachable`` does not name,
    ``InterventionOpen`` while another one waits, ``StageClosed`` for a case that is closed.
    """
    if not reason.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        _concerned(locked, by)
        if not locked.is_open or locked.state == State.DRAFT:
            raise StageClosed
        if (kind == Kind.JUMP) != bool(node) or (node and node not in reachable(locked)):
            raise StepOutOfReach
        try:
            with transaction.atomic():
                asked = Intervention.objects.create(
                    case=locked, kind=kind, node=node, reason=reason, by=by, asked=clock.now()
                )
        except IntegrityError as waiting:
            raise InterventionOpen from waiting
        event = audit.record(
            locked, "intervention_asked", by=by, what=kind, node=node, reason=reason
        )
    messages.tell(locked, "intervention_asked", event=event, audience="group:leader")
    return asked


@verb
def decline(intervention: Intervention, *, reason: str, by: User) -> None:
    """Leave the case as it is; whoever asked may also take it back."""
    if not reason.strip():
        raise ReasonMissing
    with lawfully(intervention.case) as locked:
        if by.pk != intervention.by_id:
            entitled(by, "leader")
        _settle(intervention, by, approved=False, answer=reason)
        audit.record(locked, "intervention_declined", by=by, what=intervention.kind, reason=reason)


@verb
def approve(intervention: Intervention, *, by: User) -> None:
    """The head of the office, another person than who asked, has it done.

    Raises ``SecondPerson`` for whoever asked, ``StageClosed`` when it was decided before, and
    ``StepOutOfReach`` when the case has moved on meanwhile.
    """
    with lawfully(intervention.case) as locked:
        entitled(by, "leader")
        _concerned(locked, by)
        if by.pk == intervention.by_id:
            raise SecondPerson
        _settle(intervention, by, approved=True)
        _DONE[intervention.kind](locked, intervention, by)


def _concerned(locked: Case, by: User) -> None:
    """Refuse with ``NotEntitled`` whoever may not step into this case.

    A head steps into cases they may read: neither those they evaluate or recused themselves
    from, nor those of other districts. The operator reads no case and steps into any.
    """
    entitled(by, *ASKERS)
    if not by.holds("operator") and not sight.readable(by).filter(pk=locked.pk).exists():
        raise NotEntitled


def _settle(intervention: Intervention, by: User, *, approved: bool, answer: str = "") -> None:
    waiting = Intervention.objects.filter(pk=intervention.pk, decided=None)
    if not waiting.update(decided=clock.now(), second=by, approved=approved, answer=answer):
        raise StageClosed


def open_one(case: Case) -> Intervention | None:
    """The intervention that waits for a second person."""
    return case.interventions.filter(decided=None).select_related("by").first()


# --- ending ---------------------------------------------------------------------------------------
def _cancel(locked: Case, asked: Intervention, by: User) -> None:
    suspension.stop(locked, asked.reason, by=by, asked_by=asked.by.username)


# --- a step done again ----------------------------------------------------------------------------
def reachable(case: Case) -> list[str]:
    """The steps that may be done again from where the case stands, the nearest first."""
    return [node for node, (states, _) in _AGAIN.items() if _is_reachable(case, node, states)]


def _is_reachable(case: Case, node: str, states: tuple[str, ...]) -> bool:
    if case.state not in states or not has(case, node):
        return False
    if node == "proposal":
        sealed = case.state == State.SIGNING and case.decision.sealed is not None
        return not sealed and (node, "") not in position(case)
    return node == "district_review" or _was_evaluated(case, node)


def _was_evaluated(case: Case, node: str) -> bool:
    """Whether outsiders have weighed the case before, beginning at ``node``."""
    checks = case.procedure.verification is not None
    return case.evaluation_round > 0 and (node == "data_check") == checks


def _review_again(locked: Case, reason: str, by: User) -> None:
    locked.review_again()
    locked.review_round += 1


def _propose_again(locked: Case, reason: str, by: User) -> None:
    if locked.state == State.MEETING:
        item = deliberation.open_item(locked)
        item.result, item.questions, item.resolved = Item.Result.SENT_BACK, reason, clock.now()
        item.save(update_fields=["result", "questions", "resolved"])
        locked.send_back()
    elif locked.state == State.NOTICE:
        publication.take_off(locked, by=by)
        locked.reconsider()
    elif locked.state == State.SIGNING:
        decision = locked.decision
        decision.signed = decision.signed_by = None
        decision.save(update_fields=["signed", "signed_by"])
        locked.hold_for_integrity()
        defences.recall(locked)
        renewals.recall(locked)


def _evaluate_again(locked: Case, reason: str, by: User) -> None:
    locked.evaluate_again()
    locked.evaluation_round += 1
    deadlines.pause(locked, "evaluation")


Again = Callable[[Case, str, User], None]
_AGAIN: Mapping[str, tuple[tuple[str, ...], Again]] = {
    "proposal": ((State.PROPOSAL, State.MEETING, State.NOTICE, State.SIGNING), _propose_again),
    "data_check": ((State.PROPOSAL,), _evaluate_again),
    "panel": ((State.PROPOSAL,), _evaluate_again),
    "district_review": ((State.REVIEWING,), _review_again),
}


def _jump(locked: Case, asked: Intervention, by: User) -> None:
    if asked.node not in reachable(locked):
        raise StepOutOfReach
    separate(locked, "approve", by)
    _, act = _AGAIN[asked.node]
    act(locked, asked.reason, by)
    event = audit.record(
        locked,
        "jumped",
        by=by,
        duty="approve",
        node=asked.node,
        reason=asked.reason,
        asked_by=asked.by.username,
    )
    wait_again(locked, asked.node)
    messages.tell(locked, "step_repeated", event=event)


_DONE: Mapping[str, Callable[[Case, Intervention, User], None]] = {
    Kind.CANCEL: _cancel,
    Kind.JUMP: _jump,
}


# --- building anew --------------------------------------------------------------------------------
@verb
def rebuild(case: Case, *, reason: str, by: User) -> None:
    """Write the rows of the flow anew, as state and facts say; who held a task keeps it.

    Raises ``FlowSound`` where the rows say so already.
    """
    if not reason.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        _concerned(locked, by)
        should, does = position(locked), standing(locked)
        if should == does:
            raise FlowSound
        former = _former(locked)
        cancel(locked)
        _write(locked, should, former)
        audit.record(
            locked,
            "flow_rebuilt",
            by=by,
            reason=reason,
            found=_told(does),
            built=_told(should),
        )


def _told(branches: set[Branch]) -> list[str]:
    return sorted(f"{node} {unit}".strip() for node, unit in branches)


def _former(locked: Case) -> dict[Branch, Task]:
    """The last row of each branch, for what it knew of people and days."""
    rows = Task.objects.filter(case=locked).order_by("pk")
    return {(row.node, row.unit): row for row in rows}


def _write(locked: Case, should: set[Branch], former: Mapping[Branch, Task]) -> None:
    flow = locked.programme.flow_of(locked.procedure)
    process = Process(flow_class=flow, case=locked, created=clock.now())
    process.save(force_insert=True)
    locked.process_key = process.pk
    for node, unit in sorted(should):
        open_branches(locked, node, [unit])
        new = Task.objects.filter(case=locked, node=node, unit=unit, finished=None)
        if (row := former.get((node, unit))) is not None and row.status != "DONE":
            kept = {name: getattr(row, name) for name in KEPT}
            held = row.owner_id is not None
            new.update(**kept | {"status": ASSIGNED if held else "NEW"})
        elif node in ("sheet", "data_sheet"):
            _leave_empty(locked, unit)


def _leave_empty(locked: Case, unit: str) -> None:
    """A branch whose seat has reported, or was left, waits for somebody else."""
    seat = Seat.objects.get(case=locked, code=unit.rpartition("-")[0])
    if seat.void is not None or seat.locked is not None:
        panel.vacate(locked, seat)
