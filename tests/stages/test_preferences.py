"""What people choose: who hears at once, who by the daily letter, who in the house only."""

from datetime import date, datetime

import pytest
from django.core import mail
from django.utils import translation

from tests import rows
from tests.conftest import StandingClock
from workflows import audit, clock, jobs
from workflows.models import Appointment, Event, Job, Message, Preference, User
from workflows.notifications import channels, sentences, sms
from workflows.notifications.mail import Mail
from workflows.notifications.sentence import Words
from workflows.notifications.topics import Pace
from workflows.stages import daily, messages, preferences

pytestmark = [pytest.mark.django_db, pytest.mark.bare_rows]
MAIL = {"mail": "workflows.notifications.mail.Mail"}
BOTH = {**MAIL, "sms": "workflows.notifications.sms.Sms"}
SINCE = date(2020, 1, 1)


@pytest.fixture(autouse=True)
def _by_mail(settings) -> None:
    settings.HENG_CHANNELS = MAIL


@pytest.fixture
def case():
    """A case with something on its trail."""
    return rows.walked("submitted")


@pytest.fixture
def event(case) -> Event:
    """What people are told about."""
    return case.events.get()


@pytest.fixture
def officer() -> User:
    """Somebody of the office, with an address."""
    person = rows.person(email="officer@example.com", language="en")
    Appointment.objects.create(user=person, role="case_officer", valid_from=SINCE)
    return person


def ways():
    """The channels that are configured."""
    return [(name, channels.channel(name)) for name in channels.names()]


def choose(person: User, **given: object) -> None:
    """Choose something, and leave the rest as it is."""
    kept = {"language": person.language, "phone": person.phone, "paces": {}}
    preferences.choose(person, ways=ways(), **{**kept, **given})


def tell(case, event, person: User, kind: str, **facts: object) -> None:
    """Tell one person, and let everything run that is due."""
    messages.tell(case, kind, event=event, audience=f"user:{person.pk}", **facts)
    jobs.run_due()


def subjects() -> list[str]:
    """The letters that went out."""
    return [letter.subject for letter in mail.outbox]


# --- the daily letter ---------------------------------------------------------------------------
def test_the_office_has_one_letter_on_the_next_working_morning(
    case, event, officer, standing_clock: StandingClock
):
    second = rows.step(case, "accepted")
    tell(case, event, officer, "withdrawal_asked")
    tell(case, second, officer, "review_requested", due="2026-09-21")
    before = subjects()

    standing_clock.move_to(datetime(2026, 9, 8, 8, 30, tzinfo=clock.LOCAL))
    jobs.run_due()
    jobs.run_due()

    assert before == []
    assert subjects() == ["2 new messages"]
    assert "1. Withdrawal asked for" in mail.outbox[0].body
    assert "2. Review of a mark asked for" in mail.outbox[0].body


def test_what_was_read_meanwhile_is_in_no_letter(case, event, officer, standing_clock):
    tell(case, event, officer, "withdrawal_asked")
    messages.mark_read(officer, Message.objects.values_list("pk", flat=True))

    standing_clock.pass_(days=1)
    jobs.run_due()

    assert subjects() == []


class Post(Mail):
    """Another way that knows letters."""

    def send(self, recipient: channels.Recipient, words: Words, key: str) -> None:
        POSTED.append(words)


POSTED: list[Words] = []


def test_a_letter_repeats_nothing_that_its_own_way_brought_at_once_or_never_brings(
    case, event, officer, standing_clock, settings
):
    POSTED.clear()
    settings.HENG_CHANNELS = {**MAIL, "post": f"{__name__}.Post"}
    other = rows.step(case, "accepted")
    choose(
        officer,
        paces={
            ("desk", "mail"): Pace.DAILY,
            ("desk", "post"): Pace.AT_ONCE,
            ("course", "mail"): Pace.NEVER,
            ("course", "post"): Pace.DAILY,
        },
    )
    tell(case, event, officer, "withdrawal_asked")
    tell(case, other, officer, "resolved")

    standing_clock.pass_(days=1)
    jobs.run_due()

    with translation.override("en"):
        decided = sentences.words("resolved", Message.objects.get(kind="resolved").facts).title
    assert [words.title for words in POSTED] == ["Withdrawal asked for", "1 new message"]
    assert decided in POSTED[1].text
    assert subjects() == ["1 new message"]
    assert "Withdrawal asked for" in mail.outbox[0].body
    assert decided not in mail.outbox[0].body


