"""Filling in, in Chromium: what follows from an answer is there at once, and tables take a sheet.

The page's clock is moved, never waited for; the service answers through the test's own client.
"""

from contextvars import copy_context

import pytest
from playwright.sync_api import Locator

from tests.views.applicant.drafts import again
from tests.views.applicant.test_autosave_in_browser import (
    TELEPHONE,
    WIDE,
    Come,
    chromium,
    come,
    playwright,
)
from tests.views.applicant.typing_person import GOALS, MONEY, Reader
from tests.views.desk.test_in_browser import width_of
from workflows import demo
from workflows.models import Case

__all__ = ["chromium", "come", "playwright"]  # fixtures
pytestmark = [pytest.mark.journey, pytest.mark.django_db]

SOON = 0.9  # seconds: what follows from an answer is there
PARTNER, TOTAL = "#q-c1_partner", "#q-c5_total"
YES, NO = "#q-c1_claim", "#q-c1_claim-2"
PASTE = """([control, text]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  control.focus();
  const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
  return control.dispatchEvent(event);
}"""
SHEET = (
    "Year\tKind\tSchool\tAmount (ten thousand yuan)\r\n"
    "２０２５\tDonation\t滨江学院\t１，２００．５\r\n"
    '2024\tbase\t"护理\n学院"\t"1,000"\r\n'
    "2023\t没有这一类\t第三学院\t99.5\r\n"
)


@pytest.fixture
def clerk(come: Come, complete: Case) -> Reader:
    """The clerk, with the conditions open."""
    reader = come(demo.clerk(complete.applicant))
    reader.opens(complete, "integration")
    return reader


def paste(reader: Reader, cell: str, text: str) -> bool:
    """Paste ``text`` into a cell; whether the browser did it as ever."""
    control = reader.page.locator(cell).element_handle()
    return bool(reader.page.evaluate(PASTE, [control, text]))


def told(reader: Reader) -> str:
    """What a screen reader was told last."""
    return reader.page.locator("[data-told]").inner_text()


def words(reader: Reader, code: str) -> Locator:
    """The line under a table that says what became of a pasting."""
    return reader.page.locator(f"[data-question={code}] [data-pasted]")


def cells(reader: Reader, code: str, column: str) -> list[str]:
    """What stands in a column of a table."""
    found = reader.page.locator(f"[data-question={code}] [name$=-{column}]")
    return [found.nth(place).input_value() for place in range(found.count())]


# --- what follows from an answer ------------------------------------------------------------------
def test_a_question_comes_and_goes_while_its_reader_stays_where_they_are(clerk: Reader) -> None:
    assert not clerk.page.locator(PARTNER).is_visible()
    clerk.page.locator(NO).focus()

    clerk.page.keyboard.press("ArrowLeft")
    clerk.waits(SOON)
    came = told(clerk)
    clerk.page.locator(PARTNER).fill("滨江学院")
    shown = clerk.page.locator("[data-question=c1_partner]").is_visible()
    clerk.page.locator(YES).focus()
    clerk.page.keyboard.press("ArrowRight")
    clerk.waits(SOON)

    assert came == "Now asked: Mode and Institution."
    assert shown
    assert told(clerk) == "No longer asked: Mode and Institution."
    assert not clerk.page.locator(PARTNER).is_visible()
    assert clerk.page.evaluate("document.activeElement.id") == NO.removeprefix("#")
    assert clerk.faults() == []


def test_text_of_a_question_that_went_is_kept_and_comes_back_with_it(
    clerk: Reader, complete: Case
) -> None:
    clerk.page.locator(YES).check()
    clerk.waits(SOON)
    clerk.page.locator(PARTNER).fill("滨江学院")
    clerk.page.locator(NO).check()
    clerk.waits(6)
    draft = again(complete).draft

    clerk.opens(complete, "integration")
    clerk.page.locator(YES).check()
    clerk.waits(SOON)

    assert (draft["c1_claim"], draft["c1_partner"]) == (False, "滨江学院")
    assert clerk.page.locator(PARTNER).input_value() == "滨江学院"


