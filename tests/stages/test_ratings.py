"""Ratings of the service: once a contact, apart from the case, answered when negative."""

from datetime import date

import pytest

from tests import rows
from workflows import audit, jobs
from workflows.errors import AlreadyRated, AnswerMissing, NotEntitled, RatingAnswered
from workflows.models import Appointment, Case, Event, Membership, Message, Rating, User
from workflows.stages import contacts, ratings

pytestmark = [pytest.mark.django_db, pytest.mark.bare_rows]
SINCE = date(2020, 1, 1)
LEVEL = Rating.Level


@pytest.fixture
def contact(settings, standing_clock) -> Event:
    """A filed application: the first contact. It is Monday, 7 September 2026."""
    settings.HENG_CHANNELS = {}
    case = rows.case()
    return rows.step(case, "submitted", kind="submitted")


@pytest.fixture
def leader(db: None) -> User:
    """The head of the office."""
    person = rows.person()
    Appointment.objects.create(user=person, role="leader", valid_from=SINCE)
    return person


def told(person: User) -> list[str]:
    """What a person has been told."""
    jobs.run_due()
    return list(Message.objects.filter(recipient=person).values_list("kind", flat=True))


def test_a_contact_is_rated_once(contact):
    ratings.rate(contact, level=LEVEL.SATISFIED, remark="很快")

    with pytest.raises(AlreadyRated):
        ratings.rate(contact, level=LEVEL.VERY_DISSATISFIED, remark="")

    assert Rating.objects.get().level == LEVEL.SATISFIED


@pytest.mark.parametrize("level", LEVEL)
def test_only_the_two_negative_levels_ask_for_an_answer_of_the_head(contact, leader, level):
    rating = ratings.rate(contact, level=level, remark="")

    negative = level in (LEVEL.DISSATISFIED, LEVEL.VERY_DISSATISFIED)
    # fifteen working days: the Mid-Autumn and National Day holidays do not count
    assert rating.due == (date(2026, 9, 28) if negative else None)
    assert told(leader) == (["rated_poorly"] if negative else [])


def test_a_rating_leaves_the_case_and_its_trail_alone(contact):
    before = Case.objects.values().get(pk=contact.case_id)

    ratings.rate(contact, level=LEVEL.VERY_DISSATISFIED, remark="王敏让我跑了三趟")

    assert Case.objects.values().get(pk=contact.case_id) == before
    (entry,) = Event.objects.filter(chain="sys:ratings")
    assert "王敏" not in entry.body  # people write about people; the trail keeps a digest
    assert list(audit.verify()) == []


def test_the_answer_is_given_once_and_told_to_the_applicant(contact, leader):
    clerk = rows.person()
    Membership.objects.create(
        user=clerk, organisation=contact.case.applicant, role="clerk", valid_from=SINCE
    )
    rating = ratings.rate(contact, level=LEVEL.DISSATISFIED, remark="等了太久")

    ratings.answer(rating, text=" 已增设窗口。 ", by=leader)
    with pytest.raises(RatingAnswered):
        ratings.answer(rating, text="再答一次", by=leader)

    rating.refresh_from_db()
    assert (rating.answer, rating.answered_by) == ("已增设窗口。", leader)
    assert told(clerk) == ["rating_answered"]


def test_only_the_head_answers_and_not_without_words(contact, leader):
    rating = ratings.rate(contact, level=LEVEL.DISSATISFIED, remark="")

    with pytest.raises(NotEntitled):
        ratings.answer(rating, text="已改", by=rows.person())
    with pytest.raises(AnswerMissing):
        ratings.answer(rating, text="  ", by=leader)

    assert not Rating.objects.exclude(answered=None).exists()


def test_the_address_of_a_contact_is_its_own_proof(contact):
    token = contacts.token(contact.pk)
    other = rows.step(contact.case, "accepted", kind="claimed")

    assert contacts.contact(token) == contact
    assert contacts.contact(f"{contact.pk}:forged") is None
    assert contacts.contact(contacts.token(other.pk)) is None  # no contact with the applicant
