"""The check of figures: two people, a third where they differ, the school's word, the freeze."""

import pytest

from tests.programmes.benchmark_school import cohort
from tests.stages import schooling
from tests.stages.verification.deeds import LOWER, UNPROVEN, rank, read
from workflows import demo
from workflows.errors import (
    BadFigure,
    BadPanel,
    FigureUnexplained,
    FigureUnknown,
    NotDeclared,
    NotEntitled,
    ReasonMissing,
    StageClosed,
)
from workflows.models import Membership, Task
from workflows.models.case import State
from workflows.stages import (
    panel,
    review,
    verification,
)


# --- screening ------------------------------------------------------------------------------------
def test_screening_sends_the_case_to_the_agency_and_stops_the_clock(school):
    school.accepted()
    review.screen(school.case, verdict="evaluate", text="", by=school.cast.officer)

    case = school.case
    assert (case.state, case.evaluation_round) == (State.EVALUATING, 1)
    assert school.waiting == ["data_check"]
    assert case.segments.filter(resumed=None, ground="evaluation").exists()
    assert school.kinds[-2:] == ["screened", "sent_to_evaluation"]


def test_screening_tells_how_long_check_and_reading_take_together(school):
    school.screened()

    notice = school.case.documents.get(kind="special_procedure_notice")
    assert "35个工作日" in notice.record


def test_a_case_stopped_at_screening_is_to_be_refused(school):
    school.accepted()
    with pytest.raises(ReasonMissing):
        review.screen(school.case, verdict="stop", text=" ", by=school.cast.officer)
    review.screen(school.case, verdict="stop", text="有安全事故", by=school.cast.officer)

    assert (school.case.state, school.waiting) == (State.PROPOSAL, ["proposal"])
    assert school.kinds[-2:] == ["screened", "stopped"]


def test_only_the_case_officer_screens_and_only_once(school):
    school.accepted()
    with pytest.raises(NotEntitled):
        review.screen(school.case, verdict="evaluate", text="", by=school.cast.window)
    review.screen(school.case, verdict="evaluate", text="", by=school.cast.officer)

    with pytest.raises(StageClosed):
        review.screen(school.case, verdict="evaluate", text="", by=school.cast.officer)


# --- who checks -----------------------------------------------------------------------------------
def test_the_agency_seats_two_who_declare_before_they_check(school):
    school.screened()
    verification.assign(school.case, checkers=school.cast.checkers[:2], by=school.cast.agency)

    assert school.waiting == ["data_sheet"]
    assert school.case.agency == school.cast.institution
    assert [seat.node for seat in school.seats] == ["data_sheet", "data_sheet"]
    with pytest.raises(NotDeclared):
        verification.check_figures(school.seats[0], findings={}, by=school.seats[0].expert)


def test_the_same_person_does_not_check_twice(school):
    school.screened()
    one = school.cast.checkers[0]

    with pytest.raises(BadPanel):
        verification.assign(school.case, checkers=[one, one], by=school.cast.agency)
    with pytest.raises(BadPanel):
        verification.assign(school.case, checkers=[one], by=school.cast.agency)


def test_who_acts_for_the_school_does_not_check_its_figures(school):
    school.screened()
    checkers = school.cast.checkers[:2]
    Membership.objects.create(
        user=checkers[1],
        organisation=school.case.applicant,
        role=Membership.Role.CLERK,
        valid_from=demo.SINCE,
    )

    with pytest.raises(NotEntitled):
        verification.assign(school.case, checkers=checkers, by=school.cast.agency)


def test_an_officer_cannot_take_the_agencys_place(school):
    school.screened()

    with pytest.raises(NotEntitled):
        verification.assign(school.case, checkers=school.cast.checkers[:2], by=school.cast.officer)


def test_a_checker_who_recuses_is_replaced(school):
    school.assigned()
    left = school.seats[0]
    panel.recuse(left, reason="三年内有服务合同", by=left.expert)
    assert Task.objects.get(node="data_sheet", candidate="agency_manager", finished=None)

    third = school.cast.checkers[2]
    verification.seat_checker(school.case, checker=third, by=school.cast.agency)
    with pytest.raises(BadPanel):
        verification.seat_checker(school.case, checker=left.expert, by=school.cast.agency)
    school.check(2)
    school.check(3)

    assert school.waiting == ["confirmation"]
    assert [each.revision for each in school.revisions] == [1]


