"""A section as a page shows it: an error summary, and blocks of questions."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as member

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from forms.bound import Bound
from forms.controls import Question
from forms.expressions import compile
from forms.fields import kind_of
from forms.fields.table import Table
from forms.schema import Field, Form, Section


@dataclass
class Block:
    """A part of the page between two lines: questions, and those that depend on them."""

    questions: list[Question] = member(default_factory=list)
    conditional: list[Question] = member(default_factory=list)


@dataclass(frozen=True)
class Problem:
    """A line of the error summary."""

    anchor: str
    sentence: str


@dataclass(frozen=True)
class Page:
    """A section to show."""

    section: Section
    blocks: list[Block]
    problems: list[Problem]


def page(form: Form, section: Section, bound: Bound, open_: Collection[str] | None = None) -> Page:
    """Lay out the questions of a section that are shown; those not `open_` can only be read."""
    codes = {field.code for field in section.fields}
    shown = [
        _question(
            field,
            bound,
            dependent=bool(field.show and compile(field.show, form.names()).names & codes),
            locked=open_ is not None and field.code not in open_,
        )
        for field in section.fields
        if field.code in bound.shown
    ]
    return Page(
        section,
        list(_blocks(shown)),
        [problem for question in shown for problem in _problems(question)],
    )


def _question(field: Field, bound: Bound, *, dependent: bool, locked: bool) -> Question:
    kind, answer = kind_of(field), bound.answer(field.code)
    inside = {
        place.removeprefix(field.code): sentences
        for place, sentences in bound.errors.items()
        if place.startswith(f"{field.code}.")
    }
    return Question(
        field,
        field.code,
        kind.retyped(field, bound.raw.get(field.code)),
        tuple(bound.errors.get(field.code, ())),
        tuple(
            sentence
            for place, said in bound.warnings.items()
            if place.split(".")[0] == field.code
            for sentence in said
        ),
        optional=field.required is False and not field.derived,
        dependent=dependent,
        locked=locked,
        leads=field.kind in {"table", "longtext"} and not dependent,
        answer="" if answer is None else kind.shown(field, answer, get_language() or "zh-hans"),
        placed=_with_rows(inside) if isinstance(kind, Table) else inside,
    )


def _with_rows(inside: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Say in front of each sentence about a cell which row it is in."""
    return {
        place: [
            _("Row %(number)d: %(sentence)s")
            % {"number": int(place.split(".")[1]) + 1, "sentence": s}
            for s in said
        ]
        for place, said in inside.items()
    }


def _problems(question: Question) -> Iterator[Problem]:
    for sentence in question.errors:
        inner = f"{question.id}-from" if question.field.kind == "period" else question.id
        yield Problem(inner, sentence)
    for place, sentences in question.placed.items():
        for sentence in sentences:
            yield Problem(question.id + place.replace(".", "-"), sentence)


def _blocks(questions: list[Question]) -> Iterator[Block]:
    """Put dependent questions under the one they follow, and tables and long texts on their own."""
    block = Block()
    for question in questions:
        if question.dependent and block.questions:
            block.conditional.append(question)
            continue
        closed = block.conditional or (
            block.questions and (question.leads or block.questions[-1].leads)
        )
        if closed:
            yield block
            block = Block()
        block.questions.append(question)
    if block.questions:
        yield block
