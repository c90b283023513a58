"""One section: saved at any point, wrong typing kept, nobody's text lost."""

import pytest

from tests.views.applicant.drafts import again, attach_all, section, sent
from tests.views.public.addresses import at, browser, text
from workflows import demo
from workflows.models import Case
from workflows.stages import submission

pytestmark = pytest.mark.django_db


def test_answers_are_saved_and_the_next_section_opens(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))
    page = clerk.get(section(draft, "basics"))

    answer = clerk.post(
        section(draft, "basics"), sent(page, employees_total="２，１８０", go="next")
    )

    draft = again(draft)
    assert (answer.status_code, answer["Location"]) == (303, section(draft, "integrity"))
    assert draft.draft["employees_total"] == 2180


def test_wrong_typing_is_saved_and_shown_with_its_sentence(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))
    page = clerk.get(section(draft, "basics"))

    answer = clerk.post(
        section(draft, "basics"), sent(page, employees_total="three hundred", go="next")
    )

    draft = again(draft)
    words = text(answer)
    assert answer.status_code == 422
    assert draft.draft["employees_total"] == "three hundred"
    assert "<title>Error:" in words
    assert '<a href="#q-employees_total">' in words
    assert 'value="three hundred"' in words


def test_wrong_typing_is_still_there_on_another_day(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))
    page = clerk.get(section(draft, "basics"))
    clerk.post(section(draft, "basics"), sent(page, employees_total="three hundred"))

    words = text(clerk.get(section(draft, "basics")))

    assert 'value="three hundred"' in words
    assert "1 thing to change" in words


def test_saving_and_returning_leads_to_the_outline(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))
    page = clerk.get(section(draft, "plan"))

    answer = clerk.post(section(draft, "plan"), sent(page, plan_from="2027", go="back"))

    assert (answer.status_code, answer["Location"]) == (303, at("case", draft.reference))


def test_an_answer_that_asks_for_more_keeps_the_reader_on_the_page(complete: Case) -> None:
    clerk = browser(demo.clerk(complete.applicant))
    page = clerk.get(section(complete, "integration"))

    answer = clerk.post(section(complete, "integration"), sent(page, c1_claim="true", go="next"))

    assert answer["Location"] == f"{section(complete, 'integration')}#q-c1_mode"
    assert 'id="q-c1_mode"' in text(clerk.get(section(complete, "integration")))


def test_enter_saves_and_stays(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))
    page = clerk.get(section(draft, "plan"))

    answer = clerk.post(section(draft, "plan"), sent(page, plan_from="2027"))

    assert (answer.status_code, answer["Location"]) == (303, section(draft, "plan"))


def test_the_last_section_leads_to_the_papers(complete: Case) -> None:
    clerk = browser(demo.clerk(complete.applicant))
    page = clerk.get(section(complete, "declaration"))

    answer = clerk.post(section(complete, "declaration"), sent(page, go="next"))

    assert answer["Location"] == at("case_files", complete.reference)


def test_whoever_came_from_checking_goes_back_there(complete: Case) -> None:
    clerk = browser(demo.clerk(complete.applicant))
    page = clerk.get(f"{section(complete, 'plan')}?back=check")

    answer = clerk.post(section(complete, "plan"), sent(page, go="back"))

    assert "Save and go back to checking" in text(page)
    assert answer["Location"] == at("case_check", complete.reference)


def test_the_way_back_is_one_of_ours(complete: Case) -> None:
    clerk = browser(demo.clerk(complete.applicant))
    page = clerk.get(f"{section(complete, 'plan')}?back=//elsewhere.example/")

    answer = clerk.post(
        section(complete, "plan"), sent(page, go="back", back="//elsewhere.example/")
    )

    assert "elsewhere.example" not in text(page).split("<main")[1]
    assert answer["Location"] == at("case", complete.reference)


def test_coming_from_checking_shows_what_is_still_missing(draft: Case) -> None:
    clerk = browser(demo.clerk(draft.applicant))

    plainly = text(clerk.get(section(draft, "plan")))
    checking = text(clerk.get(f"{section(draft, 'plan')}?back=check"))

    assert "things to change" not in plainly
    assert "4 things to change" in checking


