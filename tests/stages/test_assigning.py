"""Giving tasks: the head with the load in sight, the rule fairly; each recorded."""

import ast
import importlib
import inspect
import json
import pkgutil
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.stages.test_absences import away, colleague, fresh
from workflows import clock, stages
from workflows.errors import (
    AlreadyDecided,
    AssigneeAway,
    AssigneeUnfit,
    ClaimedByAnother,
    NotEntitled,
    ReasonMissing,
    StageClosed,
)
from workflows.models import Event, Job, Message, Task, Turn, User
from workflows.stages import acceptance, assigning, deliberation, desk, intents
from workflows.stages.law import conflicting

pytestmark = pytest.mark.django_db
GROUP = "case_officer"


def told(course) -> tuple[str, dict]:
    """Kind and facts of the last time somebody was given something."""
    event = Event.objects.filter(case=course.case, kind="assigned").latest("seq")
    return event.kind, json.loads(event.body)["facts"]


@pytest.fixture
def review(pool_entry):
    """A case whose review waits in the officers' queue."""
    pool_entry.to("department_review")
    pool_entry.case.tasks.filter(finished=None).update(created=clock.now())
    return pool_entry


def test_the_head_gives_a_task_and_its_new_owner_is_told(review):
    task, officer = review.task("department_review"), review.cast.officer

    assigning.assign(task, to=officer, by=review.cast.leader)
    review.timers()

    assert review.task("department_review").owner == officer
    assert told(review) == (
        "assigned",
        {"node": "department_review", "unit": "", "holder": officer.name, "former_holder": "",
         "reason": ""},
    )  # fmt: skip
    assert Message.objects.filter(recipient=officer, kind="assigned").count() == 1


def test_taking_a_task_over_to_another_needs_words(review):
    task, officer = review.task("department_review"), review.cast.officer
    other = colleague(review, GROUP)
    desk.claim(task, by=officer)
    leader = review.cast.leader

    with pytest.raises(ReasonMissing):
        assigning.assign(task, to=other, by=leader, seen=officer.pk)
    assigning.assign(task, to=other, by=leader, seen=officer.pk, reason="工作量过大")

    assert review.task("department_review").owner == other
    kind, facts = told(review)
    assert (kind, facts["former_holder"], facts["reason"]) == (
        "assigned", officer.name, "工作量过大",
    )  # fmt: skip


def test_what_was_claimed_while_the_head_looked_is_not_taken_away(review):
    task = review.task("department_review")
    desk.claim(task, by=review.cast.officer)

    with pytest.raises(ClaimedByAnother):
        assigning.assign(
            task, to=colleague(review, GROUP), by=review.cast.leader, seen=None, reason="分工"
        )

    assert review.task("department_review").owner == review.cast.officer


def test_only_the_head_assigns_and_only_to_whoever_may_do_it(review):
    task, officer = review.task("department_review"), review.cast.officer
    leader = review.cast.leader
    other = colleague(review, GROUP)

    with pytest.raises(NotEntitled):
        assigning.assign(task, to=officer, by=officer)
    with pytest.raises(AssigneeUnfit):
        assigning.assign(task, to=review.cast.window, by=leader)
    away(other, officer)
    with pytest.raises(AssigneeAway):
        assigning.assign(task, to=other, by=leader)

    assert review.task("department_review").owner is None


def test_the_head_of_a_district_gives_away_its_own_tasks_and_none_of_the_city_s(pool_entry):
    local = colleague(pool_entry, "leader", pool_entry.case.district)
    window, task = pool_entry.cast.window, pool_entry.task("acceptance")
    own = assigning.may_assign(task, local)
    assigning.assign(task, to=window, by=local)
    city = pool_entry.to("department_review").task("department_review")

    with pytest.raises(NotEntitled):
        assigning.assign(city, to=pool_entry.cast.officer, by=fresh(local))

    assert (own, assigning.may_assign(city, fresh(local))) == (True, False)
    assert pool_entry.task("department_review").owner is None


def test_nobody_is_given_what_their_own_act_on_the_case_forbids(pool_entry):
    window = pool_entry.also(pool_entry.cast.window, "issuer")
    task = pool_entry.to("signing").task("signing")

    with pytest.raises(AssigneeUnfit):
        assigning.assign(task, to=window, by=pool_entry.cast.leader)


def test_a_finished_or_personal_task_is_not_assigned(pool_entry):
    task, leader = pool_entry.task("acceptance"), pool_entry.cast.leader
    acceptance.accept(pool_entry.case, by=pool_entry.cast.window)

    with pytest.raises(StageClosed):
        assigning.assign(task, to=pool_entry.cast.window, by=leader)


# --- by rule --------------------------------------------------------------------------------------
def load_of(person: User) -> assigning.Load:
    """What ``person`` has."""
    return next(each for each in assigning.loads(GROUP) if each.person == person)


