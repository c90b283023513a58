"""A look at a section with what is typed: what it asks, works out, warns of. It writes nothing."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from forms import merging
from tests.views.applicant.drafts import again, filled, section, sent
from tests.views.public.addresses import at, browser, text
from workflows import demo
from workflows.models import Case, Event, Presence, User
from workflows.stages import submission

pytestmark = pytest.mark.django_db
PARTNER = 'name="c1_partner"'


def address(case: Case, code: str = "integration") -> str:
    """Where the script of a section's page asks what follows from what is typed."""
    return at("case_look", case.reference, code)


def look(client: Client, case: Case, page: HttpResponse, **typed: str) -> dict[str, Any]:
    """What the script is answered after ``typed``."""
    answer = client.post(address(case), sent(page, **typed))
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture
def clerk(complete: Case) -> Client:
    """The clerk's browser."""
    return browser(demo.clerk(complete.applicant))


def test_an_answer_brings_the_questions_that_follow_and_nothing_is_written(
    complete: Case, clerk: Client
) -> None:
    page = clerk.get(section(complete, "integration"))
    before = (again(complete).draft_revision, Event.objects.count(), Presence.objects.count())

    with_no, with_yes = (look(clerk, complete, page, c1_claim=each) for each in ("false", "true"))

    assert PARTNER not in text(page)
    assert (PARTNER in with_no["html"], PARTNER in with_yes["html"]) == (False, True)
    assert (
        again(complete).draft_revision,
        Event.objects.count(),
        Presence.objects.count(),
    ) == before


def test_a_question_that_can_come_has_its_place_and_no_control(
    complete: Case, clerk: Client
) -> None:
    words = text(clerk.get(section(complete, "integration")))

    assert (
        '<div data-question="c1_partner" data-label="Institution" data-leading hidden></div>'
        in words
    )
    assert 'data-question="pool_no"' not in words


def test_totals_and_warnings_follow_from_wrong_and_right_typing_alike(
    complete: Case, clerk: Client
) -> None:
    page = clerk.get(section(complete, "integration"))

    more = look(clerk, complete, page, c5_investments__0__amount="１，０００")["html"]
    less = look(clerk, complete, page, c5_investments__0__amount="1")["html"]
    wrong = look(clerk, complete, page, c5_investments__0__amount="viel")["html"]

    assert "<b>1,000.00</b>" in more
    assert "<b>1.00</b>" in less
    assert "C5 is claimed, but 1.00" in less
    assert "C5 is claimed" not in more + wrong
    assert "to be worked out" in wrong


def test_what_stands_beside_the_questions_follows_too(complete: Case, clerk: Client) -> None:
    page = clerk.get(section(complete, "integration"))

    met = look(clerk, complete, page)["html"]
    none = look(clerk, complete, page, c2_claim="false", c3_claim="false", c5_claim="false")["html"]

    assert " of 6 met" in met
    assert "0 of 6 met" in none
    assert "0 of 6 met" not in met


def test_marks_of_questions_that_come_are_of_what_is_saved(complete: Case, clerk: Client) -> None:
    filled(complete, c1_partner="从前的学院")
    page = clerk.get(section(complete, "integration"))

    answer = look(clerk, complete, page, c1_claim="true", c2_interns_total="1")

    marks = merging.read_marks(answer["seen"])
    assert 'value="从前的学院"' in answer["html"]
    assert marks["c1_partner"] == merging.mark("从前的学院")
    assert marks["c1_claim"] == merging.mark(False)
    kept = clerk.post(
        at("case_keep", complete.reference, "integration"),
        sent(page, c1_claim="true", c1_partner="新的学院", seen=answer["seen"]),
    )
    assert kept.json()["state"] == "kept"
    assert again(complete).draft["c1_partner"] == "新的学院"


def test_an_answer_that_leads_others_is_marked_as_such(complete: Case, clerk: Client) -> None:
    words = text(clerk.get(section(complete, "integration")))

    assert (
        f'data-question="c1_claim" data-label="{_label(complete, "c1_claim")}" data-leading'
        in words
    )
    assert 'data-question="c5_total" data-label="Three-year total">' in words


def _label(case: Case, code: str) -> str:
    return case.rules.form.field(code).en


def test_a_look_opens_nothing_of_a_return(returned: Case) -> None:
    clerk = browser(demo.clerk(returned.applicant))

    answer = clerk.post(address(returned, "plan"), {"plan_from": "2030"}).json()

    assert answer["state"] == "shown"
    assert 'name="plan_from"' not in answer["html"]
    assert "plan_from" not in merging.read_marks(answer["seen"])


def test_after_filing_there_is_nothing_to_look_at(complete: Case, clerk: Client) -> None:
    submission.submit(complete, by=demo.signer(complete.applicant))

    answer = clerk.post(address(complete))

    assert (answer.status_code, answer.json()["state"]) == (409, "closed")


def test_only_the_applicants_own_people_look(complete: Case, stranger: User) -> None:
    visitor, foreign = Client().post(address(complete)), browser(stranger).post(address(complete))

    assert (visitor.status_code, visitor.json()) == (401, {"state": "signed_out"})
    assert foreign.status_code == 404
    assert browser(demo.clerk(complete.applicant)).get(address(complete)).status_code == 405
