"""Whether the rules of money in an edition hold together: lines, budget, panel."""

from collections.abc import Iterator, Mapping

from forms.schema import Field, Form
from workflows.edition_source import Key
from workflows.edition_trial import Problem
from workflows.procedure import Procedure
from workflows.selection import Funding

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "table": ("category", "item", "source", "year", "amount"),
    "goals": ("indicator", "unit", "direction", "target", "year_targets", "weight"),
    "milestones": ("due_on", "deliverable"),
}
KINDS: Mapping[str, str] = {
    "name": "text",
    "line": "enum",
    "request": "money",
    "total": "money",
    "starts_on": "date",
    "ends_on": "date",
    **dict.fromkeys(COLUMNS, "table"),
}


def problems(key: Key, procedure: Procedure, form: Form) -> Iterator[Problem]:
    """Give everything wrong with what a procedure says of money."""
    if procedure.funding is None:
        return
    fields = {field.code: field for field in form.fields()}
    yield from _fields((*key, "funding"), procedure.funding, fields)
    yield from _lines((*key, "funding", "lines"), procedure, fields)
    yield from _panel((*key, "funding", "large_size"), procedure)
    if procedure.grant.kind != "project":
        yield Problem((*key, "grant", "kind"), "money is granted to a project")


def _fields(key: Key, funding: Funding, fields: Mapping[str, Field]) -> Iterator[Problem]:
    """Yield every answer that is not asked, or not in the shape money needs."""
    for name, kind in KINDS.items():
        code = getattr(funding, name)
        if code not in fields:
            yield Problem((*key, name), f"not known here: {code}")
        elif fields[code].kind != kind:
            yield Problem((*key, name), f"{code} is of kind {fields[code].kind}, not {kind}")
        else:
            columns = {column.code for column in fields[code].columns}
            if absent := [each for each in COLUMNS.get(name, ()) if each not in columns]:
                yield Problem((*key, name), f"{code} lacks the columns: {', '.join(absent)}")


def _lines(key: Key, procedure: Procedure, fields: Mapping[str, Field]) -> Iterator[Problem]:
    """Yield a line one can choose but that has no money, or the other way round."""
    funding = procedure.funding
    assert funding is not None, "asked for procedures with money only"
    lines = {line.code for line in funding.lines}
    named = {}
    if asked := fields.get(funding.line):
        named[f"choices of {funding.line}"] = {choice.value for choice in asked.choices}
    if procedure.selection:
        named["groups of the selection"] = {group.code for group in procedure.selection.groups}
    for what, codes in named.items():
        if odd := sorted(lines ^ codes):
            yield Problem(key, f"differ from the {what}: {', '.join(odd)}")


def _panel(key: Key, procedure: Procedure) -> Iterator[Problem]:
    funding, evaluation = procedure.funding, procedure.evaluation
    assert funding is not None, "asked for procedures with money only"
    if (funding.large_from is None) != (funding.large_size is None):
        yield Problem(key, "large_from and large_size go together")
    elif funding.large_size is not None and (
        funding.large_size % 2 == 0 or funding.large_size < evaluation.size
    ):
        yield Problem(key, "a larger panel is odd and not smaller than the usual one")
