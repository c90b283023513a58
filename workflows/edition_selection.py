"""Whether an edition that chooses among many makes sense: groups, ties, figures, lines of money."""

from collections.abc import Collection, Iterable, Iterator

from forms.schema import Form
from workflows.edition_source import Key
from workflows.edition_trial import Problem
from workflows.procedure import Procedure
from workflows.selection import Index, Selection, Tie

PLACED = frozenset({"mark", "place", "amount"})  # what `publishes` may name beside the answers
FIGURE = ("id", "value", "not_applicable")  # the columns of a table of figures


def problems(key: Key, procedure: Procedure, form: Form) -> Iterator[Problem]:
    """Yield everything wrong with what a procedure chooses by."""
    selection, index = procedure.selection, procedure.index
    if index is not None:
        yield from _index((*key, "index"), index, form)
    if selection is None:
        if procedure.funding is not None:
            yield Problem((*key, "funding"), "gives money to projects that nothing puts in order")
        return
    at: Key = (*key, "selection")
    yield from _twins((*at, "groups"), [one.code for one in selection.groups])
    if selection.by == "index":
        yield from _relative(at, selection, index)
    for place, tie in enumerate(selection.ties):
        yield from _tie((*at, "ties", place), tie, procedure)
    if procedure.funding is not None:
        lines = [one.code for one in procedure.funding.lines]
        yield from _unknown((*at, "groups"), [one.code for one in selection.groups], lines)


def told(procedure: Procedure) -> frozenset[str]:
    """Give what a public notice may say of a case beside its answers."""
    if procedure.selection is None:
        return PLACED & {"mark"}
    return PLACED if procedure.funding else PLACED - {"amount"}


def _relative(key: Key, selection: Selection, index: Index | None) -> Iterator[Problem]:
    if index is None:
        yield Problem((*key, "by"), "is an index, but the procedure has none")
    if selection.minimum < 2:
        yield Problem((*key, "minimum"), "is 1: measured by itself alone, a case has every point")


def _index(key: Key, index: Index, form: Form) -> Iterator[Problem]:
    columns = {field.code: [each.code for each in field.columns] for field in form.fields()}
    yield from _unknown((*key, "field"), [index.field], columns)
    yield from _unknown((*key, "field"), FIGURE, columns.get(index.field, FIGURE))
    levels = [one.code for one in index.levels]
    yield from _twins((*key, "levels"), levels)
    for place, one in enumerate(index.indicators):
        yield from _unknown((*key, "indicators", place, "level1"), [one.level1], levels)


def _tie(key: Key, tie: Tie, procedure: Procedure) -> Iterator[Problem]:
    criteria = [one.code for one in procedure.evaluation.rubric]
    yield from _unknown((*key, "criteria"), tie.criteria, criteria)
    if tie.level is not None:
        levels = [one.code for one in procedure.index.levels] if procedure.index else []
        yield from _unknown((*key, "level"), [tie.level], levels)


def _unknown(key: Key, names: Iterable[str], known: Collection[str]) -> Iterator[Problem]:
    if wrong := sorted(set(names) - set(known)):
        yield Problem(key, f"names what is not there: {', '.join(wrong)}")


def _twins(key: Key, codes: Collection[str]) -> Iterator[Problem]:
    if twice := sorted({code for code in codes if list(codes).count(code) > 1}):
        yield Problem(key, f"occur twice: {', '.join(twice)}")
