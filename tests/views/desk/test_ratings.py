"""The head's list of ratings: what waits for an answer first, and the answer."""

from datetime import date

import pytest
from django.test import Client

from tests import rows
from tests.views.public.addresses import at, browser, statements, text
from workflows.models import Appointment, Rating, User
from workflows.stages import ratings

pytestmark = [pytest.mark.django_db, pytest.mark.bare_rows]


@pytest.fixture
def leader(standing_clock) -> User:
    """The head of the office."""
    return holder("leader")


@pytest.fixture
def window(leader: User) -> Client:
    """The head's browser."""
    return browser(leader)


def holder(role: str) -> User:
    """Somebody of the office."""
    person = rows.person()
    Appointment.objects.create(user=person, role=role, valid_from=date(2020, 1, 1))
    return person


def rated(level: int, remark: str = "") -> Rating:
    """A rating of a contact of its own."""
    contact = rows.step(rows.case(), "submitted", kind="submitted")
    return ratings.rate(contact, level=level, remark=remark)


def test_what_waits_for_an_answer_stands_first(window):
    good, late, poor = rated(1, "很快"), rated(4, "等了太久"), rated(5, "三次被退")
    Rating.objects.filter(pk=late.pk).update(due=date(2026, 9, 30))

    page = text(window.get(at("ratings")))

    places = [page.index(each.remark) for each in (poor, late, good)]
    assert places == sorted(places)
    assert "15 working days left" in page
    assert "Application filed" in page


def test_an_empty_list_says_so(window):
    assert "No ratings yet" in text(window.get(at("ratings")))


def test_three_ratings_cost_what_one_costs(window):
    rated(5)
    one = statements(window, at("ratings"))
    rated(4), rated(1)

    assert statements(window, at("ratings")) == one


def test_the_answer_is_sent_once(window, leader):
    poor = rated(5, "三次被退")

    first = window.post(at("rating", poor.pk), {"text": "已改为一次告知。"})
    second = window.post(at("rating", poor.pk), {"text": "再答一次"})

    poor.refresh_from_db()
    assert (first.status_code, second.status_code) == (302, 409)
    assert (poor.answer, poor.answered_by) == ("已改为一次告知。", leader)
    assert "已改为一次告知。" in text(window.get(at("rating", poor.pk)))


def test_an_answer_without_words_is_asked_for_again(window):
    answer = window.post(at("rating", rated(5).pk), {"text": "  "})

    assert answer.status_code == 422
    assert "Please write the answer." in text(answer)


@pytest.mark.parametrize("role", ["window", "case_officer", "auditor"])
def test_whoever_handles_cases_reads_no_ratings(role, standing_clock):
    poor = rated(5)

    reader = browser(holder(role))

    found = {reader.get(at("ratings")).status_code, reader.get(at("rating", poor.pk)).status_code}
    assert found == {403}
