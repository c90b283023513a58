"""Third parties: drawn, declared, alone with their sheet; conflicts void what they gave."""

from decimal import Decimal

import pytest

from workflows import rubric
from workflows.errors import (
    BadPanel,
    BadScore,
    ConflictOfInterest,
    NotDeclared,
    NotEntitled,
    PanelShort,
    ReasonMissing,
    ScoreUnexplained,
    StageClosed,
)
from workflows.models import Segment, Task
from workflows.models.case import State
from workflows.stages import evaluation

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(certification):
    """The agency has to form a panel of seven."""
    return certification.to("panel")


@pytest.fixture
def seated(certification):
    """Seven experts are seated and have declared nothing yet."""
    return certification.to("sheet")


@pytest.fixture
def checking(pool_entry):
    """Two reviewers are seated."""
    return pool_entry.to("sheet")


def points(course, total: object) -> dict[str, Decimal]:
    """A sheet that adds up to ``total`` and follows what the system computed."""
    parts = evaluation.parts(course.case.procedure.evaluation)
    maxima = [(part.code, part.maximum) for part in parts]
    return rubric.split(Decimal(total), maxima, evaluation.computed_points(course.case))


def mark(course, seat, total: object = 80) -> None:
    """Declare and lock a sheet."""
    evaluation.declare(seat, by=seat.expert)
    given = points(course, total)
    remarks = dict.fromkeys(evaluation.computed_points(course.case), "现场核查")
    evaluation.score(seat, points=given, remarks=remarks, by=seat.expert)


def check(seat, verdict: str = "pass", text: str = "") -> None:
    """Declare and lock a check."""
    evaluation.declare(seat, by=seat.expert)
    evaluation.check(seat, verdict=verdict, text=text, by=seat.expert)


def queue(course) -> list[str]:
    """Which groups are asked to fill a seat."""
    empty = Task.objects.filter(case=course.case, node="sheet", finished=None).exclude(candidate="")
    return list(empty.order_by("pk").values_list("candidate", flat=True))


# --- the panel ----------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [1, 5, 6, 8])
def test_a_panel_is_odd_and_as_large_as_the_edition_asks(called, number):
    with pytest.raises(BadPanel):
        evaluation.form_panel(
            called.case, experts=called.cast.experts[:number], by=called.cast.agency
        )


def test_nobody_sits_twice(called):
    first, *others = called.cast.experts[:6]

    with pytest.raises(BadPanel):
        evaluation.form_panel(called.case, experts=[first, first, *others], by=called.cast.agency)


def test_only_experts_are_seated_and_only_by_those_who_draw_them(called):
    experts = called.cast.experts[:7]

    with pytest.raises(NotEntitled):
        evaluation.form_panel(
            called.case, experts=[*experts[:6], called.cast.window], by=called.cast.agency
        )
    with pytest.raises(NotEntitled):
        evaluation.form_panel(called.case, experts=experts, by=experts[0])


def test_a_panel_is_formed_once(seated):
    with pytest.raises(StageClosed):
        evaluation.form_panel(seated.case, experts=seated.cast.experts[:7], by=seated.cast.agency)

    assert len(seated.seats) == 7


def test_each_seat_is_the_task_of_its_expert_alone(seated):
    owners = seated.case.tasks.filter(node="sheet", finished=None).values_list("owner", "candidate")

    assert sorted(owners) == sorted((seat.expert_id, "") for seat in seated.seats)


# --- sheets -------------------------------------------------------------------------------------
def test_no_sheet_before_the_declaration(seated):
    seat = seated.seats[0]

    with pytest.raises(NotDeclared):
        evaluation.score(seat, points=points(seated, 80), remarks={}, by=seat.expert)

    assert seated.seats[0].locked is None


def test_a_seat_is_nobody_elses(seated):
    first, second, *_ = seated.seats

    for act in (
        lambda: evaluation.declare(first, by=second.expert),
        lambda: evaluation.recuse(first, reason="任职", by=second.expert),
        lambda: evaluation.score(first, points={}, remarks={}, by=second.expert),
    ):
        with pytest.raises(NotEntitled):
            act()


@pytest.mark.parametrize("value", ["-1", "10.01", "NaN", "Infinity", None])
def test_points_lie_between_nothing_and_the_maximum(seated, value):
    seat, given = seated.seats[0], points(seated, 80)
    evaluation.declare(seat, by=seat.expert)
    given["technology_mark"] = Decimal(value) if value else None

    with pytest.raises(BadScore):
        evaluation.score(seat, points=given, remarks={}, by=seat.expert)


