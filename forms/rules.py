"""The rules of a form put to a form with answers: what is required, what the checks say."""

from collections.abc import Collection, Iterable, Set

from forms.bound import Bound
from forms.derivation import dependencies
from forms.expressions import Expression, Failed, compile
from forms.schema import Check, Field
from forms.sentences import filled


def required(bound: Bound, field: Field) -> bool:
    """Tell whether a question must be answered, given the other answers."""
    if isinstance(field.required, bool):
        return field.required
    try:
        return bool(compile(field.required, bound.form.names()).evaluate(bound.values))
    except Failed as failure:
        bound.failures[field.code] = str(failure)
        return False


def ask(bound: Bound, fields: Iterable[Field], unfit: Set[str]) -> None:
    """Put to questions, and to the columns of tables, their checks that look at nothing unfit."""
    names = bound.form.names()
    for field in fields:
        for check in field.checks:
            rule = compile(check.when, names)
            if fit(bound, rule.names, unfit):
                _apply(bound, rule, check, field.code)
        for column in field.columns:
            for check in column.checks:
                rule = compile(check.when, names | {"row"})
                if fit(bound, rule.names, unfit):
                    _ask_rows(bound, field, column, check, rule)


def fit(bound: Bound, names: Collection[str], unfit: Set[str]) -> bool:
    """Tell whether nothing unfit stands behind `names`; hidden questions count as settled."""
    return not dependencies(bound.form, frozenset(names)) & bound.shown & unfit


def _ask_rows(bound: Bound, field: Field, column: Field, check: Check, rule: Expression) -> None:
    """Put a column's check to every row that answers the column; it sees the row as `row`."""
    for number, row in enumerate(bound.answers.get(field.code, [])):
        if column.code in row:
            _apply(bound, rule, check, f"{field.code}.{number}.{column.code}", number)


def _apply(
    bound: Bound, rule: Expression, check: Check, place: str, number: int | None = None
) -> None:
    code = place.split(".")[0]
    row = {} if number is None else bound.answers[code][number]
    values = bound.values if number is None else {**bound.values, "row": bound.values[code][number]}
    try:
        if rule.evaluate(values):
            sentence = filled(str(check), bound, bound.form.field(code), row)
            found = bound.errors if check.level == "error" else bound.warnings
            found.setdefault(place, []).append(sentence)
    except Failed as failure:
        bound.failures[place] = str(failure)
