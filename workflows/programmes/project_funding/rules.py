"""What an application for money comes to, in the words the programme reports its results with.

Everything an expression can say stands in edition.toml; what was promised stands in the award.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal


def results(
    *,
    conditions: Sequence[str],
    blocks: Sequence[str],
    answers: Mapping[str, object],
    derived: Mapping[str, object],
    rule: Mapping[str, object],
) -> dict[str, object]:
    """Give the facts a report of a case shows beside its decision.

    `blocks` are the codes of the rules that stand in the way, `answers` what was filed and
    `derived` what the form computed, as stored (money in 万元). The programme counts no conditions
    and reports no setting. Amounts leave as floats: a report is read, never computed with.
    """
    return {
        "eligible": not blocks,
        "fiscal_share_percent": _number(derived, "fiscal_share"),
        "fiscal_cap": _number(derived, "line_cap"),
        "fiscal_share_cap_percent": _number(derived, "line_share"),
        "budget_lines_total": _number(derived, "lines_total"),
        "goals_weight": _number(derived, "goals_weight"),
    }


def _number(derived: Mapping[str, object], code: str) -> float:
    return float(Decimal(str(derived.get(code) or 0)))
