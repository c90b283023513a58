"""What a page shows for a question: its control, its options, its rows, its errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as member
from functools import cached_property
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from forms import units
from forms.fields import kind_of
from forms.fields.choice import CARDS, Enum, YesNo
from forms.fields.table import MOST_ROWS
from forms.schema import NUMBERS, WORDY, Field
from forms.transcript import question

LINE = 6  # narrow controls side by side in the column of a form
SPARE = 9998  # the number of the row a script makes others from; no other row has it


@dataclass(frozen=True)
class Option:
    """One answer to choose."""

    id: str
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Control:
    """Something to type into or choose from: a question, a cell of a table, one end of a period."""

    field: Field
    name: str
    typed: Any
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    label: str = ""

    @property
    def id(self) -> str:
        """Give the id error summaries link to."""
        return f"q-{self.name}"

    @property
    def kind(self) -> Any:
        """Give the behaviour of the field's kind."""
        return kind_of(self.field)

    @property
    def autocomplete(self) -> str:
        """Give the token for the browser's memory of common answers."""
        return self.field.autocomplete or self.kind.autocomplete

    @property
    def width(self) -> str:
        """Give the width class that suits the longest answer."""
        longest = self.field.max_length
        if self.field.kind != "text" or longest is None:
            return str(self.kind.width)
        return "w-sm" if longest <= 10 else "w-md" if longest <= 50 else "w-lg"

    @property
    def unit(self) -> str:
        """Give the unit in the reader's language."""
        return units.shown(self.field.unit)

    @property
    def example(self) -> str:
        """Give an example of an answer, the question's own or its kind's."""
        return self.field.example or str(self.kind.sample)

    @property
    def described_by(self) -> str:
        """Give the ids of the hint, errors, warnings, unit and counter, in reading order."""
        parts = {
            "h": self.field.hint or self.example,
            "e": self.errors,
            "w": self.warns,
            "u": self.unit and self.kind.numeric,
            "c": self.limit,
        }
        return " ".join(f"{self.id}-{letter}" for letter, there in parts.items() if there)

    @property
    def warns(self) -> bool:
        """Tell whether it may ever have a warning; then there is a place for one."""
        checks = [*self.field.checks, *(one for each in self.field.columns for one in each.checks)]
        return any(check.level == "warning" for check in checks)

    @property
    def fault(self) -> str:
        """Give the id of the errors, if there are any."""
        return f"{self.id}-e" if self.errors else ""

    @property
    def options(self) -> list[Option]:
        """Give the answers to choose from."""
        kind = self.kind
        if not isinstance(kind, Enum | YesNo):
            return []
        return [
            Option(
                self.id if place == 1 else f"{self.id}-{place}",
                choice.value,
                str(choice),
                choice.value == self.typed,
            )
            for place, choice in enumerate(kind.choices(self.field), start=1)
        ]

    @property
    def listed(self) -> bool:
        """Tell whether there are too many answers for radio buttons."""
        return len(self.field.choices) > CARDS

    @property
    def limit(self) -> int:
        """Give the most characters a long text takes; 0 if it has no counter."""
        return self.field.max_length or 0 if self.field.kind == "longtext" else 0

    @property
    def counter(self) -> int:
        """Give the number of characters typed."""
        return len(str(self.typed).replace("\r\n", "\n").strip())


@dataclass(frozen=True)
class Row:
    """A row of a table."""

    number: int  # from 0, as in the names of its controls
    cells: list[Control]
    key: Control | None = None  # the cell that names the row, where the rows are set

    @property
    def place(self) -> int:
        """Give the number a reader sees."""
        return self.number + 1

    @property
    def title(self) -> str:
        """Give the name of a row that is set."""
        chosen = [option.label for option in self.key.options if option.chosen] if self.key else []
        return chosen[0] if chosen else ""