# --- rows, without JavaScript --------------------------------------------------------------------
def test_a_row_is_added_and_the_reader_lands_in_it(complete: Case) -> None:
    clerk = browser(demo.clerk(complete.applicant))
    page = clerk.get(section(complete, "integration"))

    answer = clerk.post(section(complete, "integration"), sent(page) | {"c2_internships-add": "1"})
    again = text(clerk.get(section(complete, "integration")))

    assert answer.status_code == 303
    assert answer["Location"].endswith("#q-c2_internships-2-year")
    assert 'id="q-c2_internships-2-year"' in again


def test_a_row_is_removed_and_the_others_stay(complete: Case) -> None:
    clerk = browser(demo.clerk(complete.applicant))
    page = clerk.get(section(complete, "integration"))

    answer = clerk.post(
        section(complete, "integration"), sent(page) | {"c2_internships-remove-0": "1"}
    )

    complete = again(complete)
    assert answer["Location"].endswith("#q-c2_internships")
    assert [row["year"] for row in complete.draft["c2_internships"]] == [2025]


# --- two people at one form ----------------------------------------------------------------------
def test_what_both_changed_is_shown_side_by_side_with_a_choice(complete: Case) -> None:
    clerk = browser(demo.clerk(complete.applicant))
    signer = browser(demo.signer(complete.applicant))
    mine, theirs = (each.get(section(complete, "basics")) for each in (clerk, signer))
    signer.post(section(complete, "basics"), sent(theirs, skilled_employees="1400"))

    answer = clerk.post(
        section(complete, "basics"), sent(mine, skilled_employees="1500", employees_total="2500")
    )

    complete = again(complete)
    words = text(answer)
    assert answer.status_code == 409
    assert (complete.draft["skilled_employees"], complete.draft["employees_total"]) == (1400, 2500)
    assert "1 answer was changed elsewhere too" in words
    assert 'value="1500"' in words
    assert "<strong>1,400 people</strong>" in words
    assert "<strong>1,500 people</strong>" in words
    assert words.count('name="choose-') == 2


@pytest.mark.parametrize(("choice", "kept"), [("mine", 1500), ("theirs", 1400)])
def test_the_reader_s_choice_settles_it(complete: Case, choice: str, kept: int) -> None:
    clerk = browser(demo.clerk(complete.applicant))
    signer = browser(demo.signer(complete.applicant))
    mine, theirs = (each.get(section(complete, "basics")) for each in (clerk, signer))
    signer.post(section(complete, "basics"), sent(theirs, skilled_employees="1400"))
    compared = sent(clerk.post(section(complete, "basics"), sent(mine, skilled_employees="1500")))
    chosen = {"choose-skilled_employees": "theirs"} if choice == "theirs" else {}

    answer = clerk.post(section(complete, "basics"), compared | chosen)

    assert answer.status_code == 303
    assert again(complete).draft["skilled_employees"] == kept


def test_a_choice_between_answers_that_changed_again_is_asked_again(complete: Case) -> None:
    clerk = browser(demo.clerk(complete.applicant))
    signer = browser(demo.signer(complete.applicant))
    mine, theirs = (each.get(section(complete, "basics")) for each in (clerk, signer))
    signer.post(section(complete, "basics"), sent(theirs, skilled_employees="1400"))
    compared = clerk.post(section(complete, "basics"), sent(mine, skilled_employees="1500"))
    newer = signer.get(section(complete, "basics"))
    signer.post(section(complete, "basics"), sent(newer, skilled_employees="1450"))

    answer = clerk.post(section(complete, "basics"), sent(compared))

    assert answer.status_code == 409
    assert "1,450 people" in text(answer)
    assert again(complete).draft["skilled_employees"] == 1450


def test_wrong_typing_is_compared_too(complete: Case) -> None:
    clerk = browser(demo.clerk(complete.applicant))
    signer = browser(demo.signer(complete.applicant))
    mine, theirs = (each.get(section(complete, "basics")) for each in (clerk, signer))
    signer.post(section(complete, "basics"), sent(theirs, skilled_employees="about a thousand"))

    answer = clerk.post(section(complete, "basics"), sent(mine, skilled_employees="many"))

    assert answer.status_code == 409
    assert "<strong>about a thousand</strong>" in text(answer)
    assert "<strong>many</strong>" in text(answer)


