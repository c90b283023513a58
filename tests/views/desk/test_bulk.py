"""Many tasks at once: an exact preview, each task's own result, the whole of it taken back."""

import re
from collections import Counter
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.conftest import StandingClock
from tests.views.desk.conftest import At
from tests.views.desk.people import claimed, desk, words
from workflows import clock, demo, jobs
from workflows.calendar import DAY
from workflows.errors import AlreadyDecided
from workflows.models import Appointment, Case, Event, File, Intent, Job, Task, User
from workflows.stages import acceptance, assigning, people, register, worksheets
from workflows.stages import desk as stage
from workflows.views.desk import bulk

WAITING = ["acceptance", "acceptance/second", "acceptance/third", "district_review"]
State = Intent.State


@pytest.fixture(autouse=True)
def window(settings: Any, standing_clock: StandingClock) -> StandingClock:
    """Ten seconds to take a batch back, on a clock the test moves."""
    settings.HENG_UNDO_SECONDS = 10
    standing_clock.move_to(Event.objects.latest("at").at)
    return standing_clock


@pytest.fixture
def three(at: At) -> list[Task]:
    """Three tasks of the window."""
    return [at(step) for step in WAITING[:3]]


def look(browser: Client, do: str, tasks: list[Task], **more: Any) -> HttpResponse:
    """What would happen."""
    keys = [task.pk for task in tasks]
    return browser.get(reverse("tasks_bulk"), {"do": do, "task": keys, **more})


def press(browser: Client, do: str, tasks: list[Task], **more: Any) -> HttpResponse:
    """Do it; the page of the results."""
    keys = [task.pk for task in tasks]
    return browser.post(reverse("tasks_bulk"), {"do": do, "task": keys, **more}, follow=True)


def carried_out(window: StandingClock) -> None:
    """The window closes and the worker comes."""
    window.pass_(seconds=11)
    for job in Job.objects.filter(kind="carry_out", state=Job.State.READY).order_by("pk"):
        taken = jobs.lease(window.moment, "", job.pk)
        assert taken is not None
        jobs.run(taken)


def able(page: HttpResponse) -> list[Task]:
    return [plan.task for plan, _step in page.context["able"]]


def unable(page: HttpResponse) -> dict[Task, str]:
    return {plan.task: plan.refusal for plan, _step in page.context["unable"]}


def became(page: HttpResponse) -> Counter[str]:
    """What became of how many tasks of a batch."""
    return Counter(each.state for each, _step in page.context["rows"])


def states(tasks: list[Task]) -> list[str]:
    return [Case.objects.get(pk=task.case_id).state for task in tasks]


def colleague() -> User:
    """Another person at the window, who serves every district."""
    person = User.objects.create(username="window.colleague", name="顾同事")
    people.appoint(person, role=Appointment.Role.WINDOW, by=None)
    return User.objects.get(pk=person.pk)


# --- the preview ----------------------------------------------------------------------------------
def test_the_preview_says_what_will_happen_to_each_and_why_not_to_others(
    at: At, three: list[Task], cast: demo.Cast
) -> None:
    flagged, taken, fine = three
    File.objects.filter(case=flagged.case, code="three_year_plan").update(code="other")
    stage.claim(taken, by=colleague())
    foreign = at("district_review")
    before = Event.objects.count()

    page = look(desk(cast.window), "accept", [*three, foreign])

    body = words(page)
    assert able(page) == [fine]
    assert set(unable(page)) == {flagged, taken}
    assert "三年规划" in unable(page)[flagged]
    assert "顾同事" in unable(page)[taken]
    assert page.context["gone"] == 1  # of the district's task nothing is told
    assert foreign.applicant not in body
    assert fine.applicant in body
    assert (Event.objects.count(), Intent.objects.count()) == (before, 0)


def test_the_reader_s_own_doubts_are_respected(three: list[Task], cast: demo.Cast) -> None:
    task = three[0]
    worksheets.keep(task, cast.window, {"do": "accept", "check-finance": "unsure"})

    page = look(desk(cast.window), "accept", [task])

    assert able(page) == []
    assert "审计报告" in unable(page)[task]


def test_nothing_chosen_is_said_in_words(three: list[Task], cast: demo.Cast) -> None:
    browser = desk(cast.window)

    shown, sent = look(browser, "accept", []), press(browser, "accept", [])

    assert (shown.status_code, sent.status_code) == (200, 422)
    assert Intent.objects.count() == 0


