"""What must not lie unseen: left behind (X12), overdue (X11), nobody in the post (X13)."""

from datetime import timedelta

import pytest

from tests.stages.test_absences import away, colleague
from workflows import clock, jobs
from workflows.calendar import DAY
from workflows.models import Absence, Appointment, Event, Job, Message, User
from workflows.stages import (
    absences,
    alarms,
    desk,
    people,
    reminders,
    review,
    supplements,
    suspension,
)
from workflows.working_days import calendar

pytestmark = pytest.mark.django_db


def waiting(course, node: str, unit: str = ""):
    """The case waits at ``node`` since today, as the test's clock has it."""
    course.to(node)
    course.case.tasks.filter(finished=None).update(created=clock.now())
    return course.task(node, unit)


def morning(course, days: int = 0) -> None:
    """The round of a morning, some days from now."""
    course.clock.pass_(days=days)
    alarms.look(f"{clock.today()}:{Job.objects.count()}")
    run()


def run() -> None:
    """Whatever these looks asked for happens; timers of the case do not."""
    kinds = [
        "find_left_behind",
        "take_in",
        "find_overdue",
        "escalate",
        "lift",
        "find_stuck",
        "find_lights",
        "tell",
    ]
    while due := jobs._due(clock.now(), "").filter(kind__in=kinds).first():
        taken = jobs.lease(clock.now(), "", due.pk)
        assert taken is not None
        jobs.run(taken)


def alarmed(user: User) -> int:
    """How often somebody was told that nobody may do a step."""
    return Message.objects.filter(recipient=user, kind="nobody_may").count()


# --- X12 ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("how", ["office", "account"])
def test_x12_what_whoever_left_had_in_hand_stands_unclaimed_again(pool_entry, how):
    task = waiting(pool_entry, "department_review")
    gone = colleague(pool_entry, "case_officer")
    desk.claim(task, by=gone)
    if how == "office":
        gone.appointments.update(valid_to=clock.today())
    else:
        User.objects.filter(pk=gone.pk).update(is_active=False)

    morning(pool_entry, days=1)
    morning(pool_entry)

    found = pool_entry.task("department_review")
    assert (found.owner, found.status) == (None, "NEW")
    events = Event.objects.filter(case=pool_entry.case)
    assert list(events.order_by("seq").values_list("kind", "actor"))[-2:] == [
        ("claimed", gone.pk),  # past acts stay under the old name
        ("given_back", None),
    ]


def test_x12_an_act_of_the_past_stays_under_the_name_of_whoever_left(pool_entry):
    officer = pool_entry.cast.officer
    waiting(pool_entry, "department_review")
    review.conclude(pool_entry.case, verdict="stop", text="材料不实", by=officer)
    people.dismiss(officer.appointments.get(role="case_officer"), by=None)

    morning(pool_entry, days=1)

    done = pool_entry.case.tasks.get(node="department_review")
    assert (done.owner, done.status) == (officer, "DONE")


# --- X11 ------------------------------------------------------------------------------------------
def test_x11_an_overdue_task_is_put_under_supervision_once(pool_entry):
    task = waiting(pool_entry, "department_review")
    before = task.due - clock.today()

    morning(pool_entry, days=before.days)
    in_time = pool_entry.task("department_review").escalated
    for _ in range(3):
        morning(pool_entry, days=1)

    assert in_time is None
    assert pool_entry.task("department_review").escalated is not None
    assert pool_entry.kinds.count("escalated") == 1


def test_x11_supervision_is_lifted_where_the_day_moved(pool_entry):
    task = waiting(pool_entry, "department_review")
    morning(pool_entry, days=(task.due - clock.today()).days + 1)
    pool_entry.case.tasks.filter(pk=task.pk).update(due=clock.today() + 5 * DAY)

    morning(pool_entry)

    assert pool_entry.task("department_review").escalated is None
    assert pool_entry.kinds.count("supervision_lifted") == 1


def test_x19_what_the_applicant_was_asked_for_is_nobodys_delay(pool_entry):
    task = waiting(pool_entry, "district_review")
    beyond = (task.due - clock.today()).days + 7
    leader = pool_entry.cast.leader
    supplements.ask(pool_entry.case, questions=["资金来源"], days=5, by=pool_entry.cast.district)

    morning(pool_entry, days=beyond)

    assert pool_entry.task("district_review").escalated is None
    assert list(reminders.due_tasks()) == []
    assert heard(leader, "task_due") + heard(leader, "task_overdue") == 0


