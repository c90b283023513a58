"""Tables to take away: nothing in them is run by whoever opens them."""

import csv
import io
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from workflows.views.exporting import Sheet, csv_response, harmless, workbook, xlsx_response

HOSTILE = [
    '=HYPERLINK("http://x.example","看奖金")',
    "+1+cmd|'/C calc'!A0",
    "-2+3+cmd|'/C calc'!A0",
    "@SUM(1+1)*cmd|'/C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "　=1+1",
    "＝1+1",
    "＋1",
]
PEACEFUL = ["上海某某有限公司", "A=B 公司", "a-b", "'=1", "", "(=1)", "1-2"]


@pytest.mark.parametrize("name", HOSTILE)
def test_in_csv_a_text_that_looks_like_a_formula_gets_an_apostrophe(name: str) -> None:
    answer = csv_response("t", Sheet("t", ["Name"], [[name]]))

    _head, (cell,) = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert cell == f"'{name}"


@pytest.mark.parametrize("name", PEACEFUL)
def test_other_texts_stay_as_they_are(name: str) -> None:
    assert harmless(name) == name


def test_heads_and_the_lines_above_them_are_made_harmless_too() -> None:
    answer = csv_response("t", Sheet("t", ["=a"], [], about=["@b"]))

    assert answer.content.decode("utf-8-sig").split() == ["'@b", "'=a"]


def test_a_csv_file_says_that_it_is_utf_8_and_keeps_its_own_numbers() -> None:
    answer = csv_response("t", Sheet("t", ["n", "m", "o"], [[-3, Decimal("1.50"), None]]))

    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.content.decode("utf-8-sig").split("\r\n") == ["n,m,o", "-3,1.50,", ""]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="t.csv"'


@pytest.mark.parametrize("name", HOSTILE)
def test_in_xlsx_every_text_is_a_text(name: str) -> None:
    page = load_workbook(io.BytesIO(workbook([Sheet(name, [name], [[name]], about=[name])]))).active

    assert page is not None
    cells = [page.cell(row, 1) for row in (1, 2, 3)]
    assert [cell.value.strip() for cell in cells] == [name.strip()] * 3
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells) == name.startswith(tuple("=+-@\t\r\n"))


def test_in_xlsx_numbers_are_numbers_and_nothing_is_nothing() -> None:
    page = load_workbook(
        io.BytesIO(workbook([Sheet("t", ["a", "b", "c"], [[-3, Decimal("1.5"), None]])]))
    )

    assert [cell.value for cell in page["t"][2]] == [-3, 1.5, None]


def test_letters_a_workbook_cannot_hold_are_left_out_and_long_texts_are_cut() -> None:
    page = load_workbook(
        io.BytesIO(workbook([Sheet("t", ["a"], [["\x00\x0b甲\ufffe乙"], ["长" * 40_000]])]))
    )

    assert page["t"].cell(2, 1).value == "甲乙"
    assert len(page["t"].cell(3, 1).value) == 32_767


def test_sheets_of_one_book_have_names_a_book_may_have_and_none_twice() -> None:
    titles = ["a/b:c*[d]?", "x" * 40, "x" * 40, "X" * 40, "", "'"]

    book = load_workbook(io.BytesIO(workbook(Sheet(each, ["h"], []) for each in titles)))

    names = book.sheetnames
    assert len({name.casefold() for name in names}) == len(titles)
    assert all(0 < len(name) <= 31 and not set(name) & set("\\/*?:[]") for name in names)


def test_the_head_stays_in_sight_below_what_the_table_tells_of() -> None:
    answer = xlsx_response("t", [Sheet("t", ["单位"], [["甲"]], about=["全部", "2026"])])

    page = load_workbook(io.BytesIO(answer.content)).active
    assert page is not None
    assert (page.freeze_panes, page["A3"].font.bold, page["A4"].font.bold) == ("A4", True, False)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="t.xlsx"'
