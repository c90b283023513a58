"""The window: accept, return once, refuse, forward, and what happens when nobody acts."""

from datetime import date, timedelta

import pytest

from tests.stages.course import MINUTE
from workflows import clock, demo
from workflows.errors import (
    AlreadyReturned,
    AlreadySubmitted,
    CaseClosed,
    ExtendedAlready,
    ExtensionTooLong,
    ItemsUnanswered,
    NotEntitled,
    NothingToCorrect,
    NotYetDue,
    NoWindow,
    ReasonMissing,
    ReasonUnknown,
    ReturnFirst,
    StageClosed,
    TargetUnknown,
)
from workflows.models import Document
from workflows.models.case import State
from workflows.stages import acceptance, corrections

pytestmark = pytest.mark.django_db
ITEM = {"target": "credit_report", "reason": "missing_paper", "text": "缺少信用报告"}
FRIDAY = date(2026, 9, 11)


def papers_of(course) -> list[str]:
    """Which papers were asked for, in order."""
    return list(
        Document.objects.filter(case=course.case).order_by("pk").values_list("kind", flat=True)
    )


# --- accept -------------------------------------------------------------------------------------
def test_acceptance_starts_the_decision_clock_and_asks_for_its_notice(certification):
    acceptance.accept(certification.case, by=certification.cast.window)

    case = certification.case
    assert (case.state, case.accepted) == (State.ACCEPTED, clock.now())
    assert case.due == date(2026, 11, 13)  # 45 working days over Mid-Autumn and National Day
    assert certification.waiting == ["district_review"]
    assert papers_of(certification) == ["receipt", "acceptance_notice"]


def test_a_case_is_accepted_once(certification):
    acceptance.accept(certification.case, by=certification.cast.window)

    with pytest.raises(StageClosed):
        acceptance.accept(certification.case, by=certification.cast.window)

    assert certification.kinds.count("accepted") == 1


def test_only_the_window_of_its_district_accepts(certification):
    elsewhere = demo.cast("440305").window  # a district the demonstration has no desk for

    for stranger in (elsewhere, certification.cast.district, certification.signer):
        with pytest.raises(NotEntitled):
            acceptance.accept(certification.case, by=stranger)

    assert certification.state == State.SUBMITTED


# --- return once --------------------------------------------------------------------------------
def test_a_case_is_returned_with_the_full_list_and_its_day(certification):
    other = {"target": "", "reason": "inconsistent", "text": "年度与附件不一致"}

    correction = corrections.return_once(
        certification.case, items=[ITEM, other], by=certification.cast.window
    )

    assert certification.state == State.RETURNED
    assert correction.due == date(2026, 9, 20)  # ten working days; this Sunday works
    told = correction.items.values_list("position", "target", "text")
    assert list(told) == [(1, "credit_report", "缺少信用报告"), (2, "", "年度与附件不一致")]
    assert (certification.waiting, certification.task("correction").due) == (
        ["correction"],
        correction.due,
    )
    assert papers_of(certification) == ["receipt", "correction_notice"]


@pytest.mark.parametrize("items", [[], [{**ITEM, "text": "  "}]])
def test_a_return_names_at_least_one_thing(certification, items):
    with pytest.raises(NothingToCorrect):
        corrections.return_once(certification.case, items=items, by=certification.cast.window)

    assert certification.state == State.SUBMITTED


def test_a_case_is_returned_once_only(certification):
    corrections.return_once(certification.case, items=[ITEM], by=certification.cast.window)
    corrections.resubmit(
        certification.case, note="已补", answers={1: "已附"}, by=certification.signer
    )

    with pytest.raises(AlreadyReturned):
        corrections.return_once(certification.case, items=[ITEM], by=certification.cast.window)

    assert certification.state == State.SUBMITTED
    assert certification.case.correction.items.get().answer == "已附"


def test_a_correction_is_answered_while_the_case_is_returned_and_no_longer(certification):
    answer = {"note": "已补", "answers": {1: "已附"}, "by": certification.signer}
    with pytest.raises(AlreadySubmitted):
        corrections.resubmit(certification.case, **answer)

    corrections.return_once(certification.case, items=[ITEM], by=certification.cast.window)
    corrections.resubmit(certification.case, **answer)
    with pytest.raises(AlreadySubmitted):
        corrections.resubmit(certification.case, **answer)

    assert certification.case.submissions.count() == 2


