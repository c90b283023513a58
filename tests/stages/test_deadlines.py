"""When time stood still for a case, the last days of the office's own steps move with it."""

from datetime import date, timedelta
from itertools import count

import pytest
from django.db import transaction

from tests import rows
from tests.conftest import MONDAY
from tests.stages.course import Course
from tests.stages.test_suspension import CLAIM
from workflows import clock, working_days
from workflows.calendar import DAY
from workflows.models import Case, Process, Segment, Task
from workflows.programmes.enterprise_certification.flows import PoolEntryFlow
from workflows.stages import (
    alarms,
    deadlines,
    interventions,
    publication,
    supplements,
    suspension,
)
from workflows.stages.law import lawfully, wait_again
from workflows.views.desk import listing, queues
from workflows.views.desk.asked import Asked

pytestmark = pytest.mark.django_db
MANY = 40
OCTOBER = date(2026, 10, 9)  # the second working day after the holiday
_units = count(1)


@pytest.fixture(autouse=True)
def _given_by_the_same_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    created = Task._meta.get_field("created")
    monkeypatch.setattr(created, "_get_default", lambda: clock.now(), raising=False)


@pytest.fixture
def asked(pool_entry: Course) -> Course:
    """Asked for material on Monday 7 September; the district's own days end on the 20th."""
    pool_entry.to("district_review")
    ask(pool_entry)
    return pool_entry


def ask(course: Course, days: int = 10) -> None:
    supplements.ask(course.case, questions=["资金来源"], days=days, by=course.cast.district)


def answer(course: Course) -> None:
    supplements.answer(course.case, answers={1: "自有资金"}, note="", by=course.signer)


def suspend(course: Course) -> None:
    suspension.suspend(course.case, ground="litigation", reason="诉讼", by=course.cast.leader)


def resume(course: Course) -> None:
    suspension.resume(course.case, by=course.cast.leader)


def on(course: Course, day: date) -> None:
    """The morning of ``day`` has come."""
    course.clock.move_to(clock.start_of(day) + timedelta(hours=9))


def september(day: int) -> date:
    return date(2026, 9, day)


# --- one pause ------------------------------------------------------------------------------------
def test_a_suspension_over_a_holiday_moves_the_last_day_by_its_working_days(pool_entry):
    due = pool_entry.to("department_review").task("department_review").due
    on(pool_entry, september(8))
    suspend(pool_entry)
    on(pool_entry, OCTOBER)

    resume(pool_entry)

    left = date(2026, 10, 14)  # four of five working days were left; this Saturday is one
    assert (due, pool_entry.task("department_review").due) == (september(14), left)


def test_the_days_an_applicant_took_to_answer_are_given_back_to_whoever_asked(asked):
    on(asked, september(14))

    answer(asked)

    assert asked.task("district_review").due == september(28)


def test_after_silence_the_offices_days_run_from_the_applicants_last_day(pool_entry):
    pool_entry.to("district_review")
    ask(pool_entry, days=5)

    pool_entry.pass_closing(september(14))  # closed a day later

    assert clock.today() == september(15)
    assert pool_entry.task("district_review").due == september(28)


def test_while_the_applicant_is_asked_the_lists_show_the_step_standing_still(pool_entry):
    asked = pool_entry.to("district_review")
    ask(asked, days=15)
    on(asked, september(21))  # its day was the 20th

    standing = asked.task("district_review")
    listed = queues.page_of(asked.cast.district, Asked("unclaimed", due="paused")).rows

    assert (standing.paused, listing.light(standing).colour) == (True, "pause")
    assert listed == [standing]

    answer(asked)

    goes_on = asked.task("district_review")
    assert (goes_on.paused, listing.light(goes_on).colour) == (False, "green")


def test_a_step_that_begins_while_the_applicant_is_asked_stands_still_from_the_first(asked):
    with transaction.atomic(), lawfully(asked.case) as locked:
        wait_again(locked, "district_review")

    assert asked.task("district_review").paused


