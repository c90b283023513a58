"""The project register (项目库): good projects without money wait until they are called up."""

from workflows import audit
from workflows.errors import NoMoneyFree, OfferPending, RankingMissing, StageClosed
from workflows.models import Case, Decision, Standing, User
from workflows.models.case import State
from workflows.stages import deadlines, messages, standings
from workflows.stages.law import entitled, lawfully, release, verb

FORMER = {  # of the decision that kept the project waiting
    "signed": None,
    "signed_by": None,
    "sealed": None,
    "sealed_by": None,
    "number": "",
    "delivered": None,
    "acknowledged": None,
}


def may_be_called_up(case: Case) -> bool:
    """Whether the newest ranking gives money to a project of the register."""
    if case.state != State.REGISTERED:
        return False
    standing = standings.standing_of(case)
    return standing is not None and standing.status == Standing.Status.SELECTED


@verb
def call_up(case: Case, *, by: User) -> None:
    """Money came free for a project of the register: it is proposed again.

    The newest ranking must give it money: raises ``RankingMissing`` without a place,
    ``OfferPending`` while a smaller amount is unanswered, ``NoMoneyFree`` otherwise. The letter
    that told of the register stands; the decision clock goes on where it stood.
    """
    with lawfully(case) as locked:
        entitled(by, "case_officer")
        if locked.state != State.REGISTERED:
            raise StageClosed
        standing = _funded(locked)
        locked.call_up()
        locked.outcome, locked.decided = "", None
        Decision.objects.filter(case=locked).update(**FORMER)
        deadlines.unpause(locked)
        amount = str(standing.amount)
        event = audit.record(locked, "called_up", by=by, place=standing.place, amount=amount)
    release(locked, "standby", by=by)
    messages.tell(locked, "called_up", event=event, amount=amount)


def _funded(locked: Case) -> Standing:
    standing = standings.standing_of(locked)
    if standing is None or standing.ranking.approved is None:
        raise RankingMissing
    if standing.status == Standing.Status.OFFERED:
        raise OfferPending(case=locked.reference)
    if standing.status != Standing.Status.SELECTED:
        raise NoMoneyFree
    return standing
