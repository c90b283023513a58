"""Tables: rows of answers under the same columns."""

import re
from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forms.fields.kind import Cleaned, Kind, blank, wrong_type
from forms.schema import Field

MOST_ROWS = 200  # where the form sets no limit


class Table(Kind):
    """Rows; empty ones do not count."""

    template = "forms/table.html"
    empty: Any = []

    def __init__(self, plain: Mapping[str, Kind]) -> None:
        """Keep the kinds a column can have."""
        self.plain = plain

    def cells(self, field: Field) -> Iterator[tuple[Field, Kind]]:
        """Give the columns with their kinds."""
        return ((column, self.plain[column.kind]) for column in field.columns)

    def read(self, field: Field, name: str, posted: QueryDict) -> Any:
        """Take rows from `name-0-column`, press `name-add` and `name-remove-2`, drop empty rows."""
        cell = re.compile(rf"{re.escape(name)}-(\d{{1,4}})-")
        found = sorted({int(match[1]) for key in posted if (match := cell.match(key))})
        if not found and f"{name}-add" not in posted:
            return None
        rows = [
            {
                column.code: posted.get(f"{name}-{number}-{column.code}", "")
                for column in field.columns
            }
            for number in found
            if f"{name}-remove-{number}" not in posted
        ]
        if f"{name}-add" in posted:
            return [*rows, {}]
        return [row for row in rows if not blank(row)]

    def clean(self, field: Field, typed: Any) -> Cleaned:
        """Clean every cell; one wrong cell makes the table wrong, by place `.row.column`."""
        if blank(typed):
            return Cleaned()
        if not isinstance(typed, list) or not all(isinstance(row, dict) for row in typed):
            return Cleaned(errors={"": [wrong_type(field, typed)]})
        rows, errors = [], dict[str, list[str]]()
        for number, row in enumerate(row for row in typed if not blank(row)):
            clean = {
                column.code: kind.clean(column, row.get(column.code))
                for column, kind in self.cells(field)
            }
            errors |= {
                f".{number}.{code}": cell.errors[""] for code, cell in clean.items() if cell.errors
            }
            rows.append(
                {code: cell.value for code, cell in clean.items() if cell.value is not None}
            )
        if len(rows) > (most := field.max_rows or MOST_ROWS):
            errors[""] = [
                _("“%(label)s” takes at most %(most)d rows") % {"label": field, "most": most}
            ]
        return Cleaned(errors=errors) if errors else Cleaned(rows or None)

    def lacks(self, field: Field, value: Any) -> dict[str, list[str]]:
        """Say which rows and cells are missing."""
        lacking = {
            f".{number}.{column.code}": [kind.demand(column)]
            for number, row in enumerate(value)
            for column, kind in self.cells(field)
            if column.required and column.code not in row
        }
        for number, row in enumerate(value):
            for column, kind in self.cells(field):
                if column.code in row and (said := kind.lacks(column, row[column.code])):
                    lacking[f".{number}.{column.code}"] = said[""]
        if len(value) < (least := field.min_rows or 0):
            lacking[""] = [too_few(field, least)]
        return lacking

    def demand(self, field: Field) -> str:
        """Say that rows are needed."""
        return too_few(field, field.min_rows or 1)

    def shown(self, field: Field, value: Any, language: str) -> str:
        """Give the rows one after the other, for places with no room for a table."""
        return "; ".join(
            " · ".join(cell for cell in row if cell)
            for row in self.shown_rows(field, value, language)
        )

    def shown_rows(self, field: Field, value: Any, language: str) -> list[list[str]]:
        """Give every cell as a reader sees it, in the order of the columns."""
        return [
            [
                kind.shown(column, row[column.code], language) if column.code in row else ""
                for column, kind in self.cells(field)
            ]
            for row in value
        ]

    def retyped(self, field: Field, typed: Any) -> Any:
        """Give the rows as typed, every cell as text."""
        return [
            {
                column.code: kind.retyped(column, row.get(column.code))
                for column, kind in self.cells(field)
            }
            for row in self.kept(typed, None)
        ]

    def kept(self, typed: Any, value: Any) -> Any:
        """Keep the filled rows, and the empty ones at the end that were added for typing into."""
        rows = [row for row in typed if isinstance(row, dict)] if isinstance(typed, list) else []
        filled = value or [row for row in rows if not blank(row)]
        return filled + [{} for _row in takewhile(blank, reversed(rows))]

    def to_cel(self, field: Field, value: Any) -> Any:
        """Give a list of maps in which missing cells are typed empties."""
        return [
            {
                column.code: kind.to_cel(column, row[column.code])
                if column.code in row
                else kind.empty
                for column, kind in self.cells(field)
            }
            for row in value
        ]

    def from_cel(self, field: Field, result: Any) -> Any:
        """Give the rows of a derived table."""
        return [
            {
                column.code: kind.from_cel(column, row[column.code])
                for column, kind in self.cells(field)
            }
            for row in result
        ]


def too_few(field: Field, least: int) -> str:
    """Say how many rows are needed."""
    return ngettext(
        "“%(label)s” needs at least %(least)d row",
        "“%(label)s” needs at least %(least)d rows",
        least,
    ) % {"label": field, "least": least}
