"""The keyboard of the desk in Chromium: what each key does, and when it keeps silent (4.9)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.views.desk.conftest import At
from tests.views.desk.people import claimed, desk
from tests.views.windows import running, visited
from workflows import demo
from workflows.models import Case, Event, Task
from workflows.stages import worksheets

WAITING = ["acceptance", "acceptance/second"]
pytestmark = [pytest.mark.journey, pytest.mark.faults]


@pytest.fixture(scope="module", autouse=True)
def chromium() -> Iterator[Browser]:
    with running() as found:
        yield found


@pytest.fixture
def task(at: At, cast: demo.Cast) -> Task:
    """A case in the window's hands."""
    found = at("acceptance")
    claimed(found, cast.window)
    return found


@pytest.fixture
def page(chromium: Browser, task: Task, cast: demo.Cast) -> Iterator[Page]:
    with visited(chromium, desk(cast.window), f"/tasks/{task.pk}/") as found:
        yield found


def state(task: Task) -> str:
    return str(Case.objects.get(pk=task.case_id).state)


def ticked(page: Page) -> dict[str, str]:
    found: dict[str, str] = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.check__item :checked')]"
        ".map((each) => [each.name.slice(6), each.value]))"
    )
    return found


def hold(page: Page, key: str, times: int = 5) -> None:
    """Keep a key down: Chromium repeats it as a keyboard does."""
    for _ in range(times):
        page.keyboard.down(key)
    page.keyboard.up(key)


# --- what keys do -------------------------------------------------------------------------------
def test_figures_answer_check_by_check_and_a_held_one_answers_once(page: Page) -> None:
    before = ticked(page)

    hold(page, "1")
    page.keyboard.press("2")

    assert list(before) == ["in_scope", "no_other_case"]
    assert {**ticked(page), **before} == {**before, "licence": "yes", "signed": "unsure"}
    assert page.evaluate("document.querySelector('.is-now').id") == "check-credit_report"
    assert page.locator("[data-checked]").inner_text() == "4"


def test_what_is_ticked_is_kept_and_found_on_another_device(
    page: Page, task: Task, cast: demo.Cast
) -> None:
    page.keyboard.press("1")
    page.keyboard.press("3")
    page.fill("#id_note", "缺公章")
    page.locator("[data-kept]:not(:empty)").wait_for()

    kept = worksheets.of(task, cast.window)["accept"]
    assert kept["note"] == "缺公章"
    assert (kept["check-licence"], kept["check-signed"]) == ("yes", "no")


def test_the_rest_is_not_confirmed_once_something_is_flagged(page: Page) -> None:
    page.keyboard.press("3")
    page.keyboard.press("Shift+Digit1")
    page.wait_for_timeout(200)

    assert ticked(page)["licence"] == "no"
    assert len(ticked(page)) == 3
    assert not page.is_visible('[data-key="!"]')


def test_j_and_k_go_to_the_next_case_and_back(
    page: Page, task: Task, at: At, cast: demo.Cast
) -> None:
    other = at("acceptance/second")
    claimed(other, cast.window)
    page.reload()
    page.wait_for_load_state("networkidle")
    names = [page.locator(".case h1").inner_text()]

    for _ in range(2):
        shown = page.locator('[data-key="j"]').count()
        page.keyboard.press("j" if shown else "k")
        page.locator(".case h1", has_not_text=names[-1]).wait_for()
        names.append(page.locator(".case h1").inner_text())

    assert set(names) == {task.applicant, other.applicant}
    assert names[0] == names[2]


def test_x_ticks_the_row_and_shift_x_up_to_here(
    chromium: Browser, task: Task, at: At, cast: demo.Cast
) -> None:
    claimed(at("acceptance/second"), cast.window)
    with visited(chromium, desk(cast.window), "/tasks/") as page:
        page.focus(".mail__name")
        page.keyboard.press("x")
        page.keyboard.press("j")
        page.keyboard.press("Shift+X")

        assert page.locator("input[name=task]:checked").count() == 2


