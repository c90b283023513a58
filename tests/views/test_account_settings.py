"""Account settings: what is asked of whom, what is kept, and the bell that counts."""

from datetime import date
from typing import Any

import pytest

from tests import rows
from tests.views.public.addresses import at, browser, text
from workflows import clock
from workflows.models import Appointment, Membership, Message, Preference, User

pytestmark = [pytest.mark.django_db, pytest.mark.bare_rows]
SINCE = date(2020, 1, 1)
SETTINGS = at("account_settings")


@pytest.fixture(autouse=True)
def _both_ways(settings: Any) -> None:
    settings.HENG_CHANNELS = {
        "mail": "workflows.notifications.mail.Mail",
        "sms": "workflows.notifications.sms.Sms",
    }


@pytest.fixture
def clerk() -> User:
    """Somebody who acts for an organisation."""
    person = rows.person(email="gu@example.com")
    Membership.objects.create(
        user=person, organisation=rows.organisation(), role="clerk", valid_from=SINCE
    )
    return person


def holder(role: str) -> User:
    """Somebody of the office."""
    person = rows.person(email="office@example.com")
    Appointment.objects.create(user=person, role=role, valid_from=SINCE)
    return person


def choices(**changed: str) -> dict[str, str]:
    """The form of a clerk who changes nothing else."""
    usual = {"course": "at_once", "deadlines": "at_once", "partners": "at_once"}
    paces = {f"{topic}-mail": pace for topic, pace in {**usual, "account": "at_once"}.items()}
    short = {"course-sms": "at_once", "deadlines-sms": "at_once"}
    return {"language": "zh-hans", "phone": "", **paces, **short, **changed}


# --- what is asked ------------------------------------------------------------------------------
def test_an_applicant_is_asked_about_an_applicants_topics(clerk):
    page = text(browser(clerk).get(SETTINGS))

    assert "Where your applications stand" in page
    assert "Tasks of the office" not in page
    assert 'name="course-mail"' in page


def test_a_notice_of_the_law_has_no_control(clerk):
    page = text(browser(clerk).get(SETTINGS))

    assert "Notices the law asks for" in page
    assert 'name="law-mail"' not in page


def test_nothing_is_asked_that_no_message_would_ever_use(clerk, settings):
    both = text(browser(clerk).get(SETTINGS))
    settings.HENG_CHANNELS = {"mail": "workflows.notifications.mail.Mail"}
    letters = text(browser(clerk).get(SETTINGS))

    assert 'name="partners-sms"' not in both  # nothing of it is urgent
    assert 'name="phone"' in both
    assert 'name="phone"' not in letters


@pytest.mark.parametrize(
    ("role", "topics"),
    [
        ("window", {"desk"}),
        ("expert", {"seats"}),
        ("member", {"desk", "seats"}),
        ("operator", set()),
    ],
)
def test_the_office_is_asked_about_its_own_topics_in_its_own_frame(role, topics):
    page = text(browser(holder(role)).get(SETTINGS))

    assert {code for code in ("desk", "seats", "course") if f'name="{code}-mail"' in page} == topics
    assert at("workspace") not in page


# --- what is kept -------------------------------------------------------------------------------
def test_choices_are_kept_and_the_page_shows_them(clerk):
    window = browser(clerk)
    sent = choices(**{"language": "en", "phone": "+86 138-0000 ００００", "course-mail": "daily"})

    answer = window.post(SETTINGS, sent, follow=True)

    clerk.refresh_from_db()
    assert (clerk.language, clerk.phone) == ("en", "13800000000")
    assert Preference.objects.values_list("topic", "channel", "pace").get() == (
        "course",
        "mail",
        "daily",
    )
    assert '<option value="daily" selected>' in text(answer)
    assert "Your settings are saved" in text(answer)


@pytest.mark.parametrize(
    "wrong", [{"phone": "021-12345678"}, {"language": "fr"}, {"course-mail": "hourly"}]
)
def test_what_makes_no_sense_is_refused_and_shown_as_typed(clerk, wrong):
    answer = browser(clerk).post(SETTINGS, choices(**wrong))

    assert answer.status_code == 422
    assert "Error:" in text(answer)
    if "phone" in wrong:
        assert 'value="021-12345678"' in text(answer)
    assert not Preference.objects.exists()


def test_a_notice_of_the_law_is_not_turned_off_by_a_forged_form(clerk):
    browser(clerk).post(SETTINGS, choices(**{"law-mail": "never", "desk-mail": "never"}))

    assert not Preference.objects.exists()


def test_a_visitor_signs_in_first(client):
    assert client.get(SETTINGS).status_code == 302


# --- the bell -----------------------------------------------------------------------------------
def test_the_bell_counts_what_is_unread_on_every_page(clerk):
    for number, read in enumerate((None, None, clock.now())):
        Message.objects.create(
            recipient=clerk,
            kind="resumed",
            facts={"reference": "R"},
            key=f"{number}",
            sent=clock.now(),
            read=read,
        )

    page = text(browser(clerk).get(at("home")))

    assert "Messages: 2 unread" in page


def test_a_visitor_has_no_bell(client):
    assert at("messages") not in text(client.get(at("home")))
