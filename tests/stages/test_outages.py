"""Outages: a failure of more than two hours on the last day gives one working day more (X24)."""

from datetime import date, datetime, time, timedelta

import pytest

from tests import rows
from tests.conftest import StandingClock
from tests.stages.course import Course
from workflows import clock, demo
from workflows.errors import (
    DefenceOpen,
    LastDayOver,
    NotEntitled,
    NotYetDue,
    OutageImpossible,
    StageClosed,
)
from workflows.models import Correction, Defence, Event, Outage, Round, Supplement
from workflows.models.case import State
from workflows.stages import (
    corrections,
    deadlines,
    defences,
    issuance,
    outages,
    supplements,
)
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
    course.pass_closing(last)

    correction.refresh_from_db()
    assert correction.due == calendar().add(last, 1).day
    assert course.case.state == State.RETURNED
    course.pass_closing(correction.due)
    assert course.case.state == State.ABANDONED


# --- until noon of the next working day (docs/decisions/0022) ------------------------------------
ITEM = {"target": "", "reason": "inconsistent", "text": "前后不一致"}


def evening(course: Course, last: date) -> Outage:
    """The operator certifies in the morning that the service failed from six to midnight."""
    return outages.certify(
        started=datetime.combine(last, time(18), clock.LOCAL),
        ended=clock.end_of(last),
        reason="机房断电",
        by=course.cast.operator,
    )


def morning_after(course: Course, last: date) -> None:
    """Nine on the next working day: midnight has long passed."""
    course.clock.move_to(deadlines.closing(last) - timedelta(hours=3))
    course.timers()


def resubmitted(course: Course) -> None:
    corrections.resubmit(course.case, note="", answers={1: "已说明"}, by=course.signer)


def test_x24_a_correction_of_an_evening_without_service_is_still_accepted(
    pool_entry: Course,
) -> None:
    course = pool_entry
    last = corrections.return_once(course.case, items=[ITEM], by=course.cast.window).due
    morning_after(course, last)
    assert course.state == State.RETURNED
    with pytest.raises(LastDayOver):
        resubmitted(course)

    evening(course, last)
    resubmitted(course)

    assert course.state == State.SUBMITTED
    assert course.kinds[-2:] == ["deadline_moved", "resubmitted"]


def test_x24_what_comes_after_the_last_day_is_late_and_closed_at_noon(pool_entry: Course) -> None:
    course = pool_entry
    last = corrections.return_once(course.case, items=[ITEM], by=course.cast.window).due
    morning_after(course, last)

    with pytest.raises(LastDayOver):
        resubmitted(course)
    with pytest.raises(StageClosed):
        corrections.extend_correction(course.case, days=3, reason="假期", by=course.cast.window)
    with pytest.raises(NotYetDue):
        corrections.abandon(course.case)
    course.pass_closing(last)

    assert (course.state, course.case.correction.due) == (State.ABANDONED, last)
    assert evening(course, last).moved == []  # too late to move it


def test_x24_a_friday_is_closed_on_monday(cast: demo.Cast) -> None:
    friday, monday = date(2026, 11, 20), date(2026, 11, 23)

    assert deadlines.closing(friday) == datetime.combine(monday, time(12), clock.LOCAL)


def test_x24_a_supplement_of_that_evening_is_taken_and_silence_stops_no_clock_for_longer(
    pool_entry: Course,
) -> None:
    course = pool_entry.to("district_review")
    asked = supplements.ask(course.case, questions=["资金来源"], days=3, by=course.cast.district)
    last = asked.due
    morning_after(course, last)
    with pytest.raises(LastDayOver):
        supplements.answer(course.case, answers={1: "自有"}, note="", by=course.signer)

    evening(course, last)
    asked.refresh_from_db()
    moved = asked.due
    course.pass_closing(last)
    course.pass_closing(moved)

    asked.refresh_from_db()
    assert (moved, asked.closed_as) == (calendar().add(last, 1).day, Supplement.Closed.LAPSED)
    assert course.case.segments.get().resumed == moved


def test_x24_a_defence_of_that_evening_is_heard(refused: Course) -> None:
    last = Defence.objects.get().due
    morning_after(refused, last)
    defences.keep(refused.case, text="断电前写好的。", by=refused.clerk)
    with pytest.raises(LastDayOver):
        defences.state(refused.case, text="断电前写好的。", by=refused.signer)
    with pytest.raises(DefenceOpen):
        issuance.sign(refused.case, by=refused.cast.issuer)

    evening(refused, last)
    defences.state(refused.case, text="断电前写好的。", by=refused.signer)

    assert refused.kinds[-2:] == ["deadline_moved", "defence_stated"]


def test_x24_a_failure_that_outlasts_noon_gives_the_office_until_the_next_closing(
    pool_entry: Course,
) -> None:
    """The timer that rings hours late was itself kept from ringing."""
    course = pool_entry
    last = corrections.return_once(course.case, items=[ITEM], by=course.cast.window).due
    course.clock.move_to(deadlines.closing(last) + timedelta(hours=4))
    course.timers()
    assert course.state == State.RETURNED

    again = deadlines.closing(clock.today())
    course.clock.move_to(again + timedelta(minutes=1))
    course.timers()

    assert course.state == State.ABANDONED


def test_x24_nobody_signs_a_refusal_that_such_a_failure_kept_open(refused: Course) -> None:
    last = Defence.objects.get().due
    refused.clock.move_to(deadlines.closing(last) + timedelta(hours=4))
    refused.timers()

    with pytest.raises(DefenceOpen):
        issuance.sign(refused.case, by=refused.cast.issuer)


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
