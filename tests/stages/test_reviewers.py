"""Reviewers: two who check, a third where they disagree; a void check no longer counts."""

import pytest

from tests.stages.course import queue
from workflows.errors import (
    ReasonMissing,
)
from workflows.models.case import State
from workflows.stages import evaluation, panel

pytestmark = pytest.mark.django_db


@pytest.fixture
def seated(certification):
    """Seven experts are seated and have declared nothing yet."""
    return certification.to("sheet")


@pytest.fixture
def checking(pool_entry):
    """Two reviewers are seated."""
    return pool_entry.to("sheet")


def check(seat, verdict: str = "pass", text: str = "") -> None:
    """Declare and lock a check."""
    panel.declare(seat, by=seat.expert)
    evaluation.check(seat, verdict=verdict, text=text, by=seat.expert)


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

    third = panel.substitute(
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

    third = panel.substitute(
        checking.case, expert=checking.cast.checkers[2], by=checking.cast.officer
    )
    check(second)
    check(third)

    assert (checking.state, evaluation.checks(checking.case)) == (State.PROPOSAL, (2, 0))


def test_a_sheet_is_of_the_kind_that_the_edition_asks_for(seated, checking):
    expert, reviewer = seated.seats[0], checking.seats[0]
    for seat in (expert, reviewer):
        panel.declare(seat, by=seat.expert)

    with pytest.raises(ValueError, match="panel, not by checks"):
        evaluation.check(expert, verdict="pass", text="", by=expert.expert)
    with pytest.raises(ValueError, match="checks, not by panel"):
        evaluation.score(reviewer, points={}, remarks={}, by=reviewer.expert)


def test_a_check_voided_after_the_end_is_made_up_by_another(checking):
    for seat in checking.seats:
        check(seat)

    evaluation.void_seat(checking.seats[0], reason="曾任顾问", by=checking.cast.officer)
    assert (checking.state, queue(checking)) == (State.EVALUATING, ["case_officer"])
    check(
        panel.substitute(checking.case, expert=checking.cast.checkers[2], by=checking.cast.officer)
    )

    assert (checking.state, evaluation.checks(checking.case)) == (State.PROPOSAL, (2, 0))