# --- what they find -------------------------------------------------------------------------------
def test_what_two_people_find_alike_is_set(school):
    school.assigned()
    assert school.check(1, {"I24": LOWER}) is None
    set_ = school.check(2, {"I24": {**LOWER, "reason": "另一种说法"}})

    assert set_ == school.revisions[0]
    assert set_.values["I24"] == {
        "reported": "5210",
        "value": "4210",
        "na": False,
        "finding": "corrected",
        "reason": "课表只证明4210课时",
    }
    assert set_.values["I23"]["finding"] == "confirmed"
    assert len(set_.values) == 44
    assert school.waiting == ["confirmation"]
    assert school.kinds[-3:] == ["figures_checked", "figures_checked", "figures_set"]


def test_an_unproven_figure_counts_as_nothing(school):
    school.checked({"I24": UNPROVEN})

    assert school.revisions[0].values["I24"]["value"] == "0"


def test_where_two_differ_a_third_settles_only_that(school):
    school.assigned()
    school.check(1, {"I24": LOWER})
    school.check(2, {"I12": UNPROVEN})
    assert school.revisions == []
    assert Task.objects.get(node="data_sheet", finished=None).candidate == "agency_manager"

    third = school.cast.checkers[2]
    seat = verification.seat_checker(school.case, checker=third, by=school.cast.agency)
    assert set(verification.asked(seat)) == {"I12", "I24"}
    set_ = school.check(3, {"I24": {**LOWER, "value": "4300"}})

    assert (set_.values["I24"]["value"], set_.values["I12"]["value"]) == ("4300", "83.2")
    assert school.waiting == ["confirmation"]


def test_the_third_person_is_asked_nothing_else(school):
    school.assigned()
    school.check(1, {"I24": LOWER})
    school.check(2)
    third = school.cast.checkers[2]
    verification.seat_checker(school.case, checker=third, by=school.cast.agency)

    with pytest.raises(FigureUnknown):
        school.check(3, {"I12": UNPROVEN})


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("I01", "0.5"), ("I12", "100.1"), ("I24", "-1"), ("I05", "9.5"), ("I24", "many"),
        ("I24", ""), ("I24", "Infinity"),
    ],
)  # fmt: skip
def test_a_value_that_the_indicator_cannot_have_is_refused(school, code, value):
    school.assigned()

    with pytest.raises(BadFigure):
        school.check(1, {code: {**LOWER, "value": value}})


def test_only_the_training_share_may_exceed_a_hundred(school):
    school.checked({"I34": {"finding": "corrected", "value": "120.5", "reason": "台账"}})

    assert school.revisions[0].values["I34"]["value"] == "120.5"


def test_a_change_needs_a_reason_and_a_known_finding(school):
    school.assigned()

    with pytest.raises(FigureUnexplained):
        school.check(1, {"I24": {**LOWER, "reason": " "}})
    with pytest.raises(BadFigure):
        school.check(1, {"I24": {"finding": "guessed", "reason": "x"}})
    with pytest.raises(FigureUnknown):
        school.check(1, {"I99": LOWER})


def test_a_signed_check_is_final_and_ones_own(school):
    school.assigned()
    school.check(1)
    first, second = school.seats

    with pytest.raises(StageClosed):
        verification.check_figures(first, findings={}, by=first.expert)
    with pytest.raises(NotEntitled):
        verification.check_figures(second, findings={}, by=first.expert)


def test_a_figure_that_does_not_apply_is_kept_as_filed(office, standing_clock):
    given = schooling.rows(cohort.YUEZHOU.values, not_applicable=["I32", "I33"])
    school = schooling.filed(cohort.YUEZHOU, schooling.call(), standing_clock, indicators=given)
    school.checked({"I33": {"finding": "corrected", "value": "68.9", "reason": "有证可考"}})

    values = school.revisions[0].values
    assert (values["I32"]["na"], values["I33"]["na"]) == (True, False)


def test_another_agency_neither_takes_over_nor_seats_anybody(schools):
    rank(schools)
    read(schools[0], "+++----")
    first = schools[0]
    other = demo.cast("330604", demo.Agency("另一家评估公司", "91330602MAYY3C025R"))
    assert first.waiting == ["data_check"]

    with pytest.raises(NotEntitled):
        verification.assign(first.case, checkers=other.checkers[:2], by=other.agency)
    first.assign()
    left = first.seats[0]
    panel.recuse(left, reason="三年内有服务合同", by=left.expert)
    with pytest.raises(NotEntitled):
        verification.seat_checker(first.case, checker=other.checkers[2], by=other.agency)