def test_a_question_that_came_is_kept_on_this_device_and_restored(
    clerk: Reader, complete: Case
) -> None:
    clerk.waits(6)
    clerk.page.locator(YES).check()
    clerk.waits(SOON)
    clerk.waits(6)
    clerk.online = False
    clerk.page.locator(PARTNER).fill("断线所写")
    clerk.page.locator(NO).check()
    clerk.page.locator(YES).check()
    clerk.waits(1)
    clerk.page.on("dialog", lambda dialog: dialog.accept())
    clerk.online = True

    clerk.opens(complete, "integration")
    clerk.waits(1)

    clerk.page.get_by_text("is back in its place").wait_for()
    assert clerk.page.locator(PARTNER).input_value() == "断线所写"
    clerk.waits(6)
    assert again(complete).draft["c1_partner"] == "断线所写"
    assert (clerk.records, clerk.page.locator("[data-laid]").count()) == (0, 0)


def test_text_for_a_question_the_page_does_not_ask_yet_is_restored_once_it_is_asked(
    clerk: Reader, complete: Case
) -> None:
    clerk.waits(6)
    clerk.page.locator("#q-c4_claim").check()
    clerk.waits(0.1)  # that was sent; the next sending is five seconds off
    clerk.page.locator(YES).check()
    clerk.waits(0.4)
    clerk.online = False
    clerk.page.locator(PARTNER).fill("断线所写")
    clerk.waits(1)
    stored = again(complete).draft["c1_claim"]
    clerk.page.on("dialog", lambda dialog: dialog.accept())
    clerk.online = True

    clerk.opens(complete, "integration")
    clerk.waits(SOON)

    assert clerk.page.locator(PARTNER).input_value() == "断线所写"
    clerk.waits(6)
    draft = again(complete).draft
    assert (stored, draft["c1_claim"], draft["c1_partner"]) == (False, True, "断线所写")


def test_a_total_and_a_warning_follow_while_the_caret_stays(clerk: Reader, complete: Case) -> None:
    amount, claim = "#q-c5_investments-0-amount", "[data-question=c5_claim] [data-warnings]"
    before = clerk.page.locator(TOTAL).inner_text()
    clerk.page.locator(amount).fill("1１")
    clerk.waits(SOON)
    low = (clerk.page.locator(TOTAL).inner_text(), clerk.page.locator(claim).inner_text())
    clerk.page.keyboard.press("Home")
    clerk.page.keyboard.press("ArrowRight")

    clerk.page.keyboard.type("00")
    clerk.waits(SOON)
    clerk.page.keyboard.type("0")
    clerk.waits(SOON)

    assert "64.00" in before
    assert "11.00" in low[0]
    assert "is below" in low[1]
    assert clerk.page.locator(amount).input_value() == "1000１"
    assert clerk.page.evaluate("document.activeElement.selectionStart") == 4
    assert "10,001.00" in clerk.page.locator(TOTAL).inner_text()
    assert "10,001.00" in told(clerk)
    assert clerk.page.get_by_text("3 of 6 met").is_visible()
    assert not clerk.page.locator(claim).is_visible()
    assert clerk.faults() == []


def test_a_look_writes_nothing_and_waits_for_the_service(clerk: Reader, complete: Case) -> None:
    clerk.waits(6)
    revision, sent = again(complete).draft_revision, len(clerk.kept)
    clerk.online = False
    clerk.page.locator(YES).check()
    clerk.waits(SOON)
    assert not clerk.page.locator(PARTNER).is_visible()
    assert (again(complete).draft_revision, len(clerk.kept)) == (revision, sent)

    clerk.online = True
    clerk.waits(21)
    clerk.waits(SOON)

    assert clerk.page.locator(PARTNER).is_visible()
    assert again(complete).draft["c1_claim"] is True


# --- pasting --------------------------------------------------------------------------------------
def test_a_block_of_a_spreadsheet_fills_cells_and_one_press_takes_it_back(
    clerk: Reader, complete: Case
) -> None:
    years, total = cells(clerk, "c5_investments", "year"), clerk.page.locator(TOTAL)

    taken = not paste(clerk, "#q-c5_investments-0-year", SHEET)
    clerk.waits(6)
    said = words(clerk, "c5_investments").locator("[role=status]").inner_text()
    filled = {
        column: cells(clerk, "c5_investments", column)
        for column in ("year", "kind", "school", "amount")
    }
    kept, sum_ = again(complete).draft["c5_investments"], total.inner_text()
    assert clerk.faults() == []
    clerk.page.get_by_role("button", name="Undo pasting").click()
    clerk.waits(6)

    assert taken
    assert said == (
        "Rows filled in from the clipboard: 3. "
        "Cells left as they were, since no answer of the list fits: 1."
    )
    assert filled["year"] == ["2025", "2024", "2023"]
    assert filled["kind"] == ["donation", "base", ""]
    assert filled["school"] == ["滨江学院", "护理 学院", "第三学院"]
    assert filled["amount"] == ["1,200.5", "1,000", "99.5"]
    assert [row["amount"] for row in kept] == ["1200.50", "1000.00", "99.50"]
    assert "2,300.00" in sum_
    assert cells(clerk, "c5_investments", "year") == years
    assert "64.00" in total.inner_text()
    assert [row["year"] for row in again(complete).draft["c5_investments"]] == [2025, 2022]


