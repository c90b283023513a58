"""The outline: every section with its honest state, what is missing, until when."""

from datetime import datetime

import pytest

from tests.conftest import StandingClock
from tests.views.applicant.drafts import attach_all, filled
from tests.views.public.addresses import at, browser, text
from workflows import clock, demo
from workflows.models import Case
from workflows.stages import submission
from workflows.views.applicant import flags, outline

pytestmark = pytest.mark.django_db


def states(case: Case) -> dict[str, str]:
    """What the outline says of each section."""
    found = submission.weigh(case, submitted=True)
    flagged = flags.by_section(flags.flags(case))
    return {part.section.code: part.words for part in outline.parts(case, found, flagged)}


def test_a_new_draft_has_its_profile_and_no_promise(draft: Case) -> None:
    assert states(draft) == {
        "common": "In progress, 1 question open",  # consent is given anew each time
        "basics": "Not started",
        "integrity": "Not started",
        "integration": "Not started",
        "plan": "Not started",
        "declaration": "Not started",
    }


def test_a_section_begun_says_how_many_questions_are_open(draft: Case) -> None:
    draft.draft |= {"plan_from": 2027, "plan_investment": "380.00"}

    assert states(draft)["plan"] == "In progress, 2 questions open"


def test_wrong_answers_are_louder_than_missing_ones(draft: Case) -> None:
    draft.draft |= {"plan_from": "soon"}

    assert states(draft)["plan"] == "1 answer to change"


def test_a_row_only_added_is_no_answer(draft: Case) -> None:
    draft.draft |= {"plan_tasks": [{}]}

    assert states(draft)["plan"] == "Not started"


def test_a_complete_draft_says_so_everywhere(complete: Case) -> None:
    assert set(states(complete).values()) == {"Complete"}


def test_the_certification_asks_a_section_more(draft: Case) -> None:
    draft.procedure_key = "certification"

    assert states(draft)["cultivation"] == "Not started"


def test_flagged_questions_reopen_their_section_until_they_are_changed(returned: Case) -> None:
    returned.correction.items.filter(position=1).update(target="plan_investment")

    flagged = states(returned)["plan"]
    returned.draft |= {"plan_investment": "400.00"}

    assert flagged == "1 item to correct"
    assert states(returned)["plan"] == "Complete"


# --- the page ------------------------------------------------------------------------------------
def test_the_page_counts_names_what_is_missing_and_gives_the_deadline(draft: Case) -> None:
    words = text(browser(demo.clerk(draft.applicant)).get(at("case", draft.reference)))

    assert "0 of 6 complete" in words
    assert "Audit reports or tax certificates" in words
    assert "Dec. 31, 2026, 11:59 p.m." in words
    assert f"{draft.applicant.profile['legal_rep']} signs and submits" in words


def test_signing_waits_for_the_sections(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))
    early = text(clerk.get(at("case", draft.reference)))

    filled(draft)
    ready = text(clerk.get(at("case", draft.reference)))

    assert at("case_submit", draft.reference) not in early
    assert "Once every section is complete" in early
    assert at("case_submit", draft.reference) in ready


def test_nothing_is_missing_once_answers_and_papers_are_there(complete: Case) -> None:
    attach_all(complete)

    words = text(browser(demo.clerk(complete.applicant)).get(at("case", complete.reference)))

    assert "6 of 6 complete" in words
    assert "Nothing is missing." in words


def test_a_returned_case_shows_how_much_is_left_to_correct(returned: Case) -> None:
    words = text(browser(demo.clerk(returned.applicant)).get(at("case", returned.reference)))

    assert "Correct the application by Oct. 19, 2026" in words
    assert "The office named 2 items." in words
    assert "2 of them have not been touched yet." in words
    assert "8 working days left" in words
    assert at("case_correction", returned.reference) in words


def test_a_case_in_the_office_s_hands_shows_its_progress(evaluated: Case) -> None:
    answer = browser(demo.clerk(evaluated.applicant)).get(at("case", evaluated.reference))

    assert (answer.status_code, answer["Location"]) == (
        302,
        at("case_progress", evaluated.reference),
    )


def test_conditions_met_so_far_are_named(complete: Case) -> None:
    words = text(browser(demo.clerk(complete.applicant)).get(at("case", complete.reference)))

    assert "2 of 6 met" in words


def test_the_light_of_a_call_turns_yellow_at_its_end(draft: Case, standing: StandingClock) -> None:
    clerk = browser(demo.clerk(draft.applicant))
    early = text(clerk.get(at("case", draft.reference)))

    standing.move_to(datetime(2026, 12, 30, 9, 0, tzinfo=clock.LOCAL))
    late = text(clerk.get(at("case", draft.reference)))

    assert "light-green" in early
    assert '<span class="light light-yellow">1 working day left</span>' in late