def test_points_for_what_the_rubric_does_not_ask_count_nothing(seated):
    seat = seated.seats[0]
    evaluation.declare(seat, by=seat.expert)

    evaluation.score(
        seat, points={**points(seated, 80), "charm": Decimal(50)}, remarks={}, by=seat.expert
    )

    assert (seated.seats[0].total, "charm" in seated.seats[0].scores) == (Decimal(80), False)


def test_a_computed_part_is_marked_otherwise_only_with_a_remark(seated):
    seat, given = seated.seats[0], points(seated, 80)
    evaluation.declare(seat, by=seat.expert)
    given["training_fund"] = Decimal(3)

    with pytest.raises(ScoreUnexplained):
        evaluation.score(seat, points=given, remarks={"training_fund": " "}, by=seat.expert)
    evaluation.score(seat, points=given, remarks={"training_fund": "有一项未付"}, by=seat.expert)

    assert seated.seats[0].scores["training_fund"] == "3"


def test_a_locked_sheet_stays_as_it_is(seated):
    seat = seated.seats[0]
    mark(seated, seat, 80)

    for act in (
        lambda: mark(seated, seat, 90),
        lambda: evaluation.recuse(seat, reason="任职", by=seat.expert),
    ):
        with pytest.raises(StageClosed):
            act()
    assert seated.seats[0].total == Decimal(80)


def test_the_last_sheet_closes_the_evaluation_and_the_clock_runs_again(seated):
    for number, seat in enumerate(seated.seats, 1):
        assert seated.state == State.EVALUATING
        mark(seated, seat, 80 + number)

    assert (seated.state, seated.waiting) == (State.PROPOSAL, ["proposal"])
    assert seated.case.score == Decimal("84.00")
    assert not Segment.objects.filter(case=seated.case, resumed=None).exists()


# --- conflicts ----------------------------------------------------------------------------------
def test_a_recused_seat_goes_to_a_substitute(seated):
    seat, manager = seated.seats[0], seated.cast.agency
    with pytest.raises(ReasonMissing):
        evaluation.recuse(seat, reason=" ", by=seat.expert)

    evaluation.recuse(seat, reason="曾任顾问", by=seat.expert)
    assert queue(seated) == ["agency_manager"]
    with pytest.raises(ConflictOfInterest):
        evaluation.declare(seat, by=seat.expert)
    with pytest.raises(BadPanel):
        evaluation.substitute(seated.case, expert=seat.expert, by=manager)
    evaluation.substitute(seated.case, expert=seated.cast.experts[7], by=manager)

    assert queue(seated) == []
    for each in seated.seats[1:]:
        mark(seated, each)
    assert seated.state == State.PROPOSAL


def test_two_empty_seats_are_filled_one_by_one(seated):
    for seat in seated.seats[:2]:
        evaluation.recuse(seat, reason="曾任顾问", by=seat.expert)

    evaluation.substitute(seated.case, expert=seated.cast.experts[7], by=seated.cast.agency)
    assert queue(seated) == ["agency_manager"]
    evaluation.substitute(seated.case, expert=seated.cast.experts[8], by=seated.cast.agency)

    assert (queue(seated), len([seat for seat in seated.seats if not seat.void])) == ([], 7)


def test_nobody_is_seated_beside_a_full_panel(seated):
    with pytest.raises(BadPanel):
        evaluation.substitute(seated.case, expert=seated.cast.experts[7], by=seated.cast.agency)


def test_only_an_expert_takes_an_empty_seat(seated):
    evaluation.recuse(seated.seats[0], reason="曾任顾问", by=seated.seats[0].expert)

    with pytest.raises(NotEntitled):
        evaluation.substitute(seated.case, expert=seated.cast.issuer, by=seated.cast.agency)


def test_a_seat_voided_before_the_end_may_close_the_evaluation(seated):
    *six, last = seated.seats
    for seat in six:
        mark(seated, seat, 80)

    evaluation.void_seat(last, reason="曾任顾问", by=seated.cast.agency)

    assert (seated.state, seated.waiting, seated.case.score) == (
        State.PROPOSAL,
        ["proposal"],
        Decimal("80.00"),
    )