# --- refuse, forward ----------------------------------------------------------------------------
def test_a_refusal_to_accept_ends_the_case_with_its_words(certification):
    acceptance.refuse_acceptance(
        certification.case,
        reason="out_of_scope",
        text="不属于受理范围。",
        competent="市教育委员会",
        by=certification.cast.window,
    )

    case = certification.case
    assert (case.state, case.outcome) == (State.NOT_ACCEPTED, "not_accepted")
    assert certification.waiting == []
    assert papers_of(certification)[-1] == "refusal_of_acceptance"
    with pytest.raises(CaseClosed):
        acceptance.accept(case, by=certification.cast.window)


def test_a_refusal_to_accept_needs_words(certification):
    with pytest.raises(ReasonMissing):
        acceptance.refuse_acceptance(
            certification.case, reason="out_of_scope", text=" ", by=certification.cast.window
        )


def test_a_forwarded_case_waits_at_the_other_desk_with_the_time_it_has_left(certification):
    due, other = certification.task("acceptance").due, demo.cast("440305").window

    acceptance.forward(
        certification.case, district="440305", reason="住所已迁", by=certification.cast.window
    )

    task = certification.task("acceptance")
    assert (task.candidate, task.owner, task.due) == ("window:440305", None, due)
    with pytest.raises(NotEntitled):
        acceptance.accept(certification.case, by=demo.cast("310115").window)
    acceptance.accept(certification.case, by=other)


def test_no_case_is_forwarded_to_where_nobody_could_take_it(certification):
    for district in ("440305", "浦东", ""):
        with pytest.raises(NoWindow):
            acceptance.forward(
                certification.case, district=district, reason="已迁", by=certification.cast.window
            )

    assert certification.task("acceptance").candidate == "window:310115"


def test_an_accepted_case_is_not_forwarded_by_the_window(certification):
    certification.to("district_review")

    with pytest.raises(StageClosed):
        acceptance.forward(
            certification.case, district="440305", reason="住所已迁", by=certification.cast.window
        )


# --- when nobody acts ---------------------------------------------------------------------------
def test_silence_of_the_window_counts_as_acceptance_from_the_day_of_receipt(certification):
    received = certification.case.submitted
    due = certification.task("acceptance").due
    assert due == date(2026, 9, 14)  # five working days after Monday the 7th

    certification.clock.move_to(clock.end_of(due) - MINUTE)
    certification.timers()
    with pytest.raises(NotYetDue):
        acceptance.deem_accepted(certification.case)
    assert certification.state == State.SUBMITTED

    certification.pass_time_limit(due)

    case = certification.case
    assert (case.state, case.accepted) == (State.ACCEPTED, received)
    assert certification.kinds[-1] == "deemed_accepted"
    assert certification.waiting == ["district_review"]


def test_the_window_may_still_act_on_the_last_day(certification):
    certification.clock.move_to(clock.end_of(certification.task("acceptance").due) - MINUTE)

    corrections.return_once(certification.case, items=[ITEM], by=certification.cast.window)
    certification.clock.pass_(minutes=2)
    certification.timers()

    assert certification.state == State.RETURNED


def test_a_correction_that_never_comes_abandons_the_case(certification):
    correction = corrections.return_once(
        certification.case, items=[ITEM], by=certification.cast.window
    )

    certification.clock.move_to(clock.end_of(correction.due) - MINUTE)
    with pytest.raises(NotYetDue):
        corrections.abandon(certification.case)
    certification.pass_closing(correction.due)

    case = certification.case
    assert (case.state, case.outcome) == (State.ABANDONED, "abandoned")
    assert certification.waiting == []


def test_an_abandoned_application_may_be_filed_again(certification, begin):
    correction = corrections.return_once(
        certification.case, items=[ITEM], by=certification.cast.window
    )
    certification.pass_closing(correction.due)

    again = begin("P1-001").file()

    assert again.state == State.SUBMITTED


def test_an_extended_correction_is_abandoned_on_the_new_day_only(certification):
    window = certification.cast.window
    first = corrections.return_once(certification.case, items=[ITEM], by=window).due

    corrections.extend_correction(certification.case, days=5, reason="国庆假期", by=window)
    extended = certification.case.correction.due
    certification.pass_closing(first)
    assert (certification.state, extended) == (State.RETURNED, date(2026, 9, 28))

    certification.pass_closing(extended)
    assert certification.state == State.ABANDONED


