"""The component sheet in Chromium: accessible, within its frame, alive under the keyboard.

Pages are served by Django's test client through request interception, so no port is opened.
"""

import mimetypes
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.chromium import launched

SITE = "http://localhost"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for this module."""
    with sync_playwright() as play:
        chromium = launched(play)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A blank page whose requests are answered by the test client; its complaints fail the test."""
    complaints: list[str] = []
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(10_000)
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.route("**/*", answer)
    yield page
    page.close()
    assert complaints == []


def answer(route: Route) -> None:
    """Answer one request of the browser: a static file, or a page with all its headers."""
    address = urlsplit(route.request.url)
    if address.path.startswith("/static/"):
        found = finders.find(address.path.removeprefix("/static/"))
        kind = mimetypes.guess_type(found)[0]
        route.fulfill(body=Path(found).read_bytes(), content_type=kind)
        return
    response = Client().get(f"{address.path}?{address.query}")
    route.fulfill(
        status=response.status_code, headers=dict(response.headers), body=response.content
    )


LOOKED_AT = (1440, 360)  # with an axe: the other widths show the same page


@pytest.mark.parametrize("width", [1440, 1024, 360, 320])
@pytest.mark.parametrize("path", ["/components/", "/en/components/"])
def test_the_sheet_is_accessible_and_never_scrolls_sideways(
    page: Page, path: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})

    page.goto(SITE + path)

    if width in LOOKED_AT:
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
        assert [rule["id"] for rule in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_large_text_still_fits_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(f"{SITE}/components/")

    page.evaluate("document.documentElement.dataset.size = 'large'")

    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_focus_begins_at_the_summary_of_errors(page: Page) -> None:
    page.goto(f"{SITE}/components/")

    assert page.evaluate("document.activeElement.id") == "errors"


def focused_row(page: Page) -> str:
    """Return the id of the row that has the focus."""
    return page.evaluate("document.activeElement.closest('[data-row]')?.id ?? ''")


def test_j_and_k_walk_the_rows_from_the_open_one(page: Page) -> None:
    page.goto(f"{SITE}/components/")

    walked = []
    for key in ("j", "j", "k"):
        page.keyboard.press(key)
        walked.append(focused_row(page))

    assert walked == ["m3", "m4", "m3"]


def test_a_digit_answers_the_current_item_and_moves_on(page: Page) -> None:
    page.goto(f"{SITE}/components/")
    page.focus("#check-c2 input[value=no]")

    page.keyboard.press("1")

    assert page.is_checked("#check-c2 input[value=yes]")
    assert focused_row(page) == "check-c3"


def test_keys_are_silent_while_writing(page: Page) -> None:
    page.goto(f"{SITE}/components/")
    page.focus("textarea")

    page.keyboard.type("j?")

    assert page.input_value("textarea").strip() == "j?"
    assert not page.is_visible("#keys")


def test_a_question_mark_opens_the_sheet_of_keys_and_escape_closes_it(page: Page) -> None:
    page.goto(f"{SITE}/components/")

    page.keyboard.press("?")
    opened = page.is_visible("#keys")
    page.keyboard.press("Escape")

    assert (opened, page.is_visible("#keys")) == (True, False)


def test_shortcuts_switched_off_do_nothing(page: Page) -> None:
    page.goto(f"{SITE}/components/")
    page.evaluate("document.documentElement.dataset.keys = 'off'")

    page.keyboard.press("?")

    assert not page.is_visible("#keys")


def test_a_form_is_sent_once(page: Page) -> None:
    sent: list[str] = []

    def take(route: Route) -> None:
        sent.append(route.request.method)
        route.fulfill(status=204)  # the browser stays on the page

    page.goto(f"{SITE}/components/")
    page.route("**/sent/", take)
    page.evaluate("document.querySelector('form[data-once]').action = '/sent/'")

    for _ in range(3):
        page.evaluate("document.querySelector('form[data-once] button').click()")
        page.wait_for_timeout(50)

    assert sent == ["POST"]
    assert page.get_attribute("form[data-once] button", "aria-disabled") == "true"


def test_without_scripts_the_same_buttons_and_links_are_there(browser: Browser, page: Page) -> None:
    page.goto(f"{SITE}/components/")
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 1440, "height": 900}
    )
    plain = context.new_page()
    plain.route("**/*", answer)

    plain.goto(f"{SITE}/components/")

    controls = "main :is(a, button, input, select, textarea):visible"
    assert plain.locator(controls).count() == page.locator(controls).count()
    assert not plain.locator("[data-opens]").is_visible()
    context.close()
