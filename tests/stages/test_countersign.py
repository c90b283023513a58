"""Departments answer in parallel: reminded once, silent where the edition lets them be."""

from datetime import date

import pytest

from tests.stages.course import MINUTE
from workflows import clock
from workflows.errors import NotEntitled, NotYetDue, ReasonMissing, StageClosed
from workflows.models import Message, Opinion
from workflows.models.case import State
from workflows.stages import countersign, suspension

pytestmark = pytest.mark.django_db
SILENT, WAITED_FOR = ["market", "hr"], ["credit", "tax", "ecology", "emergency"]


@pytest.fixture
def asked(certification):
    """Six departments have been asked; Monday the 7th."""
    return certification.to("opinion")


def answer(course, department: str, verdict: str = "no_objection", text: str = "") -> None:
    countersign.give_opinion(
        course.case,
        department=department,
        verdict=verdict,
        text=text,
        by=course.cast.departments[department],
    )


def test_the_last_opinion_closes_the_countersign(asked):
    for department in (*WAITED_FOR, "market"):
        answer(asked, department)
        assert (asked.state, asked.waiting) == (State.COUNTERSIGN, ["opinion"])

    answer(asked, "hr")

    assert (asked.state, asked.waiting) == (State.REVIEWING, ["department_review"])


def test_a_department_answers_once(asked):
    answer(asked, "tax")

    with pytest.raises(StageClosed):
        answer(asked, "tax")

    assert asked.case.opinions.filter(unit="tax").count() == 1


def test_a_department_answers_for_itself_only(asked):
    with pytest.raises(NotEntitled):
        countersign.give_opinion(
            asked.case,
            department="tax",
            verdict="no_objection",
            text="",
            by=asked.cast.departments["hr"],
        )


def test_a_department_that_was_not_asked_has_no_say(asked):
    with pytest.raises(StageClosed):
        answer(asked, "sasac")


def test_an_objection_needs_facts_and_stops_the_case(asked):
    with pytest.raises(ReasonMissing):
        answer(asked, "tax", "objection")

    answer(asked, "tax", "objection", "2025年有欠税")
    asked.to("endorsement")

    assert [each.text for each in countersign.objections(asked.case)] == ["2025年有欠税"]
    assert asked.case.decision.outcome == "refused"


def test_whoever_has_not_answered_is_reminded_on_the_configured_day(asked):
    answer(asked, "tax")
    Message.objects.all().delete()
    reminder = date(2026, 9, 10)  # three working days after Monday

    asked.clock.move_to(clock.end_of(reminder) - MINUTE)
    asked.timers()
    assert not Message.objects.filter(kind="reminder").exists()
    asked.pass_time_limit(reminder)

    told = Message.objects.filter(kind="reminder").values_list("recipient__username", flat=True)
    assert sorted(told) == sorted(
        f"department.{code}" for code in (*WAITED_FOR, *SILENT) if code != "tax"
    )
    assert asked.task("opinion", "hr").reminded is not None


def test_silence_counts_where_the_edition_says_so_and_nowhere_else(asked):
    due = asked.task("opinion", "market").due
    assert due == date(2026, 9, 14)

    with pytest.raises(NotYetDue):
        countersign.read_silence(asked.case, department="market")
    asked.pass_time_limit(due)

    silent = asked.case.opinions.filter(verdict=Opinion.Verdict.SILENT)
    assert sorted(silent.values_list("unit", flat=True)) == sorted(SILENT)
    open_ = asked.case.tasks.filter(node="opinion", finished=None)
    assert sorted(open_.values_list("unit", flat=True)) == sorted(WAITED_FOR)


def test_no_timer_reads_the_silence_of_a_department_that_must_speak(asked):
    asked.clock.move_to(clock.end_of(asked.task("opinion", "tax").due) + MINUTE)

    with pytest.raises(StageClosed):
        countersign.read_silence(asked.case, department="tax")


def test_silence_may_close_the_countersign(asked):
    for department in WAITED_FOR:
        answer(asked, department)

    asked.pass_time_limit(asked.task("opinion", "market").due)

    assert (asked.state, asked.waiting) == (State.REVIEWING, ["department_review"])


def test_an_opinion_after_its_silence_was_read_comes_too_late(asked):
    asked.pass_time_limit(asked.task("opinion", "market").due)

    with pytest.raises(StageClosed):
        answer(asked, "market", "objection", "有异常名录记录")


def test_departments_start_afresh_when_a_suspended_case_goes_on(asked):
    due, leader = asked.task("opinion", "market").due, asked.cast.leader
    suspension.suspend(asked.case, ground="investigation", reason="调查", by=leader)
    asked.pass_time_limit(due)
    assert not asked.case.opinions.filter(unit="market").exists()

    suspension.resume(asked.case, by=leader)
    asked.timers()
    again = asked.task("opinion", "market").due
    assert not asked.case.opinions.filter(unit="market").exists()
    asked.pass_time_limit(again)

    silent = asked.case.opinions.filter(verdict=Opinion.Verdict.SILENT)
    assert (again, sorted(silent.values_list("unit", flat=True))) == (
        date(2026, 9, 21),
        sorted(SILENT),
    )
