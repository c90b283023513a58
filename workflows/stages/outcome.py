"""Which outcomes a case may have, and what a vote makes of the proposal."""

from decimal import Decimal

from django.db.models import Q

from workflows.models import Case, Opinion, Standing
from workflows.procedure import Band, Procedure
from workflows.stages import evaluation, standings
from workflows.stages.standings import REGISTERED


def proposed(case: Case) -> str:
    """The outcome the edition's decision rule suggests for the facts on file (domain 2.1.6).

    A case that was put in order among others follows its place (2.2.6, 2.3.6, 2.4.6).
    """
    if stopped(case):
        return case.procedure.refusal
    if standing := standings.standing_of(case) if case.group else None:
        return _placed(case.procedure, standing)
    if case.procedure.evaluation.kind == "panel":
        return band(case).outcome
    passed, failed = evaluation.checks(case)
    return case.procedure.outcome(Decimal(passed > failed)).outcome


def band(case: Case) -> Band:
    """The band the case's mark falls into, of those that count for its applicant."""
    assert case.score is not None, "a closed panel has a mark"
    return case.procedure.outcome(case.score, case.weighed.get("bands"))


def _placed(procedure: Procedure, standing: Standing) -> str:
    if standing.status == Standing.Status.SELECTED:
        return procedure.grant.outcome
    waits = standing.status == Standing.Status.WAITING
    return REGISTERED if waits else procedure.refusal


def stopped(case: Case) -> bool:
    """Whether the department review stopped the case or a department's objection stands."""
    blocked = Q(phase=Opinion.Phase.DEPARTMENT_REVIEW, verdict=Opinion.Verdict.BLOCKED)
    against = blocked | Q(phase=Opinion.Phase.COUNTERSIGN, verdict=Opinion.Verdict.OBJECTION)
    return case.opinions.filter(against, round=case.review_round).exists()


def grants(case: Case, outcome: str) -> bool:
    """Whether ``outcome`` is the one that gives the title."""
    return outcome == case.procedure.grant.outcome


def possible(case: Case) -> list[str]:
    """Every outcome that may be proposed, best first.

    Where the review was stopped there is no title, and no waiting for money either.
    """
    bands = [band.outcome for band in case.procedure.bands]
    waits = [REGISTERED] if case.procedure.funding and case.group else []
    best = [] if stopped(case) else [case.procedure.grant.outcome, *waits]
    known = dict.fromkeys([*best, *bands])
    return [each for each in known if best or not grants(case, each)]


def after_vote(locked: Case, *, passed: bool) -> None:
    """Move the case on once the conference has voted on the proposal.

    A granted proposal that passes goes to public notice; one that fails is refused; a proposal to
    refuse that passes is signed, one that fails goes back to the office.
    """
    decision = locked.decision
    if passed and decision.grants:
        locked.pass_to_notice()
    elif passed:
        locked.pass_to_signing()
    elif decision.grants:
        decision.outcome, decision.grants = locked.procedure.refusal, False
        locked.amount = None
        decision.reasons = [locked.procedure.reasons["not_carried"].zh]
        decision.save(update_fields=["outcome", "grants", "reasons"])
        locked.pass_to_signing()
    else:
        locked.send_back()