def test_a_correction_is_extended_for_a_reason_while_it_runs(certification):
    window = certification.cast.window
    with pytest.raises(StageClosed):
        corrections.extend_correction(certification.case, days=5, reason="假期", by=window)
    corrections.return_once(certification.case, items=[ITEM], by=window)

    with pytest.raises(ReasonMissing):
        corrections.extend_correction(certification.case, days=5, reason="", by=window)
    for days in (0, 11):
        with pytest.raises(ExtensionTooLong) as refused:
            corrections.extend_correction(certification.case, days=days, reason="假期", by=window)
        assert refused.value.facts == {"days": 10}
    with pytest.raises(NotEntitled):
        corrections.extend_correction(
            certification.case, days=5, reason="假期", by=certification.cast.officer
        )


def test_a_correction_is_extended_once(certification):
    window = certification.cast.window
    corrections.return_once(certification.case, items=[ITEM], by=window)
    corrections.extend_correction(certification.case, days=10, reason="国庆假期", by=window)

    with pytest.raises(ExtendedAlready):
        corrections.extend_correction(certification.case, days=1, reason="再延", by=window)


def test_the_desk_has_its_full_time_again_after_a_correction(certification):
    corrections.return_once(certification.case, items=[ITEM], by=certification.cast.window)
    certification.clock.pass_(days=4)  # Friday
    assert clock.today() == FRIDAY

    corrections.resubmit(certification.case, note="", answers={}, by=certification.signer)
    due = certification.task("acceptance").due
    certification.pass_time_limit(due - timedelta(days=1))

    assert (due, certification.state) == (date(2026, 9, 18), State.SUBMITTED)
    certification.pass_time_limit(due)
    assert certification.state == State.ACCEPTED
    assert clock.local(certification.case.accepted).date() == FRIDAY


# --- accepted although something is missing -------------------------------------------------------
def handed_in(course, *items, **answers):
    """The case returned for ``items`` and handed in with ``answers``."""
    corrections.return_once(course.case, items=items, by=course.cast.window)
    words = {int(position.strip("_")): said for position, said in answers.items()}
    corrections.resubmit(course.case, note="", answers=words, by=course.signer)


def test_x20_a_partial_answer_is_accepted_with_a_note_the_applicant_reads(certification):
    other = {"target": "", "reason": "inconsistent", "text": "年度与附件不一致"}
    handed_in(certification, ITEM, other, _2="年度以附件为准")
    window = certification.cast.window

    with pytest.raises(ItemsUnanswered) as refused:
        acceptance.accept(certification.case, by=window)
    acceptance.accept(certification.case, note="可由共享平台核验，容缺受理。", by=window)

    paper = Document.objects.get(case=certification.case, kind="acceptance_notice")
    assert refused.value.facts == {"items": "缺少信用报告"}
    assert certification.state == State.ACCEPTED
    assert "缺少信用报告" in paper.record
    assert "容缺受理" in paper.record


def test_x20_a_partial_answer_is_refused_acceptance_and_never_returned_again(certification):
    handed_in(certification, ITEM)
    window = certification.cast.window

    with pytest.raises(AlreadyReturned):
        corrections.return_once(certification.case, items=[ITEM], by=window)
    acceptance.refuse_acceptance(
        certification.case, reason="still_incomplete", text="仍缺信用报告。", by=window
    )

    assert certification.state == State.NOT_ACCEPTED


def test_before_the_return_what_is_missing_is_asked_for_instead(certification):
    window = certification.cast.window

    with pytest.raises(ReturnFirst):
        acceptance.accept(certification.case, note="容缺", lacking=["财务报表"], by=window)

    assert certification.state == State.SUBMITTED


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"target": "no_such_question"}, TargetUnknown),
        ({"target": "conditions_met"}, TargetUnknown),  # worked out by the form
        ({"reason": "no_such_reason"}, ReasonUnknown),
        ({"reason": "integrity_record"}, ReasonUnknown),  # a reason to refuse
    ],
)
def test_an_item_names_what_can_be_corrected_and_why(certification, wrong, error):
    with pytest.raises(error):
        corrections.return_once(
            certification.case, items=[{**ITEM, **wrong}], by=certification.cast.window
        )

    assert certification.state == State.SUBMITTED


def test_x19_before_acceptance_no_clock_runs_but_the_applicants_own(certification):
    corrections.return_once(certification.case, items=[ITEM], by=certification.cast.window)

    assert (certification.case.accepted, certification.case.due) == (None, None)
    assert certification.case.segments.count() == 0
    assert certification.task("correction").due == certification.case.correction.due
