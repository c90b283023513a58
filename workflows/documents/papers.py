"""The papers that are issued: what each must say, and how it becomes a PDF.

The facts come from the caller, already in the language of the paper; the labels around them are
translated here. All words are cleaned, and a paper is refused that does not show its number, its
holder and its code.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar
from unicodedata import east_asian_width

from django.template.loader import get_template
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from workflows.documents.qr import qr_svg
from workflows.documents.rendering import Rendered, render
from workflows.documents.text import clean

NUMBER = re.compile(r"[+-]?\d[\d.,]*%?")
WORD = 6  # characters of a cell that is not broken
SHORT = 8  # rows of a table that is not broken over pages
LIMIT = 4000  # characters in one value of a paper
PICTURES = Path(__file__).resolve().parent.parent / "templates" / "workflows" / "documents"
WATERMARK = "演示 测试 DEMO"


@dataclass(frozen=True)
class Item:
    """One line of the list in a letter: what is at issue, why, and until when."""

    label: str
    text: str = ""
    due: str = ""


@dataclass(frozen=True)
class Table:
    """A table of a letter; a cell that reads as a number stands to the right."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def short(self) -> bool:
        """Whether it is kept on one page."""
        return len(self.rows) <= SHORT

    @property
    def lines(self) -> list[list[tuple[str, str]]]:
        """Every row as cells, each with how it is set: a figure, an unbroken word, or text."""
        return [[(cell, kind_of(cell)) for cell in row] for row in self.rows]


@dataclass(frozen=True, kw_only=True)
class Letter:
    """An official letter in the form of GB/T 9704: notice, correction notice, decision."""

    template: ClassVar[str] = "workflows/documents/letter.html"
    pictures: ClassVar[tuple[str, ...]] = ()

    lang: str  # "zh-hans" or "en"
    issuer: str  # 发文机关标志, in the red head
    number: str  # 发文字号, such as 沪产教联办〔2026〕12号
    title: str
    addressee: str
    paragraphs: tuple[str, ...]
    bodies: tuple[str, ...]  # who signs, above the date
    date_text: str
    code: str  # of verification
    verify_url: str
    items: tuple[Item, ...] = ()  # reasons or corrections, as a table after the paragraphs
    tables: tuple[Table, ...] = ()  # figures and terms, before the items
    closing: tuple[str, ...] = ()  # paragraphs after the table: remedies
    digest_short: str = ""
    demo: bool = False
    tight: bool = False  # lines and margins drawn together

    @property
    def issuer_size(self) -> str:
        """The size of the red head, so that it stays on one line where it can."""
        return fitted(self.issuer, width=470, largest=32, smallest=20)

    @property
    def dated(self) -> bool:
        """Whether the list needs a column of due dates."""
        return any(item.due for item in self.items)

    @property
    def must_show(self) -> tuple[str, ...]:
        """What the finished paper is searched for."""
        return (self.number, self.title, self.addressee, self.code)


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate of a title, one page, A4 landscape."""

    template: ClassVar[str] = "workflows/documents/certificate.html"
    pictures: ClassVar[tuple[str, ...]] = ("frame.svg",)

    lang: str
    title: str
    number: str  # 证书编号
    identifier: str  # 电子证照标识
    holder: str
    uscc: str
    level: str
    text: str
    issued_on: date
    valid_from: date
    valid_to: date | None  # None: until it is withdrawn
    bodies: tuple[str, ...]
    code: str
    verify_url: str
    subtitle: str = ""
    digest_short: str = ""
    demo: bool = False

    @property
    def title_size(self) -> str:
        """The size of the title, which stays on one line."""
        return fitted(self.title, width=640 if self.lang == "en" else 450, largest=40)

    @property
    def holder_size(self) -> str:
        """The size of the holder's name, which is never broken."""
        return fitted(self.holder, width=600, largest=29)

    @property
    def date_text(self) -> str:
        """The day of issue, in the words of the paper's language."""
        return date_text(self.issued_on, self.lang)

    @property
    def term_text(self) -> str:
        """The first and the last day it is valid."""
        days = {"first": date_text(self.valid_from, self.lang)}
        with translation.override(self.lang):
            if self.valid_to is None:
                return gettext("from %(first)s") % days
            days["last"] = date_text(self.valid_to, self.lang)
            return gettext("%(first)s to %(last)s") % days

    @property
    def must_show(self) -> tuple[str, ...]:
        """What the finished paper is searched for."""
        return (self.number, self.holder, self.uscc, self.identifier, self.code)


