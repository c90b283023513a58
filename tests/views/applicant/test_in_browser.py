"""The applicant's pages in Chromium: accessible, within the frame of a phone, alive without script.

Django answers before Chromium opens, and whatever Chromium sends is handed to Django once it is
closed: no port, and no database beside an event loop.
"""

import mimetypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Page, Route, sync_playwright

from tests.chromium import launched
from tests.views.applicant.drafts import PDF, again, filled, section, sent
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
    "returned": [
        "workspace/",
        "a/{}/",
        "a/{}/correction/",
        "a/{}/s/integration/",
        "a/{}/files/",
        "a/{}/done/",
    ],
    "asked": ["workspace/", "a/{}/progress/", "a/{}/supplement/"],
    "evaluated": ["workspace/", "a/{}/progress/", "a/{}/withdraw/", "a/{}/check/"],
    "delivered": [
        "workspace/",
        "a/{}/progress/",
        "a/{}/correction/",
        "a/{}/versions/1..2/",
        "certificates/",
        "messages/",
        "account/members/",
    ],
}


@pytest.fixture
def wrong(draft: Case) -> Case:
    """A draft with wrong typing in a line and in a row."""
    rows = [{"year": "2024", "amount": "一千"}]
    return filled(draft, employees_total="三百二十", revenue_3y=rows, plan_goals="")


@dataclass
class Shelf:
    """Answers prepared for a browser, and the form it sent."""

    pages: Mapping[str, HttpResponse]
    complaints: list[str] = field(default_factory=list)
    form: bytes = b""
    kind: str = ""

    def answer(self, route: Route) -> None:
        """Answer one request: a static file, a prepared page, or a form that is kept."""
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            kind = mimetypes.guess_type(found)[0]
            route.fulfill(body=Path(found).read_bytes(), content_type=kind)
            return
        if "/s/" in path and path.endswith("/keep/"):  # the page shows that somebody is here
            route.fulfill(status=200, json={"state": "left"})
            return
        if route.request.method == "POST":
            self.form = route.request.post_data_buffer or b""
            self.kind = route.request.headers["content-type"]
        page = self.pages[route.request.url.removeprefix(SITE)]
        route.fulfill(status=200, headers=dict(page.headers), body=page.content)

    def send(self, client: Client, address: str) -> HttpResponse:
        """Hand what the browser sent to Django."""
        return client.post(address, self.form, content_type=self.kind)


@contextmanager
def chromium(shelf: Shelf, *, script: bool = True) -> Iterator[Page]:
    """A page of a Chromium that gets its answers from ``shelf``."""
    with sync_playwright() as play:
        found = launched(play)
        page = found.new_context(java_script_enabled=script).new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: shelf.complaints.append(str(error)))
        page.on("console", lambda message: shelf.complaints.append(message.text))
        page.route("**/*", shelf.answer)
        yield page
        found.close()


def faults(page: Page, path: str) -> list[tuple[str, int, str]]:
    """What is wrong with one page at a desk and on a phone.

    English words in the frame of a desk are no new page to an axe.
    """
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(SITE + path)
        if width < max(WIDTHS) or not path.startswith("/en/"):
            rules = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
            found += [(path, width, rule["id"]) for rule in rules.response["violations"]]
        if page.evaluate("document.documentElement.scrollWidth") != width:
            found.append((path, width, "scrolls sideways"))
    return found


def inspected(case: Case, state: str) -> list[tuple[str, int, str]]:
    """What is wrong with the pages of a state, in both languages."""
    client = browser(demo.signer(case.applicant))
    paths = [
        f"{language}{path.format(case.reference)}"
        for language in ("/", "/en/")
        for path in IN_HAND[state]
    ]
    shelf = Shelf({path: client.get(path) for path in paths})
    assert {answer.status_code for answer in shelf.pages.values()} == {200}
    with chromium(shelf) as page:
        found = [fault for path in paths for fault in faults(page, path)]
    assert shelf.complaints == []
    return found


def test_an_unfinished_draft_is_accessible_and_fits_a_phone(wrong: Case) -> None:
    assert inspected(wrong, "wrong") == []


def test_a_finished_draft_is_accessible_and_fits_a_phone(complete: Case) -> None:
    assert inspected(complete, "complete") == []


def test_a_correction_is_accessible_and_fits_a_phone(returned: Case) -> None:
    assert inspected(returned, "returned") == []


def test_a_case_under_way_is_accessible_and_fits_a_phone(evaluated: Case) -> None:
    assert inspected(evaluated, "evaluated") == []


def test_a_request_for_material_is_accessible_and_fits_a_phone(asked: Case) -> None:
    assert inspected(asked, "asked") == []


def test_a_decided_case_is_accessible_and_fits_a_phone(delivered: Case) -> None:
    assert inspected(delivered, "delivered") == []