def test_the_load_weighs_steps_and_counts_what_is_late(review):
    officer = review.cast.officer
    desk.claim(review.task("department_review"), by=officer)
    due = review.task("department_review").due

    on_the_day = _on(review, due, officer)
    after = _on(review, due + timedelta(days=1), officer)

    assert on_the_day == (1, assigning.EFFORT["department_review"], 1, 0)
    assert after == (1, assigning.EFFORT["department_review"], 0, 1)


def _on(course, day, person: User) -> tuple[int, int, int, int]:
    course.clock.move_to(clock.start_of(day) + timedelta(hours=9))
    load = load_of(person)
    return load.tasks, load.effort, load.today, load.overdue


def test_the_rule_names_the_least_loaded_then_who_waited_longest(review):
    task, case = review.task("department_review"), review.case
    first, busy = review.cast.officer, colleague(review, GROUP)
    third = review.also(review.cast.auditor, GROUP)
    other = Task.objects.get(pk=task.pk)
    other.pk, other.node, other.owner, other.status = None, "proposal", busy, "ASSIGNED"
    names = []

    for person in (first, third):
        Turn.objects.create(group=GROUP, person=person, at=clock.now() - timedelta(days=3))
    Turn.objects.filter(person=third).update(at=clock.now() - timedelta(days=5))
    names.append(assigning.fairest(case, task))  # busy had no turn yet: longest of all
    Turn.objects.create(group=GROUP, person=busy, at=clock.now())
    names.append(assigning.fairest(case, task))
    away(third, first)
    names.append(assigning.fairest(case, task))

    assert names == [busy, third, first]


def test_the_group_switched_on_is_dealt_out_and_each_gift_is_recorded(review):
    officer, leader = review.cast.officer, review.cast.leader

    with pytest.raises(NotEntitled):
        assigning.switch(GROUP, on=True, by=officer)
    assigning.switch(GROUP, on=True, by=leader)
    review.timers()

    assert review.task("department_review").owner == officer
    kind, facts = told(review)
    assert (kind, facts["rule"], facts["holder"]) == ("assigned", "least_load", officer.name)
    switched = Event.objects.filter(chain="sys:sharing").get()
    assert (switched.kind, switched.actor) == ("distribution_switched", leader)


def test_what_was_given_back_goes_to_somebody_else(review):
    officer = review.cast.officer
    assigning.switch(GROUP, on=True, by=review.cast.leader)
    review.timers()
    desk.give_back(review.task("department_review"), by=officer)
    other = colleague(review, GROUP)
    Turn.objects.create(group=GROUP, person=other, at=clock.now() + timedelta(days=1))  # not next

    review.clock.pass_(minutes=6)
    review.timers()

    assert review.task("department_review").owner == other


def test_what_nobody_may_be_given_holds_up_nothing_behind_it(review, monkeypatch):
    monkeypatch.setattr(assigning, "BATCH", 1)
    task, officer = review.task("department_review"), review.cast.officer
    stuck = Task.objects.get(pk=task.pk)
    stuck.pk, stuck.unit, stuck.due = None, "x", task.due - timedelta(days=1)
    stuck.save(force_insert=True)
    barring = {stuck.pk: {officer.pk}}
    monkeypatch.setattr(
        assigning, "bars", lambda tasks: {each.pk: barring.get(each.pk, set()) for each in tasks}
    )

    assigning.switch(GROUP, on=True, by=review.cast.leader)
    review.timers()
    review.clock.pass_(minutes=6)
    review.timers()

    owners = [Task.objects.get(pk=each.pk).owner for each in (task, stuck)]
    stuck.delete()
    assert owners == [officer, None]


def test_a_row_of_looks_that_died_begins_again_in_the_morning_and_is_one(review):
    assigning.switch(GROUP, on=True, by=review.cast.leader)
    Job.objects.filter(kind="deal_out").update(state=Job.State.INCIDENT)
    waits = []

    for _ in range(2):
        assigning.arm()
        review.clock.pass_(minutes=6)
        assigning.arm()
        review.timers()
        waits.append(Job.objects.filter(kind="deal_out", state=Job.State.READY).count())

    assert review.task("department_review").owner == review.cast.officer
    assert waits == [1, 1]


def test_a_group_switched_off_is_dealt_out_no_more(review):
    leader, officer = review.cast.leader, review.cast.officer
    assigning.switch(GROUP, on=True, by=leader)
    review.timers()
    assigning.switch(GROUP, on=False, by=leader)
    desk.give_back(review.task("department_review"), by=officer)
    colleague(review, GROUP)

    for _ in range(3):
        review.clock.pass_(minutes=6)
        review.timers()

    assert review.task("department_review").owner is None


def test_what_was_forwarded_to_another_group_meanwhile_is_not_dealt_out(pool_entry):
    task, window = pool_entry.task("acceptance"), pool_entry.cast.window
    colleague(pool_entry, "window", "310115")
    acceptance.forward(pool_entry.case, district="310115", reason="住所已迁", by=window)

    assert assigning.deal_one(task) is None

    assert pool_entry.task("acceptance").owner is None


