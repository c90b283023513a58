"""Sample answers of base designation, weighed with some of them changed."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from workflows.assessment import Assessment, assess
from workflows.edition import load
from workflows.programmes.base_designation.rules import results

ROOT = Path(__file__).resolve().parents[3]
EDITION = load(ROOT / "workflows/programmes/base_designation/edition.toml")
SAMPLES = {str(sample.answers["base_kind"]): sample for sample in reversed(EDITION.samples[:4])}
KINDS = ("employment", "teaching", "practice", "highskill")


def weighed(
    kind: str,
    changes: Mapping[str, Any] | None = None,
    *,
    record: Mapping[str, Any] | None = None,
    today: str = "",
) -> Assessment:
    """Weigh the sample of a kind with some answers changed; None takes an answer away."""
    sample = SAMPLES[kind]
    answers = {**sample.answers, **(changes or {})}
    given = {code: answer for code, answer in answers.items() if answer is not None}
    known = sample.record if record is None else record
    day = date.fromisoformat(today) if today else sample.today
    return assess(EDITION, "designation", given, known, day, submitted=True)


def blocks(found: Assessment) -> list[str]:
    return [rule.code for rule in found.blocks]


def reported(found: Assessment) -> dict[str, object]:
    return results(
        conditions=found.conditions,
        blocks=blocks(found),
        answers=found.bound.answers,
        derived=found.bound.derived,
        rule=EDITION.rule,
    )
