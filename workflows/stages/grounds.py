"""What a place in a group allows the office to propose, and how much money it carries."""

from collections.abc import Collection
from decimal import Decimal

from django.db.models import Sum

from workflows.errors import (
    AmountTooHigh,
    BudgetExceeded,
    OfferPending,
    PlaceTooLow,
    RankingMissing,
    RankingStale,
    RankingUnsigned,
    RankStillOpen,
    TieUnbroken,
)
from workflows.models import Case, Ranking, Standing
from workflows.models.case import State
from workflows.stages import outcome, standings
from workflows.stages.standings import GONE, REGISTERED, Group, Status, group_of

NOT_PAID = (*GONE, State.REFUSED, State.REGISTERED)


def check(locked: Case, outcome_: str, amount: Decimal | None = None) -> Decimal | None:
    """Refuse a proposal that the case's place does not carry; give the amount to be granted.

    A case that is not ranked, or was stopped, is free. Raises ``RankingMissing``,
    ``RankingUnsigned``, ``RankingStale``, ``TieUnbroken``, ``OfferPending``, ``PlaceTooLow``,
    ``RankStillOpen``, ``AmountTooHigh`` or ``BudgetExceeded``.
    """
    if not locked.group or outcome.stopped(locked):
        return None
    standing = _standing(locked)
    if outcome.grants(locked, outcome_):
        _may_be_granted(standing)
        return _amount(locked, standing, amount)
    if outcome_ == REGISTERED:
        _carries(standing, Status.WAITING)
    elif _is_for_its_place(locked, standing) and not standings.refusals_may_go(locked):
        raise RankStillOpen
    return None


def _standing(locked: Case) -> Standing | None:
    """The case's place in a signed ranking; None for one that was taken off the list."""
    standing = standings.standing_of(locked)
    ranking = standing.ranking if standing else group_of(locked).newest
    if ranking is None or (standing is None and not locked.standings.exists()):
        raise RankingMissing
    if standing is not None and ranking.approved is None:
        raise RankingUnsigned
    return standing


def _carries(standing: Standing | None, status: str) -> None:
    if standing is None or standing.status != status:
        raise PlaceTooLow


def _may_be_granted(standing: Standing | None) -> None:
    """Nothing of the ranking may be open, and the place must be among the selected."""
    if standing is None:
        raise PlaceTooLow
    if standings.stale(standing.ranking):
        raise RankingStale
    _is_settled(standing.ranking)
    _carries(standing, Status.SELECTED)


def _is_settled(ranking: Ranking) -> None:
    found = list(standings.undecided(ranking))
    if tied := [each.case.reference for each in found if each.status == Status.TIED]:
        raise TieUnbroken(cases=", ".join(tied))
    for each in found:
        raise OfferPending(case=each.case.reference)


def _is_for_its_place(locked: Case, standing: Standing | None) -> bool:
    """Whether a refusal rests on the place alone, which may still change."""
    if standing is None:
        return False
    relative = locked.procedure.index is not None and standing.status == Status.FAILED
    return relative or standing.status in (Status.BELOW, Status.TIED)


# --- money ----------------------------------------------------------------------------------------
def _amount(locked: Case, standing: Standing | None, amount: Decimal | None) -> Decimal | None:
    if locked.procedure.funding is None or standing is None or standing.amount is None:
        return None
    if amount is None:
        amount = standing.amount
    if not 0 < amount <= standing.amount:
        raise AmountTooHigh(maximum=standing.amount)
    fits(group_of(locked), {locked.pk: amount})
    return amount


def fits(group: Group, amounts: dict[int, Decimal]) -> None:
    """Refuse a list whose sums, with all that is granted already, go beyond the budget (X33)."""
    if group.budget is None:
        return
    others = group.cases.exclude(pk__in=list(amounts)).exclude(state__in=NOT_PAID)
    spent = others.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    total = spent + sum(amounts.values(), Decimal(0))
    if total > group.budget:
        raise BudgetExceeded(line=str(group.named), sum=total, budget=group.budget)


def fit(cases: Collection[Case]) -> None:
    """Refuse to publish a list beyond the budget of its lines (X33).

    It must rest on an order that is signed and still holds: ``RankingUnsigned``, ``RankingStale``.
    """
    for key in {(each.round_id, each.procedure_key, each.group) for each in cases if each.group}:
        listed = [each for each in cases if (each.round_id, each.procedure_key, each.group) == key]
        group = group_of(listed[0])
        if ranking := group.newest:
            _holds(ranking)
        paid = {each.pk: each.amount for each in listed if each.amount is not None}
        fits(group, paid)


def _holds(ranking: Ranking) -> None:
    if ranking.approved is None:
        raise RankingUnsigned
    if standings.changed(ranking):
        raise RankingStale


def still_holds(locked: Case) -> bool:
    """Whether what was proposed is still what the case's place carries."""
    decision = locked.decision
    if not locked.group or outcome.stopped(locked):
        return True
    standing = standings.standing_of(locked)
    if standing is None:
        return not decision.grants
    if decision.outcome == REGISTERED:
        return standing.status == Status.WAITING
    if not decision.grants:
        return not _has_risen(locked, standing)
    enough = standing.amount is None or (locked.amount or Decimal(0)) <= standing.amount
    return standing.status == Status.SELECTED and enough


def _has_risen(locked: Case, standing: Standing) -> bool:
    """Whether a case that is to be refused has come within the quota since that was proposed."""
    known = locked.standings.filter(ranking__made__lte=locked.decision.proposed)
    former = known.order_by("-ranking__revision").first()
    risen = former is not None and former.status != standing.status
    return risen and standing.status == Status.SELECTED
