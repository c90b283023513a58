"""Checking: every answer once more, errors on top, eligibility said and never an error."""

import pytest

from tests.views.applicant.drafts import begun, filled, section
from tests.views.public.addresses import at, browser, text
from workflows import demo
from workflows.models import Case
from workflows.stages import drafting, submission

pytestmark = pytest.mark.django_db


def page(case: Case) -> str:
    """The page as the clerk reads it."""
    answer = browser(demo.clerk(case.applicant)).get(at("case_check", case.reference))
    assert answer.status_code == 200
    return text(answer)


def test_every_section_is_shown_with_a_way_to_change_it(complete: Case) -> None:
    words = page(complete)

    changes = [
        f'href="{section(complete, each.code)}?back=check"'
        for each in complete.rules.form.sections
        if each.code != "cultivation"
    ]
    assert [link for link in changes if link not in words] == []
    assert section(complete, "cultivation") not in words
    assert "The answers are complete" in words
    assert at("case_submit", complete.reference) in words


def test_what_is_wrong_stands_on_top_and_leads_to_its_control(draft: Case) -> None:
    draft = filled(draft, employees_total="about 300", plan_goals="")

    words = page(draft)

    assert f'<a href="{section(draft, "basics")}?back=check#q-employees_total">' in words
    assert f'<a href="{section(draft, "plan")}?back=check#q-plan_goals">' in words
    assert "about 300" in words
    assert at("case_submit", draft.reference) not in words


def test_a_table_that_is_wrong_still_shows_what_was_typed(draft: Case) -> None:
    draft = filled(draft, revenue_3y=[{"year": "2024", "amount": "一千"}])

    words = page(draft)

    assert ">一千</td>" in words


def test_whoever_is_not_eligible_reads_why_on_a_page_not_an_error(draft: Case) -> None:
    draft = filled(draft, established_on="2025-06-01", org_kind="enterprise")

    words = page(draft)

    assert "By these answers the conditions for applying are not met" in words
    assert "The enterprise must have operated for 3 years" in words
    assert "<title>Error:" not in words


def test_warnings_leave_the_way_open(complete: Case) -> None:
    words = page(complete)

    assert "You may apply; please note" in words
    assert "Employee education should take at least 1.5% of payroll" in words
    assert at("case_submit", complete.reference) in words


def test_rules_are_silent_until_their_answers_are_there(draft: Case) -> None:
    words = page(draft)

    assert "At least 2 of the six conditions are needed" not in words
    assert "Employee education should take" not in words


def test_a_rule_of_the_record_speaks_at_once(draft: Case) -> None:
    certification = begun("certification")

    words = page(certification)

    assert "Certification needs 1 year in the pool" in words


def test_a_filed_case_shows_what_was_filed_word_for_word(complete: Case) -> None:
    submission.submit(complete, by=demo.signer(complete.applicant))
    filed = complete.submissions.get()

    words = page(complete)

    assert "This is what the office holds, word for word." in words
    assert filed.content_hash in words
    assert "?back=check" not in words


def test_a_draft_thrown_away_has_nothing_to_check(draft: Case) -> None:
    drafting.discard(draft, by=demo.clerk(draft.applicant))

    answer = browser(demo.clerk(draft.applicant)).get(at("case_check", draft.reference))

    assert answer["Location"] == at("case_progress", draft.reference)
