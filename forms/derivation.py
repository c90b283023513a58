"""What a form works out by itself: which questions are shown, and the derived values.

Whether a question is shown, and what a derived value is, may depend on any answer and on other
derived values. The order of working them out is found once for each form; a circle is an error.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as member
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Any

from forms.expressions import BadExpression, Expression, Failed, compile, values_for
from forms.fields import kind_of
from forms.schema import Field, Form, Section


@dataclass(frozen=True)
class Step:
    """One question, with the expressions that decide on it."""

    field: Field
    section: Section
    conditions: tuple[Expression, ...]
    derived: Expression | None

    @property
    def needs(self) -> frozenset[str]:
        """Give the names this step looks at."""
        expressions = [*self.conditions, *([self.derived] if self.derived else [])]
        return frozenset().union(*(expression.names for expression in expressions))


@dataclass
class Derivation:
    """The outcome: every CEL value, the questions shown, the values derived."""

    values: dict[str, Any]
    shown: set[str] = member(default_factory=set)
    derived: dict[str, Any] = member(default_factory=dict)
    failures: dict[str, str] = member(default_factory=dict)


@lru_cache(maxsize=64)
def steps(form: Form) -> tuple[Step, ...]:
    """Give the questions so ordered that each finds what it needs; BadExpression for a circle."""
    found = {step.field.code: step for step in _steps(form)}
    needs = {code: step.needs & found.keys() for code, step in found.items()}
    try:
        return tuple(found[code] for code in TopologicalSorter(needs).static_order())
    except CycleError as error:
        raise BadExpression(f"depend on each other: {', '.join(error.args[1])}") from error


def derive(form: Form, answers: Mapping[str, Any], context: Mapping[str, Any]) -> Derivation:
    """Work out what is shown and derived; hidden questions count as unanswered."""
    plain = {
        field.code: answers[field.code]
        for field in form.fields()
        if field.code in answers and not field.derived
    }
    outcome = Derivation(values_for(form, plain, context))
    for step in steps(form):
        code = step.field.code
        if not _shown(step, outcome):
            outcome.values[code] = kind_of(step.field).empty
            continue
        outcome.shown.add(code)
        if step.derived:
            _work_out(step.field, step.derived, outcome)
    return outcome


@lru_cache(maxsize=4096)
def dependencies(form: Form, names: frozenset[str]) -> frozenset[str]:
    """Give the questions someone answers that stand behind `names`, through derived values."""
    derived = {step.field.code: step.derived.names for step in steps(form) if step.derived}
    found, waiting = set[str](), set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= derived.get(name, frozenset()) - found
    asked = {field.code for field in form.fields()} - derived.keys()
    return frozenset(found & asked)


def _steps(form: Form) -> Iterator[Step]:
    names = form.names()
    for section in form.sections:
        for field in section.fields:
            sources = [source for source in (section.show, field.show) if source]
            conditions = tuple(compile(source, names) for source in sources)
            yield Step(
                field, section, conditions, compile(field.derived, names) if field.derived else None
            )


def _shown(step: Step, outcome: Derivation) -> bool:
    try:
        return all(condition.evaluate(outcome.values) for condition in step.conditions)
    except Failed as failure:
        outcome.failures[step.field.code] = str(failure)
        return True


def _work_out(field: Field, expression: Expression, outcome: Derivation) -> None:
    kind = kind_of(field)
    try:
        value = kind.from_cel(field, expression.evaluate(outcome.values))
    except (Failed, ValueError) as failure:
        outcome.failures[field.code] = str(failure)
        return
    if value is not None:
        outcome.derived[field.code] = value
        outcome.values[field.code] = kind.to_cel(field, value)
