"""Third parties: drawn, declared, alone with their sheet; conflicts void what they gave."""

from datetime import date
from decimal import Decimal

import pytest

from tests.stages import course as courses
from tests.stages.course import queue
from workflows import rubric
from workflows.errors import (
    BadPanel,
    BadScore,
    ConflictOfInterest,
    NotDeclared,
    NotEntitled,
    NotImpartial,
    NotSeatable,
    PanelMakeUp,
    ReasonMissing,
    ScoreUnexplained,
    StageClosed,
)
from workflows.models import Appointment, Event, Membership, Segment
from workflows.models.case import State
from workflows.stages import evaluation, panel

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(certification):
    """The agency has to form a panel of seven."""
    return certification.to("panel")


@pytest.fixture
def seated(certification):
    """Seven experts are seated and have declared nothing yet."""
    return certification.to("sheet")


def points(course, total: object) -> dict[str, Decimal]:
    """A sheet that adds up to ``total`` and follows what the system computed."""
    parts = evaluation.parts(course.case.procedure.evaluation)
    maxima = [(part.code, part.maximum) for part in parts]
    return rubric.split(Decimal(total), maxima, evaluation.computed_points(course.case))


def mark(course, seat, total: object = 80) -> None:
    """Declare and lock a sheet."""
    panel.declare(seat, by=seat.expert)
    given = points(course, total)
    remarks = dict.fromkeys(evaluation.computed_points(course.case), "现场核查")
    evaluation.score(seat, points=given, remarks=remarks, by=seat.expert)


# --- the panel ----------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [1, 5, 6, 8])
def test_a_panel_is_odd_and_as_large_as_the_edition_asks(called, number):
    with pytest.raises(BadPanel):
        panel.form_panel(called.case, experts=called.cast.experts[:number], by=called.cast.agency)


def test_nobody_sits_twice(called):
    first, *others = called.cast.experts[:6]

    with pytest.raises(BadPanel):
        panel.form_panel(called.case, experts=[first, first, *others], by=called.cast.agency)


@pytest.mark.parametrize("background", ["industry", "school"])
def test_a_panel_has_somebody_of_every_background_the_edition_asks(called, background):
    Appointment.objects.filter(background=background).update(background="finance")

    with pytest.raises(PanelMakeUp) as refused:
        panel.form_panel(called.case, experts=called.cast.experts[:7], by=called.cast.agency)

    assert refused.value.facts == {"needed": 1, "background": panel.BACKGROUNDS[background]}


def test_only_experts_are_seated_and_only_by_those_who_draw_them(called):
    experts = called.cast.experts[:7]

    with pytest.raises(NotSeatable) as refused:
        panel.form_panel(
            called.case, experts=[*experts[:6], called.cast.window], by=called.cast.agency
        )
    assert refused.value.facts == {"name": called.cast.window.name}
    with pytest.raises(NotEntitled):
        panel.form_panel(called.case, experts=experts, by=experts[0])


def test_nobody_is_seated_who_works_or_acts_for_the_applicant(called):
    experts = called.cast.experts[:7]
    Appointment.objects.filter(user=experts[2]).update(organisation=called.case.applicant)

    with pytest.raises(NotImpartial) as refused:
        panel.form_panel(called.case, experts=experts, by=called.cast.agency)

    assert refused.value.facts == {"name": experts[2].name}
    Appointment.objects.filter(user=experts[2]).update(organisation=None)
    past = {"valid_from": date(2020, 1, 1), "valid_to": date(2024, 1, 1)}
    Membership.objects.create(
        user=experts[3], organisation=called.case.applicant, role="clerk", **past
    )
    with pytest.raises(NotImpartial):
        panel.form_panel(called.case, experts=experts, by=called.cast.agency)


def test_nobody_is_seated_who_works_for_a_partner(bases, standing_clock):
    base = courses.begun("P2-001", standing_clock, bases).file().to("panel")
    experts = base.cast.experts[:5]
    school = base.case.partners.get().organisation
    Appointment.objects.filter(user=experts[4]).update(organisation=school)

    with pytest.raises(NotImpartial) as refused:
        panel.form_panel(base.case, experts=experts, by=base.cast.agency)

    assert refused.value.facts == {"name": experts[4].name}