@dataclass(frozen=True)
class Question(Control):
    """A question of the section."""

    optional: bool = False
    asked: bool = True  # by the answers as they are; else only its place is on the page
    leading: bool = False  # something else on the page looks at its answer
    dependent: bool = False  # an answer of the same section decided that it is asked
    leads: bool = False  # it opens a part of the page, and its label is a heading
    locked: bool = False  # it can be read and not changed
    answer: str = ""  # of a derived value or a locked question, in words
    placed: Mapping[str, list[str]] = member(
        default_factory=dict
    )  # errors at places inside: ".0.amount"

    @property
    def template(self) -> str:
        """Give the template of the question."""
        if self.field.derived:
            return "forms/derived.html"
        return "forms/locked.html" if self.locked else str(self.kind.template)

    @property
    def bad(self) -> bool:
        """Tell whether anything in the question is wrong."""
        return bool(self.errors or self.placed)

    @cached_property
    def rows(self) -> list[Row]:
        """Give the rows to type into: those there are, as many as are needed, one at least."""
        rows = [*self.typed, *self._unnamed()]
        rows += [{}] * (max(self.field.min_rows or 1, 1) - len(rows))
        return [self._row(number, row) for number, row in enumerate(rows)]

    @property
    def spare(self) -> Row:
        """Give an empty row of no place, for a script to make others from."""
        return self._row(SPARE, {})

    @property
    def most(self) -> int:
        """Give the most rows the table takes."""
        return self.field.max_rows or MOST_ROWS

    def _unnamed(self) -> list[dict[str, str]]:
        """The rows that are set and not there yet."""
        if self.field.each is None:
            return []
        there = {row.get(self.field.each) for row in self.typed}
        choices = self.field.column(self.field.each).choices
        return [{self.field.each: one.value} for one in choices if one.value not in there]

    def _row(self, number: int, row: Mapping[str, Any]) -> Row:
        each = self.field.each
        key = self._cell(self.field.column(each), number, row) if each else None
        title = Row(number, [], key).title
        cells = [
            self._cell(column, number, row, title)
            for column in self.field.columns
            if column.code != each
        ]
        return Row(number, cells, key)

    @property
    def kept(self) -> dict[str, Any]:
        """Give a locked question as a transcript does: with columns and rows, if it is a table."""
        language = get_language() or "zh-hans"
        answer = self.kind.clean(self.field, self.typed).value
        return question(self.field, answer, language)

    @property
    def numbers(self) -> frozenset[str]:
        """Give the kinds whose columns are set to the right."""
        return NUMBERS

    @property
    def wide(self) -> bool:
        """Tell whether the columns need more room than a line of the page has."""
        if self.field.each is not None:
            return False
        return sum(2 if column.kind in WORDY else 1 for column in self.field.columns) > LINE

    @property
    def fixed(self) -> bool:
        """Tell whether the number of rows is set."""
        return self.field.min_rows is not None and self.field.min_rows == self.field.max_rows

    @property
    def full(self) -> bool:
        """Tell whether no more rows can be added."""
        return self.field.max_rows is not None and len(self.rows) >= self.field.max_rows

    @cached_property
    def ends(self) -> list[Control]:
        """Give the two ends of a period."""
        names = {"from": _("First day"), "to": _("Last day")}
        return [
            Control(
                self.field,
                f"{self.name}-{end}",
                self.typed.get(end, ""),
                tuple(self.placed.get(f".{end}", ())),
                label=label,
            )
            for end, label in names.items()
        ]

    def _cell(self, column: Field, number: int, row: Mapping[str, Any], title: str = "") -> Control:
        label = _("Row %(number)d, %(column)s") % {"number": number + 1, "column": column}
        if title:
            label = _("%(row)s, %(column)s") % {"row": title, "column": column}
        return Control(
            column,
            f"{self.name}-{number}-{column.code}",
            row.get(column.code, ""),
            tuple(self.placed.get(f".{number}.{column.code}", ())),
            label=with_unit(label, column.unit),
        )


def with_unit(label: object, unit: str) -> str:
    """Put the unit behind a label, in brackets of the reader's language."""
    written = units.shown(unit)
    return _("%(label)s (%(unit)s)") % {"label": label, "unit": written} if written else str(label)
