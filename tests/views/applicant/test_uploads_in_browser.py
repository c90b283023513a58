"""Uploading in Chromium: whatever breaks off goes on, whatever is refused says so at its row.

Pages are served by Django's test client through request interception; pieces are small here.
"""

from collections.abc import Callable, Iterator
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, Route, sync_playwright
from pytest_django import Settings

from tests.chromium import launched
from tests.views.applicant.drafts import PDF
from tests.views.applicant.test_papers import held
from tests.views.applicant.test_uploads import attached
from tests.views.desk.test_in_browser import SITE, answer, violations
from workflows import demo
from workflows.models import Case, File, Upload
from workflows.stages import uploading

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
PIECE = 2000  # bytes
PAPER = "#paper-audit_or_tax"
CHOOSE = "#id_file-audit_or_tax"
ONLINE = "window.dispatchEvent(new Event('online'))"
EXPECTED = "Failed to load resource"  # refusals and a cut line are meant here


@dataclass
class Desk:
    """The papers of a draft on the clerk's screen, and a line that can be cut."""

    page: Page
    client: Client
    place: Context
    cut_after: int | None = None  # pieces that still come through
    pieces: list[int] = field(default_factory=list)  # where each began
    complaints: list[str] = field(default_factory=list)

    def settle(self) -> None:
        """Listen to the browser, and serve its requests."""
        self.page.set_default_timeout(60_000)
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.page.route("**/*", self._serve)

    def _serve(self, route: Route) -> None:
        query = urlsplit(route.request.url).query
        if route.request.method == "POST" and query.startswith("offset="):
            if self.cut_after == 0:
                route.abort("internetdisconnected")
                return
            if self.cut_after:
                self.cut_after -= 1
            self.pieces.append(int(query.removeprefix("offset=").partition("&")[0]))
        answer(self.client, self.place, route)

    def opens(self, case: Case, language: str = "/en") -> None:
        self.page.goto(f"{SITE}{language}/a/{case.reference}/files/")

    def chooses(self, name: str = "审计.pdf", data: bytes = PDF) -> None:
        file = {"name": name, "mimeType": "application/pdf", "buffer": data}
        self.page.set_input_files(CHOOSE, [file])

    def reads(self, words: str) -> None:
        """The row of the paper says ``words``."""
        self.page.locator(PAPER).get_by_text(words).first.wait_for()


@pytest.fixture(scope="module", autouse=True)
def chromium() -> Iterator[Browser]:
    """Begun before the world: its loop has database connections of its own."""
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as play:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop is in this thread
        found = launched(play)
        yield found
        found.close()


@pytest.fixture
def sit_down(
    chromium: Browser, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Desk]]:
    """A clerk at a screen of some width; whatever the console complains of fails the test."""
    settings.HENG_UPLOADS = tmp_path / "uploads"
    monkeypatch.setattr(uploading, "PIECE", PIECE)
    seated: list[Desk] = []

    def sat_down(case: Case, width: int = 1440) -> Desk:
        window = chromium.new_context(viewport={"width": width, "height": 900})
        client = Client()
        client.force_login(demo.clerk(case.applicant))
        desk = Desk(window.new_page(), client, copy_context())
        desk.settle()
        seated.append(desk)
        return desk

    yield sat_down
    for desk in seated:
        desk.page.context.close()
    complaints = [each for desk in seated for each in desk.complaints]
    assert [each for each in complaints if EXPECTED not in each] == []


def test_a_file_goes_up_as_soon_as_it_is_chosen_and_its_row_says_so(
    draft: Case, sit_down: Callable[..., Desk]
) -> None:
    desk = sit_down(draft)
    desk.opens(draft)

    plain = desk.page.locator(f"{PAPER} [data-plain]").is_visible()
    desk.chooses()
    desk.reads("1 page")

    assert not plain
    assert desk.pieces == list(range(0, len(PDF), PIECE))
    assert held(draft) == [("audit_or_tax", "审计.pdf")]
    assert "is attached" in desk.page.locator("#upload-said").inner_text()
    assert "3 required papers missing" in desk.page.locator("#papers-missing").inner_text()
    assert desk.page.locator(f"{PAPER} progress").count() == 0


