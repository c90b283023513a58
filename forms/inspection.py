"""What can be known to be wrong with a form before anyone answers it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from forms.derivation import steps
from forms.expressions import BadExpression, compile
from forms.schema import Check, Field, Form
from forms.sentences import names_in


@dataclass(frozen=True)
class Fault:
    """Something wrong, and where: "employees_total.checks[0].when"."""

    where: str
    reason: str


def inspect(form: Form) -> list[Fault]:
    """Compile every expression, look for circles and for placeholders nobody can fill."""
    faults = []
    for where, source, names in expressions(form):
        try:
            compile(source, names)
        except BadExpression as bad:
            faults.append(Fault(where, bad.reason))
    if not faults:
        try:
            steps(form)
        except BadExpression as circle:
            faults.append(Fault("sections", circle.reason))
    return [*faults, *_placeholders(form)]


def expressions(form: Form) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Give every expression of a form: where it stands, its source, the names it may use."""
    names = form.names()
    for section in form.sections:
        if section.show:
            yield f"{section.code}.show", section.show, names
        for field in section.fields:
            yield from _of_field(field, names)
    for attachment in form.attachments:
        for key in ("show", "required"):
            if isinstance(source := getattr(attachment, key), str):
                yield f"{attachment.code}.{key}", source, names


def _of_field(
    field: Field, names: frozenset[str], table: str = ""
) -> Iterator[tuple[str, str, frozenset[str]]]:
    where = f"{table}{field.code}"
    for key in ("show", "derived", "required"):
        if isinstance(source := getattr(field, key), str):
            yield f"{where}.{key}", source, names
    for place, check in enumerate(field.checks):
        yield f"{where}.checks[{place}].when", check.when, names
    for column in field.columns:
        yield from _of_field(column, names | {"row"}, f"{where}.")


def _placeholders(form: Form) -> Iterator[Fault]:
    names = form.names()
    for field in form.fields():
        yield from _unfillable(field.code, field.checks, names)
        cells = names.union(column.code for column in field.columns)
        for column in field.columns:
            yield from _unfillable(f"{field.code}.{column.code}", column.checks, cells)


def _unfillable(where: str, checks: Collection[Check], names: Collection[str]) -> Iterator[Fault]:
    for place, check in enumerate(checks):
        if unknown := sorted((names_in(check.zh) | names_in(check.en)) - set(names)):
            yield Fault(
                f"{where}.checks[{place}]", f"has placeholders for nothing: {', '.join(unknown)}"
            )