def test_days_on_which_the_case_was_suspended_make_nobody_late(pool_entry):
    task = waiting(pool_entry, "department_review")
    leader, allowed = pool_entry.cast.leader, calendar().count(clock.today(), task.due)
    suspension.suspend(pool_entry.case, ground="litigation", reason="诉讼", by=leader)
    morning(pool_entry, days=(task.due - clock.today()).days + 7)
    suspension.resume(pool_entry.case, by=leader)
    last = calendar().add(clock.today(), allowed).day
    due = pool_entry.task("department_review").due

    morning(pool_entry)
    seen = [pool_entry.task("department_review").escalated, heard(leader, "task_overdue")]
    morning(pool_entry, days=(last - clock.today()).days)
    seen.append(pool_entry.task("department_review").escalated)
    morning(pool_entry, days=1)

    assert (due, seen) == (last, [None, 0, None])
    assert pool_entry.task("department_review").escalated is not None


def test_x19_an_answer_that_came_late_puts_nobody_under_supervision(pool_entry):
    task = waiting(pool_entry, "district_review")
    supplements.ask(pool_entry.case, questions=["资金来源"], days=10, by=pool_entry.cast.district)
    pool_entry.clock.move_to(clock.end_of(task.due))
    supplements.answer(pool_entry.case, answers={1: "自有"}, note="", by=pool_entry.signer)

    morning(pool_entry, days=1)
    seen = pool_entry.task("district_review").escalated
    pool_entry.clock.move_to(clock.end_of(pool_entry.task("district_review").due))
    morning(pool_entry, days=1)

    assert seen is None
    assert pool_entry.task("district_review").escalated is not None


def test_x11_supervision_is_lifted_from_departments_that_begin_afresh(pool_entry):
    task = waiting(pool_entry, "opinion", "market")
    leader = pool_entry.cast.leader
    morning(pool_entry, days=(task.due - clock.today()).days + 1)
    held = pool_entry.task("opinion", "market").escalated
    suspension.suspend(pool_entry.case, ground="litigation", reason="诉讼", by=leader)
    morning(pool_entry, days=7)
    suspension.resume(pool_entry.case, by=leader)

    morning(pool_entry)

    assert held is not None
    assert pool_entry.task("opinion", "market").escalated is None


# --- X13 ------------------------------------------------------------------------------------------
def vacate(role: str) -> None:
    """Nobody holds ``role`` from tomorrow on."""
    Appointment.objects.filter(role=role).update(valid_to=clock.today())


def test_x13_a_step_without_anybody_is_told_of_after_one_working_day_and_once(pool_entry):
    waiting(pool_entry, "department_review")
    vacate("case_officer")
    operator, leader = pool_entry.cast.operator, pool_entry.cast.leader
    heard = []

    day = clock.today()
    while calendar().count(day, clock.today()) < 4:
        morning(pool_entry, days=1)
        heard.append((calendar().count(day + DAY, clock.today()), alarmed(operator)))

    assert {count for passed, count in heard if passed < 2} == {0}
    assert {count for passed, count in heard if passed >= 2} == {1}
    assert alarmed(leader) == 1


def test_x13_a_step_with_somebody_is_no_alarm(pool_entry):
    waiting(pool_entry, "department_review")

    for _ in range(5):
        morning(pool_entry, days=1)

    assert alarmed(pool_entry.cast.operator) == 0


def test_x13_whoever_acts_for_the_applicant_is_nobody_for_its_case(pool_entry):
    """Decision 0033: nobody does a step of a case of their own."""
    waiting(pool_entry, "department_review")
    party = pool_entry.also(pool_entry.signer, "case_officer")
    Appointment.objects.filter(role="case_officer").exclude(user=party).delete()

    for _ in range(5):
        morning(pool_entry, days=1)

    assert alarmed(pool_entry.cast.operator) == 1