def test_rows_and_columns_that_do_not_fit_are_told(come: Come, complete: Case) -> None:
    clerk = come(demo.clerk(complete.applicant), width=TELEPHONE)
    clerk.opens(complete, "basics")
    sheet = "\n".join(f"{year}\t{year}.5\t多出的一列" for year in range(2021, 2026))

    paste(clerk, "#q-revenue_3y-0-year", sheet)

    assert cells(clerk, "revenue_3y", "year") == ["2021", "2022", "2023"]
    assert words(clerk, "revenue_3y").inner_text().split(".")[:3] == [
        "Rows filled in from the clipboard: 3",
        " Rows left out, since the table takes at most 3: 2",
        " Columns left out, since the table has no more: 1",
    ]
    assert (clerk.faults(), width_of(clerk.page)) == ([], TELEPHONE)


def test_one_cell_is_pasted_by_the_browser_as_ever(clerk: Reader) -> None:
    by_the_browser = paste(clerk, "#q-c5_investments-0-school", "一所学院\r\n")

    assert by_the_browser
    assert words(clerk, "c5_investments").inner_text() == ""


def test_rows_that_were_pasted_offline_are_restored(clerk: Reader, complete: Case) -> None:
    clerk.online = False
    paste(clerk, "#q-c5_investments-1-year", "2025\tbase\n2024\tbase\n2023\tdonation\n")
    clerk.waits(1)
    clerk.page.on("dialog", lambda dialog: dialog.accept())
    clerk.online = True

    clerk.opens(complete, "integration")
    clerk.waits(6)

    assert cells(clerk, "c5_investments", "year") == ["2025", "2025", "2024", "2023"]
    assert [row["year"] for row in again(complete).draft["c5_investments"]] == [
        2025,
        2025,
        2024,
        2023,
    ]


# --- two tabs -------------------------------------------------------------------------------------
def second_tab(first: Reader, case: Case) -> Reader:
    """Another tab of the same browser and the same account."""
    reader = Reader(first.page.context.new_page(), first.client, copy_context())
    reader.settle()
    reader.opens(case)
    return reader


def test_two_tabs_never_touch_each_others_text(come: Come, complete: Case) -> None:
    one = come(demo.clerk(complete.applicant))
    one.opens(complete)
    other = second_tab(one, complete)
    one.online = False
    one.types("一页所写")
    one.waits(3)

    other.page.locator(MONEY).fill("390")
    other.waits(3)
    kept, records = again(complete).draft, other.records
    other.opens(complete)  # the text of a tab that lives is nobody else's
    other.waits(21)
    untouched = other.page.locator(GOALS).input_value()
    one.page.close()
    for _ in range(6):  # fewer seconds at once than an answer may take
        other.waits(6)
    other.page.get_by_text("is back in its place").wait_for()

    assert (kept["plan_investment"], records) == ("390.00", 1)
    assert "一页所写" not in kept["plan_goals"] + untouched
    draft = again(complete).draft
    assert draft["plan_goals"].endswith("一页所写")
    assert (draft["plan_investment"], other.records) == ("390.00", 0)


# --- the page -------------------------------------------------------------------------------------
@pytest.mark.parametrize("width", [WIDE, TELEPHONE])
def test_a_year_is_seen_whole(come: Come, complete: Case, width: int) -> None:
    clerk = come(demo.clerk(complete.applicant), width=width)
    clerk.opens(complete)
    year = clerk.page.locator("#q-plan_from")

    year.fill("2028")

    assert year.evaluate("each => each.scrollWidth <= each.clientWidth")
    assert width_of(clerk.page) == width


def test_the_first_visit_of_a_section_takes_eight_requests_at_most(
    come: Come, complete: Case
) -> None:
    clerk, asked = come(demo.clerk(complete.applicant)), list[str]()
    clerk.page.on("request", lambda request: asked.append(request.url))

    clerk.opens(complete, "integration")
    clerk.waits(1)

    assert any(address.endswith("/keep/") for address in asked)
    assert len(asked) <= 8  # the icon of the tab and the sign of life among them
