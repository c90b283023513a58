"""Sample answers of enterprise certification, weighed with some of them changed."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from workflows.assessment import Assessment, assess
from workflows.edition import load

ROOT = Path(__file__).resolve().parents[3]
EDITION = load(ROOT / "workflows/programmes/enterprise_certification/edition.toml")
CERTIFICATION, POOL_ENTRY = EDITION.samples[:2]
ENTERED = {"pool_active": True, "pool_entered_on": "2025-03-18"}


def weighed(
    changes: Mapping[str, Any] | None = None,
    *,
    procedure: str = "pool_entry",
    record: Mapping[str, Any] | None = None,
    today: str = "2026-09-24",
) -> Assessment:
    """Weigh the procedure's sample with some answers changed; None takes an answer away."""
    sample = CERTIFICATION if procedure == "certification" else POOL_ENTRY
    answers = {**sample.answers, **(changes or {})}
    given = {code: answer for code, answer in answers.items() if answer is not None}
    return assess(
        EDITION, procedure, given, record or {}, date.fromisoformat(today), submitted=True
    )


def codes(rules: tuple[Any, ...]) -> list[str]:
    return [rule.code for rule in rules]