def test_a_line_that_is_cut_goes_on_by_itself(draft: Case, sit_down: Callable[..., Desk]) -> None:
    desk = sit_down(draft)
    desk.opens(draft)
    desk.cut_after = 2

    desk.chooses()
    desk.reads("It goes on by itself")
    desk.cut_after = None
    desk.page.evaluate(ONLINE)
    desk.reads("1 page")

    assert desk.pieces == list(range(0, len(PDF), PIECE))
    assert held(draft) == [("audit_or_tax", "审计.pdf")]


def test_after_a_reload_the_same_file_goes_on_from_where_it_broke_off(
    draft: Case, sit_down: Callable[..., Desk]
) -> None:
    desk = sit_down(draft)
    desk.opens(draft)
    desk.cut_after = 2
    desk.chooses()
    desk.reads("It goes on by itself")

    desk.opens(draft)
    desk.reads("broke off at")
    desk.cut_after = None
    desk.chooses()
    desk.reads("1 page")

    assert desk.pieces == list(range(0, len(PDF), PIECE))
    assert desk.page.locator(PAPER).get_by_text("broke off").count() == 0


def test_a_refusal_stands_at_its_row_and_the_next_file_goes_on(
    draft: Case, sit_down: Callable[..., Desk]
) -> None:
    desk = sit_down(draft)
    desk.opens(draft)

    desk.chooses("程序.exe", b"MZ")
    desk.chooses("坏.pdf", b"%PDF-1.7 broken")
    desk.chooses("好.pdf")
    desk.reads("1 page")

    said = desk.page.locator(PAPER).inner_text()
    assert "“程序.exe” is not accepted" in said
    assert "“坏.pdf” is damaged" in said
    assert held(draft) == [("audit_or_tax", "好.pdf")]
    assert violations(desk.page) == []


def test_a_cancelled_file_is_gone_and_the_keyboard_stands_at_its_row(
    draft: Case, sit_down: Callable[..., Desk]
) -> None:
    desk = sit_down(draft)
    desk.opens(draft)
    desk.cut_after = 1
    desk.chooses()
    desk.reads("It goes on by itself")

    with desk.page.expect_response(lambda answered: answered.url.endswith("/cancel/")):
        desk.page.locator(f"{PAPER} [data-cancel]").press("Enter")

    assert not Upload.objects.exists()
    assert desk.page.evaluate("document.activeElement.id") == CHOOSE.removeprefix("#")


@pytest.mark.parametrize(("language", "width"), [("", 1440), ("", 360), ("/en", 360)])
def test_every_state_of_a_paper_fits_and_is_accessible(
    draft: Case, sit_down: Callable[..., Desk], language: str, width: int
) -> None:
    for code, scan in zip(
        ("three_year_plan", "credit_report", "evidence_c1_c6"), File.Scan.values[1:], strict=True
    ):
        file = attached(draft, File.Scan(scan))
        File.objects.filter(pk=file.pk).update(code=code)
    attached(draft)
    desk = sit_down(draft, width)
    desk.opens(draft, language)
    desk.cut_after = 1
    desk.chooses(
        "一份名字很长很长很长很长很长很长很长很长很长很长很长很长很长的审计报告.pdf", PDF + b"\n"
    )
    desk.page.locator(f"{PAPER} progress").wait_for()

    assert violations(desk.page) == []
    assert desk.page.evaluate("document.documentElement.scrollWidth") == width
    desk.opens(draft, language)  # now it shows what broke off
    assert violations(desk.page) == []
    assert desk.page.evaluate("document.documentElement.scrollWidth") == width
    for link in desk.page.locator(".files a[href$='/view/']").all():
        address = link.get_attribute("href")
        page = sit_down(draft, width).page
        page.goto(f"{SITE}{address}")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