def test_the_way_back_leads_to_the_list_one_came_from(three: list[Task], cast: demo.Cast) -> None:
    browser = desk(cast.window)
    task, team = three[0], f"{reverse('tasks_queue', args=['team'])}?"
    from_team, from_mine = (
        browser.get(f"{reverse('tasks_bulk')}?queue={queue}&q=x&do=claim&task={task.pk}")
        for queue in ("team", "mine")
    )
    done = browser.post(
        f"{reverse('tasks_bulk')}?queue=team&q=x", {"do": "claim", "task": task.pk}, follow=True
    )

    ways = [
        re.findall(r'href="([^"]*)" data-key="Escape"', page.content.decode())
        for page in (from_team, from_mine, done)
    ]

    assert [len(found) for found in ways] == [1, 1, 1]
    assert [found[0].startswith(team) for found in ways] == [True, False, True]
    assert all("q=x" in found[0] for found in ways)


def test_all_that_the_filter_finds_are_shown_up_to_a_limit(
    three: list[Task], cast: demo.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = desk(cast.window)
    asked = {"do": "claim", "all": "1", "queue": "unclaimed"}

    every = browser.get(reverse("tasks_bulk"), asked)
    monkeypatch.setattr(bulk, "MOST", 2)
    some = browser.get(reverse("tasks_bulk"), asked)

    assert {task.pk for task in able(every)} >= {task.pk for task in three}
    assert (len(able(some)), some.context["more"], every.context["more"]) == (2, True, False)


def test_what_is_confirmed_is_what_was_shown(three: list[Task], cast: demo.Cast) -> None:
    """The form names every task it showed; what came into the queue since is not among them."""
    browser = desk(cast.window)
    page = browser.get(reverse("tasks_bulk"), {"do": "claim", "all": "1", "queue": "unclaimed"})
    shown = able(page)

    body = page.content.decode()

    assert all(f'name="task" value="{task.pk}"' in body for task in shown)
    assert 'name="all"' not in body


# --- done -----------------------------------------------------------------------------------------
def test_all_of_them_are_accepted_and_the_trail_says_what_was_confirmed_together(
    three: list[Task], cast: demo.Cast, window: StandingClock
) -> None:
    browser = desk(cast.window)

    page = press(browser, "accept", three)
    waiting = states(three)
    carried_out(window)
    after = browser.get(page.request["PATH_INFO"])

    told = Event.objects.filter(kind="accepted", case__in=[task.case_id for task in three])
    assert became(page) == {State.WAITING: 3}
    assert "已提交3件" in words(page)
    assert (waiting, states(three)) == (["submitted"] * 3, ["accepted"] * 3)
    assert became(after) == {State.DONE: 3}
    assert all("公共信用信息报告已取得" in event.body for event in told)


def test_one_that_is_refused_keeps_none_from_the_rest(
    three: list[Task], cast: demo.Cast, window: StandingClock
) -> None:
    browser, other = desk(cast.window), colleague()
    look(browser, "claim", three)
    stage.claim(three[1], by=other)

    page = press(browser, "claim", three)
    with pytest.raises(AlreadyDecided):
        stage.claim(three[2], by=other)
    with pytest.raises(AlreadyDecided):
        assigning.assign(three[2], to=other, by=cast.leader)
    carried_out(window)
    after = browser.get(page.request["PATH_INFO"])

    found = {each.task_id: each for each in Intent.objects.all()}
    owners = [Task.objects.get(pk=task.pk).owner for task in three]
    assert became(page) == {State.WAITING: 2, State.REFUSED: 1}
    assert became(after) == {State.DONE: 2, State.REFUSED: 1}
    assert owners == [cast.window, other, cast.window]
    assert "顾同事" in found[three[1].pk].refusal
    assert "顾同事" in words(after)


def test_one_that_another_decides_in_the_window_is_refused_and_the_rest_is_done(
    three: list[Task], cast: demo.Cast, window: StandingClock
) -> None:
    browser = desk(cast.window)
    page = press(browser, "accept", three)

    acceptance.refuse_acceptance(
        three[1].case, reason="out_of_scope", text="不属于受理范围", by=colleague()
    )
    carried_out(window)
    after = browser.get(page.request["PATH_INFO"])

    assert became(after) == {State.DONE: 2, State.REFUSED: 1}
    assert states(three) == ["accepted", "not_accepted", "accepted"]
    assert Intent.objects.get(task=three[1]).refusal in words(after)


@pytest.mark.parametrize("how", ["check", "paper"])
def test_what_was_in_order_at_the_press_and_is_no_longer_does_not_go_on(
    three: list[Task],
    cast: demo.Cast,
    window: StandingClock,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    press(desk(cast.window), "accept", three[:1])

    if how == "check":
        monkeypatch.setattr(register, "_ban", lambda known: "2099-12-31")
    else:
        File.objects.filter(case=three[0].case, code="three_year_plan").update(code="other")
    carried_out(window)

    intent = Intent.objects.get()
    assert (intent.state, states(three[:1])) == (State.REFUSED, ["submitted"])
    assert {"check": "禁止申报期", "paper": "三年规划"}[how] in intent.refusal


def test_what_cannot_go_on_is_told_among_the_results(
    three: list[Task], cast: demo.Cast, window: StandingClock
) -> None:
    File.objects.filter(case=three[0].case, code="three_year_plan").update(code="other")

    page = press(desk(cast.window), "accept", three)
    carried_out(window)

    assert became(page) == {State.WAITING: 2, State.REFUSED: 1}
    assert "三年规划" in words(page)
    assert states(three) == ["submitted", "accepted", "accepted"]


def test_the_head_assigns_with_everybodys_load_in_sight(
    three: list[Task], cast: demo.Cast, window: StandingClock
) -> None:
    leader, other = desk(cast.leader), colleague()

    page = look(leader, "assign", three)
    lacking = press(leader, "assign", three)
    press(leader, "assign", three, to=other.pk)
    carried_out(window)

    assert {row["load"].person for row in page.context["people"]} >= {other, cast.window}
    assert lacking.status_code == 422
    assert {Task.objects.get(pk=task.pk).owner for task in three} == {other}


def test_only_the_head_assigns(three: list[Task], cast: demo.Cast) -> None:
    page = look(desk(cast.window), "assign", three)

    assert able(page) == []


def test_what_changed_hands_since_it_was_shown_is_not_taken_away(
    three: list[Task], cast: demo.Cast, window: StandingClock
) -> None:
    leader, other = desk(cast.leader), colleague()
    look(leader, "assign", three[:1])
    stage.claim(three[0], by=cast.window)

    seen = {f"seen-{three[0].pk}": ""}
    page = press(leader, "assign", three[:1], to=other.pk, reason="分工", **seen)

    assert became(page) == {State.REFUSED: 1}
    assert Task.objects.get(pk=three[0].pk).owner == cast.window


def test_own_tasks_are_put_off_and_given_back(
    three: list[Task], cast: demo.Cast, window: StandingClock
) -> None:
    browser = claimed(three[0], cast.window)
    claimed(three[1], cast.window)
    until = (clock.local(window.moment).date() + DAY).isoformat()
    Task.objects.filter(pk=three[0].pk).update(due=None)

    shown = look(browser, "snooze", three)
    press(browser, "snooze", three[:1], until=until)
    press(browser, "release", three[1:2])
    carried_out(window)

    first, second = (Task.objects.get(pk=task.pk) for task in three[:2])
    assert set(able(shown)) >= set(three[:2])
    assert (first.snoozed.isoformat(), second.owner) == (until, None)


# --- taken back -----------------------------------------------------------------------------------
def test_the_page_of_a_batch_shows_no_numbers_beside_the_queues(
    three: list[Task], cast: demo.Cast
) -> None:
    page = press(desk(cast.window), "claim", three).content.decode()

    rail = page[page.index('class="rail') : page.index("</nav>", page.index('class="rail'))]

    assert 'class="count"' not in rail
    assert 'data-key="z"' in page


def test_the_whole_batch_is_taken_back_with_one_press(
    three: list[Task], cast: demo.Cast, window: StandingClock
) -> None:
    browser = desk(cast.window)
    page = press(browser, "accept", three)

    after = browser.post(page.request["PATH_INFO"], follow=True)
    carried_out(window)

    assert became(after) == {State.UNDONE: 3}
    assert states(three) == ["submitted"] * 3


def test_one_of_a_batch_is_taken_back_by_itself(
    three: list[Task], cast: demo.Cast, window: StandingClock
) -> None:
    browser = desk(cast.window)
    page = press(browser, "accept", three)
    batch = page.context["batch"]

    answer = browser.post(reverse("task_undo", args=[three[1].pk]), {"back": batch})
    carried_out(window)

    assert reverse("tasks_batch", args=[batch]) in answer.headers["Location"]
    assert states(three) == ["accepted", "submitted", "accepted"]


def test_a_batch_is_its_authors_alone(three: list[Task], cast: demo.Cast) -> None:
    page = press(desk(cast.window), "accept", three)

    other = desk(cast.leader).get(page.request["PATH_INFO"])

    assert other.status_code == 404
    assert desk(cast.window).get(reverse("tasks_batch", args=["gone"])).status_code == 404