def test_x13_everybody_away_is_an_alarm_unless_a_substitute_may_do_it(pool_entry):
    waiting(pool_entry, "department_review")
    owner = pool_entry.cast.officer
    substitute = colleague(pool_entry, "case_officer")
    away(owner, substitute, ends=clock.today() + timedelta(days=30))

    for _ in range(5):
        morning(pool_entry, days=1)
    before = alarmed(pool_entry.cast.operator)
    User.objects.filter(pk=substitute.pk).update(is_active=False)
    morning(pool_entry)

    assert (before, alarmed(pool_entry.cast.operator)) == (0, 1)


def test_x13_a_substitute_who_is_away_too_is_nobody(pool_entry):
    waiting(pool_entry, "department_review")
    owner, helper = pool_entry.cast.officer, colleague(pool_entry, "case_officer")
    third = colleague(pool_entry, "leader", pool_entry.case.district)
    month = clock.today() + timedelta(days=30)
    first = away(owner, helper, ends=month)
    second = Absence.objects.create(
        user=helper, substitute=third, starts=clock.today(), ends=month, by=helper, made=clock.now()
    )  # fell ill

    morning(pool_entry, days=7)

    assert absences.uncovered(second) == [first]
    assert alarmed(pool_entry.cast.operator) == 1


def test_x13_nobody_but_whoever_accepted_is_an_alarm(pool_entry):
    window = pool_entry.also(pool_entry.cast.window, "issuer")
    waiting(pool_entry, "signing")
    Appointment.objects.filter(role="issuer").exclude(user=window).delete()

    for _ in range(6):
        morning(pool_entry, days=1)

    assert alarmed(pool_entry.cast.operator) == 1


def test_x13_whoever_accepted_does_not_help_by_standing_in_for_somebody_and_nor_does_a_substitute(
    pool_entry,
):
    """What the absent person did binds whoever stands in for them (decision 0027)."""
    window = pool_entry.also(pool_entry.cast.window, "issuer")
    waiting(pool_entry, "signing")
    Appointment.objects.filter(role="issuer").exclude(user=window).delete()
    substitute = colleague(pool_entry, "issuer")
    window = User.objects.get(pk=window.pk)
    away(window, substitute, role="issuer", ends=clock.today() + timedelta(days=30))
    alone = alarms.Post("issuer")
    alone.people = [window]
    task = pool_entry.task("signing")

    barred = alarms.assigning.bars([task])[task.pk]

    assert not alone.able(task, barred)
    assert alarms.Post("issuer").able(task, barred)  # the substitute signs for themselves


# --- lights (interface 4.10) ----------------------------------------------------------------------
def heard(user: User, kind: str) -> int:
    """How often somebody was told that a task is due, or overdue."""
    return Message.objects.filter(recipient=user, kind=kind).count()


def test_the_head_is_told_of_yellow_and_of_red_once_each(pool_entry):
    task = waiting(pool_entry, "department_review")
    leader, officer = pool_entry.cast.leader, pool_entry.cast.officer
    before = []

    morning(pool_entry)
    before.append(heard(leader, "task_due"))
    morning(pool_entry, days=(task.due - clock.today()).days)
    morning(pool_entry)
    before.append(heard(leader, "task_due"))
    for _ in range(2):
        morning(pool_entry, days=1)

    assert before == [0, 1]
    assert (heard(leader, "task_due"), heard(leader, "task_overdue")) == (1, 1)
    assert heard(officer, "task_due") == 0  # its group hears of it by the reminders


def test_a_district_with_a_head_of_its_own_does_not_trouble_the_head_of_the_office(pool_entry):
    local = colleague(pool_entry, "leader", pool_entry.case.district)
    task = waiting(pool_entry, "department_review")

    morning(pool_entry, days=(task.due - clock.today()).days)

    assert heard(local, "task_due") == 1
    assert heard(pool_entry.cast.leader, "task_due") == 0


def test_what_nobody_may_do_is_looked_for_in_the_same_statements_however_much_waits(
    pool_entry, django_assert_max_num_queries
):
    waiting(pool_entry, "department_review")
    pool_entry.clock.pass_(days=5)
    task = pool_entry.task("department_review")
    for number in range(12):
        task.pk, task.unit = None, f"x{number}"
        task.save(force_insert=True)

    with django_assert_max_num_queries(12):
        assert list(alarms.stuck()) == []

    pool_entry.case.tasks.filter(unit__startswith="x").delete()
