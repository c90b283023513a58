"""A group too small to be compared joins the next round of its programme (domain S7, X56)."""

from workflows import audit
from workflows.errors import (
    AlreadyFrozen,
    GroupLargeEnough,
    GroupNotReady,
    RoundUnlike,
    StageClosed,
)
from workflows.models import Case, Round, User
from workflows.stages import messages
from workflows.stages.law import entitled, verb
from workflows.stages.standings import Group
from workflows.stages.together import lawfully_all


@verb
def merge(round_: Round, *, procedure_key: str, group: str, into: Round, by: User) -> list[Case]:
    """Let the whole group go on in ``into``, where it is compared with those who wait there.

    Raises ``GroupLargeEnough`` for a group that can be ranked, ``GroupNotReady`` while somebody is
    still checked, ``AlreadyFrozen`` once either group was ranked, and ``RoundUnlike`` unless the
    other round is one of the same programme that measures the group by the same index.
    """
    entitled(by, "case_officer")
    ours, theirs = Group(round_, procedure_key, group), Group(into, procedure_key, group)
    if not alike(ours, theirs):
        raise RoundUnlike(round=into.title)
    with lawfully_all(ours.waiting) as held:
        if ours.newest is not None or theirs.newest is not None:
            raise AlreadyFrozen
        _refuse(ours, len(held))
        for each in held:
            each.round = into
            facts = {"round": into.key, "former": round_.key, "title": into.title}
            event = audit.record(each, "round_joined", by=by, **facts)
            messages.tell(each, "round_joined", event=event, title=into.title)
    return held


def alike(ours: Group, theirs: Group) -> bool:
    """Whether a group of one round may be compared with that of another."""
    known = theirs.round.edition.shape.procedures
    if ours.round == theirs.round or ours.round.programme != theirs.round.programme:
        return False
    if ours.procedure_key not in known or theirs.round.group not in ("", ours.code):
        return False
    chosen = known[ours.procedure_key].selection
    same = known[ours.procedure_key].index == ours.procedure.index
    return same and chosen is not None and ours.code in {each.code for each in chosen.groups}


def _refuse(group: Group, size: int) -> None:
    """Only a group that nobody can rank leaves its round."""
    if early := list(group.unready.order_by("reference").values_list("reference", flat=True)):
        raise GroupNotReady(cases=", ".join(early))
    if not size:
        raise StageClosed
    if size >= group.selection.minimum:
        raise GroupLargeEnough(size=size, least=group.selection.minimum)
