"""What an enterprise's answers come to, in the words the programme reports its results with.

Everything an expression can say stands in edition.toml; here is only what joins its outcomes.
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

    `conditions` are the codes met, `blocks` the codes of the rules that stand in the way,
    `answers` what was filed and `derived` what the form computed, as stored (money in 万元),
    `rule` the edition's settings. Amounts leave as floats: a report is read, never computed with.
    """
    ratio = _number(derived.get("training_fund_ratio"))
    return {
        "eligible": not blocks,
        "conditions_met": list(conditions),
        "c2_interns_total": int(_number(derived.get("c2_interns_total"))),
        "c5_total": float(_number(derived.get("c5_total"))),
        "training_fund_ratio": float(ratio),
        "training_fund_warning": ratio < _number(rule["min_training_ratio"]),
    }


def _number(value: object) -> Decimal:
    return Decimal(str(value or 0))
