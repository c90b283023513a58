"""The desk in Chromium: two presses for a routine case, nothing sideways, nothing in the console.

Pages are served by Django's test client through request interception, so no port is opened and the
browser sees what the test's own transaction holds.
"""

import mimetypes
from collections.abc import Callable, Iterator
from contextvars import Context, copy_context
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, sync_playwright

from tests import groups
from tests.chromium import launched
from tests.views.desk.conftest import At
from tests.views.desk.people import claimed, desk
from workflows import demo
from workflows.models import Case, Ranking, User

SITE = "http://localhost"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
REFUSED = ("status of 422", "status of 409")  # what Chromium logs of answers that are meant
WAITING = ["acceptance", "acceptance/second", "department_review", "P1-001:sheet"]
pytestmark = pytest.mark.journey
Visit = Callable[..., Page]


@pytest.fixture(scope="module", autouse=True)
def browser() -> Iterator[Browser]:
    """One Chromium for this module, begun before the world: its loop has connections of its own."""
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as play:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop is in this thread
        chromium = launched(play)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Open a page as somebody; whatever the console complains of fails the test."""
    complaints: list[str] = []
    opened: list[BrowserContext] = []

    def visited(user: User, path: str, *, width: int = 1440, scripts: bool = True) -> Page:
        window = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts
        )
        opened.append(window)
        page = window.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        reader = desk(user)
        place = copy_context()  # playwright's callbacks have another, with other connections
        page.route("**/*", lambda route: answer(reader, place, route))
        page.goto(SITE + path)
        page.wait_for_load_state("networkidle")
        return page

    yield visited
    for window in opened:
        window.close()
    assert [each for each in complaints if not any(known in each for known in REFUSED)] == []


def answer(reader: Client, place: Context, route: Route) -> None:
    """Answer one request of the browser: a static file, or a page with all its headers."""
    path = urlsplit(route.request.url).path
    if path.startswith("/static/"):
        found = finders.find(path.removeprefix("/static/"))
        kind = mimetypes.guess_type(found)[0]
        route.fulfill(body=Path(found).read_bytes(), content_type=kind)
        return
    response = place.copy().run(served, reader, route.request)
    route.fulfill(
        status=response.status_code, headers=dict(response.headers), body=response.content
    )


def served(reader: Client, request: Request) -> HttpResponse:
    """What the house answers; redirects are followed here, as a server's would be."""
    address = urlsplit(request.url)
    response = reader.generic(
        request.method,
        f"{address.path}?{address.query}",
        request.post_data_buffer or b"",
        request.headers.get("content-type", "application/octet-stream"),
        headers={name: text for name, text in request.headers.items() if name.startswith("hx-")},
    )
    if response.status_code in (302, 303):
        response = reader.get(response.headers["Location"])
    return response


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
    return [
        f"{rule['id']}: {node['html']}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]


def width_of(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


def height_of(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollHeight"))


# --- journeys -----------------------------------------------------------------------------------
def test_a_routine_case_takes_two_presses_from_the_inbox(
    at: At, cast: demo.Cast, visit: Visit
) -> None:
    """J5: the first case is open already; one press confirms the rest, one decides."""
    first, second = at("acceptance"), at("acceptance/second")
    for task in (first, second):
        claimed(task, cast.window)
    page = visit(cast.window, "/tasks/")
    page.get_by_role("heading", level=2, name=first.applicant).wait_for()

    page.keyboard.press("Shift+Digit1")
    page.keyboard.press("a")

    page.locator("h1:focus", has_text=second.applicant).wait_for()
    assert Case.objects.get(pk=first.case_id).state == "accepted"
    assert first.applicant in page.get_by_role("status").inner_text()


def test_what_fails_becomes_the_notice_by_keyboard_alone(
    at: At, cast: demo.Cast, visit: Visit
) -> None:
    """J6: 3 on what fails, R, Ctrl and Enter."""
    task = at("acceptance")
    claimed(task, cast.window)
    page = visit(cast.window, f"/tasks/{task.pk}/")
    page.focus("#check-finance input")

    page.keyboard.press("3")
    page.keyboard.press("r")
    page.get_by_role("heading", name="补正告知").wait_for()
    page.select_option("#id_reason-0", index=1)
    page.focus("#id_text-0")
    page.once("dialog", lambda question: question.accept())
    page.keyboard.press("Control+Enter")
    page.wait_for_load_state("networkidle")

    case = Case.objects.get(pk=task.case_id)
    assert case.state == "returned"
    assert [item.target for item in case.correction.items.all()] == ["audit_or_tax"]


def test_c_claims_the_open_task(at: At, cast: demo.Cast, visit: Visit) -> None:
    task = at("acceptance")
    page = visit(cast.window, f"/tasks/{task.pk}/?queue=unclaimed")

    page.keyboard.press("c")
    page.locator("#decision").wait_for()

    task.refresh_from_db()
    assert task.owner == cast.window


def test_the_workbench_is_never_higher_than_the_window(
    at: At, cast: demo.Cast, visit: Visit
) -> None:
    first, second = at("acceptance"), at("acceptance/second")
    claimed(second, cast.window)
    page = visit(cast.window, f"/tasks/{first.pk}/?queue=unclaimed")
    heights = [height_of(page)]

    page.keyboard.press("c")
    page.locator("#decision").wait_for()
    heights.append(height_of(page))
    page.keyboard.press("Shift+Digit1")
    page.keyboard.press("a")
    page.get_by_role("heading", level=1, name=second.applicant).wait_for()
    heights.append(height_of(page))

    assert heights == [900] * 3


def test_looking_at_another_tab_keeps_what_was_ticked_and_written(
    at: At, cast: demo.Cast, visit: Visit
) -> None:
    task = at("acceptance")
    claimed(task, cast.window)
    page = visit(cast.window, f"/tasks/{task.pk}/")
    page.check("#check-plan input[value=yes]", force=True)
    page.fill("#id_note", "已与企业电话核实")

    page.get_by_role("navigation", name="办件内容").get_by_role("link", name="填报内容").click()
    page.locator("#view dl").first.wait_for()
    current = page.locator("#case-tabs [aria-current]").inner_text()

    assert page.is_checked("#check-plan input[value=yes]")
    assert page.input_value("#id_note") == "已与企业电话核实"
    assert current.startswith("填报内容")


def test_square_brackets_turn_the_filed_papers(at: At, cast: demo.Cast, visit: Visit) -> None:
    task = at("acceptance")
    page = visit(cast.window, f"/tasks/{task.pk}/")
    titles = page.locator("#ev option").all_inner_texts()

    for key, title in (("]", titles[1]), ("]", titles[2]), ("[", titles[1])):
        page.keyboard.press(key)
        page.locator("#ev option:checked", has_text=title).wait_for(state="attached")

    shown = page.locator("#view img").get_attribute("alt")
    assert shown is not None
    assert shown.startswith(titles[1].partition(" ")[2])


def test_everything_is_decided_without_scripts(at: At, cast: demo.Cast, visit: Visit) -> None:
    task = at("acceptance")
    page = visit(cast.window, "/tasks/unclaimed/", scripts=False)

    page.get_by_role("link", name=task.applicant).click()
    page.get_by_role("button", name="领取").click()
    page.get_by_role("button", name="其余符合").click()
    page.get_by_role("button", name="受理", exact=True).click()

    assert Case.objects.get(pk=task.case_id).state == "accepted"


def test_a_phone_shows_either_the_list_or_the_case(at: At, cast: demo.Cast, visit: Visit) -> None:
    task = at("acceptance")
    claimed(task, cast.window)

    seen = {}
    for path in ("/tasks/", f"/tasks/{task.pk}/"):
        page = visit(cast.window, path, width=360)
        seen[path] = [page.is_visible(part) for part in (".inbox", ".case")]

    assert list(seen.values()) == [[True, False], [False, True]]


@pytest.mark.django_db
def test_a_group_is_ranked_and_countersigned_on_a_phone_without_scripts(
    cast: demo.Cast, visit: Visit
) -> None:
    round_ = groups.call(groups.PROJECTS, budgets={"training_base": "600.00"})
    cases = groups.projects(round_, {"a": groups.Bid("90.00", 400), "b": groups.Bid("80.00", 300)})
    place = f"/rankings/{round_.key}/funding/training_base/"

    officer = visit(cast.officer, place, width=360, scripts=False)
    officer.get_by_role("button", name="冻结数据并排序").click()
    finance = visit(cast.finance, place, width=360, scripts=False)
    finance.get_by_role("button", name="会签").click()

    shown = visit(cast.officer, place, width=360)
    asked = visit(groups.signer(cases["b"]), f"/a/{cases['b'].reference}/offer/", width=360)
    assert Ranking.objects.get().approved_by == cast.finance
    assert [width_of(shown), width_of(asked)] == [360, 360]
    assert [*violations(shown), *violations(asked)] == []


# --- looks --------------------------------------------------------------------------------------
PLACES = {
    "list": "/tasks/",
    "empty": "/tasks/?q=没有这家",
    "task": "/tasks/{task}/",
    "answers": "/tasks/{task}/?tab=answers",
    "papers": "/tasks/{task}/?tab=papers",
    "timeline": "/tasks/{task}/?tab=timeline",
    "refuse": "/tasks/{task}/?do=refuse",
    "notice": "/tasks/{task}/?do=return",
}


WIDTHS = (1440, 1024, 360, 320)
LOOKED_AT = {"": (1440, 360), "/en": (360,)}  # with an axe: the other widths show the same page


def seen(page: Page, language: str) -> dict[int, tuple[list[str], int]]:
    """What is wrong with a page at each width, and how wide it is there."""
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        axed = width in LOOKED_AT[language]
        found[width] = (violations(page) if axed else [], width_of(page))
    return found


@pytest.mark.parametrize("language", LOOKED_AT)
@pytest.mark.parametrize("place", PLACES)
def test_the_windows_pages_are_accessible_at_every_width(
    at: At, cast: demo.Cast, visit: Visit, place: str, language: str
) -> None:
    task = at("acceptance")
    claimed(task, cast.window)

    page = visit(cast.window, language + PLACES[place].format(task=task.pk))

    assert seen(page, language) == {width: ([], width) for width in WIDTHS}


@pytest.mark.parametrize(
    "path", ["/cases/", "/cases/{case}/?tab=marks", "/cases/{case}/?do=suspend"]
)
@pytest.mark.parametrize("language", LOOKED_AT)
def test_the_register_and_the_file_are_accessible_at_every_width(
    at: At, cast: demo.Cast, visit: Visit, path: str, language: str
) -> None:
    reference = at("P1-001:sheet").case.reference

    page = visit(cast.leader, language + path.format(case=reference))

    assert seen(page, language) == {width: ([], width) for width in WIDTHS}


@pytest.mark.parametrize("width", [1440, 360])
def test_a_refused_decision_is_accessible_and_begins_at_its_summary(
    at: At, cast: demo.Cast, visit: Visit, width: int
) -> None:
    task = at("department_review")
    claimed(task, cast.officer)
    page = visit(cast.officer, f"/tasks/{task.pk}/", width=width)

    page.get_by_role("button", name="退回区级").click()
    page.locator("#errors").wait_for()

    assert violations(page) == []
    assert width_of(page) == width
    assert page.evaluate("document.activeElement.id") == "errors"
