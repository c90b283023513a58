"""What a base's answers come to, in the words the programme reports its results with.

Everything an expression can say stands in edition.toml; here is only what joins its outcomes.
"""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def results(
    *,
    conditions: Sequence[str],
    blocks: Sequence[str],
    answers: Mapping[str, object],
    derived: Mapping[str, object],
    rule: Mapping[str, object],
) -> dict[str, object]:
    """Give the facts a report of a case shows beside its decision: those of the base's kind.

    `blocks` are the codes of the rules that stand in the way, `answers` what was filed and
    `derived` what the form computed, as stored. `conditions` and `rule` say nothing here.
    Rates leave as floats, in per cent: a report is read, never computed with.
    """
    facts = {
        "intent_rate_percent": _float(derived.get("intent_rate")),
        "pay_ratio_percent": _percent(answers, "quasi_monthly_pay", "probation_pay"),
        "retention_percent": _percent(answers, "retained_last_cohort", "graduates_last_cohort"),
        "offcampus_hours": derived.get("offcampus_hours"),
        "reception_person_days": derived.get("reception_person_days"),
        "occupations": _rows(answers.get("occupations")),
    }
    told = {key: value for key, value in facts.items() if value is not None}
    return {"eligible": not blocks, **told}


def _percent(answers: Mapping[str, object], part: str, whole: str) -> float | None:
    """The share half up to two places; None where it was not asked, or of nothing."""
    if answers.get(part) is None or not (base := Decimal(str(answers.get(whole) or 0))):
        return None
    share = Decimal(str(answers[part])) * 100 / base
    return float(share.quantize(CENT, ROUND_HALF_UP))


def _float(value: object) -> float | None:
    return None if value is None else float(str(value))


def _rows(value: object) -> int | None:
    return len(value) if isinstance(value, list) else None