def test_nobody_takes_an_empty_seat_who_works_for_the_applicant(seated):
    panel.recuse(seated.seats[0], reason="曾任顾问", by=seated.seats[0].expert)
    substitute = seated.cast.experts[7]
    Appointment.objects.filter(user=substitute).update(organisation=seated.case.applicant)

    with pytest.raises(NotImpartial):
        panel.substitute(seated.case, expert=substitute, by=seated.cast.agency)


def test_a_panel_is_formed_once(seated):
    with pytest.raises(StageClosed):
        panel.form_panel(seated.case, experts=seated.cast.experts[:7], by=seated.cast.agency)

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
        lambda: panel.declare(first, by=second.expert),
        lambda: panel.recuse(first, reason="任职", by=second.expert),
        lambda: evaluation.score(first, points={}, remarks={}, by=second.expert),
    ):
        with pytest.raises(NotEntitled):
            act()


@pytest.mark.parametrize("value", ["-1", "10.01", "NaN", "Infinity", None])
def test_points_lie_between_nothing_and_the_maximum(seated, value):
    seat, given = seated.seats[0], points(seated, 80)
    panel.declare(seat, by=seat.expert)
    given["technology_mark"] = Decimal(value) if value else None

    with pytest.raises(BadScore):
        evaluation.score(seat, points=given, remarks={}, by=seat.expert)


def test_points_for_what_the_rubric_does_not_ask_count_nothing(seated):
    seat = seated.seats[0]
    panel.declare(seat, by=seat.expert)

    evaluation.score(
        seat, points={**points(seated, 80), "charm": Decimal(50)}, remarks={}, by=seat.expert
    )

    assert (seated.seats[0].total, "charm" in seated.seats[0].scores) == (Decimal(80), False)


def test_a_computed_part_is_marked_otherwise_only_with_a_remark(seated):
    seat, given = seated.seats[0], points(seated, 80)
    panel.declare(seat, by=seat.expert)
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
        lambda: panel.recuse(seat, reason="任职", by=seat.expert),
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


def test_a_half_filled_sheet_is_kept_until_it_is_locked(seated):
    seat = seated.seats[0]
    half = {"points": {"technology_mark": "good"}, "remarks": {}, "comment": "待复核"}
    with pytest.raises(NotDeclared):
        evaluation.keep(seat, draft=half, by=seat.expert)
    panel.declare(seat, by=seat.expert)
    with pytest.raises(NotEntitled):
        evaluation.keep(seat, draft=half, by=seated.seats[1].expert)

    evaluation.keep(seat, draft=half, by=seat.expert)
    assert (seated.seats[0].draft, seated.seats[0].locked) == (half, None)
    assert "good" not in Event.objects.filter(kind="sheet_kept").get().body

    mark(seated, seat)
    assert seated.seats[0].draft == {}
    with pytest.raises(StageClosed):
        evaluation.keep(seat, draft=half, by=seat.expert)


# --- conflicts ----------------------------------------------------------------------------------
def test_a_recused_seat_goes_to_a_substitute(seated):
    seat, manager = seated.seats[0], seated.cast.agency
    with pytest.raises(ReasonMissing):
        panel.recuse(seat, reason=" ", by=seat.expert)

    panel.recuse(seat, reason="曾任顾问", by=seat.expert)
    assert queue(seated) == ["agency_manager"]
    with pytest.raises(ConflictOfInterest):
        panel.declare(seat, by=seat.expert)
    with pytest.raises(BadPanel):
        panel.substitute(seated.case, expert=seat.expert, by=manager)
    panel.substitute(seated.case, expert=seated.cast.experts[7], by=manager)

    assert queue(seated) == []
    for each in seated.seats[1:]:
        mark(seated, each)
    assert seated.state == State.PROPOSAL