def test_a_case_resumed_while_its_applicant_is_asked_stands_on_in_the_lists(asked):
    suspend(asked)

    resume(asked)

    assert asked.task("district_review").paused


def test_a_step_that_began_during_the_pause_gets_back_what_it_lost_of_it(asked):
    began = clock.start_of(september(10))
    Task.objects.filter(case=asked.case, finished=None).update(created=began)
    on(asked, september(14))

    answer(asked)

    assert asked.task("district_review").due == september(22)


def test_a_pause_that_ends_on_its_first_day_moves_nothing_and_a_longer_one_does(pool_entry):
    due = pool_entry.to("department_review").task("department_review").due
    moved = []

    for days in (0, 1):
        suspend(pool_entry)
        pool_entry.clock.pass_(days=days)
        resume(pool_entry)
        moved.append(pool_entry.task("department_review").due)

    assert moved == [due, due + DAY]


# --- several --------------------------------------------------------------------------------------
def test_a_suspension_while_the_applicant_is_asked_counts_each_day_once(asked):
    on(asked, september(9))
    suspend(asked)
    on(asked, september(16))
    resume(asked)
    before = asked.task("district_review").due
    on(asked, september(18))

    answer(asked)

    assert (before, asked.task("district_review").due) == (september(20), OCTOBER)


def test_pauses_one_after_the_other_add_up_though_one_begins_on_the_others_last_day(asked):
    on(asked, september(9))
    answer(asked)
    suspend(asked)
    on(asked, september(11))
    resume(asked)
    ask(asked)
    on(asked, september(14))

    answer(asked)

    stood = asked.case.segments.values_list("ground", "paused", "resumed")
    assert [ground for ground, *_days in stood] == ["supplement", "suspension", "supplement"]
    assert asked.task("district_review").due == september(28)


def test_a_day_already_moved_is_what_the_next_pause_moves(pool_entry):
    pool_entry.to("department_review")
    suspend(pool_entry)
    on(pool_entry, september(11))
    resume(pool_entry)
    on(pool_entry, september(16))  # past the first last day, not past the moved one
    suspend(pool_entry)
    on(pool_entry, september(18))

    resume(pool_entry)

    assert pool_entry.task("department_review").due == september(21)


# --- what is not moved ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "told",
    [
        {"due": september(8)},  # was overdue
        {"due": september(9)},  # the pause begins when this day is over
        {"candidate": "applicant:1", "owner": None},
        {"candidate": "", "owner": None},
    ],
    ids=["overdue", "its-last-day", "an-applicants", "the-systems"],
)
def test_time_that_was_over_an_applicants_and_the_systems_are_not_moved(pool_entry, told):
    course = pool_entry.to("resolution")
    first, second = Task.objects.filter(case=course.case, finished=None).order_by("pk")[:2]
    Task.objects.filter(pk=first.pk).update(**told)
    on(course, september(9))
    suspend(course)
    on(course, september(14))

    resume(course)

    known = Task.objects.in_bulk([first.pk, second.pk])
    assert known[first.pk].due == told.get("due", first.due)
    assert (second.due, known[second.pk].due) == (date(2026, 10, 10), date(2026, 10, 14))


def test_departments_start_afresh_and_get_nothing_beside_it(pool_entry):
    due = pool_entry.to("opinion").task("opinion", "market").due
    on(pool_entry, september(9))
    suspend(pool_entry)
    on(pool_entry, september(14))

    resume(pool_entry)

    assert (due, pool_entry.task("opinion", "market").due) == (september(14), september(20))


def test_an_evaluation_moves_nothing_however_it_ends_and_a_request_in_its_place_does(pool_entry):
    course = pool_entry.to("sheet")
    tasks = Task.objects.filter(case=course.case, finished=None)
    seen = [set(tasks.values_list("due", flat=True))]

    for ground in ("supplement", "evaluation"):
        course.clock.pass_(days=1)
        with transaction.atomic(), lawfully(course.case) as locked:
            deadlines.pause(locked, ground)
        seen.append(set(tasks.values_list("due", flat=True)))

    last = date(2026, 10, 10)
    assert seen == [{last}, {last}, {date(2026, 10, 12)}]