@pytest.mark.parametrize(
    ("moment", "letter"),
    [
        ((2026, 9, 7, 8, 19), (2026, 9, 7)),
        ((2026, 9, 7, 8, 21), (2026, 9, 8)),  # too close to be sure of this one
        ((2026, 9, 11, 17, 0), (2026, 9, 14)),  # a Friday
        ((2026, 9, 12, 7, 0), (2026, 9, 14)),
        ((2026, 9, 13, 23, 55), (2026, 9, 14)),
    ],
)
def test_the_letter_goes_out_at_half_past_eight_of_a_working_day(moment, letter):
    found = daily.next_letter(datetime(*moment, tzinfo=clock.LOCAL))

    assert found == datetime(*letter, 8, 30, tzinfo=clock.LOCAL)


# --- choosing -----------------------------------------------------------------------------------
def test_whoever_wants_it_at_once_has_it_at_once(case, event, officer):
    choose(officer, paces={("desk", "mail"): Pace.AT_ONCE})

    tell(case, event, officer, "withdrawal_asked")

    assert subjects() == ["Withdrawal asked for"]


def test_a_topic_turned_off_is_read_in_the_house_only(case, event, officer, standing_clock):
    choose(officer, paces={("desk", "mail"): Pace.NEVER})

    tell(case, event, officer, "withdrawal_asked")
    standing_clock.pass_(days=3)
    jobs.run_due()

    assert subjects() == []
    assert Message.objects.filter(recipient=officer, kind="withdrawal_asked").exists()


def test_an_applicant_may_have_a_topic_by_the_daily_letter(case, event, standing_clock):
    clerk = rows.person(email="gu@example.com", language="en")
    choose(clerk, paces={("course", "mail"): Pace.DAILY})

    tell(case, event, clerk, "resolved")
    standing_clock.pass_(days=1)
    jobs.run_due()

    assert subjects() == ["1 new message"]


def test_a_notice_of_the_law_cannot_be_turned_off(case, event):
    clerk = rows.person(email="gu@example.com", language="en")
    choose(clerk, paces={("law", "mail"): Pace.NEVER})
    Preference.objects.update_or_create(
        user=clerk, topic="law", channel="mail", defaults={"pace": "never"}
    )

    tell(case, event, clerk, "returned", due="2026-09-21")

    assert subjects() == ["Correction needed"]


def test_a_choice_is_on_the_trail_without_the_telephone(officer):
    choose(officer, phone="13800000000", paces={("desk", "mail"): Pace.NEVER})
    choose(officer, phone="13800000000", paces={("desk", "mail"): Pace.NEVER})

    (entry,) = Event.objects.filter(chain="sys:preferences")
    assert '"phone":"given"' in entry.body
    assert '"desk mail":"never"' in entry.body
    assert "13800000000" not in entry.body
    assert list(audit.verify()) == []


def test_a_choice_equal_to_what_is_usual_leaves_no_row(officer):
    choose(officer, paces={("desk", "mail"): Pace.DAILY})

    assert not Preference.objects.exists()


# --- by telephone -------------------------------------------------------------------------------
@pytest.fixture
def texted(settings, monkeypatch) -> list[tuple[str, str]]:
    """What the gateway was sent: number, key."""
    settings.HENG_CHANNELS = BOTH
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(
        sms.Sms, "send", lambda self, to, words, key: sent.append((to.phone, words.title))
    )
    return sent


def test_only_what_is_urgent_goes_to_a_telephone_and_only_to_one_that_was_given(
    case, event, texted
):
    silent = rows.person(language="en")
    reached = rows.person(language="en", phone="13800000000")

    for person in (silent, reached):
        tell(case, event, person, "returned", due="2026-09-21")
    tell(case, rows.step(case, "accepted"), reached, "resolved")

    assert texted == [("13800000000", "Correction needed")]


def test_text_messages_of_a_topic_can_be_turned_off(case, event, texted):
    person = rows.person(phone="13800000000")
    choose(person, paces={("course", "sms"): Pace.NEVER})

    tell(case, event, person, "notice_opened", closes="2026-09-21")

    assert texted == []


def test_a_gateway_that_is_down_holds_up_no_letter(case, event, settings, monkeypatch, caplog):
    settings.HENG_CHANNELS = BOTH
    settings.HENG_SMS = {"url": "http://127.0.0.1:9/", "token_file": ""}
    person = rows.person(phone="13800000000", email="gu@example.com", language="en")

    tell(case, event, person, "returned", due="2026-09-21")

    assert subjects() == ["Correction needed"]
    states = dict(Job.objects.filter(kind="message").values_list("payload__channel", "state"))
    assert states == {"mail": "done", "sms": "ready"}
    assert "GatewayRefused" in caplog.text
