"""What the experts leave of a project's budget, row by row (domain 2.4.4, step 5).

A row that the office pays is worth the median of what the locked sheets left of it: one expert
alone moves nothing, whether miserly or generous. What they leave of all rows is the expert amount.
Source: design default (office may set).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import F

from workflows import money
from workflows.errors import CutTooHigh, CutUnexplained
from workflows.models import Case, Seat, Submission
from workflows.selection import Funding

Sheets = Sequence[Mapping[str, str]]


# --- one sheet ------------------------------------------------------------------------------------
def rows(rules: Funding, answers: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
    """The rows of the budget that the office pays, by their place in the table."""
    table = enumerate(answers.get(rules.table, []))
    return {place: row for place, row in table if row.get("source") == rules.public}


def lowered(case: Case, given: Mapping[int, Decimal], remarks: Mapping[str, str]) -> dict[str, str]:
    """The cuts of one sheet as it keeps them: of each row that is lowered, what is left.

    ``given`` maps places to amounts in 万元; rows left out stay whole. Raises ``CutTooHigh``
    outside 0 to the amount asked for, ``CutUnexplained`` for a cut without a remark
    (``remarks["line-<place>"]``).
    """
    rules = case.procedure.funding
    if rules is None:
        return {}
    kept = {}
    for place, row in rows(rules, case.filed.answers).items():
        asked = Decimal(row["amount"])
        left = given.get(place, asked)
        if not left.is_finite() or not 0 <= left <= asked or left != money.rounded(left):
            raise CutTooHigh(item=row["item"], maximum=asked)
        if left < asked:
            if not remarks.get(f"line-{place}", "").strip():
                raise CutUnexplained(item=row["item"])
            kept[str(place)] = f"{left:.2f}"
    return kept


# --- all sheets -----------------------------------------------------------------------------------
def approved_rows(case: Case) -> dict[int, Decimal]:
    """What the sheets of the present round leave of each publicly paid row, in 万元."""
    rules = case.procedure.funding
    if rules is None:
        return {}
    return left(rules, case.filed.answers, _sheets([case])[case.pk])


def expert_amount(case: Case) -> Decimal:
    """What the experts leave of all publicly paid rows together, in 万元."""
    return sum(approved_rows(case).values(), Decimal(0))


def advised(cases: Collection[Case]) -> dict[int, Decimal]:
    """The public money the sheets of the present round leave each project, in 万元.

    A project that nobody cut is not named.
    """
    sheets = _sheets(cases)
    trimmed = [each for each in cases if any(sheets[each.pk])]
    filed = Submission.objects.filter(case__in=[each.pk for each in trimmed]).order_by("number")
    answers = dict(filed.values_list("case", "answers"))
    return {
        each.pk: sum(
            left(each.procedure.funding, answers[each.pk], sheets[each.pk]).values(), Decimal(0)
        )
        for each in trimmed
        if each.procedure.funding is not None
    }


def left(rules: Funding, answers: Mapping[str, Any], sheets: Sheets) -> dict[int, Decimal]:
    """What ``sheets`` leave of each row that the office pays, by its place in the table."""
    return {
        place: money.middle(
            [Decimal(sheet.get(str(place), row["amount"])) for sheet in sheets]
            or [Decimal(row["amount"])]
        )
        for place, row in rows(rules, answers).items()
    }


def _sheets(cases: Collection[Case]) -> dict[int, list[dict[str, str]]]:
    """The cuts of every sheet that counts, by case."""
    found: dict[int, list[dict[str, str]]] = defaultdict(list)
    given = Seat.objects.filter(
        case__in=[each.pk for each in cases],
        round=F("case__evaluation_round"),
        void=None,
        locked__isnull=False,
    )
    for case, cuts in given.values_list("case", "cuts"):
        found[case].append(cuts)
    return found