@dataclass(frozen=True, kw_only=True)
class Designation(Certificate):
    """A certificate of a base: what bears the title is a place, held by a lead and its partners."""

    template: ClassVar[str] = "workflows/documents/designation.html"

    base_name: str
    base_kind: str
    partners: str
    agreement_no: str

    @property
    def name_size(self) -> str:
        """The size of the base's name, which is never broken."""
        return fitted(self.base_name, width=600, largest=29)

    @property
    def must_show(self) -> tuple[str, ...]:
        """What the finished paper is searched for."""
        return (*super().must_show, self.base_name)


@dataclass(frozen=True, kw_only=True)
class Recognition(Certificate):
    """A certificate of a school recognised in its group; its place is not printed."""

    template: ClassVar[str] = "workflows/documents/recognition.html"

    group: str


Paper = Letter | Certificate


def make(
    paper: Paper, *, record: bytes, created: datetime, watermark: str | None = None
) -> Rendered:
    """Return the unsigned PDF of a paper, ``record`` embedded; same facts, same bytes.

    ``watermark`` stands across every page of one that is not issued. A letter that so needs a
    page less is set tighter, as GB/T 9704-2012, 7.3.5.5 advises for a page that would hold the
    seal alone. Raises what ``rendering.render`` raises.
    """
    paper = cleaned(paper)
    rendered = typeset(paper, record, created, watermark)
    if rendered.pages > 1 and isinstance(paper, Letter):
        tight = typeset(replace(paper, tight=True), record, created, watermark)
        return tight if tight.pages < rendered.pages else rendered
    return rendered


def typeset(
    paper: Paper, record: bytes, created: datetime, watermark: str | None = None
) -> Rendered:
    """Return a paper, already clean, as a PDF."""
    return render(
        compose(paper),
        record=record,
        title=f"{paper.title} {paper.number}",
        created=created,
        assets=assets(paper),
        watermark=watermark or (WATERMARK if paper.demo else None),
        must_show=paper.must_show,
    )


def compose(paper: Paper) -> str:
    """Return the HTML of a paper, labels in its own language."""
    with translation.override(paper.lang):
        return get_template(paper.template).render({"paper": paper})


def assets(paper: Paper) -> Mapping[str, bytes]:
    """Return the pictures a paper refers to."""
    pictures = {name: (PICTURES / name).read_bytes() for name in paper.pictures}
    return pictures | {"qr.svg": qr_svg(paper.verify_url)}


def cleaned(paper: Paper) -> Paper:
    """Return the paper with every word of it fit to print."""
    words: dict[str, Any] = {
        part.name: clean_value(getattr(paper, part.name)) for part in fields(paper)
    }
    return replace(paper, **words)


def clean_value(value: object) -> object:
    """Clean a value of a paper, lists and their items included."""
    if isinstance(value, str):
        return clean(value, LIMIT)
    if isinstance(value, tuple | list):
        return tuple(map(clean_value, value))
    if isinstance(value, Item | Table):
        parts = [clean_value(getattr(value, part.name)) for part in fields(value)]
        return type(value)(*parts)  # type: ignore[arg-type]
    return value


def kind_of(cell: str) -> str:
    """Whether a cell holds a ``number``, a ``word`` that stays on one line, or text ("")."""
    if NUMBER.fullmatch(cell):
        return "number"
    return "word" if len(cell) <= WORD else ""


def fitted(words: str, *, width: float, largest: float, smallest: float = 8) -> str:
    """Return the size in pt, ``smallest`` to ``largest``, that sets words ``width`` pt wide."""
    ems = sum(1.0 if east_asian_width(sign) in "WF" else 0.55 for sign in words)
    return f"{min(largest, max(smallest, width / max(ems, 1))):.1f}"


def date_text(day: date, lang: str) -> str:
    """Return a day as a paper writes it: 2026年8月20日 (GB/T 9704-2012, 7.3.5.4), or in English."""
    with translation.override(lang):
        if lang.startswith("zh"):
            return f"{day.year}年{day.month}月{day.day}日"
        return date_format(day, "j F Y")