def test_x_in_an_open_case_ticks_it_and_goes_on_from_there(
    page: Page, task: Task, at: At, cast: demo.Cast
) -> None:
    claimed(at("acceptance/second"), cast.window)
    page.goto(f"{page.url.partition('/tasks/')[0]}/tasks/{task.pk}/?queue=mine")

    up_or_down = "j" if page.locator('[data-key="j"]').count() else "k"
    for key in ("x", up_or_down, "x"):
        page.keyboard.press(key)

    assert page.locator("input[name=task]:checked").count() == 2


def test_the_sheet_opens_on_a_question_mark_and_names_every_key(page: Page) -> None:
    page.keyboard.press("?")

    said = page.locator("#keys .keys").inner_text().split()
    assert page.locator("#keys").is_visible()
    assert {*"JKXCARDTHZEGIQ123[]/?", "⇧X", "⇧1", "Esc", "Enter", "Ctrl"} <= {*said}


def test_a_failed_case_is_returned_by_three_keys(page: Page, task: Task) -> None:
    """J6: 3 on what fails, R, Ctrl and Enter; the edition's reason and words are there already."""
    page.focus("#check-signed input")
    page.keyboard.press("3")
    page.keyboard.press("r")
    page.locator("#id_text-0").wait_for()
    wording = page.input_value("#id_text-0")
    page.keyboard.press("Control+Enter")  # asks, and is not answered
    page.wait_for_timeout(200)
    unanswered = state(task)
    page.once("dialog", lambda question: question.accept())
    page.keyboard.press("Control+Enter")
    page.wait_for_load_state("networkidle")

    (item,) = Case.objects.get(pk=task.case_id).correction.items.all()
    assert (unanswered, state(task)) == ("submitted", "returned")
    assert item.reason == "unsigned"
    assert item.text == wording
    assert "未签字盖章" in wording


def test_the_preview_opens_beside_and_leaves_the_notice_usable(page: Page, task: Task) -> None:
    page.focus("#check-signed input")
    page.keyboard.press("3")
    page.keyboard.press("r")
    page.locator("#id_text-0").wait_for()
    button = page.locator("button[formtarget=_blank]")
    page.evaluate("document.addEventListener('submit', (event) => event.preventDefault())")

    button.click()

    assert page.evaluate("document.getElementById('decision').dataset.sent") is None
    assert state(task) == "submitted"


# --- when they keep silent ----------------------------------------------------------------------
def test_a_held_key_decides_once(page: Page, task: Task) -> None:
    page.keyboard.press("Shift+Digit1")
    page.locator("#check-plan .y :checked").wait_for(state="attached")
    page.wait_for_load_state("networkidle")

    hold(page, "a", 8)
    page.wait_for_load_state("networkidle")

    assert state(task) == "accepted"
    assert Event.objects.filter(case=task.case_id, kind="accepted").count() == 1


def test_a_key_pressed_while_the_next_case_comes_decides_neither(
    page: Page, task: Task, at: At, cast: demo.Cast
) -> None:
    other = at("acceptance/second")
    claimed(other, cast.window)
    page.reload()
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Shift+Digit1")
    beside = "j" if page.locator('[data-key="j"]').count() else "k"

    page.evaluate(
        "(keys) => keys.forEach((key) => document.body.dispatchEvent("
        "new KeyboardEvent('keydown', { key, bubbles: true })))",
        [beside, "a"],
    )
    page.locator(".case h1", has_text=other.applicant).wait_for()
    page.wait_for_load_state("networkidle")

    assert (state(task), state(other)) == ("submitted", "submitted")


def test_a_key_is_for_the_row_that_has_the_focus_not_for_the_case_beside_it(
    chromium: Browser, task: Task, at: At, cast: demo.Cast
) -> None:
    other, reader = at("acceptance/second"), desk(cast.window)
    claimed(other, cast.window)
    with visited(chromium, reader, f"/tasks/{task.pk}/") as page:
        page.keyboard.press("Shift+Digit1")
        page.focus(".mail:not(.is-open) .mail__name")
        page.keyboard.press("a")
        page.locator(".case h1", has_text=other.applicant).wait_for()
        page.wait_for_load_state("networkidle")
    decided = (state(task), state(other))
    for each in (task, other):
        reader.post(f"/tasks/{each.pk}/release/")

    with visited(chromium, reader, "/tasks/unclaimed/") as page:
        page.locator(".case h2").first.wait_for()
        second = page.locator(".mail__name").nth(1)
        name = second.inner_text()
        second.focus()
        page.keyboard.press("c")
        page.locator("#decision").wait_for()

        assert page.locator(".case h1").inner_text() == name
    assert decided == ("submitted", "submitted")
    assert [each.applicant for each in Task.objects.filter(owner=cast.window, finished=None)] == [
        name
    ]