def test_the_last_of_a_background_is_followed_by_one_of_the_same(called):
    expert, manager = called.cast.experts, called.cast.agency
    others = Appointment.objects.filter(background="industry").exclude(user=expert[0])
    others.exclude(user=expert[7]).update(background="finance")
    leaving = called.to("sheet").seats[0]
    panel.recuse(leaving, reason="曾任顾问", by=leaving.expert)

    with pytest.raises(PanelMakeUp) as refused:
        panel.substitute(called.case, expert=expert[8], by=manager)
    assert refused.value.facts == {"needed": 1, "background": panel.BACKGROUNDS["industry"]}
    panel.substitute(called.case, expert=expert[7], by=manager)

    assert queue(called) == []


def test_two_empty_seats_are_filled_one_by_one(seated):
    for seat in seated.seats[:2]:
        panel.recuse(seat, reason="曾任顾问", by=seat.expert)

    panel.substitute(seated.case, expert=seated.cast.experts[7], by=seated.cast.agency)
    assert queue(seated) == ["agency_manager"]
    panel.substitute(seated.case, expert=seated.cast.experts[8], by=seated.cast.agency)

    assert (queue(seated), len([seat for seat in seated.seats if not seat.void])) == ([], 7)


def test_nobody_is_seated_beside_a_full_panel(seated):
    with pytest.raises(BadPanel):
        panel.substitute(seated.case, expert=seated.cast.experts[7], by=seated.cast.agency)


def test_only_an_expert_takes_an_empty_seat(seated):
    panel.recuse(seated.seats[0], reason="曾任顾问", by=seated.seats[0].expert)

    with pytest.raises(NotSeatable):
        panel.substitute(seated.case, expert=seated.cast.issuer, by=seated.cast.agency)


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
    panel.recuse(last, reason="曾任顾问", by=last.expert)

    evaluation.void_seat(six[0], reason="曾任顾问", by=seated.cast.agency)

    assert (seated.state, seated.waiting) == (State.PROPOSAL, ["proposal"])


def test_a_seat_voided_after_the_end_makes_the_mark_new(seated):
    for number, seat in enumerate(seated.seats):
        mark(seated, seat, 80 + number)
    assert seated.case.score == Decimal("83.00")

    evaluation.void_seat(seated.seats[6], reason="曾任顾问", by=seated.cast.agency)

    assert (seated.case.score, seated.kinds[-1]) == (Decimal("82.50"), "seat_voided")


@pytest.mark.parametrize("node", ["endorsement", "tabling"])
def test_a_case_whose_mark_is_new_is_proposed_anew(certification, node):
    certification.to(node)

    evaluation.void_seat(certification.seats[0], reason="曾任顾问", by=certification.cast.agency)

    assert certification.waiting == ["proposal"]
    certification.to("signing")


def test_x15_too_few_sheets_left_after_the_end_are_made_up_by_a_substitute(seated):
    for seat in seated.seats:
        mark(seated, seat)
    for seat in seated.seats[:2]:
        evaluation.void_seat(seat, reason="曾任顾问", by=seated.cast.agency)
    assert seated.state == State.PROPOSAL

    evaluation.void_seat(seated.seats[2], reason="曾任顾问", by=seated.cast.agency)
    assert (seated.state, seated.waiting) == (State.EVALUATING, ["sheet"])
    assert queue(seated) == ["agency_manager"]
    panel.substitute(seated.case, expert=seated.cast.experts[7], by=seated.cast.agency)
    mark(seated, seated.seats[7], 90)

    assert (seated.state, seated.waiting) == (State.PROPOSAL, ["proposal"])
    assert not seated.case.segments.filter(resumed=None).exists()


def test_below_the_quorum_a_locked_seat_is_filled_again(seated):
    for seat in seated.seats[:3]:
        mark(seated, seat)
    for seat in seated.seats[:3]:
        evaluation.void_seat(seat, reason="曾任顾问", by=seated.cast.agency)
    assert queue(seated) == ["agency_manager"]

    panel.substitute(seated.case, expert=seated.cast.experts[7], by=seated.cast.agency)
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
