"""Outages: a failure of more than two hours on the last day gives one working day more (X24)."""

from datetime import datetime, timedelta

import pytest

from tests import rows
from tests.conftest import StandingClock
from tests.stages.course import Course
from workflows import clock, demo
from workflows.errors import NotEntitled, OutageImpossible
from workflows.models import Correction, Event, Round, Supplement
from workflows.models.case import State
from workflows.stages import corrections, outages
from workflows.working_days import calendar

pytestmark = pytest.mark.django_db


def at(month: int, day: int, hour: int) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=clock.LOCAL)


def test_x24_a_call_that_failed_on_its_last_day_closes_a_working_day_later(
    call: Round, cast: demo.Cast, standing_clock: StandingClock
) -> None:
    closed = clock.local(call.closes)
    standing_clock.move_to(call.closes)
    started = call.closes - timedelta(hours=3)

    found = outages.certify(started=started, ended=call.closes, reason="机房断电", by=cast.operator)

    call.refresh_from_db()
    assert found.moved == [call.key]
    assert clock.local(call.closes).timetz() == closed.timetz()
    assert clock.local(call.closes).date() > closed.date()
    assert Event.objects.filter(chain="sys:rounds", kind="round_moved").exists()


def test_x24_two_hours_or_another_day_move_nothing(
    call: Round, cast: demo.Cast, standing_clock: StandingClock
) -> None:
    closes = call.closes
    standing_clock.move_to(closes)
    last = clock.local(closes).date()
    nine = datetime(last.year, last.month, last.day, 9, tzinfo=clock.LOCAL)

    found = outages.certify(
        started=nine, ended=nine + timedelta(hours=2), reason="网络中断", by=cast.operator
    )

    call.refresh_from_db()
    assert (found.moved, call.closes) == ([], closes)


def test_x24_a_correction_due_that_day_has_a_working_day_more(pool_entry: Course) -> None:
    course = pool_entry
    item = {"target": "", "reason": "inconsistent", "text": "前后不一致"}
    correction = corrections.return_once(course.case, items=[item], by=course.cast.window)
    last = correction.due
    course.clock.move_to(clock.end_of(last) - timedelta(minutes=1))
    ended = course.clock.moment

    outages.certify(
        started=ended - timedelta(hours=5), ended=ended, reason="机房断电", by=course.cast.operator
    )
    course.pass_time_limit(last)

    correction.refresh_from_db()
    assert correction.due == calendar().add(last, 1).day
    assert course.case.state == State.RETURNED
    course.pass_time_limit(correction.due)
    assert course.case.state == State.ABANDONED


def test_an_outage_that_has_not_ended_is_not_certified(
    cast: demo.Cast, standing_clock: StandingClock
) -> None:
    now = standing_clock.moment

    with pytest.raises(OutageImpossible):
        outages.certify(started=now, ended=now, reason="网络中断", by=cast.operator)


def test_only_operator_and_leader_certify(cast: demo.Cast, standing_clock: StandingClock) -> None:
    with pytest.raises(NotEntitled):
        outages.certify(started=at(9, 1, 9), ended=at(9, 1, 12), reason="网络中断", by=cast.window)


@pytest.mark.bare_rows
def test_x24_nobody_is_told_of_a_day_of_what_is_over(cast: demo.Cast, office: None) -> None:
    over, due = rows.walked("submitted", "returned", "abandoned"), clock.today()
    Correction.objects.create(case=over, issued=clock.now(), by=cast.window, due=due)
    ended = rows.walked("submitted", "accepted", "terminated")
    asked = {"number": 1, "asked": clock.now(), "by": cast.officer, "days": 5, "due": due}
    Supplement.objects.create(case=ended, **asked)

    with clock.at(clock.end_of(due)):
        started = clock.now() - timedelta(hours=5)
        outages.certify(started=started, ended=clock.now(), reason="机房断电", by=cast.operator)

    assert {Correction.objects.get().due, Supplement.objects.get().due} == {due}
    assert not Event.objects.filter(kind="deadline_moved").exists()
