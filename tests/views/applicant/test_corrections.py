"""Correcting: the listed items, an answer to each, handed in once by the signer."""

import re
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from tests.conftest import StandingClock
from tests.views.applicant.drafts import PDF, section, sent
from tests.views.public.addresses import at, browser, text
from workflows import clock, demo
from workflows.models import Case, Submission, User
from workflows.models.case import State
from workflows.stages import attaching, drafting
from workflows.views.applicant import papers

pytestmark = pytest.mark.django_db


def page_of(case: Case) -> str:
    return at("case_correction", case.reference)


def hand_in(case: Case, by: User, **given: str) -> HttpResponse:
    answers = {name.replace("answer_", "answer-"): words for name, words in given.items()}
    return browser(by).post(page_of(case), {"factor": demo.PASSWORD, **answers})


def again(case: Case) -> Case:
    return Case.objects.select_related("correction").get(pk=case.pk)


def test_every_item_has_its_words_reason_and_place(returned: Case) -> None:
    words = text(browser(demo.clerk(returned.applicant)).get(page_of(returned)))

    assert "Correct the application by Oct. 19, 2026" in words
    assert "8 working days left" in words
    assert "缺少：公共信用信息报告" in words
    assert "A required paper is missing." in words
    assert f"{at('case_files', returned.reference)}?back=correction#paper-credit_report" in words
    assert "0 of 2 touched" in words


def test_x24_after_the_last_day_the_page_says_what_can_still_be_done(
    returned: Case, standing: StandingClock
) -> None:
    standing.move_to(datetime(2026, 10, 20, 9, 0, tzinfo=clock.LOCAL))
    signer = demo.signer(returned.applicant)

    words = text(browser(signer).get(page_of(returned)))
    late = hand_in(returned, signer, answer_1="已说明", answer_2="已说明")

    assert "The last day has passed" in words
    assert "this is closed at Oct. 20, 2026, noon" in words
    assert (late.status_code, again(returned).state) == (409, State.RETURNED)
    assert "The last day was 2026-10-19" in text(late)


def test_an_item_on_a_question_leads_to_it_and_back(returned: Case) -> None:
    returned.correction.items.filter(position=1).update(target="plan_investment")
    clerk = browser(demo.clerk(returned.applicant))
    words = text(clerk.get(page_of(returned)))
    page = clerk.get(f"{section(returned, 'plan')}?back=correction")

    answer = clerk.post(section(returned, "plan"), sent(page, plan_investment="400", go="back"))

    after = text(clerk.get(page_of(returned)))
    assert f"{section(returned, 'plan')}?back=correction#q-plan_investment" in words
    assert answer["Location"] == page_of(returned)
    assert "1 of 2 touched" in after


def test_saving_the_same_answer_again_changes_nothing(returned: Case) -> None:
    returned.correction.items.filter(position=1).update(target="plan_investment")
    clerk = browser(demo.clerk(returned.applicant))
    page = clerk.get(f"{section(returned, 'plan')}?back=correction")

    clerk.post(section(returned, "plan"), sent(page, go="back"))

    assert "0 of 2 touched" in text(clerk.get(page_of(returned)))


def test_the_signer_hands_in_with_an_answer_to_each(returned: Case) -> None:
    attaching.attach(
        returned, code="credit_report", name="信用.pdf", data=PDF, by=demo.clerk(returned.applicant)
    )
    signer = demo.signer(returned.applicant)

    answer = hand_in(returned, signer, answer_1="已补交", answer_2="已撤回", note="全部改好")

    case = again(returned)
    assert (answer.status_code, answer["Location"]) == (303, at("case_receipt", case.reference))
    assert case.state == State.SUBMITTED
    assert [item.answer for item in case.correction.items.all()] == ["已补交", "已撤回"]
    assert case.correction.note == "全部改好"
    assert "The correction has arrived" in text(browser(signer).get(answer["Location"]))


def test_a_second_press_shows_the_same_receipt(returned: Case) -> None:
    signer = demo.signer(returned.applicant)
    hand_in(returned, signer, leave_open="on")

    answer = hand_in(returned, signer, leave_open="on")

    assert answer["Location"] == at("case_receipt", returned.reference)
    assert Submission.objects.filter(case=returned).count() == 2


def test_a_clerk_prepares_and_may_not_hand_in(returned: Case) -> None:
    clerk = demo.clerk(returned.applicant)

    page = text(browser(clerk).get(page_of(returned)))
    answer = hand_in(returned, clerk, note="改好了")

    assert "The authorised signer takes this step" in page
    assert "Sign and hand in" not in page
    assert answer.status_code == 403
    assert again(returned).state == State.RETURNED


