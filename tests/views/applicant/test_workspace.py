"""The workspace: the one thing to do next, then everything in hand, at a constant price."""

from datetime import datetime

import pytest

from tests.conftest import StandingClock
from tests.views.applicant.drafts import begun
from tests.views.public.addresses import at, browser, statements, text
from workflows import clock, demo
from workflows.models import Case, User
from workflows.stages import drafting

pytestmark = pytest.mark.django_db


def workspace(person: User) -> str:
    return text(browser(person).get(at("workspace")))


def test_whoever_has_nothing_is_led_to_the_self_check(stranger: User) -> None:
    words = workspace(stranger)

    assert "First check in two minutes whether you meet the conditions." in words
    assert f'href="{at("home")}#offers-h"' in words
    assert at("self_check", "enterprise_certification") in text(browser(stranger).get(at("home")))
    assert at("apply") in words
    assert "callout" not in words


def test_a_draft_is_the_next_thing_to_do(draft: Case) -> None:
    words = workspace(demo.clerk(draft.applicant))

    assert "Go on with your draft: Entry in the cultivation pool" in words
    assert "The call closes on Dec. 31, 2026, 11:59 p.m." in words
    assert at("case", draft.reference) in words


def test_a_draft_of_a_closed_call_is_said_to_be_late(draft: Case, standing: StandingClock) -> None:
    standing.move_to(datetime(2027, 1, 4, 9, 0, tzinfo=clock.LOCAL))

    words = workspace(demo.clerk(draft.applicant))

    assert "this draft can no longer be filed" in words


def test_two_time_limits_are_told_apart_by_their_cases(draft: Case, returned: Case) -> None:
    words = workspace(demo.clerk(returned.applicant))

    assert f'Time limit<span class="sr"> {returned.reference}</span>' in words


def test_a_correction_comes_first_with_its_day(returned: Case) -> None:
    call = returned.round
    drafting.draft(
        call,
        procedure="certification",
        organisation=returned.applicant,
        by=demo.clerk(returned.applicant),
    )

    words = workspace(demo.clerk(returned.applicant))

    correction = words.index("Correct the application by Oct. 19, 2026")
    assert correction < words.index("Go on with your draft")
    assert "8 working days left" in words
    assert at("case_correction", returned.reference) in words


def test_a_delivered_decision_waits_to_be_confirmed(delivered: Case) -> None:
    words = workspace(demo.clerk(delivered.applicant))

    assert f"The decision on {delivered.reference} is there" in words


def test_a_case_in_hand_shows_way_office_and_time(evaluated: Case) -> None:
    words = workspace(demo.clerk(evaluated.applicant))

    assert 'class="steps"' in words
    assert "In hand now: Expert panel" in words
    assert '<span class="light light-pause">Clock paused</span>' in words
    assert "45 working days" in words


def test_the_latest_messages_lead_to_their_case(evaluated: Case) -> None:
    words = workspace(demo.clerk(evaluated.applicant))

    assert "Expert evaluation begins" in words
    assert at("case_progress", evaluated.reference) in words


def test_three_cases_cost_what_one_costs(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))
    one = statements(clerk, at("workspace"))
    for _ in range(2):
        latest = Case.objects.order_by("-pk").first()
        assert latest is not None
        drafting.discard(latest, by=demo.clerk(draft.applicant))
        begun()

    three = statements(clerk, at("workspace"))

    assert Case.objects.filter(applicant=draft.applicant).count() == 3
    assert three == one
    assert one <= 15
