"""The check of figures: two people, a third where they differ, the school's word, the freeze."""

from decimal import Decimal

import pytest

from tests.stages import deciding
from tests.stages.verification.deeds import LOWER, UNPROVEN, places, rank, read, sheets
from workflows import demo
from workflows.errors import (
    FiguresOpen,
    FigureUnexplained,
    FigureUnknown,
    NotEntitled,
    ReasonMissing,
    StageClosed,
)
from workflows.models import Figures, Message, Standing, Task
from workflows.models.case import State
from workflows.stages import (
    confirmation,
    evaluation,
    figures,
    panel,
    people,
    publication,
    ranking,
    standings,
    suspension,
    verification,
)


# --- the school's word ----------------------------------------------------------------------------
def test_the_signer_confirms_and_the_figures_are_in_force(school):
    school.checked()
    with pytest.raises(NotEntitled):
        confirmation.confirm(school.case, by=school.clerk)
    confirmation.confirm(school.case, by=school.signer)

    assert school.waiting == ["freezing"]
    assert figures.in_force(school.case) == school.revisions[0]
    assert figures.ready(school.case)
    with pytest.raises(StageClosed):
        confirmation.confirm(school.case, by=school.signer)


def test_silence_confirms_after_the_last_day(school):
    school.checked({"I24": LOWER})
    due = Task.objects.get(node="confirmation", finished=None).due
    assert str(due) == "2026-10-14"

    school.timers()
    assert school.waiting == ["confirmation"]
    school.pass_due("confirmation")

    assert school.waiting == ["freezing"]
    assert school.revisions[0].confirmed_by is None
    assert school.kinds[-1] == "figures_deemed_confirmed"


def test_after_a_suspension_the_school_has_its_whole_time_again(school):
    school.checked()
    suspension.suspend(school.case, ground="litigation", reason="诉讼", by=school.cast.leader)
    school.clock.pass_(days=30)
    school.timers()
    suspension.resume(school.case, by=school.cast.leader)
    school.timers()
    assert school.waiting == ["confirmation"]

    school.pass_due("confirmation")

    assert school.waiting == ["freezing"]


def test_the_school_contests_once_and_the_agency_settles(school):
    school.checked({"I24": LOWER, "I12": UNPROVEN})
    with pytest.raises(ReasonMissing):
        confirmation.contest(school.case, objections={"I24": " "}, by=school.signer)
    with pytest.raises(FigureUnknown):
        confirmation.contest(school.case, objections={"I99": "x"}, by=school.signer)
    words = {"I24": "另附课表", "I12": "另附名单"}
    confirmation.contest(school.case, objections=words, by=school.signer)
    assert (school.waiting, figures.in_force(school.case)) == (["settlement"], None)

    decisions = {
        "I24": {"finding": "corrected", "value": "4800", "reason": "补充课表证明4800课时"},
        "I12": {"finding": "confirmed", "reason": "名单属实"},
    }
    confirmation.settle_contest(school.case, decisions=decisions, by=school.cast.agency)

    last = school.revisions[-1]
    assert (last.revision, school.revisions[0].contested) == (2, words)
    assert (last.values["I24"]["value"], last.values["I12"]["value"]) == ("4800", "83.2")
    assert figures.in_force(school.case) == last
    assert school.waiting == ["freezing"]
    with pytest.raises(StageClosed):
        confirmation.contest(school.case, objections={"I24": "还是不服"}, by=school.signer)


def test_a_figure_the_agency_keeps_is_the_one_confirmed_before_not_the_one_filed(schools):
    first = schools[1]
    rank(schools)
    case, cast = first.case, first.cast
    confirmation.correct(case, code="I24", value="4210", reason="课表只证明4210", by=cast.officer)
    confirmation.order(case, by=cast.leader)
    read(first, "-------")
    first.assign()
    for number in (1, 2):
        first.check(number, {"I24": {"finding": "corrected", "value": "4000", "reason": "复核"}})
    confirmation.contest(first.case, objections={"I24": "应为4210"}, by=first.signer)

    kept = {"I24": {"finding": "confirmed", "reason": "原核定数属实"}}
    confirmation.settle_contest(first.case, decisions=kept, by=cast.agency)

    assert first.revisions[-1].values["I24"]["value"] == "4210"


def test_every_contested_figure_is_answered_with_a_reason(school):
    school.checked({"I24": LOWER, "I12": UNPROVEN})
    confirmation.contest(
        school.case, objections={"I24": "另附课表", "I12": "另附名单"}, by=school.signer
    )

    with pytest.raises(FigureUnexplained):
        confirmation.settle_contest(school.case, decisions={"I24": LOWER}, by=school.cast.agency)
    with pytest.raises(FigureUnknown):
        confirmation.settle_contest(school.case, decisions={"I01": LOWER}, by=school.cast.agency)