def test_what_is_incomplete_is_refused_and_every_word_kept(returned: Case) -> None:
    returned.correction.items.filter(position=2).update(target="plan_goals")
    drafting.save(
        returned,
        answers={**returned.draft, "plan_goals": ""},
        revision=returned.draft_revision,
        by=demo.clerk(returned.applicant),
    )

    answer = hand_in(returned, demo.signer(returned.applicant), answer_1="已补交", note="改好了")

    words = text(answer)
    assert answer.status_code == 422
    assert "Some answers are missing or need correction." in words
    assert "#q-plan_goals" in words
    assert 'value="已补交"' in words
    assert "改好了</textarea>" in words


def test_an_item_left_without_a_word_is_named_and_may_be_left_open_knowingly(
    returned: Case,
) -> None:
    signer = demo.signer(returned.applicant)

    refused = hand_in(returned, signer, answer_1="已向信用中心申请")
    answer = hand_in(returned, signer, answer_1="已向信用中心申请", leave_open="on")

    items = again(returned).correction.items.values_list("answered_as", flat=True)
    assert (refused.status_code, answer.status_code) == (422, 303)
    assert 'href="#id_answer-2"' in text(refused)
    assert list(items) == ["explained", ""]


def test_an_open_session_hands_nothing_in(returned: Case) -> None:
    signer = demo.signer(returned.applicant)

    answer = hand_in(returned, signer, leave_open="on", factor="")

    assert answer.status_code == 422
    assert "Enter your password to sign" in text(answer)
    assert again(returned).state == State.RETURNED


def test_only_what_was_flagged_can_be_typed_into(returned: Case) -> None:
    returned.correction.items.filter(position=1).update(target="plan_investment")
    clerk = browser(demo.clerk(returned.applicant))

    plan = text(clerk.get(section(returned, "plan")))
    closed = text(clerk.get(section(returned, "basics")))
    files = text(clerk.get(at("case_files", returned.reference)))

    assert 'name="plan_investment"' in plan
    assert 'name="plan_goals"' not in plan
    assert "This section stays as it was filed" in closed
    assert 'name="employees_total"' not in closed
    assert 'type="file"' not in files
    assert "Stays as it was filed" in files


def test_a_forged_answer_is_refused_and_named(returned: Case) -> None:
    returned.correction.items.filter(position=1).update(target="plan_investment")
    clerk = browser(demo.clerk(returned.applicant))
    page = clerk.get(section(returned, "plan"))

    answer = clerk.post(section(returned, "plan"), sent(page, plan_goals="换了", go="back"))

    assert answer.status_code == 409
    assert "Goals" in text(answer)
    assert again(returned).draft["plan_goals"] == returned.draft["plan_goals"]


def test_both_sides_see_what_the_correction_changed(returned: Case) -> None:
    returned.correction.items.filter(position=2).update(target="plan_goals")
    goals = returned.draft["plan_goals"]
    clerk = demo.clerk(returned.applicant)
    drafting.save(
        returned,
        answers={**returned.draft, "plan_goals": f"{goals}另增一项目标。"},
        revision=returned.draft_revision,
        by=clerk,
    )
    attaching.attach(returned, code="credit_report", name="信用.pdf", data=PDF, by=clerk)
    hand_in(returned, demo.signer(returned.applicant), answer_1="已补交")

    page = text(browser(clerk).get(at("case_versions", returned.reference, 1, 2)))
    missing = browser(clerk).get(at("case_versions", returned.reference, 2, 3))
    window = demo.cast(returned.district).window
    desk = text(browser(window).get(f"{at('case_file', returned.reference)}?tab=changes"))

    for words in (page, desk):
        assert "<ins>另增一项目标。</ins>" in words.replace("<ins>另增</ins>", "<ins>另增")
        assert "信用.pdf" in words
        assert "已补交" in words
    assert missing.status_code == 404


def test_an_answer_too_long_is_refused_at_its_place(returned: Case) -> None:
    answer = hand_in(returned, demo.signer(returned.applicant), answer_1="长" * 301)

    assert answer.status_code == 422
    assert 'href="#id_answer-1"' in text(answer)
    assert again(returned).state == State.RETURNED


