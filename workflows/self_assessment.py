"""What the answers of a self-check say of each rule, and of the application they begin.

It decides nothing. The questions are an edition's own, the rules are those of the application, and
what was answered here need not be typed again there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from forms import binding, sentences
from forms.bound import Bound
from forms.expressions import compile
from forms.fields import kind_of
from forms.schema import Text
from workflows.edition import RECORD, Edition, Rule


@dataclass(frozen=True)
class Finding:
    """One rule or condition: its words, whether it is met, and what to do where it is not."""

    code: str
    words: Text
    met: bool
    advice: str = ""
    one_of_several: bool = False


def bind(
    rules: Edition, procedure: str, answers: Mapping[str, Any], today: date, *, whole: bool
) -> Bound:
    """Judge the answers; with ``whole``, every question that must be answered is demanded."""
    check = rules.self_check
    assert check is not None, "asked only where the edition has one"
    context = binding.context(rules.rule, procedure, {}, today)
    return binding.bind(check.form, answers, context=context, submitted=whole)


def findings(rules: Edition, procedure: str, bound: Bound) -> Iterator[Finding]:
    """What the answers say of each rule that governs ``procedure``, the rules before conditions."""
    check = rules.self_check
    assert check is not None, "asked only where the edition has one"
    met = {
        each.of: bool(compile(each.met, check.form.names()).evaluate(bound.values))
        for each in check.verdicts
    }
    conditions = [each.code for each in rules.conditions if met.get(each.code)]
    known = _known(rules, procedure, bound, conditions)
    for rule in rules.rules(procedure):
        if rule.code in met:
            holds = met[rule.code]
            yield Finding(rule.code, rule, holds, "" if holds else _advice(rule, known))
    for condition in rules.conditions:
        if condition.code in met:
            yield Finding(condition.code, condition, met[condition.code], one_of_several=True)


def _known(rules: Edition, procedure: str, bound: Bound, conditions: Sequence[str]) -> Bound:
    """The application as far as the self-check fills it in, with the conditions it found met."""
    today = date.fromisoformat(bound.values["today"])
    context = binding.context(rules.rule, procedure, RECORD, today, tuple(conditions))
    return binding.bind(rules.form, filled(rules, bound), context=context)


def _advice(rule: Rule, known: Bound) -> str:
    """What the applicant would read of a broken rule, as far as it speaks of what is known."""
    anyone = next(known.form.fields())
    return sentences.filled(sentences.known(str(rule.sentence), known), known, anyone, {})


def filled(rules: Edition, bound: Bound) -> dict[str, Any]:
    """The answers of the application that the self-check gives, as somebody would type them."""
    check = rules.self_check
    assert check is not None, "asked only where the edition has one"
    known = {
        code: compile(source, check.form.names()).evaluate(bound.values)
        for code, source in check.fills.items()
    }
    told = {code: value for code, value in known.items() if value not in ("", None)}
    return {code: _typed(rules, code, value) for code, value in told.items()}


def _typed(rules: Edition, code: str, value: Any) -> Any:
    """A value of an expression as the form takes it; money is whole fen in expressions."""
    field = rules.form.field(code)
    known = kind_of(field).from_cel(field, value)
    return known if isinstance(known, bool | str) else str(known)