# --- beside it ------------------------------------------------------------------------------------
def test_a_suspension_during_an_evaluation_gives_the_experts_their_days_back(pool_entry):
    """The clock stood already, on the evaluation; but now nobody could go on with a sheet."""
    pool_entry.to("sheet")
    sheets = pool_entry.case.tasks.filter(node="sheet", finished=None)
    sheets.update(due=september(16))
    suspend(pool_entry)
    on(pool_entry, september(10))

    resume(pool_entry)

    assert set(sheets.values_list("due", flat=True)) == {september(20)}  # a Sunday at work


def test_what_is_asked_for_during_an_evaluation_gives_its_days_back_once(pool_entry):
    """Suspended meanwhile or not: nobody went on from the question to the answer."""
    pool_entry.to("sheet")
    sheets = pool_entry.case.tasks.filter(node="sheet", finished=None)
    sheets.update(due=september(16))
    supplements.ask(pool_entry.case, questions=["资金来源"], days=10, by=pool_entry.cast.officer)
    suspend(pool_entry)
    on(pool_entry, september(9))
    resume(pool_entry)
    on(pool_entry, september(10))

    answer(pool_entry)

    assert set(sheets.values_list("due", "stood")) == {(september(20), 3)}


def test_the_day_an_objector_was_told_stays(pool_entry):
    pool_entry.to("notice")
    publication.file_objection(publication.running_entry(pool_entry.case), **CLAIM)
    task = pool_entry.task("objection")
    suspend(pool_entry)
    pool_entry.clock.pass_(days=3)

    resume(pool_entry)

    assert pool_entry.task("objection").due == task.due


def test_the_days_that_were_lost_are_no_allowance(pool_entry):
    """Four of five days are left: no light turns yellow because it took a month."""
    pool_entry.to("department_review")
    on(pool_entry, september(8))
    suspend(pool_entry)
    on(pool_entry, OCTOBER)

    resume(pool_entry)

    task = pool_entry.task("department_review")
    assert (deadlines.allowed(task), listing.light(task).colour) == (5, "green")
    assert list(alarms.coloured(Task.objects.filter(pk=task.pk))) == []


def test_a_flow_that_is_built_anew_keeps_the_day_it_was_moved_to(asked):
    on(asked, september(14))
    answer(asked)
    Process.objects.filter(case=asked.case).update(finished=clock.now())

    interventions.rebuild(asked.case, reason="流程记录丢失。", by=asked.cast.operator)

    assert asked.task("district_review").due == september(28)


def held(ground: str, due: date) -> Case:
    """A case whose clock stands since Monday, with one open step of the office."""
    case = rows.case()
    Segment.objects.create(case=case, ground=ground, paused=MONDAY)
    process = Process.objects.create(case=case, flow_class=PoolEntryFlow)
    Task.objects.create(
        process=process,
        case=case,
        flow_task=PoolEntryFlow.department_review,
        flow_task_type="HUMAN",
        node="department_review",
        unit=str(next(_units)),
        candidate="case_officer",
        due=due,
        reference=case.reference,
        programme_key=case.programme_key,
        applicant=case.applicant.name,
    )
    return case


@pytest.mark.bare_rows
def test_many_clocks_run_again_in_few_statements_and_each_moves_its_own(
    standing_clock, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(working_days, "FRESH_FOR", float("inf"))
    grounds = ("evaluation", "supplement", "suspension", "objection")
    cases = [held(grounds[n % 4], september(11) + 3 * DAY * (n % 2)) for n in range(MANY)]
    standing_clock.pass_(days=2)
    working_days.calendar()

    with django_assert_num_queries(4):  # one reads the pauses, one the steps
        deadlines.unpause_all(cases)

    found = set(Task.objects.values_list("case__segments__ground", "due"))
    assert found == {
        ("evaluation", september(11)),
        ("suspension", september(15)),
        ("supplement", september(16)),
        ("objection", september(14)),
    }
    assert not Segment.objects.filter(resumed=None).exists()