def test_another_agency_does_not_settle(school):
    school.checked({"I24": LOWER})
    confirmation.contest(school.case, objections={"I24": "另附课表"}, by=school.signer)
    other = demo.cast("330604", demo.Agency("另一家评估公司", "91330602MAYY3C025R")).agency

    with pytest.raises(NotEntitled):
        confirmation.settle_contest(school.case, decisions={"I24": LOWER}, by=other)


def test_the_school_is_told_what_differs_and_until_when(school):
    school.checked({"I24": LOWER})
    school.timers()

    told = Message.objects.get(kind="figures_set", recipient=school.signer)
    assert told.facts["changed"] == 1
    assert told.facts["due"] == "2026-10-14"


# --- the freeze -----------------------------------------------------------------------------------
def test_the_cohort_is_marked_to_the_last_digit(schools):
    rank(schools)

    marks = [Decimal("98.18"), Decimal("85.03"), Decimal("50.41")]
    assert places(schools) == list(zip([1, 2, 3], marks, strict=True))
    assert [each.case.score for each in schools] == marks
    assert [each.waiting for each in schools] == [["panel"], ["panel"], ["proposal"]]


def test_a_frozen_figure_is_corrected_by_order_only_and_the_whole_group_again(schools):
    rank(schools)
    case, cast = schools[1].case, schools[1].cast
    with pytest.raises(NotEntitled):
        confirmation.correct(case, code="I24", value="4210", reason="课表", by=cast.leader)
    confirmation.correct(case, code="I24", value="4210", reason="课表只证明4210", by=cast.officer)
    assert figures.in_force(case).values["I24"]["value"] == "5210"
    with pytest.raises(FiguresOpen):
        confirmation.correct(case, code="I24", value="4000", reason="再改", by=cast.officer)
    with pytest.raises(NotEntitled):
        confirmation.order(case, by=cast.officer)

    confirmation.order(case, by=cast.leader)
    again = ranking.rerank(
        case.round, procedure_key="recognition", group="higher", reason="I24更正", by=cast.officer
    )

    assert again.revision == 2
    assert [mark for _, mark in places(schools)] == [
        Decimal("98.18"),
        Decimal("84.59"),
        Decimal("50.41"),
    ]
    assert {"correction_asked", "unfrozen"} < set(schools[1].kinds)


def test_what_does_not_apply_after_all_is_left_out_by_order(schools):
    rank(schools)
    case, cast = schools[2].case, schools[2].cast
    for code in ("I32", "I33"):
        confirmation.correct(case, code=code, value="", na=True, reason="无证可考", by=cast.officer)
        confirmation.order(case, by=cast.leader)
    ranking.rerank(
        case.round, procedure_key="recognition", group="higher", reason="更正", by=cast.officer
    )

    assert [mark for _, mark in places(schools)] == [
        Decimal("98.18"),
        Decimal("85.03"),
        Decimal("49.15"),
    ]


def test_a_correction_the_head_declines_changes_nothing(schools):
    rank(schools)
    case, cast = schools[1].case, schools[1].cast
    confirmation.correct(case, code="I24", value="4210", reason="课表", by=cast.officer)
    with pytest.raises(ReasonMissing):
        confirmation.decline(case, reason="", by=cast.leader)
    confirmation.decline(case, reason="证据充分", by=cast.leader)

    assert figures.in_force(case).values["I24"]["value"] == "5210"
    assert figures.ready(case)
    assert not standings.stale(standings.group_of(case).newest)
    with pytest.raises(StageClosed):
        confirmation.order(case, by=cast.leader)


def test_before_the_freeze_nothing_is_corrected_by_order(school):
    school.confirmed()

    with pytest.raises(FiguresOpen):
        confirmation.correct(school.case, code="I24", value="1", reason="x", by=school.cast.officer)


def test_who_asked_for_a_correction_does_not_order_it(schools):
    rank(schools)
    case, cast = schools[1].case, schools[1].cast
    both = cast.officer
    people.appoint(both, role="leader", by=None)
    both = type(both).objects.get(pk=both.pk)
    confirmation.correct(case, code="I24", value="4210", reason="课表", by=both)

    with pytest.raises(NotEntitled):
        confirmation.order(case, by=both)


# --- the reading ----------------------------------------------------------------------------------
def test_seven_experts_read_the_candidates_and_most_find_them_consistent(schools):
    rank(schools)
    read(schools[0], "++++---")

    assert (schools[0].case.state, schools[0].waiting) == (State.PROPOSAL, ["proposal"])
    assert schools[0].case.score == Decimal("98.18")


