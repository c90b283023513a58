"""Pages of shared work: absences with their substitute, the head's groups, one task given."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.views.desk.conftest import At
from tests.views.desk.people import claimed, decide, desk, rows, words
from tests.views.desk.test_acceptance import answers
from tests.views.public.addresses import at as english
from workflows import clock, demo
from workflows.models import Absence, Appointment, Distribution, Event, Task, User
from workflows.stages import people

WAITING = ["acceptance", "acceptance/second", "department_review"]


def colleague(role: str, scope: str = "") -> User:
    """A new person with an office."""
    person = User.objects.create(username=f"colleague.{role}", name="顾代办")
    people.appoint(person, role=role, scope=scope, by=None)
    return person


def announce(browser: Client, substitute: User, **given: object):
    """Set an absence of today and tomorrow on the page."""
    today = clock.today()
    days = {"starts": today.isoformat(), "ends": (today + timedelta(days=1)).isoformat()}
    return browser.post(reverse("absences"), {"substitute": substitute.pk, **days, **given})


# --- acting for a colleague -----------------------------------------------------------------------
def test_a_reviewer_sets_an_absence_and_the_substitute_accepts_in_both_names(
    at: At, cast: demo.Cast
) -> None:
    task = at("acceptance")
    owner = claimed(task, cast.window)
    substitute = colleague("district_reviewer", task.case.district)

    said = announce(owner, substitute, reason="年休假")
    inbox = desk(substitute).get(reverse("tasks"))
    page = desk(substitute).get(english("task", task.pk))
    accepted = decide(desk(substitute), task, "accept", **answers(), decision="accept")

    assert said.status_code == 303
    assert (rows(inbox), inbox.context["list"].rows[0].tags[-1][1]) == (
        [task.applicant], str(cast.window),
    )  # fmt: skip
    assert f"{substitute} for {cast.window}" in words(page)
    assert page.context["form"] is not None
    assert accepted.status_code == 303
    event = Event.objects.filter(case=task.case, kind="accepted").get()
    assert (event.actor, '"for":{' in event.body) == (substitute, True)
    timeline = desk(cast.window).get(english("case_file", task.reference) + "?tab=timeline")
    assert f"{substitute} for {cast.window}" in words(timeline)
    audited = desk(cast.auditor).get(english("audit_case", task.reference))
    assert f"{substitute} for {cast.window}" in words(audited)


def test_whoever_stands_in_for_nobody_finds_nothing(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")
    stranger = colleague("district_reviewer", task.case.district)

    assert desk(stranger).get(reverse("task", args=[task.pk])).status_code == 404


def test_an_absence_that_cannot_be_set_is_refused_with_its_words_kept(
    at: At, cast: demo.Cast
) -> None:
    browser, substitute = desk(cast.officer), colleague("case_officer")

    page = announce(browser, substitute, ends="2020-01-01", reason="年休假")

    assert (page.status_code, Absence.objects.count()) == (422, 0)
    assert "年休假" in page.content.decode()


def test_the_person_comes_back_early_and_nobody_else_ends_it(at: At, cast: demo.Cast) -> None:
    browser, substitute = desk(cast.officer), colleague("case_officer")
    announce(browser, substitute)
    absence = Absence.objects.get()
    address = reverse("absence_end", args=[absence.pk])

    others = [desk(person).post(address).status_code for person in (substitute, cast.window)]
    mine = browser.post(address)

    absence.refresh_from_db()
    assert (others, mine.status_code) == ([404, 404], 303)
    assert absence.ended_by == cast.officer


def test_the_head_sets_the_absence_of_somebody_who_fell_ill(at: At, cast: demo.Cast) -> None:
    substitute = colleague("case_officer")

    said = announce(desk(cast.leader), substitute, person=cast.officer.pk)
    smuggled = announce(desk(cast.window), substitute, person=cast.officer.pk)

    absence = Absence.objects.get()
    assert (said.status_code, smuggled.status_code) == (303, 422)
    assert (absence.user, absence.by) == (cast.officer, cast.leader)


def test_the_page_says_for_whom_nobody_acts_when_a_substitute_falls_ill(
    at: At, cast: demo.Cast
) -> None:
    third = colleague("case_officer")
    User.objects.filter(pk=third.pk).update(username="third")
    helper = colleague("case_officer")
    announce(desk(cast.officer), helper)
    browser = desk(helper)

    page = browser.get(announce(browser, third).headers["Location"])

    said = [str(each) for each in page.context["messages"]]
    assert [cast.officer.name in each for each in said] == [False, True]


# --- the head -------------------------------------------------------------------------------------
def test_the_head_sees_groups_people_and_load_and_gives_a_task(at: At, cast: demo.Cast) -> None:
    task, head = at("department_review"), desk(cast.leader)
    address = reverse("task_assign", args=[task.pk])

    groups = head.get(reverse("sharing"))
    group = head.get(reverse("sharing_group", args=["case_officer"]))
    page = head.get(address)
    given = head.post(address, {"to": cast.officer.pk, "seen": ""})

    assert "case_officer" in [each.code for each in groups.context["groups"]]
    assert address in group.content.decode()
    assert str(cast.officer) in words(page)
    assert given.status_code == 303
    assert Task.objects.get(pk=task.pk).owner == cast.officer


def test_the_head_ticks_tasks_of_a_group_and_hands_them_over_together(
    at: At, cast: demo.Cast
) -> None:
    first, second = at("acceptance"), at("acceptance/second")
    claimed(first, cast.window)
    head, other = desk(cast.leader), colleague("window")

    group = head.get(reverse("sharing_group", args=[first.candidate]))
    ticked = {"do": "assign", "task": [first.pk, second.pk]}
    preview = head.get(reverse("tasks_bulk"), ticked)
    seen = {f"seen-{first.pk}": cast.window.pk, f"seen-{second.pk}": ""}
    given = {**ticked, **seen, "to": other.pk, "reason": "分工"}
    done = head.post(reverse("tasks_bulk"), given)

    assert f'name="task" value="{first.pk}"' in group.content.decode()
    assert [plan.task.pk for plan, _step in preview.context["able"]] == ticked["task"]
    assert done.status_code == 303
    owners = Task.objects.filter(pk__in=ticked["task"]).values_list("owner", flat=True)
    assert set(owners) == {other.pk}


def test_the_head_gives_a_task_from_the_file_of_its_case_by_one_key(
    at: At, cast: demo.Cast
) -> None:
    task = at("department_review")
    address, file = (
        reverse("task_assign", args=[task.pk]),
        reverse("case_file", args=[task.reference]),
    )
    key = f'href="{address}" data-key="t"'
    elsewhere = User.objects.create(username="head.elsewhere")
    people.appoint(elsewhere, role="leader", scope="310151", by=None)

    pages = [desk(each).get(file) for each in (cast.leader, cast.officer, elsewhere)]

    assert [key in page.content.decode() for page in pages] == [True, False, False]


def test_a_head_who_reviews_too_gives_a_task_from_its_own_page(at: At, cast: demo.Cast) -> None:
    task = at("department_review")
    address = reverse("task", args=[task.pk])
    people.appoint(cast.leader, role="case_officer", scope="", by=None)
    key = f'href="{reverse("task_assign", args=[task.pk])}" data-key="t"'

    pages = [desk(each).get(address) for each in (cast.leader, cast.officer)]

    assert [key in page.content.decode() for page in pages] == [True, False]


def test_an_assignment_that_is_refused_says_why_and_keeps_the_words(
    at: At, cast: demo.Cast
) -> None:
    task, head = at("department_review"), desk(cast.leader)
    address = reverse("task_assign", args=[task.pk])

    nobody = head.post(address, {"reason": "分工"})
    unfit = head.post(address, {"to": cast.window.pk, "seen": "", "reason": "分工"})

    assert (nobody.status_code, unfit.status_code) == (422, 422)
    assert "分工" in unfit.content.decode()
    assert Task.objects.get(pk=task.pk).owner is None


def test_the_rule_is_switched_on_and_off(at: At, cast: demo.Cast) -> None:
    at("department_review")
    head, address = desk(cast.leader), reverse("sharing_group", args=["case_officer"])

    states = []
    for rule in ("on", "off"):
        assert head.post(address, {"rule": rule}).status_code == 303
        states.append(Distribution.objects.get(group="case_officer").on)

    assert states == [True, False]


def test_the_head_of_a_district_shares_the_work_of_that_district_only(
    at: At, cast: demo.Cast
) -> None:
    task = at("acceptance")
    district = task.case.district
    local = colleague(Appointment.Role.LEADER, "310151" if district != "310151" else "310120")

    page = desk(local).get(reverse("sharing"))

    assert page.context["groups"] == []
    for name, args in (
        ("task_assign", [task.pk]),
        ("sharing_group", [task.candidate]),
        ("sharing_group", ["expert"]),
    ):
        assert desk(local).get(reverse(name, args=args)).status_code == 404


# --- only one's own unit --------------------------------------------------------------------------
def away(person: User, substitute: User) -> Absence:
    """Somebody is away tomorrow."""
    day = clock.today() + timedelta(days=1)
    return Absence.objects.create(
        user=person, substitute=substitute, starts=day, ends=day, by=person, made=clock.now(),
        reason=f"{person.username}的事",
    )  # fmt: skip


def test_the_head_of_a_district_sees_sets_and_ends_the_absences_of_that_district_only(
    at: At, cast: demo.Cast
) -> None:
    district = at("acceptance").case.district
    local = colleague("leader", district)
    theirs, others = away(cast.window, cast.district), away(cast.officer, cast.leader)

    page = desk(local).get(reverse("absences"))
    named = {person: desk(local).get(reverse("absences"), {"person": person.pk}).status_code
             for person in (cast.window, cast.officer)}  # fmt: skip
    ended = [
        desk(local).post(reverse("absence_end", args=[each.pk])).status_code
        for each in (theirs, others)
    ]

    assert [each.user for each, _scope, _ends in page.context["rows"]] == [cast.window]
    assert theirs.reason in words(page)
    assert others.reason not in words(page)
    assert list(named.values()) == [200, 404]
    assert ended == [303, 404]


def test_a_substitute_reads_the_days_and_not_the_reason(at: At, cast: demo.Cast) -> None:
    absence = away(cast.window, cast.district)

    page = desk(cast.district).get(reverse("absences"))

    assert [each.pk for each, _scope, _ends in page.context["rows"]] == [absence.pk]
    assert absence.reason not in words(page)
    assert desk(cast.district).post(
        reverse("absence_end", args=[absence.pk])
    ).status_code == 404  # fmt: skip


def test_the_pages_of_sharing_cost_the_same_statements_however_many_people_there_are(
    at: At, cast: demo.Cast
) -> None:
    task = at("department_review")
    head = desk(cast.leader)
    addresses = [
        reverse("absences") + f"?person={cast.officer.pk}",
        reverse("sharing"),
        reverse("sharing_group", args=["case_officer"]),
        reverse("task_assign", args=[task.pk]),
    ]
    for address in addresses:
        head.get(address)  # editions are parsed once per process
    few = [_statements(head, address) for address in addresses]

    for number in range(9):
        person = User.objects.create(username=f"more.{number}", name="多一人")
        people.appoint(person, role="case_officer", by=None)

    assert [_statements(head, address) for address in addresses] == few
    assert max(few) <= 20


def _statements(browser: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as told:
        assert browser.get(address).status_code == 200
    return len(told)


def test_a_group_of_a_department_bears_its_name(at: At, cast: demo.Cast) -> None:
    task = at("department_review")
    Task.objects.filter(pk=task.pk).update(candidate="department_reviewer:credit")

    page = words(desk(cast.leader).get(reverse("sharing")))

    assert "credit" not in page
    assert next(
        str(each.title) for each in task.case.procedure.departments if each.code == "credit"
    ) in page  # fmt: skip
