"""Settings, messages and ratings in Chromium: on a telephone, without scripts, and under axe."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from playwright.sync_api import Browser

from tests import rows
from tests.views.desk.test_in_browser import violations, width_of
from tests.views.public.addresses import at, browser
from tests.views.windows import running, visited
from workflows import jobs
from workflows.models import Appointment, Event, Membership, Rating, User
from workflows.stages import contacts, messages, ratings

pytestmark = [pytest.mark.django_db, pytest.mark.bare_rows, pytest.mark.journey]
WIDTHS = (1440, 360)
CHANNELS = {
    "mail": "workflows.notifications.mail.Mail",
    "sms": "workflows.notifications.sms.Sms",
}


@pytest.fixture(scope="module", autouse=True)
def chromium() -> Iterator[Browser]:
    """One Chromium for this module."""
    with running() as window:
        yield window


@pytest.fixture
def contact(settings, standing_clock) -> Event:
    """A filed application: the first contact."""
    settings.HENG_CHANNELS = CHANNELS
    return rows.step(rows.case(), "submitted", kind="submitted")


@pytest.fixture
def clerk(contact: Event) -> User:
    """Who acts for its applicant, and has been told of it."""
    person = rows.person(email="gu@example.com")
    Membership.objects.create(
        user=person,
        organisation=contact.case.applicant,
        role="clerk",
        valid_from=date(2020, 1, 1),
    )
    messages.tell(contact.case, "received", event=contact, due="2026-09-14")
    jobs.run_due()
    return person


@pytest.fixture
def leader(db: None) -> User:
    """The head of the office."""
    person = rows.person()
    Appointment.objects.create(user=person, role="leader", valid_from=date(2020, 1, 1))
    return person


def faults(chromium: Browser, reader: Client, path: str, press: str = "") -> list[str]:
    """What is wrong with a page on both widths, after a button if one is named."""
    found = []
    for width in WIDTHS:
        with visited(chromium, reader, path, width=width) as page:
            if press:
                page.get_by_role("button", name=press).click()
                page.locator(".errors, .error").first.wait_for()
            found += [f"{path} {width}: {each}" for each in violations(page)]
            if width_of(page) != width:
                found.append(f"{path} runs sideways at {width}: {width_of(page)}")
    return found


def test_the_pages_of_messages_and_settings_are_sound(chromium, clerk, leader):
    for reader in (browser(clerk), browser(leader)):
        for name in ("messages", "account_settings"):
            assert faults(chromium, reader, at(name)) == []


def test_the_pages_of_ratings_are_sound_empty_wrong_and_full(chromium, contact, leader):
    rate, visitor, head = at("feedback", contacts.token(contact.pk)), Client(), browser(leader)

    assert faults(chromium, head, at("ratings")) == []
    assert faults(chromium, visitor, rate) == []
    assert faults(chromium, visitor, rate, press="Send the rating") == []
    poor = ratings.rate(contact, level=5, remark="等了太久，" * 40)
    assert faults(chromium, visitor, rate) == []
    assert faults(chromium, head, at("ratings")) == []
    assert faults(chromium, head, at("rating", poor.pk)) == []
    assert faults(chromium, head, at("rating", poor.pk), press="Send the answer") == []


def test_a_contact_is_rated_from_the_message_in_three_presses_without_scripts(
    chromium, clerk, contact
):
    reader = browser(clerk)

    with visited(chromium, reader, at("messages"), width=360, scripts=False) as page:
        page.get_by_role("link", name="Rate this contact").click()
        page.get_by_label("Very satisfied").check()
        page.get_by_role("button", name="Send the rating").click()
        page.get_by_role("heading", name="Thank you for your rating").wait_for()

    assert Rating.objects.get().event == contact


def test_settings_are_changed_without_scripts_and_without_a_mouse(chromium, clerk):
    reader = browser(clerk)

    with visited(chromium, reader, at("account_settings"), width=360, scripts=False) as page:
        page.get_by_label("Mobile number").focus()
        page.keyboard.type("13800000000")
        page.get_by_label("Where your applications stand: E-mail").focus()
        page.keyboard.press("ArrowDown")
        page.get_by_role("button", name="Save settings").focus()
        page.keyboard.press("Enter")
        page.get_by_text("Your settings are saved").wait_for()

    clerk.refresh_from_db()
    assert clerk.phone == "13800000000"
    assert clerk.preferences.get().pace == "daily"
