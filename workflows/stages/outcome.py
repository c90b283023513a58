"""Which outcomes a case may have, and what a vote makes of the proposal."""

from decimal import Decimal

from workflows.models import Case, Opinion
from workflows.stages import countersign, evaluation

REFUSED = "refused"


def proposed(case: Case) -> str:
    """The outcome the edition's decision rule suggests for the facts on file (domain 2.1.6)."""
    if stopped(case):
        return REFUSED
    if case.procedure.evaluation.kind == "panel":
        assert case.score is not None, "a closed panel has a mark"
        return case.procedure.outcome(case.score).outcome
    passed, failed = evaluation.checks(case)
    return case.procedure.outcome(Decimal(passed > failed)).outcome


def stopped(case: Case) -> bool:
    """Whether the department review stopped the case or a department's objection stands."""
    blocked = case.opinions.filter(
        phase=Opinion.Phase.DEPARTMENT_REVIEW,
        round=case.review_round,
        verdict=Opinion.Verdict.BLOCKED,
    ).exists()
    return blocked or bool(countersign.objections(case))


def grants(case: Case, outcome: str) -> bool:
    """Whether ``outcome`` is the one that gives the title."""
    return outcome == case.procedure.grant.outcome


def possible(case: Case) -> list[str]:
    """Every outcome the procedure knows, best first."""
    bands = [band.outcome for band in case.procedure.bands]
    return list(dict.fromkeys([case.procedure.grant.outcome, *bands, REFUSED]))


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
        decision.outcome, decision.grants = REFUSED, False
        decision.reasons = [locked.procedure.reasons["not_carried"].zh]
        decision.save(update_fields=["outcome", "grants", "reasons"])
        locked.pass_to_signing()
    else:
        locked.send_back()