def test_a_locked_seat_voided_beside_an_empty_one_may_close_the_evaluation(seated):
    *six, last = seated.seats
    for seat in six:
        mark(seated, seat, 80)
    evaluation.recuse(last, reason="曾任顾问", by=last.expert)

    evaluation.void_seat(six[0], reason="曾任顾问", by=seated.cast.agency)

    assert (seated.state, seated.waiting) == (State.PROPOSAL, ["proposal"])


def test_a_seat_voided_after_the_end_makes_the_mark_new(seated):
    for number, seat in enumerate(seated.seats):
        mark(seated, seat, 80 + number)
    assert seated.case.score == Decimal("83.00")

    evaluation.void_seat(seated.seats[6], reason="曾任顾问", by=seated.cast.agency)

    assert (seated.case.score, seated.kinds[-1]) == (Decimal("82.50"), "seat_voided")


def test_too_few_sheets_make_no_mark(seated):
    for seat in seated.seats:
        mark(seated, seat)
    for seat in seated.seats[:2]:
        evaluation.void_seat(seat, reason="曾任顾问", by=seated.cast.agency)

    with pytest.raises(PanelShort):
        evaluation.void_seat(seated.seats[2], reason="曾任顾问", by=seated.cast.agency)

    assert seated.seats[2].void is None


def test_below_the_quorum_a_locked_seat_is_filled_again(seated):
    for seat in seated.seats[:3]:
        mark(seated, seat)
    for seat in seated.seats[:3]:
        evaluation.void_seat(seat, reason="曾任顾问", by=seated.cast.agency)
    assert queue(seated) == ["agency_manager"]

    evaluation.substitute(seated.case, expert=seated.cast.experts[7], by=seated.cast.agency)
    for seat in seated.seats[3:]:
        mark(seated, seat, 90)

    assert (seated.state, seated.case.score) == (State.PROPOSAL, Decimal("90.00"))


def test_a_seat_is_voided_once_by_those_who_run_the_evaluation(seated):
    seat = seated.seats[0]
    with pytest.raises(NotEntitled):
        evaluation.void_seat(seat, reason="曾任顾问", by=seated.seats[1].expert)
    with pytest.raises(ReasonMissing):
        evaluation.void_seat(seat, reason="", by=seated.cast.agency)

    evaluation.void_seat(seat, reason="曾任顾问", by=seated.cast.agency)

    with pytest.raises(StageClosed):
        evaluation.void_seat(seat, reason="曾任顾问", by=seated.cast.agency)


# --- checks -------------------------------------------------------------------------------------
def test_two_reviewers_who_agree_close_the_check(checking):
    first, second = checking.seats
    check(first)
    assert checking.state == State.EVALUATING

    check(second)

    assert (checking.state, checking.waiting) == (State.PROPOSAL, ["proposal"])
    assert evaluation.checks(checking.case) == (2, 0)


def test_a_failed_check_needs_words_and_leads_to_a_refusal(checking):
    first, second = checking.seats
    with pytest.raises(ReasonMissing):
        check(first, "fail")

    check(first, "fail", "无实习协议")
    check(second, "fail", "条件不成立")
    checking.to("endorsement")

    assert checking.case.decision.outcome == "refused"


def test_a_third_reviewer_decides_when_two_disagree(checking):
    first, second = checking.seats
    check(first)
    check(second, "fail", "条件不成立")
    assert (checking.state, queue(checking)) == (State.EVALUATING, ["case_officer"])

    third = evaluation.substitute(
        checking.case, expert=checking.cast.checkers[2], by=checking.cast.officer
    )
    assert queue(checking) == []
    check(third)

    assert (checking.state, evaluation.checks(checking.case)) == (State.PROPOSAL, (2, 1))


def test_a_reviewers_void_verdict_no_longer_counts(checking):
    first, second = checking.seats
    check(first, "fail", "条件不成立")
    evaluation.void_seat(first, reason="曾任顾问", by=checking.cast.officer)
    assert queue(checking) == ["case_officer"]

    third = evaluation.substitute(
        checking.case, expert=checking.cast.checkers[2], by=checking.cast.officer
    )
    check(second)
    check(third)

    assert (checking.state, evaluation.checks(checking.case)) == (State.PROPOSAL, (2, 0))


def test_a_check_voided_after_the_end_leaves_too_few(checking):
    for seat in checking.seats:
        check(seat)

    with pytest.raises(PanelShort):
        evaluation.void_seat(checking.seats[0], reason="曾任顾问", by=checking.cast.officer)

    assert evaluation.checks(checking.case) == (2, 0)
