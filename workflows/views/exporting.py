"""Tables to take away, as CSV and as XLSX; no cell of them is ever run as a formula.

A spreadsheet program runs what begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break, and
what looks like a formula may come from anybody who filled in a form. In CSV such a text gets an
apostrophe before it; in XLSX texts are written as texts.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from itertools import chain, islice, zip_longest
from typing import Any

from django.http import HttpResponse

BOM = "\ufeff"  # tells spreadsheet programs that the text is UTF-8
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
FULL_WIDTH = str.maketrans("＝＋－＠", "=+-@")  # some programs run these as well
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0 has no such letters
LONGEST = 32_767  # characters of one cell
NOT_IN_TITLES = re.compile(r"[\\/*?:\[\]]")
LONGEST_TITLE = 31
WIDEST, NARROWEST = 60, 8  # columns, in characters
MEASURED = 200  # rows that say how broad the columns are
WIDE_FROM = 0x2E7F

Cell = str | int | Decimal | None


@dataclass(frozen=True)
class Sheet:
    """One table: its name, what it tells of, the head of its columns, its rows."""

    title: str
    head: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    about: Sequence[str] = ()  # lines above the head: of when, of what, narrowed how


def harmless(cell: str) -> str:
    """A cell of a CSV file that no spreadsheet program runs as a formula."""
    begins = cell.lstrip(" \u00a0\u3000").translate(FULL_WIDTH)
    return f"'{cell}" if begins.startswith(FORMULA) or cell.startswith(FORMULA) else cell


def csv_response(name: str, sheet: Sheet) -> HttpResponse:
    """``sheet`` as ``<name>.csv``, UTF-8 with a mark that spreadsheet programs understand."""
    response = _download(f"{name}.csv", "text/csv; charset=utf-8")
    response.write(BOM)
    lines = csv.writer(response)
    lines.writerows([harmless(line)] for line in sheet.about)
    lines.writerow([harmless(each) for each in sheet.head])
    lines.writerows([_plain(cell) for cell in row] for row in sheet.rows)
    return response


def _plain(cell: Cell) -> str:
    """A number is the house's own and may be negative; only words are somebody's."""
    if cell is None:
        return ""
    return harmless(cell) if isinstance(cell, str) else str(cell)


def xlsx_response(name: str, sheets: Iterable[Sheet]) -> HttpResponse:
    """``sheets`` as the sheets of ``<name>.xlsx``."""
    response = _download(f"{name}.xlsx", XLSX)
    response.write(workbook(sheets))
    return response


def _download(name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """An XLSX file: numbers as numbers, every text as a text, the head bold and kept in sight.

    Rows are written as they come, so a long register does not stand in memory as cells.
    """
    from openpyxl import Workbook  # noqa: PLC0415 -- slow import

    book = Workbook(write_only=True)
    taken: set[str] = set()
    for sheet in sheets:
        _fill(book.create_sheet(_title(sheet.title, taken)), sheet)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _title(wanted: str, taken: set[str]) -> str:
    """A name a sheet may have, unlike the others of its book."""
    plain = NOT_IN_TITLES.sub(" ", UNWRITABLE.sub("", wanted)).strip(" '") or "1"
    name, number = plain[:LONGEST_TITLE], 2
    while name.casefold() in taken:
        name = f"{plain[: LONGEST_TITLE - 3]} {number}"
        number += 1
    taken.add(name.casefold())
    return name


def _fill(page: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Font  # noqa: PLC0415 -- slow import
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 -- slow import

    rows = iter(sheet.rows)
    first = list(islice(rows, MEASURED))
    for column, widest in enumerate(_widths([sheet.head, *first]), 1):
        page.column_dimensions[get_column_letter(column)].width = widest
    page.freeze_panes = f"A{len(sheet.about) + 2}"
    for line in sheet.about:
        page.append([_cell(page, line)])
    heads = [_cell(page, each) for each in sheet.head]
    for head in heads:
        head.font = Font(bold=True)
    page.append(heads)
    for row in chain(first, rows):
        page.append([_cell(page, each) for each in row])


def _cell(page: Any, value: Cell) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 -- slow import

    if not isinstance(value, str):
        return WriteOnlyCell(page, value)
    cell = WriteOnlyCell(page, UNWRITABLE.sub("", value)[:LONGEST])
    cell.data_type = "s"  # a text, whatever it begins with
    cell.quotePrefix = value.startswith(FORMULA)  # and it stays one when somebody edits it
    return cell


def _widths(rows: Iterable[Sequence[Cell]]) -> list[int]:
    """How broad each column has to be, within reason; wide letters count twice."""
    columns = zip_longest(*rows, fillvalue="")
    return [min(max(NARROWEST, *map(_width, column)), WIDEST) for column in columns]


def _width(cell: Cell) -> int:
    return sum(2 if ord(letter) > WIDE_FROM else 1 for letter in str(cell or "")) + 2
