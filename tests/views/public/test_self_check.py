"""The self-check: what is met, what is missing, what to bring, and a draft that begins with it."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.views.applicant import drafts
from tests.views.public.addresses import at, browser, text
from workflows import demo
from workflows.models import Case, Round

pytestmark = pytest.mark.django_db
ENTERPRISE = "enterprise_certification"
GOOD = {
    "local": "true",
    "training": "false",
    "established_on": "2015-03-01",
    "clean": "true",
    "interns": "true",
    "investment": "true",
}
PASSING = {
    ENTERPRISE: GOOD,
    "base_designation": {
        "base_kind": "practice",
        "together": "true",
        "lasting": "true",
        "person_days": "3,200",
        "protected": "true",
    },
    "benchmark_school": {
        "group": "higher",
        "lawful": "true",
        "office": "true",
        "reported": "true",
        "clean": "true",
        "data": "true",
    },
    "project_funding": {
        "funding_line": "platform",
        "together": "true",
        "months": "24",
        "total_budget": "１，０００",
        "fiscal_request": "480",
        "once": "true",
    },
}


def check(programme: str, visitor: Client | None = None, **answers: str):
    visitor = visitor or Client()
    return visitor.post(at("self_check", programme), answers, follow=True)


def test_a_question_about_a_day_shows_how_one_is_written(office: None) -> None:
    asked = text(Client().get(at("self_check", ENTERPRISE)))

    hint = re.search(r'<p class="hint" id="q-established_on-h">(.*?)</p>', asked)
    assert hint is not None
    assert hint[1] == "Example: 2024-03-18"
    assert 'aria-describedby="q-established_on-h"' in asked


@pytest.mark.parametrize("programme", PASSING)
def test_good_answers_meet_every_condition(office: None, programme: str) -> None:
    page = check(programme, **PASSING[programme])

    assert page.status_code == 200
    assert "By your answers the conditions are met" in text(page)
    assert len(PASSING[programme]) + 3 <= 9  # opening it, asking for the result, beginning


def test_every_condition_that_is_missing_is_named_with_what_to_do(office: None) -> None:
    page = text(check(ENTERPRISE, **{**GOOD, "training": "true", "interns": ""}))

    assert "2 conditions are not met" in page
    assert "main business" in page
    assert "Begin the application" not in page  # no call is open here


FAILING = {
    ENTERPRISE: {"established_on": "2026-01-01"},
    "base_designation": {"person_days": "10"},
    "benchmark_school": {},
    "project_funding": {"months": "99", "total_budget": "100", "fiscal_request": "90"},
}


@pytest.mark.parametrize("programme", FAILING)
@pytest.mark.parametrize("language", ["", "/en"])
def test_no_advice_shows_a_name_in_braces(office: None, programme: str, language: str) -> None:
    given = {code: no(told) for code, told in PASSING[programme].items()} | FAILING[programme]

    page = Client().post(f"{language}/apply/check/{programme}/", given, follow=True)

    said = [each.advice for each in page.context["findings"]]
    assert any(said)
    assert not [each for each in said if "{" in each or "  " in each]


def no(told: str) -> str:
    """The opposite of a yes or a no; anything else stays."""
    return {"true": "false", "false": "true"}.get(told, told)


def test_the_conditions_met_are_counted_in_the_advice(office: None) -> None:
    page = text(check(ENTERPRISE, **GOOD | {"investment": "false"}))

    assert "of the six conditions are needed; 1 met." in page


def test_the_papers_that_these_answers_call_for_are_named(office: None) -> None:
    page = text(check("base_designation", **PASSING["base_designation"]))

    assert "Papers to bring" in page
    assert "Cooperation agreement" in page


def test_an_unanswered_question_is_asked_again_with_the_others_kept(office: None) -> None:
    answers = {**GOOD, "asked": " ".join([*GOOD, "clean"])}
    del answers["clean"]

    page = check(ENTERPRISE, **answers)

    assert page.status_code == 422
    assert 'value="2015-03-01"' in text(page)


def test_a_question_that_another_answer_asks_for_is_no_error(office: None) -> None:
    answers = {**PASSING["base_designation"], "asked": "base_kind together lasting protected"}
    del answers["person_days"]

    page = check("base_designation", **answers)

    assert page.status_code == 200
    assert "How many person-days" in text(page)
    assert "things to change" not in text(page)


def test_the_draft_begins_with_the_answers_after_sign_in(call: Round) -> None:
    applicant = drafts.organisation()
    applicant.profile = {}
    applicant.save()
    clerk = browser(demo.clerk(applicant))

    result = text(check(ENTERPRISE, clerk, **GOOD))
    offer = f"{call.key}:pool_entry"
    assert f"{reverse('apply')}?offer={offer}" in result
    page = text(clerk.get(at("apply"), {"offer": offer}))
    clerk.post(at("apply"), {"offer": offer})

    case = Case.objects.get()
    assert "checked" in page
    assert case.draft["established_on"] == "2015-03-01"
    assert (case.draft["c2_claim"], case.draft["c5_claim"]) == (True, True)


def test_nobody_else_finds_the_answers(office: None) -> None:
    check(ENTERPRISE, **GOOD)

    page = text(Client().get(at("self_check", ENTERPRISE)))

    assert "2015-03-01" not in page