def test_figures_that_most_readers_question_are_checked_again(schools):
    rank(schools)
    first = schools[0]
    read(first, "+++----")

    case = first.case
    assert (case.state, case.evaluation_round) == (State.EVALUATING, 2)
    assert first.waiting == ["data_check"]
    assert figures.in_force(case) is None
    first.assign()
    assert verification.asked(first.seats[0])["I24"]["value"] == "6840"
    first.check(1, {"I24": {"finding": "corrected", "value": "6000", "reason": "复核课表"}})
    first.check(2, {"I24": {"finding": "corrected", "value": "6000", "reason": "复核课表"}})
    confirmation.confirm(first.case, by=first.signer)

    assert first.waiting == ["freezing"]
    assert [each.round for each in first.revisions] == [1, 2]
    ranking.rerank(
        case.round,
        procedure_key="recognition",
        group="higher",
        reason="数据复核",
        by=first.cast.officer,
    )
    assert first.waiting == ["panel"]
    assert Standing.objects.filter(case=case).count() == 2


def test_an_even_reading_is_no_majority(schools):
    rank(schools)
    first = schools[0]
    panel.form_panel(first.case, experts=first.cast.experts[:7], by=first.cast.agency)
    seats = sheets(first)
    for number, seat in enumerate(seats[:6]):
        panel.declare(seat, by=seat.expert)
        verdict = "pass" if number < 3 else "fail"
        evaluation.check(seat, verdict=verdict, text="对照", by=seat.expert)
    evaluation.void_seat(seats[6], reason="曾任顾问", by=first.cast.agency)

    assert (first.case.state, first.waiting) == (State.EVALUATING, ["data_check"])


def test_checkers_and_readers_sit_in_one_round_without_mixing(schools):
    rank(schools)
    first = schools[0]
    panel.form_panel(first.case, experts=first.cast.experts[:7], by=first.cast.agency)

    assert {each.round for each in first.seats} == {1}
    assert len(panel.seats_in_play(first.case)) == 7
    assert len(verification.branches(first.case)) == 2


def test_revisions_are_numbered_over_all_rounds(schools):
    rank(schools)
    read(schools[0], "-------")

    assert Figures.objects.filter(case=schools[0].case).count() == 1
    assert figures.newest(schools[0].case) is None


# --- the notice -----------------------------------------------------------------------------------
def test_an_upheld_objection_to_a_value_has_the_figures_checked_and_the_group_scored_again(
    schools,
):
    rank(schools)
    first, second, third = schools
    for each in (first, second):
        read(each, "+++++++")
        deciding.decide(each.case, each.cast)
    deciding.publish([first.case, second.case], first.cast)
    objection = publication.file_objection(
        publication.running_entry(second.case),
        objector="王五",
        contact_name="王五",
        phone="13800000000",
        is_unit=False,
        facts="I24 课时不实",
    )

    publication.answer_objection(
        objection, result="upheld", answer="经核查属实", effect="evaluate", by=second.cast.officer
    )
    assert (second.case.state, second.waiting) == (State.EVALUATING, ["data_check"])
    assert (first.case.state, first.waiting) == (State.NOTICE, ["notice"])
    second.assign()
    second.check(1, {"I24": LOWER})
    second.check(2, {"I24": LOWER})
    confirmation.confirm(second.case, by=second.signer)
    ranking.rerank(
        second.case.round,
        procedure_key="recognition",
        group="higher",
        reason="异议查实",
        by=second.cast.officer,
    )

    assert [each.case.score for each in schools] == [
        Decimal("98.18"),
        Decimal("84.59"),
        Decimal("50.41"),
    ]
    assert second.waiting == ["panel"]
    assert third.waiting == ["proposal"]


def test_a_correction_in_the_notice_publishes_the_changed_mark_for_a_full_period(schools):
    rank(schools)
    for each in schools[:2]:
        read(each, "+++++++")
        deciding.decide(each.case, each.cast)
    second = schools[1]
    deciding.publish([each.case for each in schools[:2]], second.cast)
    before = publication.running_entry(second.case)
    second.clock.pass_(days=2)
    case, cast = second.case, second.cast
    confirmation.correct(case, code="I24", value="4210", reason="异议查实", by=cast.officer)
    confirmation.order(case, by=cast.leader)
    made = ranking.rerank(
        case.round, procedure_key="recognition", group="higher", reason="I24更正", by=cast.officer
    )
    ranking.approve(made, by=cast.leader)

    after = publication.running_entry(second.case)
    assert (before.facts["mark"], after.facts["mark"]) == ("85.03", "84.59")
    assert after.notice.closes > before.notice.closes
    assert publication.running_entry(schools[0].case).notice == before.notice
