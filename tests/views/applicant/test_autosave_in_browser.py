"""Typing in Chromium: whatever happens to network, session, browser or colleague, nothing is lost.

Pages are served by Django's test client through request interception. The page's clock is moved,
never waited for, except where the browser itself is killed.
"""

from collections.abc import Callable, Iterator
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.chromium import launched
from tests.conftest import StandingClock
from tests.views.applicant.drafts import again
from tests.views.applicant.killed_browser import Machine
from tests.views.applicant.typing_person import GOALS, MONEY, Reader, signed_in
from tests.views.desk.test_in_browser import width_of
from workflows import demo
from workflows.models import Case, Event, Presence, User
from workflows.views import staying

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
WIDE, TELEPHONE = 1440, 360
MIDNIGHT = datetime(2026, 9, 7, tzinfo=UTC)  # of the page's own clock


@pytest.fixture(scope="module", autouse=True)
def playwright() -> Iterator[Playwright]:
    """Begun before the world: its loop has database connections of its own."""
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as play:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop is in this thread
        yield play


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium for this module."""
    running = launched(playwright)
    yield running
    running.close()


Come = Callable[..., Reader]


@pytest.fixture
def come(chromium: Browser) -> Iterator[Come]:
    """Let somebody sit down; their browser must have nothing to complain of in the end."""
    readers: list[Reader] = []

    def comes(user: User, *, width: int = WIDE) -> Reader:
        window = chromium.new_context(viewport={"width": width, "height": 900})
        reader = Reader(window.new_page(), signed_in(user), copy_context())
        readers.append(reader)
        reader.settle()
        reader.page.clock.install(time=MIDNIGHT)
        reader.page.clock.pause_at(MIDNIGHT + timedelta(seconds=1))
        return reader

    yield comes
    for reader in readers:
        reader.page.context.close()
    assert [each for reader in readers for each in reader.complaints] == []


@pytest.fixture
def clerk(come: Come, complete: Case) -> Reader:
    """The clerk, with the plan open."""
    reader = come(demo.clerk(complete.applicant))
    reader.opens(complete)
    return reader


# --- by itself ----------------------------------------------------------------------------------
def test_what_is_typed_is_kept_two_seconds_after_the_last_key(
    clerk: Reader, complete: Case, standing: StandingClock
) -> None:
    clerk.types("一")
    clerk.waits(1)
    kept_here, kept_there = clerk.records, again(complete).draft["plan_goals"]

    standing.pass_(hours=1)
    clerk.waits(1.1)

    clerk.reads("Saved 10 a.m.")
    assert (kept_here, "一" in kept_there[-1]) == (1, False)
    assert again(complete).draft["plan_goals"].endswith("一")
    assert clerk.records == 0


def test_steady_typing_is_sent_every_five_seconds_at_most(clerk: Reader, complete: Case) -> None:
    before, sent = Event.objects.count(), len(clerk.kept)

    for _ in range(10):
        clerk.types("字")
        clerk.page.locator(MONEY).focus()  # leaving a field keeps at once, and not more often
        clerk.waits(1)
    clerk.waits(5)

    assert 2 <= len(clerk.kept) - sent <= 4
    assert again(complete).draft["plan_goals"].endswith("字" * 10)
    assert Event.objects.count() == before  # the draft was saved by the same clerk just now


def test_ten_minutes_offline_lose_nothing(clerk: Reader, complete: Case) -> None:
    clerk.online = False
    for minute in range(10):
        clerk.types(f"第{minute}分")
        clerk.waits(60)
    clerk.reads("Offline; kept on this device")
    clerk.page.get_by_text("The service cannot be reached.").wait_for()
    clerk.page.get_by_role("button", name="Save and continue").click()
    clerk.waits(1)
    stayed = clerk.page.locator(GOALS).input_value()

    clerk.online = True
    clerk.waits(21)

    clerk.reads("Saved")
    told = "".join(f"第{minute}分" for minute in range(10))
    assert stayed.endswith(told)
    assert again(complete).draft["plan_goals"].endswith(told)
    assert not clerk.page.get_by_text("The service cannot be reached.").is_visible()
    assert clerk.records == 0


def test_text_typed_offline_is_back_after_the_page_was_opened_anew(
    clerk: Reader, complete: Case
) -> None:
    clerk.online = False
    clerk.types("离线所写")
    clerk.waits(3)
    clerk.page.on("dialog", lambda dialog: dialog.accept())
    clerk.online = True

    clerk.opens(complete)

    clerk.page.get_by_text("is back in its place").wait_for()
    clerk.waits(1)
    clerk.reads("Saved")
    assert clerk.page.locator(GOALS).input_value().endswith("离线所写")
    assert again(complete).draft["plan_goals"].endswith("离线所写")


def test_leaving_with_unsent_text_asks(clerk: Reader, complete: Case) -> None:
    asked: list[str] = []
    clerk.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    clerk.online = False
    clerk.types("未发送")

    clerk.page.get_by_role("link", name="Workspace").first.click()
    clerk.waits(1)

    assert asked == ["beforeunload"]
    assert clerk.page.locator(GOALS).input_value().endswith("未发送")


def test_a_button_keeps_the_rest_and_goes_on(clerk: Reader, complete: Case) -> None:
    clerk.types("收尾")

    with clerk.page.expect_navigation():
        clerk.page.get_by_role("button", name="Save and continue").click()

    assert again(complete).draft["plan_goals"].endswith("收尾")
    assert clerk.page.locator("h1").inner_text() != "Three-year plan"
    assert clerk.records == 0


# --- the session ----------------------------------------------------------------------------------
def test_whoever_was_signed_out_signs_in_again_in_place(clerk: Reader, complete: Case) -> None:
    clerk.client.session.flush()
    clerk.types("会话已过期")
    clerk.waits(3)
    door = clerk.page.locator("#sign-in")
    door.wait_for()
    assert clerk.faults() == []

    door.get_by_label("Password").fill("not the password")
    door.get_by_role("button", name="Sign in", exact=True).click()
    door.get_by_text("Signing in did not work.").wait_for()
    door.get_by_label("Password").fill(demo.PASSWORD)
    door.get_by_role("button", name="Sign in", exact=True).click()
    door.wait_for(state="hidden")
    clerk.waits(6)

    clerk.reads("Saved")
    assert again(complete).draft["plan_goals"].endswith("会话已过期")


def test_five_minutes_before_the_end_the_reader_may_stay(
    come: Come, complete: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staying, "left", lambda request: 6 * 60)
    reader = come(demo.clerk(complete.applicant))
    reader.opens(complete)
    ending = reader.page.locator("#ending")
    assert not ending.is_visible()

    reader.waits(80)
    ending.wait_for()
    assert reader.faults() == []
    ending.get_by_role("button", name="Stay signed in").click()

    ending.wait_for(state="hidden")
    reader.waits(3600)
    assert not ending.is_visible()


# --- colleagues -----------------------------------------------------------------------------------
def test_what_two_people_changed_is_chosen_on_a_page(
    clerk: Reader, come: Come, complete: Case
) -> None:
    Presence.objects.all().delete()  # the clerk's browser was silent
    signer = come(demo.signer(complete.applicant))
    signer.opens(complete)
    signer.page.locator(MONEY).fill("390")
    signer.waits(3)
    signer.page.context.close()
    Presence.objects.all().delete()

    clerk.page.locator(MONEY).fill("400")
    clerk.waits(3)
    clerk.reads("1 answer was changed elsewhere too")
    with clerk.page.expect_navigation():
        clerk.page.get_by_role("button", name="Compare and choose").click()
    clerk.page.get_by_label("The newer answer").check()
    assert clerk.faults() == []
    with clerk.page.expect_navigation():
        clerk.page.get_by_role("button", name="Save and continue").click()

    assert again(complete).draft["plan_investment"] == "390.00"
    assert clerk.records == 0


def test_a_section_is_asked_for_and_handed_over(clerk: Reader, come: Come, complete: Case) -> None:
    clerk.types("写完了")
    clerk.waits(3)
    signer = come(demo.signer(complete.applicant), width=TELEPHONE)
    signer.opens(complete)
    assert (signer.faults(), width_of(signer.page)) == ([], TELEPHONE)
    with signer.page.expect_navigation():
        signer.page.get_by_role("button", name="Ask to take over").click()

    clerk.waits(21)
    asked = clerk.page.locator("#asked")
    asked.get_by_text(demo.signer(complete.applicant).name).wait_for()
    assert clerk.faults() == []
    with clerk.page.expect_navigation():
        asked.get_by_role("button", name="Hand over").click()
    signer.waits(11)

    signer.page.locator(GOALS).wait_for()
    assert signer.page.locator(GOALS).input_value().endswith("写完了")
    assert clerk.page.get_by_text("is filling in section").is_visible()
    assert clerk.page.locator("main textarea").count() == 0


def test_text_of_a_writer_who_was_cut_off_and_replaced_comes_back_to_them(
    clerk: Reader, come: Come, complete: Case, standing: StandingClock
) -> None:
    clerk.online = False
    clerk.types("断线时所写")
    clerk.waits(3)
    standing.pass_(seconds=121)
    signer = come(demo.signer(complete.applicant))
    signer.opens(complete)
    signer.page.locator(MONEY).fill("390")
    signer.waits(3)

    clerk.online = True
    clerk.waits(12)
    clerk.waits(12)
    clerk.page.get_by_text("What you typed here and could not send is kept").wait_for()
    standing.pass_(seconds=121)
    clerk.waits(11)
    clerk.page.get_by_text("is back in its place").wait_for()
    clerk.waits(6)

    clerk.reads("Saved")
    draft = again(complete).draft
    assert draft["plan_goals"].endswith("断线时所写")
    assert draft["plan_investment"] == "390.00"


# --- a killed browser -----------------------------------------------------------------------------
@pytest.fixture
def machine(playwright: Playwright, tmp_path: Path) -> Iterator[Machine]:
    """A machine whose plug is out in the end, whatever came of the test."""
    lent = Machine(playwright, tmp_path)
    yield lent
    lent.kill()


def test_killing_the_browser_while_typing_loses_less_than_a_second(
    machine: Machine, complete: Case
) -> None:
    client = signed_in(demo.clerk(complete.applicant))
    first = Reader(machine.start().new_page(), client, copy_context())
    first.settle()
    first.opens(complete)
    first.online = False  # what is saved is saved on this device only
    first.types("一直写到断电")
    first.page.wait_for_timeout(900)
    first.types("的那一刻")
    machine.kill()

    second = Reader(machine.start().new_page(), client, copy_context())
    second.settle()
    second.opens(complete)
    second.page.get_by_text("is back in its place").wait_for()
    second.reads("Saved")
    machine.kill()

    assert "一直写到断电" in again(complete).draft["plan_goals"]
    assert (first.complaints, second.complaints) == ([], [])
