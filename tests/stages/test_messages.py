"""Who is told, once, in which language, and by which ways."""

from datetime import date

import pytest
from django.core import mail

from tests import rows
from workflows import audit, clock, jobs
from workflows.models import Appointment, Event, Job, MeetingMember, Membership, Message, Seat
from workflows.models.meeting import Meeting
from workflows.stages import messages

pytestmark = [pytest.mark.django_db, pytest.mark.bare_rows]
SINCE = date(2020, 1, 1)
MAIL = {"mail": "workflows.notifications.mail.Mail"}


@pytest.fixture
def case():
    """A case with something on its trail."""
    return rows.walked("submitted")


@pytest.fixture
def event(case) -> Event:
    """What people are told about."""
    return case.events.get()


def member(case, **given):
    """Someone who acts for the applicant."""
    person = rows.person(**given)
    Membership.objects.create(
        user=person, organisation=case.applicant, role="clerk", valid_from=SINCE
    )
    return person


def tell(case, kind, **facts) -> None:
    """Tell, and let the job that finds the people run."""
    messages.tell(case, kind, **facts)
    for job in Job.objects.filter(kind="tell", state=Job.State.READY):
        jobs.run_one(job.pk)


def told() -> list[tuple[object, str]]:
    """Who has which message."""
    return [(each.recipient, each.kind) for each in Message.objects.order_by("recipient")]


def test_everyone_who_acts_for_the_applicant_is_told(case, event):
    first, second = member(case), member(case)
    former = rows.person()
    Membership.objects.create(
        user=former, organisation=case.applicant, role="signer", valid_from=SINCE, valid_to=SINCE
    )
    member(rows.case())

    tell(case, "received", event=event, due="2026-09-14")

    assert told() == [(first, "received"), (second, "received")]
    assert Message.objects.first().facts == {"reference": case.reference, "due": "2026-09-14"}


def test_whoever_the_window_has_not_confirmed_hears_of_their_own_matters_only(case, event):
    theirs = rows.case()
    founder = member(theirs)
    theirs.applicant.memberships.update(provisional=True)
    own, asked = rows.step(theirs, "submitted"), f"organisation:{theirs.applicant_id}"

    tell(case, "partner_asked", event=event, audience=asked, lead=case.applicant.name)
    tell(theirs, "received", event=own, due="2026-09-14")

    assert told() == [(founder, "received")]


def test_a_person_with_two_mandates_is_told_once(case, event):
    person = member(case)
    Membership.objects.create(
        user=person, organisation=case.applicant, role="signer", valid_from=SINCE
    )

    tell(case, "resumed", event=event)

    assert told() == [(person, "resumed")]


def test_telling_the_same_event_again_changes_nothing(case, event):
    member(case)

    tell(case, "resumed", event=event)
    tell(case, "resumed", event=event)

    assert Message.objects.count() == 1


def test_an_inbox_group_is_told_with_those_of_the_whole_city(case, event):
    offices = {
        scope: Appointment.objects.create(
            user=rows.person(), role="department_reviewer", scope=scope, valid_from=SINCE
        )
        for scope in ("tax", "hr", "")
    }

    tell(case, "reminder", event=event, audience="group:department_reviewer:tax", due="2026-09-14")

    assert told() == [(offices["tax"].user, "reminder"), (offices[""].user, "reminder")]


def test_a_panel_is_told_without_those_who_left_it(case, event):
    seats = [
        Seat.objects.create(
            case=case,
            round=0,
            number=number,
            expert=rows.person(),
            code=f"C{number}",
            drawn=clock.now(),
            void=void,
        )
        for number, void in ((1, None), (2, clock.now()))
    ]

    tell(case, "panel_seat", event=event, audience="panel")

    assert told() == [(seats[0].expert, "panel_seat")]


def test_a_meeting_is_told_and_one_person_can_be(case, event):
    meeting = Meeting.objects.create(
        number="2026-1", title="第一次会议", held=clock.now(), convenor=rows.person()
    )
    seated = MeetingMember.objects.create(meeting=meeting, user=rows.person(), unit="市教委")
    other = rows.person()

    tell(case, "meeting_called", event=event, audience=f"meeting:{meeting.pk}")
    tell(case, "panel_seat", event=event, audience=f"user:{other.pk}")

    assert told() == [(seated.user, "meeting_called"), (other, "panel_seat")]


def test_whoever_asked_is_told_and_their_group_once_they_hold_no_office(case, event):
    asker, colleague = rows.person(), rows.person()
    for person in (asker, colleague):
        Appointment.objects.create(user=person, role="window", scope="310115", valid_from=SINCE)
    to_asker = f"handler:{asker.pk}:window:310115"

    tell(case, "correction_in", event=event, audience=to_asker, due="2026-09-14")
    asker.appointments.update(valid_to=SINCE)
    later = rows.step(case, "returned")
    tell(case, "correction_in", event=later, audience=to_asker, due="2026-09-14")

    assert told() == [(asker, "correction_in"), (colleague, "correction_in")]


def test_a_sentence_without_its_facts_is_refused(case, event):
    with pytest.raises(ValueError, match="due"):
        tell(case, "received", event=event)


def test_telling_costs_one_statement(case, event, django_assert_num_queries):
    for _ in range(3):
        member(case)

    with django_assert_num_queries(1):
        messages.tell(case, "resumed", event=event)


# --- ways out -----------------------------------------------------------------------------------
def test_a_letter_goes_out_once_to_each_in_their_own_language(case, event, settings):
    settings.HENG_CHANNELS = MAIL
    member(case, email="gu@example.com", language="zh-hans")
    member(case, email="ann@example.com", language="en")

    tell(case, "withdrawn", event=event)
    tell(case, "withdrawn", event=event)
    jobs.run_due()

    assert [letter.to for letter in mail.outbox] == [["gu@example.com"], ["ann@example.com"]]
    assert mail.outbox[1].subject == "Application withdrawn"
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_a_deactivated_person_gets_no_letter(case, event, settings):
    settings.HENG_CHANNELS = MAIL
    member(case, email="gu@example.com", is_active=False)

    tell(case, "withdrawn", event=event)
    jobs.run_due()

    assert mail.outbox == []


def test_a_mail_server_that_is_down_loses_no_letter(case, event, settings, monkeypatch, caplog):
    settings.HENG_CHANNELS = MAIL
    member(case, email="gu@example.com")
    tell(case, "withdrawn", event=event)

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", _refuse)
        jobs.run_due()
    waiting = Job.objects.get(kind="message")
    with clock.at(waiting.not_before):
        jobs.run_due()

    assert (waiting.state, waiting.failures) == ("ready", 1)
    assert len(mail.outbox) == 1
    assert "tried again" in caplog.text


def _refuse(letter: mail.EmailMessage) -> None:
    raise ConnectionRefusedError


# --- reading ------------------------------------------------------------------------------------
def test_a_message_is_read_by_its_recipient_only(case, event):
    mine, theirs = member(case), member(case)
    tell(case, "resumed", event=event)
    keys = list(Message.objects.values_list("pk", flat=True))

    assert messages.mark_read(mine, keys) == 1
    assert messages.mark_read(mine, keys) == 0
    assert Message.objects.get(recipient=theirs).read is None
    assert list(audit.verify()) == []
