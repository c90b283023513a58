"""The typed shape of a form: sections, fields of seventeen kinds, attachments, checks.

A form is data, authored with an edition and frozen with it. Sentences are bilingual; conditions and
derived values are CEL (forms/expressions.py). How answers are stored is said at `Kind`.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal, Self

from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator
from pydantic import Field as Member

# Stored as JSON: int and year as int; decimal, money and percent as the text of a Decimal; date as
# YYYY-MM-DD; bool as true or false; table as a list of {column: value}; period as {"from", "to"};
# yearly as {year: text of a Decimal}; everything else as text. A question without an answer has no
# key.
Kind = Literal[
    "text", "longtext", "int", "decimal", "money", "percent", "date", "bool", "enum",
    "uscc", "phone", "email", "url", "table", "period", "year", "yearly",
]  # fmt: skip
NUMBERS = frozenset({"int", "decimal", "money", "percent"})
# Answers that need room.
WORDY = frozenset({"text", "longtext", "enum", "uscc", "email", "url", "yearly"})
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Cel = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]

# Names every expression may use beside the answers; no field may take one of them.
CONTEXT = frozenset({"wan", "today", "this_year", "rule", "procedure", "record", "conditions"})


class Shape(BaseModel):
    """A frozen piece of a form that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Shape):
    """A sentence in both languages."""

    zh: Sentence
    en: Sentence

    def in_language(self, language: str) -> str:
        """Give the sentence in `language` ("zh-hans" or "en")."""
        return self.zh if language.startswith("zh") else self.en

    def __str__(self) -> str:
        """Give the sentence in the reader's language."""
        return self.in_language(get_language() or "zh-hans")


class Choice(Text):
    """One answer of an enum."""

    value: Annotated[str, StringConstraints(min_length=1, max_length=60)]


class Check(Text):
    """A sentence shown when `when` holds; `{code}` in it stands for the answer as shown."""

    when: Cel
    level: Literal["error", "warning"] = "error"
    source: str = ""


class Field(Text):
    """One question."""

    code: Code
    kind: Kind
    unit: str = ""
    required: bool | Cel = False
    show: Cel | None = None
    derived: Cel | None = None
    hint: Text | None = None
    example: str = ""
    choices: tuple[Choice, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    min_length: int | None = Member(None, ge=0)
    max_length: int | None = Member(None, ge=1)
    pattern: str | None = None
    must_be: bool | None = None
    refusal: Text | None = None
    columns: tuple["Field", ...] = ()
    min_rows: int | None = Member(None, ge=0)
    max_rows: int | None = Member(None, ge=1)
    each: Code | None = (
        None  # the column that names the rows of a table: one for each of its choices
    )
    checks: tuple[Check, ...] = ()
    full_width_brackets: bool = False  # () becomes （）, as registered names write them
    autocomplete: str = ""  # the token of HTML's autocomplete attribute
    secret: bool = False
    source: str = ""

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        for wrong, sentence in (
            (
                (self.kind == "enum") != bool(self.choices),
                "choices belong to kind enum, and only there",
            ),
            (
                (self.kind == "table") != bool(self.columns),
                "columns belong to kind table, and only there",
            ),
            (self.must_be is not None and self.kind != "bool", "must_be belongs to kind bool"),
            ((self.must_be is None) != (self.refusal is None), "must_be and refusal go together"),
            (self.derived and self.required is not False, "a derived field cannot be required"),
            (_crossed(self.minimum, self.maximum), "minimum is above maximum"),
            (_crossed(self.min_length, self.max_length), "min_length is above max_length"),
            (_crossed(self.min_rows, self.max_rows), "min_rows is above max_rows"),
            (
                self.each is not None and not self._named_by(self.each),
                "each names a column of kind enum",
            ),
        ):
            if wrong:
                raise ValueError(f"{self.code}: {sentence}")
        _refuse_twins([choice.value for choice in self.choices])
        _refuse_twins([column.code for column in self.columns])
        return self

    def _named_by(self, code: str) -> bool:
        return any(column.code == code and column.kind == "enum" for column in self.columns)

    @model_validator(mode="after")
    def _columns_are_plain(self) -> Self:
        for column in self.columns:
            if column.kind in {"table", "period"} or column.derived or column.show:
                raise ValueError(
                    f"{self.code}.{column.code}: a column is neither a table nor a period, "
                    "and has neither show nor derived"
                )
            if isinstance(column.required, str):
                raise ValueError(
                    f"{self.code}.{column.code}: required is true or false in a column"
                )
        return self

    @model_validator(mode="after")
    def _pattern_compiles(self) -> Self:
        try:
            re.compile(self.pattern or "")
        except re.error as error:
            raise ValueError(f"{self.code}: pattern does not compile: {error}") from error
        return self

    def column(self, code: str) -> "Field":
        """Give the column `code` of a table; KeyError if there is none."""
        return {column.code: column for column in self.columns}[code]


class Section(Text):
    """A page of questions."""

    code: Code
    hint: Text | None = None
    show: Cel | None = None
    fields: tuple[Field, ...]


class Attachment(Text):
    """A paper asked of the applicant, unless data sharing can fetch it."""

    code: Code
    required: bool | Cel = False
    show: Cel | None = None
    obtainable_by_sharing: bool = False
    note: Text | None = None
    evidence_for: tuple[Code, ...] = ()
    source: str = ""


class Form(Shape):
    """Everything one procedure asks."""

    sections: tuple[Section, ...]
    attachments: tuple[Attachment, ...] = ()

    @model_validator(mode="after")
    def _codes_are_unique(self) -> Self:
        codes = [field.code for field in self.fields()]
        _refuse_twins(codes)
        _refuse_twins([section.code for section in self.sections])
        _refuse_twins([attachment.code for attachment in self.attachments])
        if taken := sorted(CONTEXT.intersection(codes)):
            raise ValueError(f"these names mean something else in expressions: {', '.join(taken)}")
        return self

    def __hash__(self) -> int:
        """Hash by content, once: forms are keys of caches."""
        return self._hash

    def fields(self) -> Iterator[Field]:
        """Give every question in the order it is asked."""
        for section in self.sections:
            yield from section.fields

    def field(self, code: str) -> Field:
        """Give the question `code`; KeyError if the form does not ask it."""
        return self._by_code[code]

    def section(self, code: str) -> Section:
        """Give the section `code`; KeyError if there is none."""
        return {section.code: section for section in self.sections}[code]

    def names(self) -> frozenset[str]:
        """Give every name an expression of this form may use."""
        return self._names

    @cached_property
    def _by_code(self) -> dict[str, Field]:
        return {field.code: field for field in self.fields()}

    @cached_property
    def _names(self) -> frozenset[str]:
        return CONTEXT.union(self._by_code)

    @cached_property
    def _hash(self) -> int:
        return hash((self.sections, self.attachments))


def _crossed(low: Decimal | int | None, high: Decimal | int | None) -> bool:
    return low is not None and high is not None and low > high


def _refuse_twins(codes: list[str]) -> None:
    if twins := sorted({code for code in codes if codes.count(code) > 1}):
        raise ValueError(f"used more than once: {', '.join(twins)}")
