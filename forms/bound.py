"""A form with answers, as `binding.bind` leaves it."""

from dataclasses import dataclass
from dataclasses import field as member
from typing import Any

from forms.schema import Form

Sentences = dict[str, list[str]]  # by place: "uscc", "revenue_3y.0.amount", "period.to"


@dataclass
class Bound:
    """A form with answers."""

    form: Form
    raw: dict[str, Any]  # what a draft keeps: answers, wrong typing, answers to hidden questions
    values: dict[str, Any]  # what expressions see
    shown: set[str]
    answers: dict[str, Any] = member(default_factory=dict)  # valid answers to shown questions
    derived: dict[str, Any] = member(default_factory=dict)
    errors: Sentences = member(default_factory=dict)
    warnings: Sentences = member(default_factory=dict)
    missing: list[str] = member(default_factory=list)
    failures: dict[str, str] = member(
        default_factory=dict
    )  # expressions that could not be evaluated

    @property
    def ok(self) -> bool:
        """Tell whether nothing is wrong and nothing asked for is missing."""
        return not self.errors and not self.missing

    def answer(self, code: str) -> Any:
        """Give the answer or derived value of a question; None if there is none."""
        return self.derived.get(code, self.answers.get(code))
