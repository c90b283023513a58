"""A section as a page shows it: an error summary, and blocks of questions.

A question that answers of the same section can call for has its place on the page, asked now or
not: so a script can show it there as soon as it is asked, and nothing else on the page moves.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as member

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from forms.bound import Bound
from forms.controls import Question
from forms.derivation import dependencies
from forms.expressions import compile
from forms.fields import kind_of
from forms.fields.table import Table
from forms.schema import Field, Form, Section


@dataclass
class Block:
    """A part of the page between two lines: questions, and those that depend on them."""

    questions: list[Question] = member(default_factory=list)
    conditional: list[Question] = member(default_factory=list)

    @property
    def asked(self) -> bool:
        """Tell whether anything in it is asked now."""
        return any(each.asked for each in (*self.questions, *self.conditional))

    @property
    def depending(self) -> bool:
        """Tell whether any of the questions that depend on others is asked now."""
        return any(each.asked for each in self.conditional)


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

    @property
    def questions(self) -> list[Question]:
        """Give the questions asked now, in order."""
        return [
            each
            for block in self.blocks
            for each in (*block.questions, *block.conditional)
            if each.asked
        ]


def page(
    form: Form,
    section: Section,
    bound: Bound,
    open_: Collection[str] | None = None,
    watched: Collection[str] = (),
) -> Page:
    """Lay out the questions of a section; those not `open_` can only be read.

    A question leads others if any of them, or a name that is `watched` elsewhere on the page, looks
    at its answer.
    """
    codes = {field.code for field in section.fields}
    leading = dependencies(form, frozenset(_looked_at(form, section)) | frozenset(watched))
    placed = [
        _question(
            field,
            bound,
            dependent=bool(field.show and compile(field.show, form.names()).names & codes),
            locked=open_ is not None and field.code not in open_,
            leading=field.code in leading,
        )
        for field in section.fields
        if field.code in bound.shown or _can_come(form, field, codes)
    ]
    return Page(
        section,
        list(_blocks(placed)),
        [problem for question in placed if question.asked for problem in _problems(question)],
    )


def _looked_at(form: Form, section: Section) -> Iterator[str]:
    """Give the names that decide what the section asks, works out and warns of."""
    names, rows = form.names(), form.names() | {"row"}
    for field in section.fields:
        for source in (field.show, field.derived, *_warned(field)):
            if source:
                yield from compile(source, names).names
        for column in field.columns:
            for source in _warned(column):
                yield from {field.code, *compile(source, rows).names}


def _warned(field: Field) -> Iterator[str]:
    return (check.when for check in field.checks if check.level == "warning")


def _can_come(form: Form, field: Field, codes: Collection[str]) -> bool:
    """Tell whether answers of this very section decide on a question."""
    if not field.show:
        return False
    return not dependencies(form, compile(field.show, form.names()).names).isdisjoint(codes)


def _question(
    field: Field, bound: Bound, *, dependent: bool, locked: bool, leading: bool
) -> Question:
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
        asked=field.code in bound.shown,
        dependent=dependent,
        locked=locked,
        leading=leading,
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