def test_a_page_that_came_back_with_errors_is_accessible_and_begins_at_them(wrong: Case) -> None:
    client, address = browser(demo.clerk(wrong.applicant)), section(wrong, "basics")
    refused = client.post(address, sent(client.get(address), go="next"))
    shelf = Shelf({address: refused})

    with chromium(shelf) as page:
        found = faults(page, address)
        focused = page.evaluate("document.activeElement.id")
        title = page.title()

    assert refused.status_code == 422
    assert found == []
    assert focused == "errors"
    assert title.startswith("Error:")


def test_two_versions_beside_each_other_are_accessible_on_a_phone(complete: Case) -> None:
    client, address = browser(demo.clerk(complete.applicant)), section(complete, "basics")
    stale = client.post(
        address, sent(client.get(address), seen="", revision="0", skilled_employees="1500")
    )
    shelf = Shelf({address: stale})

    with chromium(shelf) as page:
        found = faults(page, address)

    assert stale.status_code == 409
    assert found == []


def test_enter_in_a_row_saves_it_and_removes_nothing_without_script(complete: Case) -> None:
    client, address = browser(demo.clerk(complete.applicant)), section(complete, "integration")
    shelf = Shelf({address: client.get(address)})

    with chromium(shelf, script=False) as page:
        page.goto(SITE + address)
        page.fill("#q-c2_internships-0-students", "35")
        with page.expect_navigation():
            page.press("#q-c2_internships-0-students", "Enter")
    shelf.send(client, address)

    rows = again(complete).draft["c2_internships"]
    assert [row["students"] for row in rows] == [35, 41]


def test_a_section_is_filled_by_keyboard_alone_without_script(draft: Case) -> None:
    client, address = browser(demo.clerk(draft.applicant)), section(draft, "integrity")
    shelf = Shelf({address: client.get(address)})

    with chromium(shelf, script=False) as page:
        page.goto(SITE + address)
        page.focus("#q-no_major_accident")
        for _question in range(4):
            page.keyboard.press("Space")
            page.keyboard.press("Tab")
        while page.locator("button[value=next]:focus").count() == 0:
            page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    answer = shelf.send(client, address)

    kept = again(draft).draft
    codes = ("no_major_accident", "no_tax_violation", "not_dishonest", "no_student_rights_case")
    assert [kept[code] for code in codes] == [True] * 4
    assert answer["Location"] == section(draft, "integration")


def correcting(client: Client, home: str, form: str) -> Shelf:
    """The list of what to correct, and the form of one item with the way back to the list."""
    back = f"{form}?back=correction"
    pages = {address: client.get(address) for address in (home, back)}
    return Shelf({**pages, form: pages[back]})


def test_j3_a_correction_takes_two_actions_an_item_and_two_more_without_script(
    returned: Case, tmp_path: Path
) -> None:
    """Sign, change one answer, upload one paper, hand in: seven actions for two items."""
    returned.correction.items.filter(position=2).update(target="plan_investment")
    client, home = browser(demo.signer(returned.applicant)), f"/a/{returned.reference}/correction/"
    plan, files = (f"/a/{returned.reference}/{part}/" for part in ("s/plan", "files"))
    report = tmp_path / "信用报告.pdf"
    report.write_bytes(PDF)
    actions = 0

    shelf = correcting(client, home, files)
    with chromium(shelf, script=False) as page:
        page.goto(SITE + home)
        listed = page.locator("li.indicator").count()
        page.get_by_role("link", name="去上传").click()
        page.set_input_files("#id_file-credit_report", report)
        with page.expect_navigation():
            page.locator("#paper-credit_report button[data-plain]").click()
        actions += 2  # to the paper; the file, sent
    assert b'name="back"' in shelf.form  # Chromium shows no file to whom it asks for pages
    sent_file = SimpleUploadedFile(report.name, PDF, "application/pdf")
    uploaded = client.post(files, {"back": "correction", "file-credit_report": sent_file})

    shelf = correcting(client, home, plan)
    with chromium(shelf, script=False) as page:
        page.goto(SITE + home)
        page.get_by_role("link", name="去修改").click()
        page.fill("#q-plan_investment", "400")
        with page.expect_navigation():
            page.locator("button[name=go][value=back]").click()
        actions += 2  # to the answer; typed and saved
    saved = shelf.send(client, plan)

    shelf = Shelf({home: client.get(home)})
    with chromium(shelf, script=False) as page:
        page.goto(SITE + home)
        touched = page.locator("li.indicator .tag-ok").count()
        page.fill("#id_factor", demo.PASSWORD)
        with page.expect_navigation():
            page.locator("button.btn-primary").click()
        actions += 2  # the signature, and the button
    handed_in = shelf.send(client, home)

    assert [each.status_code for each in (uploaded, saved, handed_in)] == [303, 303, 303]
    assert [each["Location"] for each in (uploaded, saved)] == [home, home]
    assert (listed, touched) == (2, 2)
    assert handed_in["Location"].endswith("/done/")
    assert actions == 2 * listed + 2
