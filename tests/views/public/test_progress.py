"""The progress enquiry: two things only applicant and office know, and no third answer."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.views.public.addresses import at, text
from workflows import demo
from workflows.models import Case
from workflows.stages import drafting

pytestmark = pytest.mark.django_db


def ask(client: Client, reference: str, ending: str) -> HttpResponse:
    return client.post(at("progress"), {"reference": reference, "ending": ending})


def without_token(page: HttpResponse) -> str:
    return re.sub(
        r'name="(csrfmiddlewaretoken|next|reference|ending)" value="[^"]*"', "", text(page)
    )


def test_whoever_knows_number_and_ending_sees_where_the_case_stands(
    client: Client, published: Case
) -> None:
    page = ask(client, f" {published.reference.lower()} ", published.applicant.uscc[-4:].lower())

    words = text(page)
    assert page.status_code == 200
    assert published.reference in words
    assert "In public notice" in words
    assert published.applicant.name not in words


def test_a_closed_case_is_shown_by_its_outcome(client: Client, certified: Case) -> None:
    page = ask(client, certified.reference, certified.applicant.uscc[-4:])

    assert "Certified" in text(page)


def test_a_wrong_number_and_a_wrong_ending_have_the_same_answer(
    client: Client, published: Case
) -> None:
    wrong_ending = ask(client, published.reference, "ZZZZ")
    wrong_number = ask(client, "CJRH-2026-9999", published.applicant.uscc[-4:])

    assert without_token(wrong_ending) == without_token(wrong_number)
    assert "No case fits both" in text(wrong_ending)


@pytest.mark.parametrize("thrown_away", [False, True])
def test_a_draft_is_nobody_elses_business(
    client: Client, published: Case, *, thrown_away: bool
) -> None:
    applicant, clerk = published.applicant, demo.clerk(published.applicant)
    draft = drafting.draft(
        published.round, procedure="certification", organisation=applicant, by=clerk
    )
    if thrown_away:
        drafting.discard(draft, by=clerk)

    page = ask(client, draft.reference, applicant.uscc[-4:])

    assert "No case fits both" in text(page)


def test_an_ending_of_another_length_is_refused(client: Client, db: None) -> None:
    page = ask(client, "CJRH-2026-0001", "A")

    assert page.status_code == 422


def test_guessing_is_stopped_after_thirty_tries(client: Client, db: None) -> None:
    answers = [ask(client, "CJRH-2026-0001", f"{guess:04d}").status_code for guess in range(31)]

    assert answers == [200] * 30 + [429]
