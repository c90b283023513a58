"""The applicant's pages in Chromium: accessible, within the frame of a phone, alive without script.

Pages are served by Django's test client through request interception, so no port is opened.
"""

import mimetypes
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests.views.applicant.drafts import again, filled
from tests.views.public.addresses import browser
from workflows import demo
from workflows.models import Case

pytestmark = [pytest.mark.django_db, pytest.mark.journey]
SITE = "http://localhost"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1440, 360)
IN_HAND = {
    "wrong": [
        "workspace/",
        "apply/",
        "a/{}/",
        "a/{}/s/basics/?back=check",
        "a/{}/s/integration/",
        "a/{}/files/",
        "a/{}/check/",
        "a/{}/submit/",
        "a/{}/discard/",
    ],
    "complete": ["a/{}/submit/", "a/{}/check/"],
    "returned": ["workspace/", "a/{}/", "a/{}/correction/", "a/{}/files/", "a/{}/done/"],
    "evaluated": ["workspace/", "a/{}/progress/", "a/{}/withdraw/", "a/{}/check/"],
    "delivered": [
        "workspace/",
        "a/{}/progress/",
        "a/{}/correction/",
        "certificates/",
        "messages/",
        "account/members/",
    ],
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One Chromium for this module; nothing here is asynchronous, whatever Django suspects."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as play:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        found = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def wrong(draft: Case) -> Case:
    """A draft with wrong typing in a line and in a row."""
    rows = [{"year": "2024", "amount": "一千"}]
    return filled(draft, employees_total="三百二十", revenue_3y=rows, plan_goals="")


def answer(client: Client, route: Route) -> None:
    """Answer one request: a static file, or a page, followed to where a POST leads."""
    address = urlsplit(route.request.url)
    if address.path.startswith("/static/"):
        found = finders.find(address.path.removeprefix("/static/"))
        kind = mimetypes.guess_type(found)[0]
        route.fulfill(body=Path(found).read_bytes(), content_type=kind)
        return
    path = f"{address.path}?{address.query}"
    if route.request.method == "POST":
        kind = route.request.headers["content-type"]
        response = client.post(path, route.request.post_data_buffer, content_type=kind)
    else:
        response = client.get(path)
    while response.status_code in (302, 303):
        response = client.get(response["Location"])
    route.fulfill(
        status=response.status_code, headers=dict(response.headers), body=response.content
    )


def opened(chromium: Browser, client: Client, complaints: list[str], *, script: bool) -> Page:
    """A page of ``client``; what the browser complains of is kept."""
    page = chromium.new_context(java_script_enabled=script).new_page()
    page.set_default_timeout(15_000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    page.route("**/*", partial(answer, client))
    return page


@pytest.mark.usefixtures("_returned", "_evaluated", "_delivered")  # before the test's transaction
@pytest.mark.parametrize("language", ["", "en/"])
@pytest.mark.parametrize("state", IN_HAND)
def test_every_page_is_accessible_and_fits_a_phone(
    chromium: Browser, request: pytest.FixtureRequest, state: str, language: str
) -> None:
    case: Case = request.getfixturevalue(state)
    complaints: list[str] = []
    page = opened(chromium, browser(demo.signer(case.applicant)), complaints, script=True)

    faults = []
    for path in IN_HAND[state]:
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(f"{SITE}/{language}{path.format(case.reference)}")
            found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
            faults += [(path, width, rule["id"]) for rule in found.response["violations"]]
            if page.evaluate("document.documentElement.scrollWidth") != width:
                faults.append((path, width, "scrolls sideways"))
    page.context.close()

    assert faults == []
    assert complaints == []


@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_that_came_back_with_errors_is_accessible_and_begins_at_them(
    chromium: Browser, wrong: Case, width: int
) -> None:
    page = opened(chromium, browser(demo.clerk(wrong.applicant)), [], script=True)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{SITE}/en/a/{wrong.reference}/s/basics/")

    with page.expect_navigation():
        page.click("button[value=next]")

    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    focused = page.evaluate("document.activeElement.id")
    title = page.title()
    page.context.close()
    assert [rule["id"] for rule in found.response["violations"]] == []
    assert focused == "errors"
    assert title.startswith("Error:")


def test_enter_in_a_row_saves_it_and_removes_nothing_without_script(
    chromium: Browser, complete: Case
) -> None:
    page = opened(chromium, browser(demo.clerk(complete.applicant)), [], script=False)
    page.goto(f"{SITE}/en/a/{complete.reference}/s/integration/")

    page.fill("#q-c2_internships-0-students", "35")
    with page.expect_navigation():
        page.press("#q-c2_internships-0-students", "Enter")
    page.context.close()

    rows = again(complete).draft["c2_internships"]
    assert [row["students"] for row in rows] == [35, 41]


def test_a_section_is_filled_by_keyboard_alone_without_script(
    chromium: Browser, draft: Case
) -> None:
    page = opened(chromium, browser(demo.clerk(draft.applicant)), [], script=False)
    page.goto(f"{SITE}/en/a/{draft.reference}/s/integrity/")
    page.focus("#q-no_major_accident")

    for _question in range(4):
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
    while page.locator("button[value=next]:focus").count() == 0:
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    heading = page.inner_text("h1")
    page.context.close()

    kept = again(draft).draft
    codes = ("no_major_accident", "no_tax_violation", "not_dishonest", "no_student_rights_case")
    assert [kept[code] for code in codes] == [True] * 4
    assert heading == "Integration conditions"
