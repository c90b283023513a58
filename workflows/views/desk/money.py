"""The money of a project as the desk reads it: asked for, left by the experts, promised."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflows.models import Case
from workflows.models.case import State
from workflows.stages import cuts, standings
from workflows.views.promised import promised


@dataclass(frozen=True)
class Row:
    """One row of the budget that the office pays."""

    item: str
    basis: str
    asked: Decimal
    left: Decimal


def facts(case: Case) -> dict[str, Any]:
    """What the page of the case shows of money; the experts' amounts once they have closed."""
    rules = case.procedure.funding
    assert rules is not None, "the tab is offered where money is given"
    answers, closed = case.filed.answers, case.stands != State.EVALUATING
    left = cuts.approved_rows(case) if closed and case.evaluation_round else {}
    rows = [
        Row(row["item"], row.get("basis", ""), Decimal(row["amount"]), left[place])
        for place, row in cuts.rows(rules, answers).items()
        if place in left
    ]
    return {
        "asked_for": answers[rules.request],
        "whole": answers[rules.total],
        "lines": rows,
        "advised": sum((row.left for row in rows), Decimal(0)) if rows else None,
        "place": standings.standing_of(case) if case.group else None,
        "promised": promised(case),
    }
