"""Messages and ratings at the same moment: one for each event, recipient and channel."""

from datetime import date

import pytest

from tests import rows
from tests.races import race
from workflows import jobs
from workflows.errors import AlreadyRated
from workflows.models import Job, Membership, Message, Rating
from workflows.stages import messages, ratings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.bare_rows]
AT_ONCE = 8


def test_one_event_told_by_many_at_once_is_one_message_and_one_letter_each(settings):
    settings.HENG_CHANNELS = {"mail": "workflows.notifications.mail.Mail"}
    case = rows.walked("submitted")
    event = case.events.get()
    for name in ("gu", "ann"):
        person = rows.person(email=f"{name}@example.com")
        Membership.objects.create(
            user=person, organisation=case.applicant, role="clerk", valid_from=date(2020, 1, 1)
        )

    race([lambda: messages.tell(case, "resumed", event=event)] * AT_ONCE)
    (job,) = Job.objects.filter(kind="tell")
    ends = race([lambda: messages.told(job, None)] * AT_ONCE)

    assert [end for end in ends if end is not None] == []
    assert Message.objects.count() == Job.objects.filter(kind="message").count() == 2


def test_workers_side_by_side_send_each_letter_once(settings, mailoutbox):
    settings.HENG_CHANNELS = {"mail": "workflows.notifications.mail.Mail"}
    case = rows.walked("submitted")
    person = rows.person(email="gu@example.com")
    for step in ("returned", "submitted"):
        event = rows.step(case, step)
        messages.tell(case, "resumed", event=event, audience=f"user:{person.pk}")

    race([jobs.run_due] * 4)
    jobs.run_due()

    assert len(mailoutbox) == 2


def test_a_contact_rated_by_many_at_once_is_rated_once():
    contact = rows.step(rows.case(), "submitted", kind="submitted")

    ends = race([lambda: ratings.rate(contact, level=2, remark="")] * AT_ONCE)

    refused = [end for end in ends if isinstance(end, AlreadyRated)]
    assert (len(refused), Rating.objects.count()) == (AT_ONCE - 1, 1)
