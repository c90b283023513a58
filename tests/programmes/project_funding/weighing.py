"""The sample answers of a project, weighed with some of them changed."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from workflows.assessment import Assessment, assess
from workflows.edition import load

ROOT = Path(__file__).resolve().parents[3]
EDITION = load(ROOT / "workflows/programmes/project_funding/edition.toml")
PROCEDURE = EDITION.procedures["funding"]
BASE, CHALLENGE = EDITION.samples[:2]


def weighed(
    changes: Mapping[str, Any] | None = None,
    *,
    sample: Any = BASE,
    record: Mapping[str, Any] | None = None,
    today: str = "2026-09-14",
) -> Assessment:
    """Weigh the sample with some answers changed; None takes an answer away."""
    answers = {**sample.answers, **(changes or {})}
    given = {code: answer for code, answer in answers.items() if answer is not None}
    return assess(
        EDITION, "funding", given, record or {}, date.fromisoformat(today), submitted=True
    )


def rows(code: str, *changes: tuple[int, Mapping[str, Any]]) -> dict[str, Any]:
    """A table of the sample with some of its rows changed."""
    table = [dict(row) for row in BASE.answers[code]]
    for place, change in changes:
        table[place] |= change
    return {code: table}


def money(total: str, fiscal: str, own: str) -> dict[str, Any]:
    """A budget of three figures that agree: public money, and the school's."""
    row = {"category": "training", "item": "课程开发", "year": 2027, "basis": "人次×标准"}
    return {
        "total_budget": total,
        "fiscal_request": fiscal,
        "self_funds": own,
        "enterprise_funds": "0.00",
        "other_funds": "0.00",
        "budget_lines": [
            {**row, "source": "fiscal", "amount": fiscal},
            {**row, "source": "school", "amount": own},
        ],
    }


def blocked(found: Assessment) -> list[str]:
    """The codes of the rules that stand in the way."""
    return [rule.code for rule in found.blocks]


def said(found: Assessment) -> list[str]:
    """Every refusal, in order."""
    return [sentence for sentences in found.bound.errors.values() for sentence in sentences]