def test_afterwards_items_and_answers_can_be_read(delivered: Case) -> None:
    words = text(browser(demo.clerk(delivered.applicant)).get(page_of(delivered)))

    assert "缺少：公共信用信息报告" in words
    assert "撤回C5，补信用报告" in words
    assert "handed in on Oct. 12, 2026" in words


def test_a_case_never_returned_has_nothing_to_correct(draft: Case) -> None:
    answer = browser(demo.clerk(draft.applicant)).get(page_of(draft))

    assert answer["Location"] == at("case", draft.reference)


# --- corrected on the page itself -----------------------------------------------------------------
def flagged(case: Case) -> Case:
    """The second item of the notice is about a short answer."""
    case.correction.items.filter(position=2).update(target="plan_investment")
    return case


def sent_in_place(case: Case, by: User, **given: object) -> HttpResponse:
    person = browser(by)
    page = person.get(page_of(case))
    answer: HttpResponse = person.post(page_of(case), {"seen": page.context["seen"], **given})
    return answer


def test_a_short_answer_and_a_paper_are_corrected_where_the_items_stand(returned: Case) -> None:
    case = flagged(returned)
    paper = SimpleUploadedFile("信用.pdf", PDF)

    answer = sent_in_place(
        case,
        demo.signer(case.applicant),
        **{"plan_investment": "400", "file-credit_report": paper, "factor": demo.PASSWORD},
    )

    assert answer.status_code == 303
    assert again(case).filed.answers["plan_investment"] == "400.00"
    answered = case.correction.items.values_list("answered_as", flat=True)
    assert list(answered) == ["changed", "changed"]


def test_a_clerk_saves_changes_on_the_page_and_hands_nothing_in(returned: Case) -> None:
    case = flagged(returned)

    answer = sent_in_place(case, demo.clerk(case.applicant), plan_investment="400", do="save")

    kept = again(case)
    assert answer["Location"] == page_of(case)
    assert (kept.state, kept.draft["plan_investment"]) == (State.RETURNED, "400.00")


def test_what_the_office_did_not_flag_is_not_taken_from_the_page(returned: Case) -> None:
    case = flagged(returned)
    before = case.draft["plan_from"]

    sent_in_place(case, demo.clerk(case.applicant), plan_from="2031", do="save")

    assert again(case).draft["plan_from"] == before


def test_a_colleague_s_change_meanwhile_is_named_and_nothing_is_lost(returned: Case) -> None:
    case = flagged(returned)
    clerk, signer = (browser(each(case.applicant)) for each in (demo.clerk, demo.signer))
    seen = signer.get(page_of(case)).context["seen"]
    clerk_saw = clerk.get(page_of(case)).context["seen"]
    clerk.post(page_of(case), {"seen": clerk_saw, "plan_investment": "390", "do": "save"})

    clash = signer.post(page_of(case), {"seen": seen, "plan_investment": "400", "do": "save"})
    fresh = clash.context["seen"]
    twice = signer.post(page_of(case), {"seen": fresh, "plan_investment": "400", "do": "save"})

    assert clash.status_code == 409
    assert 'value="400.00"' in text(clash)
    assert text(clash).count("A colleague changed this to “390") == 2  # in the list, at the field
    field = re.search(r'<input[^>]* id="q-plan_investment"[^>]*>', text(clash))
    assert field is not None
    assert 'aria-invalid="true"' in field[0]
    assert "q-plan_investment-e" in field[0]
    assert twice.status_code == 303
    assert again(case).draft["plan_investment"] == "400.00"


def test_a_file_that_is_none_is_refused_at_its_item(returned: Case) -> None:
    case = flagged(returned)
    wrong = SimpleUploadedFile("信用.pdf", b"not a PDF")

    answer = sent_in_place(
        case,
        demo.signer(case.applicant),
        **{"plan_investment": "400", "file-credit_report": wrong, "factor": demo.PASSWORD},
    )

    assert answer.status_code == 422
    assert 'href="#id_file-credit_report"' in text(answer)
    assert again(case).draft["plan_investment"] == "400.00"


def test_files_beyond_what_one_request_may_bring_are_named_at_their_item(returned: Case) -> None:
    files = [SimpleUploadedFile(f"信用{number}.pdf", PDF) for number in range(papers.AT_ONCE + 1)]

    answer = sent_in_place(
        returned, demo.clerk(returned.applicant), **{"file-credit_report": files, "do": "save"}
    )

    assert answer.status_code == 422
    assert f"信用{papers.AT_ONCE}.pdf” was not taken" in text(answer)