def test_what_somebody_has_decided_a_moment_ago_is_neither_claimed_nor_dealt_out(review, settings):
    settings.HENG_UNDO_SECONDS = 10
    task, officer = review.task("department_review"), fresh(review.cast.officer)
    other = colleague(review, GROUP)
    sent = {"form": "conclude", "sent": {"decision": ["stop"], "text": ["材料不实。"]}}
    intents.intend(task, "decide", sent, by=officer, told="")

    with pytest.raises(AlreadyDecided):
        desk.claim(task, by=fresh(other))
    assert assigning.deal_one(task) is None
    review.clock.pass_(seconds=11)
    review.timers()

    assert review.kinds[-1] == "stopped"


def test_a_task_that_nobody_present_may_do_stays_for_everyone(review):
    away(review.cast.officer, colleague(review, GROUP))
    Task.objects.filter(pk=review.task("department_review").pk).update(candidate="issuer")
    for person in assigning.members("issuer"):
        Turn.objects.create(group="issuer", person=person, at=clock.now())
        User.objects.filter(pk=person.pk).update(is_active=False)

    assert assigning.deal_one(review.task("department_review")) is None
    assert fresh(review.cast.officer).is_active


# --- who may not ----------------------------------------------------------------------------------
def test_whom_the_bars_name_is_whom_the_law_refuses(pool_entry):
    """The statement for many people says the same as the law does of each."""
    pool_entry.also(pool_entry.cast.window, "issuer")
    task = pool_entry.to("signing").task("signing")
    cast = pool_entry.cast
    people = [cast.window, cast.district, cast.officer, cast.leader, cast.issuer, cast.seal]

    barred = assigning.bars([task])[task.pk]

    refused = {each.pk for each in people if conflicting(pool_entry.case, "sign", each)}
    assert {each.pk for each in people} & barred == refused
    assert cast.window.pk in refused


PERSONAL = {"sheet", "data_sheet", "ballot", "resolution"}  # nobody gives these to anybody


def test_every_step_whose_verb_separates_duties_bars_by_the_same_duty():
    """Read from the verbs themselves, so that no step is forgotten here."""
    found: dict[str, set[str]] = {}
    for each in pkgutil.iter_modules(stages.__path__):
        module = importlib.import_module(f"{stages.__name__}.{each.name}")
        for node, duties in duties_of(module):
            found.setdefault(node, set()).update(duties)

    assert found.keys() >= {"acceptance", "visit", "settlement", "task_book"} | PERSONAL
    asked = {node: duties for node, duties in found.items() if node not in PERSONAL}
    assert asked == {node: {duty} for node, duty in assigning.DUTIES.items()}


def duties_of(module):
    """Each node a function of ``module`` releases, and the duties it separates before."""
    tree = ast.parse(inspect.getsource(module))
    bodies = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}
    direct = {name: set(words(module, body, "separate")) for name, body in bodies.items()}
    for name, body in bodies.items():
        duties = set(direct[name])
        for called in calls(body):
            duties |= direct.get(called.func.id, set())
        if duties:
            yield from ((node, duties) for node in words(module, body, "release"))


def words(module, body, name: str):
    """The second argument of every call of ``name``; a constant goes by its value."""
    for call in calls(body):
        if call.func.id == name:
            said = call.args[1]
            yield said.value if isinstance(said, ast.Constant) else getattr(module, said.id)


def calls(body):
    """The calls of plain names in ``body``."""
    found = (each for each in ast.walk(body) if isinstance(each, ast.Call))
    return [each for each in found if isinstance(each.func, ast.Name)]


def test_whoever_proposed_is_not_given_the_endorsement(pool_entry):
    officer = pool_entry.cast.officer
    task = pool_entry.to("endorsement").task("endorsement")
    proposer = pool_entry.also(officer, "leader")

    with pytest.raises(AssigneeUnfit):
        assigning.assign(task, to=proposer, by=pool_entry.cast.leader)

    assert officer.pk in assigning.bars([task])[task.pk]


def test_whoever_recused_themselves_is_not_given_the_case(pool_entry):
    course = pool_entry.to("ballot")
    member = course.also(course.cast.members[0][0], "issuer")
    deliberation.vote(course.case, choice="recused", reason="曾任顾问", by=member)
    task = course.case.tasks.filter(finished=None).first()

    assert member.pk in assigning.bars([task])[task.pk]


def test_a_group_of_any_size_costs_the_same_statements(review, django_assert_num_queries):
    task = review.task("department_review")
    with CaptureQueriesContext(connection) as few:
        assigning.fairest(review.case, task)

    for number in range(8):
        person = User.objects.create(username=f"more.{number}", name="多一人")
        review.also(person, GROUP)

    with django_assert_num_queries(len(few)):
        assigning.fairest(review.case, task)
    assert len(few) <= 11
