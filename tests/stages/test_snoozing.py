"""Putting a task off: out of the inbox until its day, and back sooner where something happens."""

import json
from datetime import date, timedelta

import pytest

from tests.stages.course import Course
from workflows import clock
from workflows.calendar import DAY
from workflows.errors import (
    ClaimedByAnother,
    NotYourTask,
    SnoozedBeyondDue,
    SnoozedToThePast,
    StageClosed,
)
from workflows.models import Event, Task, User
from workflows.stages import acceptance, alarms, assigning, desk, snoozing, supplements
from workflows.views.desk import queues
from workflows.views.desk.asked import Asked

pytestmark = pytest.mark.django_db
NODE, OFFICE = "acceptance", "window"


@pytest.fixture
def held(pool_entry: Course) -> Course:
    """An application in the hands of the window, due in some days."""
    desk.claim(pool_entry.task(NODE), by=pool_entry.cast.window)
    Task.objects.filter(case=pool_entry.case, node=NODE).update(due=clock.today() + 9 * DAY)
    return pool_entry


def queue_of(user: User, queue: str) -> list[str]:
    """The steps that stand in a queue of ``user``."""
    return [each.node for each in queues.tasks(User.objects.get(pk=user.pk), Asked(queue))]


def told(course: Course) -> tuple[str, dict[str, object]]:
    """Kind and facts of the last entry of the trail."""
    event = Event.objects.filter(case=course.case).latest("seq")
    return event.kind, json.loads(event.body)["facts"]


def colleague(course: Course) -> User:
    """Somebody else at the same desk."""
    return course.also(course.cast.auditor, OFFICE, course.case.district)


def in_days(days: int) -> date:
    """A day to come."""
    return clock.today() + days * DAY


def test_a_task_put_off_leaves_the_inbox_and_comes_back_on_its_day(held: Course) -> None:
    window = held.cast.window

    snoozing.snooze(held.task(NODE), until=in_days(2), by=window, reason="等待部门来函")
    at_once = queue_of(window, "mine"), queue_of(window, "snoozed")
    held.clock.move_to(clock.start_of(in_days(2)))

    assert at_once == ([], [NODE])
    assert (queue_of(window, "mine"), queue_of(window, "snoozed")) == ([NODE], [])


def test_the_trail_says_until_when_and_why(held: Course) -> None:
    until = in_days(1)

    snoozing.snooze(held.task(NODE), until=until, by=held.cast.window, reason=" 等来函 ")

    assert told(held) == (
        "snoozed",
        {"node": NODE, "unit": "", "until": until.isoformat(), "reason": "等来函"},
    )


@pytest.mark.parametrize(
    ("days", "refusal"),
    [(0, SnoozedToThePast), (-1, SnoozedToThePast), (10, SnoozedBeyondDue)],
)
def test_a_task_is_put_off_to_a_day_to_come_and_not_beyond_its_last(
    held: Course, days: int, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        snoozing.snooze(held.task(NODE), until=in_days(days), by=held.cast.window)

    assert held.task(NODE).snoozed is None


def test_a_task_may_be_put_off_to_its_last_day(held: Course) -> None:
    snoozing.snooze(held.task(NODE), until=in_days(9), by=held.cast.window)

    assert held.task(NODE).snoozed == in_days(9)


def test_only_ones_own_open_task_is_put_off(held: Course) -> None:
    other = colleague(held)
    task = held.task(NODE)

    with pytest.raises(ClaimedByAnother):
        snoozing.snooze(task, until=in_days(1), by=other)
    desk.give_back(task, by=held.cast.window)
    with pytest.raises(NotYourTask):
        snoozing.snooze(task, until=in_days(1), by=held.cast.window)
    Task.objects.filter(pk=task.pk).update(finished=clock.now())
    with pytest.raises(StageClosed):
        snoozing.snooze(task, until=in_days(1), by=held.cast.window)
    Task.objects.filter(pk=task.pk).update(finished=None)


def test_its_owner_takes_it_up_again_before_the_day_and_once(held: Course) -> None:
    window = held.cast.window
    snoozing.snooze(held.task(NODE), until=in_days(3), by=window)

    for _ in range(2):
        snoozing.wake(held.task(NODE), by=window)

    assert queue_of(window, "mine") == [NODE]
    assert held.kinds.count("woken") == 1


def test_what_is_given_back_or_to_another_is_not_put_off_any_more(held: Course) -> None:
    window, other = held.cast.window, colleague(held)
    snoozing.snooze(held.task(NODE), until=in_days(3), by=window)

    desk.give_back(held.task(NODE), by=window)
    given_back = held.task(NODE).snoozed
    desk.claim(held.task(NODE), by=window)
    snoozing.snooze(held.task(NODE), until=in_days(3), by=window)
    assigning.assign(held.task(NODE), to=other, by=held.cast.leader, seen=window.pk, reason="分工")

    assert given_back is None
    assert queue_of(other, "mine") == [NODE]


def test_a_supervised_task_comes_back(held: Course) -> None:
    window = held.cast.window
    snoozing.snooze(held.task(NODE), until=in_days(5), by=window)
    held.case.tasks.filter(node=NODE).update(due=clock.today() - DAY)  # its day was moved

    alarms.escalate(held.task(NODE))
    held.timers()

    assert queue_of(window, "mine") == [NODE]
    assert told(held) == ("woken", {"node": NODE, "unit": "", "because": ["escalated"]})


def test_a_task_comes_back_when_the_applicant_answers(pool_entry: Course) -> None:
    node, district = "district_review", pool_entry.cast.district
    desk.claim(pool_entry.to(node).task(node), by=district)
    supplements.ask(pool_entry.case, questions=["请补充说明。"], days=5, by=district)
    snoozing.snooze(pool_entry.task(node), until=in_days(2), by=district)
    pool_entry.timers()
    asleep = queue_of(district, "snoozed")

    supplements.answer(pool_entry.case, answers={1: "已说明"}, note="", by=pool_entry.signer)
    pool_entry.timers()

    assert asleep == [node]
    assert queue_of(district, "mine") == [node]


def test_a_paper_made_meanwhile_wakes_nothing(held: Course, plain_papers: None) -> None:
    window = held.cast.window
    snoozing.snooze(held.task(NODE), until=in_days(4), by=window)

    held.papers()

    assert "document_issued" in held.kinds
    assert queue_of(window, "snoozed") == [NODE]


def test_a_department_that_puts_its_opinion_off_wakes_no_other(pool_entry: Course) -> None:
    pool_entry.to("opinion")
    units = list(pool_entry.case.tasks.filter(node="opinion").values_list("unit", flat=True))[:2]
    people = [pool_entry.cast.departments[unit] for unit in units]

    for unit, person in zip(units, people, strict=True):
        desk.claim(pool_entry.task("opinion", unit), by=person)
        snoozing.snooze(pool_entry.task("opinion", unit), until=in_days(1), by=person)
        pool_entry.timers()

    assert [queue_of(person, "snoozed") for person in people] == [["opinion"]] * 2


def test_the_case_goes_on_though_a_task_of_it_was_put_off(pool_entry: Course) -> None:
    window, task = pool_entry.cast.window, pool_entry.task("acceptance")
    desk.claim(task, by=window)
    snoozing.snooze(task, until=in_days(1), by=window)

    acceptance.accept(pool_entry.case, by=window)

    assert queue_of(window, "snoozed") == []
    assert Task.objects.get(pk=task.pk).finished - clock.now() < timedelta(seconds=1)
