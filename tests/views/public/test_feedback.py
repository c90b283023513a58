"""Rating a contact: by its address alone, once, in either language, and never in the way."""

import pytest
from django.test import Client

from tests import rows
from tests.views.public.addresses import at, text
from workflows import clock
from workflows.models import Event, Rating
from workflows.stages import contacts, ratings
from workflows.views.visitors import LOOKUPS

pytestmark = [pytest.mark.django_db, pytest.mark.bare_rows]


@pytest.fixture
def contact(standing_clock) -> Event:
    """A filed application: the first contact."""
    return rows.step(rows.case(), "submitted", kind="submitted")


@pytest.fixture
def page(contact: Event) -> str:
    """Where it is rated."""
    return at("feedback", contacts.token(contact.pk))


def test_a_contact_is_rated_without_signing_in(client: Client, page, contact):
    asked = text(client.get(page))
    answer = client.post(page, {"level": "1", "remark": "很快"}, follow=True)

    assert "Very satisfied" in asked
    assert contact.case.reference in asked
    rating = Rating.objects.get(event=contact)
    assert (rating.level, rating.remark) == (1, "很快")
    assert "Thank you for your rating" in text(answer)


def test_a_poor_rating_is_told_when_it_is_answered_and_then_shows_the_answer(
    client: Client, page, contact
):
    client.post(page, {"level": "5"})
    promised = text(client.get(page))
    Rating.objects.update(answer="已增设窗口。", answered=clock.now())

    assert "answers by Sept. 28, 2026" in promised
    assert "已增设窗口。" in text(client.get(page))


def test_a_second_rating_changes_nothing(client: Client, page):
    client.post(page, {"level": "1"})

    answer = client.post(page, {"level": "5"})

    assert answer.status_code == 200
    assert Rating.objects.get().level == 1


@pytest.mark.parametrize("sent", [{}, {"level": "6"}, {"level": "1", "remark": "长" * 1001}])
def test_what_is_no_rating_is_refused_with_what_was_written(client: Client, page, sent):
    answer = client.post(page, sent)

    assert answer.status_code == 422
    assert sent.get("remark", "") in text(answer)
    assert not Rating.objects.exists()


@pytest.mark.parametrize("token", ["1:forged", "nothing", "9" * 40])
def test_a_forged_address_leads_nowhere(client: Client, token):
    assert client.get(at("feedback", token)).status_code == 404


def test_one_address_is_not_asked_without_end(client: Client, page):
    answers = [client.post(page, {"level": "9"}).status_code for _ in range(LOOKUPS + 1)]

    assert set(answers[:LOOKUPS]) == {422}
    assert answers[-1] == 429


def test_the_page_names_neither_the_applicant_nor_who_handles_the_case(
    client: Client, page, contact
):
    ratings.rate(contact, level=2, remark="")

    shown = text(client.get(page))

    assert contact.case.applicant.name not in shown
    assert "<form" not in shown.partition("<main")[2]
