"""What changed between two sets of answers, question by question."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from django.utils.translation import get_language

from forms import units
from forms.fields import kind_of
from forms.fields.table import Table
from forms.schema import Field, Form

WORDS = re.compile(r"[A-Za-z]+|\d[\d,.]*|\s+|.", re.DOTALL)
SENTENCES = re.compile(r"[^。；！？\n.;!?]*[。；！？\n.;!?]|[^。；！？\n.;!?]+")
LONG = 2000  # words; longer texts are compared by sentence, for the cost grows with the square


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `changed` where the other side does not have it."""

    text: str
    changed: bool


@dataclass(frozen=True)
class Change:
    """One question answered differently, both answers as shown and cut into pieces."""

    code: str
    section: str
    label: str
    kind: Literal["added", "removed", "changed"]
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


def changes(
    form: Form, before: Mapping[str, Any], after: Mapping[str, Any], language: str | None = None
) -> list[Change]:
    """Give the questions whose answers differ, in `language` or the reader's own."""
    tongue = language or get_language() or "zh-hans"
    return [
        _change(field, section.code, before.get(field.code), after.get(field.code), tongue)
        for section in form.sections
        for field in section.fields
        if before.get(field.code) != after.get(field.code)
    ]


def _change(field: Field, section: str, old: Any, new: Any, language: str) -> Change:
    kind: Literal["added", "removed", "changed"] = (
        "added" if old is None else "removed" if new is None else "changed"
    )
    first, second = _words(field, old, language), _words(field, new, language)
    before, after = _pieces(first, second)
    return Change(field.code, section, field.in_language(language), kind, before, after)


def _words(field: Field, answer: Any, language: str) -> list[str]:
    """Cut an answer into what is compared: words of a text, rows of a table, else the whole."""
    if answer is None:
        return []
    kind = kind_of(field)
    if isinstance(kind, Table):
        return [
            " · ".join(cell or "—" for cell in row) + "\n"
            for row in kind.shown_rows(field, answer, language)
        ]
    shown = kind.shown(field, answer, language)
    if field.kind == "longtext":
        words = WORDS.findall(shown)
        return words if len(words) <= LONG else SENTENCES.findall(shown)
    return [f"{shown} {units.in_language(field.unit, language)}".rstrip()]


def _pieces(first: list[str], second: list[str]) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    before, after = [], []
    for tag, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        before.append(Piece("".join(first[a:b]), tag != "equal"))
        after.append(Piece("".join(second[c:d]), tag != "equal"))
    return tuple(_said(before)), tuple(_said(after))


def _said(pieces: list[Piece]) -> Iterator[Piece]:
    return (piece for piece in pieces if piece.text)