def test_on_a_phone_j_and_enter_open_the_task(
    chromium: Browser, task: Task, at: At, cast: demo.Cast
) -> None:
    claimed(at("acceptance/second"), cast.window)
    with visited(chromium, desk(cast.window), "/tasks/", width=360) as page:
        page.keyboard.press("j")
        name = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("Enter")

        page.locator(".case h1", has_text=name).wait_for()


def test_a_tab_that_another_page_answers_opens_that_page(page: Page, task: Task) -> None:
    page.evaluate(
        "() => { const link = Object.assign(document.createElement('a'), { href: '/tasks/done/',"
        " id: 'elsewhere', textContent: '已办结' }); document.querySelector('#view').prepend(link);"
        " htmx.process(link); }"
    )

    page.click("#elsewhere")
    page.wait_for_url("**/tasks/done/")

    assert page.locator("h1").count() == 1


def test_the_rest_confirmed_in_one_press_is_named_so_and_kept(
    page: Page, task: Task, cast: demo.Cast
) -> None:
    page.keyboard.press("1")
    page.keyboard.press("Shift+Digit1")
    address = page.url
    page.locator("[data-kept]:not(:empty)").wait_for()

    kept = worksheets.of(task, cast.window)["accept"]
    assert set(ticked(page).values()) == {"yes"}
    assert page.locator("[data-checked]").inner_text() == str(len(ticked(page)))
    assert "licence" not in kept["together"].split()
    assert {"signed", "plan"} <= set(kept["together"].split())
    assert not page.locator('[data-key="!"]').count()
    assert page.url == address


def test_no_key_acts_in_a_text_field(page: Page, task: Task) -> None:
    before = ticked(page)
    page.focus("#id_note")

    page.keyboard.type("ard123?xz/")

    assert page.input_value("#id_note") == "ard123?xz/"
    assert ticked(page) == before
    assert not page.locator("#keys").is_visible()
    assert state(task) == "submitted"


def test_no_key_acts_while_an_input_method_composes(page: Page, task: Task) -> None:
    """What Chromium sends of a real composition: in a field, and for keys taken by the method."""
    before = ticked(page)
    page.focus("#id_note")
    inside = page.context.new_cdp_session(page)
    seen = page.evaluate_handle(
        "(() => { const all = []; for (const kind of ['compositionstart', 'compositionend'])"
        " document.addEventListener(kind, (event) => all.push(kind)); return all; })()"
    )

    inside.send("Input.imeSetComposition", {"text": "a", "selectionStart": 1, "selectionEnd": 1})
    composing = {"type": "rawKeyDown", "key": "Enter", "modifiers": 2, "windowsVirtualKeyCode": 229}
    inside.send("Input.dispatchKeyEvent", composing)
    inside.send("Input.insertText", {"text": "啊"})
    page.evaluate("document.activeElement.blur()")
    for key in ("a", "3", "r"):
        taken = {"type": "rawKeyDown", "key": key, "windowsVirtualKeyCode": 229}
        inside.send("Input.dispatchKeyEvent", taken)
    page.wait_for_timeout(200)

    assert seen.json_value() == ["compositionstart", "compositionend"]
    assert page.input_value("#id_note") == "啊"
    assert ticked(page) == before
    assert state(task) == "submitted"


@pytest.mark.parametrize(
    ("wish", "plain", "with_alt"), [("off", False, False), ("alt", False, True), ("", True, False)]
)
def test_keys_are_switched_off_or_want_alt(
    page: Page, wish: str, plain: bool, with_alt: bool
) -> None:
    page.evaluate("(wish) => { document.documentElement.dataset.keys = wish; }", wish)
    before = len(ticked(page))

    page.keyboard.press("1")
    after = len(ticked(page))
    page.keyboard.press("Alt+1")

    assert (after > before) is plain
    assert (len(ticked(page)) > after) is with_alt
