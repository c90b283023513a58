"""On-site checks: who is visited, who may go, and what two people sign."""

import hashlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stages import course as courses
from tests.stages.test_evaluation import mark
from tests.stages.visits.deeds import (
    BASE,
    facts,
    held,
    marked,
    photographed,
    record,
    visit,
)
from workflows.errors import (
    PanelShort,
)
from workflows.models import Event, Message, Segment, SiteVisit, Task
from workflows.models.case import State
from workflows.stages import evaluation, sampling, visits

pytestmark = pytest.mark.django_db


# --- which files ----------------------------------------------------------------------------------
@given(st.lists(st.integers(0, 99), min_size=1, max_size=80), st.integers(0, 100))
def test_at_every_moment_the_share_has_been_drawn(lots, percent):
    drawn = 0
    for files, number in enumerate(lots, 1):
        drawn += sampling.is_drawn(number, percent, files=files, drawn=drawn)

        assert drawn >= math.ceil(files * percent / 100)


def test_a_lot_under_the_share_is_drawn_and_one_above_only_if_owed():
    assert sampling.is_drawn(19, 20, files=2, drawn=2)
    assert not sampling.is_drawn(20, 20, files=2, drawn=2)
    assert sampling.is_drawn(99, 20, files=6, drawn=1)


def test_the_first_file_of_a_round_is_drawn_and_everybody_can_draw_it_again(base):
    marked(base, 90)

    assert visit(base).ground == "sample"
    before = Event.objects.filter(case=base.case, kind="sheet_locked").latest("seq")
    head = Event.objects.get(case=base.case, seq=before.seq - 1).hash
    told = facts(base, "visit_ordered")
    seed = f"{base.case.reference} {head}".encode()
    assert told["lot"] == int(hashlib.sha256(seed).hexdigest(), 16) % 100
    assert (told["files"], told["drawn"]) == (1, 0)


@pytest.mark.parametrize(
    ("total", "ground"),
    [(72, "near"), (75, "near"), (78, "near"), ("78.01", "sample"), ("71.99", "sample")],
)
def test_a_mark_within_three_points_of_the_pass_mark_is_visited(base, total, ground):
    marked(base, total)

    assert visit(base).ground == ground


def test_a_file_that_is_not_drawn_goes_straight_to_the_proposal(base, monkeypatch):
    monkeypatch.setattr(sampling, "is_drawn", lambda *args, **kwargs: False)

    marked(base, 90)

    assert base.state == State.PROPOSAL
    assert base.waiting == ["proposal"]
    assert not SiteVisit.objects.exists()


def test_a_demonstration_base_is_always_visited_and_then_waits_for_its_group(bases, standing_clock):
    course = courses.begun(BASE, standing_clock, bases, level="demonstration")
    held(course)
    course.file()

    marked(course, 90)
    assert visit(course).ground == "always"
    photographed(course)
    record(course)
    visits.sign_visit(course.case, by=course.cast.district)

    assert course.case.group == "demonstration"
    assert course.waiting == ["ranking"]


# --- while it waits -------------------------------------------------------------------------------
def test_the_evaluation_stays_open_and_its_clock_stands_until_both_have_signed(visited):
    assert (visited.state, visited.waiting) == (State.EVALUATING, ["visit"])
    assert visited.case.score is not None
    assert Segment.objects.filter(case=visited.case, resumed=None).exists()

    photographed(visited)
    record(visited)
    assert visited.state == State.EVALUATING
    visits.sign_visit(visited.case, by=visited.cast.district)

    assert (visited.state, visited.waiting) == (State.PROPOSAL, ["proposal"])
    assert not Segment.objects.filter(case=visited.case, resumed=None).exists()


def test_the_applicant_is_told_of_the_visit_and_its_day(visited):
    visited.timers()

    told = Message.objects.filter(case=visited.case, kind="visit_ordered")
    assert {each.recipient for each in told} == {visited.signer, visited.clerk}
    assert {each.facts["planned"] for each in told} == {visited.task("visit").due.isoformat()}


def test_a_seat_found_void_meanwhile_changes_the_mark_and_the_visit_goes_on(bases, standing_clock):
    course = courses.begun("P2-002", standing_clock, bases).file()
    course.to("sheet")
    for seat, total in zip(course.seats, (84, 82, 84, 81, 90, 78, 84), strict=True):
        mark(course, seat, total)
    assert str(course.case.score) == "83.00"

    evaluation.void_seat(course.seats[2], reason="三年内曾任顾问", by=course.cast.agency)

    assert str(course.case.score) == "82.75"
    assert facts(course, "seat_voided")["former"] == "83.00"
    assert (course.state, course.waiting) == (State.EVALUATING, ["visit"])


def test_a_seat_cannot_be_voided_below_the_quorum_while_the_visit_waits(visited):
    with pytest.raises(PanelShort):
        evaluation.void_seat(visited.seats[0], reason="利益冲突", by=visited.cast.agency)

    assert visit(visited).ground


def test_a_new_round_asks_anew_whether_the_place_is_visited(visited, monkeypatch):
    photographed(visited)
    record(visited)
    visits.sign_visit(visited.case, by=visited.cast.district)
    case = visited.case
    case.evaluation_round += 1

    assert visits.visit_of(case) is None


# --- no department is asked -----------------------------------------------------------------------
def test_without_departments_the_review_goes_on_at_the_office(base):
    base.to("department_review")

    assert base.state == State.REVIEWING
    assert base.kinds[-1] == "reviewed"
    assert not Task.objects.filter(case=base.case, node="opinion").exists()
