"""What readers mark at the desk: tasks put off, cases watched, views kept, the next one claimed."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse, QueryDict
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext

from tests.views.desk.conftest import At
from tests.views.desk.people import claimed, desk, rows, words
from workflows import clock, demo
from workflows.calendar import DAY
from workflows.models import Event, SavedView, Task, User
from workflows.stages import desk as office
from workflows.stages import people, watching
from workflows.views.desk import inbox
from workflows.views.desk.listing import PARTS

WAITING = ["acceptance", "acceptance/second"]
LONGEST_ADDRESS = 4_000  # the server takes a first line of 4,094 characters


def later(days: int) -> str:
    """A day to come, as a form sends it."""
    return (clock.today() + days * DAY).isoformat()


def queue(browser: Client, name: str, **asked: Any) -> HttpResponse:
    """The list of a queue."""
    return browser.get(reverse("tasks_queue", args=[name]), asked)


def mine(task: Task, user: User) -> Client:
    """The browser of ``user``, who has taken ``task``, which is due in some days."""
    Task.objects.filter(pk=task.pk).update(due=clock.today() + 9 * DAY)
    return claimed(task, user)


# --- putting off ----------------------------------------------------------------------------------
def test_a_task_is_put_off_by_one_press_and_stands_in_its_own_list(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")
    browser = mine(task, cast.window)
    address = reverse("task_snooze", args=[task.pk])
    offered = browser.get(address).context["days"]

    answer = browser.post(address, {"until": offered[0]["day"].isoformat(), "reason": "等来函"})

    assert answer.status_code == 303
    assert task.applicant not in rows(queue(browser, "mine"))
    put_off = queue(browser, "snoozed")
    assert rows(put_off) == [task.applicant]
    assert put_off.context["counts"]["snoozed"] == "1"
    until = date_format(offered[0]["day"], "MONTH_DAY_FORMAT")
    assert [until in said for _tone, said in put_off.context["list"].rows[0].tags] == [True]


def test_enter_puts_a_task_off_to_the_day_that_was_typed(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")
    page = mine(task, cast.window).get(reverse("task_snooze", args=[task.pk])).content.decode()

    form = page[page.rindex("<form", 0, page.index('name="reason"')) :]
    default, *others = re.findall(r"<button[^>]*>", form[: form.index("</form>")])

    assert "until" not in default  # browsers press a form's first button
    assert [each for each in others if 'name="until"' in each]


def test_the_days_offered_end_with_the_tasks_last(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")
    browser = mine(task, cast.window)
    Task.objects.filter(pk=task.pk).update(due=clock.today() + DAY)

    offered = browser.get(reverse("task_snooze", args=[task.pk])).context["days"]

    assert {each["day"] for each in offered} <= {clock.today() + DAY}


@pytest.mark.parametrize("given", [{"day": ""}, {"day": "2026-02-30"}, {"until": later(10)}])
def test_what_is_no_day_for_it_is_refused_and_the_reason_kept(
    at: At, cast: demo.Cast, given: dict[str, str]
) -> None:
    task = at("acceptance")
    browser = mine(task, cast.window)

    answer = browser.post(reverse("task_snooze", args=[task.pk]), {**given, "reason": "等部门来函"})

    assert answer.status_code == 422
    assert "等部门来函" in answer.content.decode()
    assert Task.objects.get(pk=task.pk).snoozed is None


def test_a_task_is_taken_up_again_from_its_page(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")
    browser = mine(task, cast.window)
    address = reverse("task_snooze", args=[task.pk])
    browser.post(address, {"day": later(2)})

    answer = browser.post(address, {"do": "wake"})

    assert answer.headers["Location"].startswith(reverse("task", args=[task.pk]))
    assert rows(queue(browser, "mine")) == [task.applicant]


def test_nobody_puts_a_colleagues_task_off(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")
    mine(task, cast.window)
    people.appoint(cast.operator, role="window", by=None)

    answer = desk(cast.operator).post(reverse("task_snooze", args=[task.pk]), {"day": later(1)})

    assert answer.status_code == 409
    assert cast.window.name in words(answer)


# --- watching -------------------------------------------------------------------------------------
def test_a_watched_case_stands_in_a_list_of_its_own_without_an_entry(
    at: At, cast: demo.Cast
) -> None:
    case = at("acceptance").case
    browser, address = desk(cast.leader), reverse("case_watch", args=[case.reference])
    before = Event.objects.filter(case=case).count()
    page = reverse("case_file", args=[case.reference])

    answer = browser.post(address, {"next": page})
    watched = queue(browser, "watching")
    browser.post(address, {"do": "unwatch"})

    assert answer.headers["Location"] == page
    assert rows(watched) == [case.applicant.name]
    assert watched.context["list"].rows[0].url == page  # no task of the leader's own
    assert watched.context["counts"]["watching"] == "1"
    assert rows(queue(browser, "watching")) == []
    assert Event.objects.filter(case=case).count() == before


def test_a_watched_case_that_ended_is_still_found(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")
    watching.watch(task.case, by=cast.leader)
    Task.objects.filter(case=task.case, finished=None).update(finished=clock.now(), status="DONE")

    page = queue(desk(cast.leader), "watching")

    assert rows(page) == [task.applicant]
    assert [each["title"] for each in page.context["list"].groups] == [PARTS["closed"]]
    Task.objects.filter(pk=task.pk).update(finished=None, status="NEW")


def test_no_case_out_of_sight_is_watched_or_shown(at: At, cast: demo.Cast) -> None:
    case = at("acceptance").case
    people.appoint(cast.operator, role="window", scope="310101", by=None)
    watching.watch(case, by=cast.operator)  # from before
    elsewhere = desk(cast.operator)

    asked = elsewhere.post(reverse("case_watch", args=[case.reference]))

    assert asked.status_code == 404
    assert rows(queue(elsewhere, "watching")) == []


def test_the_way_back_leads_nowhere_else(at: At, cast: demo.Cast) -> None:
    address = reverse("case_watch", args=[at("acceptance").case.reference])

    answer = desk(cast.leader).post(address, {"next": "https://elsewhere.example/"})

    assert answer.headers["Location"].startswith("/")


# --- the next one ---------------------------------------------------------------------------------
def test_the_empty_inbox_says_what_waits_and_one_press_takes_the_most_urgent(
    at: At, cast: demo.Cast
) -> None:
    first, second = at("acceptance"), at("acceptance/second")
    Task.objects.filter(pk=first.pk).update(due=clock.today() + 3 * DAY)
    Task.objects.filter(pk=second.pk).update(due=clock.today() + 2 * DAY)
    browser = desk(cast.window)
    empty = browser.get(reverse("tasks"))

    answer = browser.post(reverse("task_claim_next"))

    day = clock.today() + 2 * DAY
    said = empty.context["list"].empty
    assert (said.title, said.post) == (gettext("Your inbox is empty"), True)
    assert said.text.count("2") >= 1
    assert f"{day.month}月{day.day}日" in said.text
    assert answer.headers["Location"].startswith(reverse("task", args=[second.pk]))
    assert Task.objects.get(pk=second.pk).owner == cast.window


def test_one_that_a_colleague_took_meanwhile_is_passed(
    at: At, cast: demo.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = at("acceptance"), at("acceptance/second")
    Task.objects.filter(pk=first.pk).update(due=clock.today())
    Task.objects.filter(pk=second.pk).update(due=clock.today() + DAY)
    people.appoint(cast.operator, role="window", by=None)
    colleague = User.objects.get(pk=cast.operator.pk)
    claim = office.claim_at_once

    def beaten(task: Task, *, by: User) -> Task | None:
        if task.pk == first.pk:
            office.claim(task, by=colleague)
        return claim(task, by=by)

    monkeypatch.setattr(inbox.desk, "claim_at_once", beaten)
    answer = desk(cast.window).post(reverse("task_claim_next"))

    assert answer.headers["Location"].startswith(reverse("task", args=[second.pk]))
    assert Task.objects.get(pk=first.pk).owner == colleague


def test_where_nothing_is_left_the_press_says_so(cast: demo.Cast) -> None:
    answer = desk(cast.issuer).post(reverse("task_claim_next"), follow=True)

    assert gettext("Nothing is left to claim.") in words(answer)


# --- chips, the form, views -----------------------------------------------------------------------
def test_the_chip_of_what_is_near_counts_and_is_taken_back_by_a_second_press(
    at: At, cast: demo.Cast
) -> None:
    Task.objects.filter(pk=at("acceptance").pk).update(due=clock.today())
    Task.objects.filter(pk=at("acceptance/second").pk).update(due=clock.today() + 20 * DAY)
    browser = desk(cast.window)
    chip = queue(browser, "unclaimed").context["list"].chips[1]

    narrowed = browser.get(chip["url"])

    assert chip["count"] == "1"
    assert rows(narrowed) == [at("acceptance").applicant]
    assert narrowed.context["list"].chips[1]["url"] == reverse("tasks_queue", args=["unclaimed"])


def test_a_list_is_filtered_by_an_answer_chosen_in_two_steps(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")
    form = task.case.edition.shape.form
    given = task.case.filed.answers
    code = next(
        each.code
        for each in form.fields()
        if each.kind == "enum" and each.code in given and not each.derived
    )
    browser = desk(cast.window)
    asked = {"filter": "1", "programme": task.programme_key, "ask": code}
    choice = next(
        each
        for each in queue(browser, "unclaimed", **asked).context["filter"]
        if each.name == f"f_{code}"
    )
    other = next(value for value, _ in choice.options if value != given[code])

    found = [
        task.applicant in rows(queue(browser, "unclaimed", **{f"f_{code}": value}))
        for value in (given[code], other)
    ]

    assert found == [True, False]


@pytest.mark.parametrize("value", [True, False])
def test_yes_and_no_are_answers_to_filter_by(at: At, cast: demo.Cast, *, value: bool) -> None:
    task = at("acceptance")
    given = task.case.filed.answers
    code = next(code for code, said in given.items() if said is value)
    browser = desk(cast.window)

    found = [
        task.applicant in rows(queue(browser, "unclaimed", **{f"f_{code}": said}))
        for said in ("true", "false")
    ]

    assert found == [value, not value]


def test_a_view_is_kept_marked_shared_and_deleted(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")
    group = task.candidate
    people.appoint(cast.operator, role="window", scope=group.partition(":")[2], by=None)
    browser, colleague = desk(cast.window), desk(cast.operator)
    sent = {"queue": "unclaimed", "query": f"step=acceptance&q={task.reference}&page=3"}
    name = {"name": " 我的  视图 ", "group": group}

    kept = browser.post(reverse("saved_view_new"), {**sent, **name})
    view = SavedView.objects.get()
    shown = browser.get(kept.headers["Location"])
    theirs = colleague.get(kept.headers["Location"])
    stranger = desk(cast.officer).get(reverse("saved_views"))
    foreign = colleague.post(reverse("saved_view", args=[view.pk]), {"do": "delete"})
    browser.post(reverse("saved_view", args=[view.pk]), {"do": "keep", "name": "新名", "group": ""})
    alone = colleague.get(reverse("saved_views")).context["rows"]
    browser.post(reverse("saved_view", args=[view.pk]), {"do": "delete"})

    assert (view.name, view.group) == ("我的 视图", group)
    assert "page" not in view.query
    assert rows(shown) == rows(theirs) == [task.applicant]
    assert [(each["title"], each["current"]) for each in shown.context["list"].views] == [
        ("我的 视图", True)
    ]
    assert stranger.context["rows"] == []
    assert foreign.status_code == 404
    assert alone == []
    assert not SavedView.objects.exists()


def test_a_list_narrowed_by_long_words_leads_to_a_page_that_keeps_it(cast: demo.Cast) -> None:
    browser, word = desk(cast.window), "芯" * 60
    answers = {f"f_question{number}": word for number in range(5)}
    narrowed = browser.get(reverse("tasks"), {"q": word, **answers})
    link = re.search(r'class="inbox__keep" href="([^"]+)"', narrowed.content.decode())
    assert link is not None
    address = unescape(link[1])

    page = browser.get(address)

    assert len(address) < LONGEST_ADDRESS
    assert QueryDict(page.context["query"]).dict() == {"q": word, **answers}


def test_two_views_of_one_name_and_none_are_refused(cast: demo.Cast) -> None:
    browser, address = desk(cast.window), reverse("saved_view_new")

    answers = [
        browser.post(address, {"queue": "mine", "name": name}).status_code
        for name in ("视图", "视图", "  ")
    ]

    assert answers == [303, 422, 422]


def test_nobody_shares_a_view_with_a_group_of_others(cast: demo.Cast) -> None:
    sent = {"queue": "mine", "name": "视图", "group": "case_officer"}

    assert desk(cast.window).post(reverse("saved_view_new"), sent).status_code == 403


def test_what_is_due_today_is_not_offered_to_be_put_off(at: At, cast: demo.Cast) -> None:
    browser = mine(at("acceptance"), cast.window)
    address = reverse("task_snooze", args=[at("acceptance").pk])
    offered = []

    for day in (clock.today(), clock.today() + 9 * DAY):
        Task.objects.filter(pk=at("acceptance").pk).update(due=day)
        offered.append(b'name="day"' in browser.get(address).content)

    assert offered == [False, True]


def test_another_queue_asked_of_the_inbox_is_led_to(cast: demo.Cast) -> None:
    answer = desk(cast.window).get("/tasks/?queue=team&due=near&sort=oldest")

    assert answer.headers["Location"] == "/tasks/team/?due=near&sort=oldest"


# --- what is ticked -------------------------------------------------------------------------------
def test_the_list_offers_for_the_ticked_rows_what_suits_the_queue(at: At, cast: demo.Cast) -> None:
    browser = mine(at("acceptance"), cast.window)

    offered = {
        name: [do for do, _words, _icon in queue(browser, name).context["list"].buttons]
        for name in ("mine", "unclaimed", "team", "snoozed", "watching", "done")
    }
    page = queue(browser, "mine", step="acceptance").content.decode()

    assert offered == {
        "mine": ["accept", "snooze", "release"],
        "unclaimed": ["claim"],
        "team": ["claim"],
        "snoozed": [],
        "watching": [],
        "done": [],
    }
    assert '<input type="hidden" name="step" value="acceptance">' in page
    assert f'name="task" value="{at("acceptance").pk}"' in page


def test_the_rail_calls_the_group_by_its_name_and_counts(at: At, cast: demo.Cast) -> None:
    Task.objects.update(due=clock.today() + timedelta(days=30))
    Task.objects.filter(pk=at("acceptance").pk).update(due=clock.today() - DAY)

    page = queue(desk(cast.window), "team", due="near")

    nav = page.context["nav"].staff
    assert "受理窗口" in str(nav[1].title)
    assert [entry.current for entry in nav[1].entries] == ["", "", "page"]
    assert page.context["counts"]["near"] == "1"
