"""Cuts: what experts leave of a budget, line by line, and what a project is granted of it."""

from decimal import Decimal

import pytest

from tests.conftest import StandingClock
from tests.stages import projects
from workflows.errors import BadPanel, CutTooHigh, CutUnexplained, PanelMakeUp
from workflows.models import Award, Event, Seat, Standing
from workflows.stages import cuts, evaluation, panel, task_book

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office", "plain_papers")]


@pytest.fixture
def call(standing_clock: StandingClock):
    """A round with money for every line."""
    return projects.call()


def test_a_row_is_worth_the_median_of_what_the_sheets_leave(call):
    case = projects.screened(call, request=400)
    for seat, left in zip(projects.seated(case), (200, 180, 150, 0, 200), strict=True):
        projects.locked(seat, 80, {} if left == 200 else {0: left})

    assert cuts.approved_rows(projects.fresh(case)) == {0: Decimal("180.00"), 2: Decimal("200.00")}
    assert cuts.expert_amount(projects.fresh(case)) == Decimal("380.00")


def test_one_expert_alone_moves_nothing(call):
    case = projects.screened(call, request=400)
    first, *rest = projects.seated(case)
    projects.locked(first, 80, {0: 0, 2: 0})
    for seat in rest:
        projects.locked(seat, 80)

    assert cuts.expert_amount(projects.fresh(case)) == Decimal("400.00")


def test_the_place_in_the_ranking_carries_no_more_than_the_experts_leave(call):
    case = projects.screened(call, request=400)
    for seat in projects.seated(case):
        projects.locked(seat, 80, {2: "120.50"})
    projects.ranked(call)

    standing = Standing.objects.get(case=case)
    assert (standing.status, standing.amount) == ("selected", Decimal("320.50"))
    assert projects.fresh(case).amount == Decimal("320.50")


def test_the_award_shows_each_row_as_approved_beside_what_was_asked(call):
    case = projects.screened(call, request=400)
    for seat in projects.seated(case):
        projects.locked(seat, 80, {2: "120.50"})
    projects.ranked(call)
    case = projects.approved(case)
    for by in [projects.signer(case.applicant), projects.cast().issuer]:
        task_book.sign(projects.fresh(case), by=by)
    task_book.sign(projects.fresh(case), by=projects.signer(case.partners.get().organisation))
    projects.papers()

    award = Award.objects.get(case=case)
    assert [(row["requested"], row["amount"]) for row in award.budget] == [
        ("200.00", "200.00"),
        ("400.00", "400.00"),
        ("200.00", "120.50"),
    ]
    assert [each["amount"] for each in award.tranches] == ["160.25", "96.15", "64.10"]


@pytest.mark.parametrize("left", ["200.01", "-0.01", "NaN", "100.005"])
def test_a_row_keeps_between_nothing_and_all_it_asked_for(call, left):
    seat = projects.seated(projects.screened(call, request=400))[0]

    with pytest.raises(CutTooHigh) as refusal:
        projects.locked(seat, 80, {0: left})

    assert refusal.value.facts == {"item": "实训平台", "maximum": Decimal("200.00")}


def test_a_cut_is_explained(call):
    seat = projects.seated(projects.screened(call, request=400))[0]
    room = [(part.code, part.maximum) for part in evaluation.parts(projects_rules(seat))]

    with pytest.raises(CutUnexplained):
        evaluation.score(
            seat,
            points=dict(room),
            remarks={"line-0": "  "},
            cuts={0: Decimal(100)},
            by=seat.expert,
        )


def test_rows_that_others_pay_are_not_for_the_experts(call):
    seat = projects.seated(projects.screened(call, request=400))[0]

    projects.locked(seat, 80, {1: 0})

    assert Seat.objects.get(pk=seat.pk).cuts == {}


def test_the_trail_keeps_the_cuts_of_each_sheet(call):
    seat = projects.seated(projects.screened(call, request=400))[0]

    projects.locked(seat, 80, {0: "199.9"})

    told = Event.objects.get(case=seat.case, kind="sheet_locked")
    assert '"cuts":{"0":"199.90"}' in told.body


# --- the panel ------------------------------------------------------------------------------------
def test_a_panel_for_money_has_someone_from_finance(call):
    case = projects.screened(call)
    experts = [each for each in projects.cast().experts if "finance" not in backgrounds(each)]

    with pytest.raises(PanelMakeUp) as refusal:
        panel.form_panel(case, experts=experts[:5], by=projects.cast().agency)

    assert refusal.value.facts["needed"] == 1


@pytest.mark.parametrize(("request_", "least"), [("499.99", 5), ("500.00", 7)])
def test_from_five_million_the_panel_has_seven(call, request_, least):
    case = projects.screened(call, request=request_)

    assert panel.least(case) == least
    with pytest.raises(BadPanel):
        panel.form_panel(
            case, experts=projects.cast().experts[: least - 2], by=projects.cast().agency
        )


def backgrounds(user):
    return [office.background for office in user.offices]


def projects_rules(seat: Seat):
    return seat.case.procedure.evaluation
