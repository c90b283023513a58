"""The sample answers of a school, weighed with some of them changed."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from workflows.assessment import Assessment, assess
from workflows.edition import load

ROOT = Path(__file__).resolve().parents[3]
EDITION = load(ROOT / "workflows/programmes/benchmark_school/edition.toml")
PROCEDURE = EDITION.procedures["recognition"]
SAMPLE = EDITION.samples[0]


def weighed(
    changes: Mapping[str, Any] | None = None,
    *,
    record: Mapping[str, Any] | None = None,
    today: str = "2026-10-08",
) -> Assessment:
    """Weigh the sample with some answers changed; None takes an answer away."""
    answers = {**SAMPLE.answers, **(changes or {})}
    given = {code: answer for code, answer in answers.items() if answer is not None}
    return assess(
        EDITION, "recognition", given, record or {}, date.fromisoformat(today), submitted=True
    )


def figures(**changes: Mapping[str, Any] | str) -> dict[str, Any]:
    """The table of indicators with some rows changed: ``figures(I24="12")``."""
    rows = []
    for row in SAMPLE.answers["indicators"]:
        change = changes.get(row["id"], {})
        rows.append({**row, **({"value": change} if isinstance(change, str) else change)})
    return {"indicators": rows}


def said(found: Assessment) -> list[str]:
    """Every refusal, in order."""
    return [sentence for sentences in found.bound.errors.values() for sentence in sentences]