def test_what_only_a_colleague_changed_is_kept_and_told(complete: Case) -> None:
    clerk = browser(demo.clerk(complete.applicant))
    signer = browser(demo.signer(complete.applicant))
    mine, theirs = (each.get(section(complete, "basics")) for each in (clerk, signer))
    signer.post(section(complete, "basics"), sent(theirs, skilled_employees="1400"))

    answer = clerk.post(
        section(complete, "basics"), sent(mine, employees_total="2500"), follow=True
    )

    complete = again(complete)
    assert answer.redirect_chain[-1][1] == 303
    assert "1 answer that was changed elsewhere meanwhile was kept." in text(answer)
    assert (complete.draft["skilled_employees"], complete.draft["employees_total"]) == (1400, 2500)


def test_a_colleague_in_another_section_is_in_nobody_s_way(complete: Case) -> None:
    clerk = browser(demo.clerk(complete.applicant))
    signer = browser(demo.signer(complete.applicant))
    mine = clerk.get(section(complete, "basics"))
    theirs = signer.get(section(complete, "plan"))
    signer.post(section(complete, "plan"), sent(theirs, plan_from="2028"))

    answer = clerk.post(section(complete, "basics"), sent(mine, skilled_employees="1500"))

    complete = again(complete)
    assert answer.status_code == 303
    assert complete.draft["skilled_employees"] == 1500
    assert complete.draft["plan_from"] == 2028


@pytest.mark.parametrize("seen", ["", "0", "none", "9" * 40, "²", "skilled_employees=zz"])
def test_a_form_that_does_not_say_what_it_showed_overwrites_nothing(
    complete: Case, seen: str
) -> None:
    clerk = browser(demo.clerk(complete.applicant))
    page = clerk.get(section(complete, "basics"))

    answer = clerk.post(section(complete, "basics"), sent(page, seen=seen, skilled_employees="9"))

    assert answer.status_code == 409
    assert again(complete).draft["skilled_employees"] == complete.draft["skilled_employees"]


# --- not now -------------------------------------------------------------------------------------
def test_after_filing_a_late_save_is_refused_and_handed_back(complete: Case) -> None:
    clerk = browser(demo.clerk(complete.applicant))
    page = clerk.get(section(complete, "plan"))
    submission.submit(complete, by=demo.signer(complete.applicant))

    answer = clerk.post(section(complete, "plan"), sent(page, plan_investment="381"))

    complete = again(complete)
    assert answer.status_code == 409
    assert "381.00" in text(answer)
    assert complete.draft["plan_investment"] == "380.0"


def test_a_filed_section_leads_to_what_was_filed(complete: Case) -> None:
    submission.submit(complete, by=demo.signer(complete.applicant))

    answer = browser(demo.clerk(complete.applicant)).get(section(complete, "plan"))

    assert (answer.status_code, answer["Location"]) == (302, at("case_check", complete.reference))


@pytest.mark.parametrize("code", ["nonsense", "cultivation"])
def test_a_section_that_is_not_asked_is_not_there(draft: Case, code: str) -> None:
    clerk = browser(demo.clerk(draft.applicant))

    assert clerk.get(section(draft, code)).status_code == 404


def test_flagged_questions_are_named_on_their_page(returned: Case) -> None:
    item = returned.correction.items.get(position=1)
    item.target, item.text = "plan_goals", "目标请量化"
    item.save()

    words = text(browser(demo.clerk(returned.applicant)).get(section(returned, "plan")))

    assert "The office asks you to correct here" in words
    assert "目标请量化" in words
    assert "1 item to correct" in words


def test_papers_that_prove_a_section_stand_beside_it(complete: Case) -> None:
    attach_all(complete)

    words = text(browser(demo.clerk(complete.applicant)).get(section(complete, "plan")))

    assert f"{at('case_files', complete.reference)}#paper-three_year_plan" in words
    assert 'aria-label="attached"' in words
