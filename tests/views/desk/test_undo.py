"""Deciding at the page: shown as done at once, taken back with one press, refused in words."""

import re
from html import unescape
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from tests.conftest import StandingClock
from tests.views.desk.conftest import At
from tests.views.desk.people import claimed, decide, desk, rows, words
from workflows import demo, jobs
from workflows.errors import SignedOutSince
from workflows.models import Case, Event, Intent, Job, Message, Task, User
from workflows.stages import register, suspension, worksheets

WAITING = ["acceptance", "acceptance/second", "district_review"]


@pytest.fixture(autouse=True)
def window(settings: Any, standing_clock: StandingClock) -> StandingClock:
    """Ten seconds to take a press back, on a clock the test moves."""
    settings.HENG_UNDO_SECONDS = 10
    created = Event.objects.latest("at").at
    standing_clock.move_to(created)
    return standing_clock


def forward(browser: Client, task: Task) -> HttpResponse:
    """Decide a case at the window."""
    return decide(browser, task, "forward", district="310110", reason="登记地在杨浦。")


def undo(browser: Client, task: Task) -> HttpResponse:
    return browser.post(reverse("task_undo", args=[task.pk]))


def carried_out(clock: StandingClock, seconds: int = 11) -> None:
    """The window closes and the worker comes."""
    clock.pass_(seconds=seconds)
    due = Job.objects.filter(kind="carry_out", state=Job.State.READY)
    for job in due.filter(not_before__lte=clock.moment):
        taken = jobs.lease(clock.moment, "", job.pk)
        assert taken is not None
        jobs.run(taken)


# --- decided, and the next one --------------------------------------------------------------------
def test_the_next_task_opens_with_a_button_that_takes_the_decision_back(
    at: At, cast: demo.Cast
) -> None:
    first, second = at("acceptance"), at("acceptance/second")
    browser = claimed(first, cast.window)
    claimed(second, cast.window)

    page = browser.get(forward(browser, first).headers["Location"])

    body = page.content.decode()
    assert page.context["task"] == second
    assert rows(page) == [second.applicant]  # the first has left the list
    assert f'action="{reverse("task_undo", args=[first.pk])}?' in body
    assert 'data-key="z"' in body
    assert re.search(r"<h1[^>]* autofocus data-focus>", body)
    assert Case.objects.get(pk=first.case_id).state == "submitted"


def test_the_button_stays_in_sight_on_further_pages_while_it_holds(
    at: At, cast: demo.Cast, window: StandingClock
) -> None:
    task = at("acceptance")
    browser = claimed(task, cast.window)
    forward(browser, task)
    address, button = reverse("tasks"), reverse("task_undo", args=[task.pk])

    pages = [browser.get(address).content.decode() for _ in range(2)]
    part = browser.get(address, headers={"HX-Request": "true"}).content.decode()
    window.pass_(seconds=11)
    later = [browser.get(address).content.decode() for _ in range(2)]

    assert [button in page for page in (*pages, part, *later)] == [True, True, False, False, False]
    assert not any(task.applicant in page for page in later)  # it was told, and is over


def test_what_is_first_told_when_its_window_is_over_is_told_once(
    at: At, cast: demo.Cast, window: StandingClock
) -> None:
    task = at("acceptance")
    browser = claimed(task, cast.window)
    forward(browser, task)
    window.pass_(seconds=11)

    pages = [browser.get(reverse("tasks")).content.decode() for _ in range(2)]

    assert [task.applicant in page for page in pages] == [True, False]


def test_the_button_leads_back_into_the_list_as_it_was_narrowed(
    at: At, cast: demo.Cast, window: StandingClock
) -> None:
    task = at("acceptance")
    browser = claimed(task, cast.window)
    narrowed = "queue=mine&due=later"
    browser.post(
        f"{reverse('task_decide', args=[task.pk])}?{narrowed}",
        {"do": "forward", "district": "310110", "reason": "登记地在杨浦。"},
    )
    page = browser.get(reverse("tasks")).content.decode()

    button = re.search(r'action="([^"]*/undo/[^"]*)"', page)
    assert button is not None
    answer = browser.post(unescape(button[1]))

    assert answer.headers["Location"] == f"{reverse('task', args=[task.pk])}?{narrowed}"


def test_the_page_of_a_decided_task_says_who_decided_what_and_until_when(
    at: At, cast: demo.Cast, window: StandingClock
) -> None:
    task = at("acceptance")
    browser = claimed(task, cast.window)
    forward(browser, task)

    page = browser.get(reverse("task", args=[task.pk]))
    window.pass_(hours=1)
    late = browser.get(reverse("task", args=[task.pk]))

    assert page.context["form"] is None
    assert cast.window.name in words(page)
    assert f"{page.context['pressed'].due.astimezone():%M:%S}" in words(page)
    assert reverse("task_undo", args=[task.pk]) in page.content.decode()
    assert (page.context["late"], late.context["late"]) == (False, True)


def test_what_is_not_taken_back_takes_effect(
    at: At, cast: demo.Cast, window: StandingClock
) -> None:
    task = at("acceptance")
    forward(claimed(task, cast.window), task)

    carried_out(window)

    case = Case.objects.get(pk=task.case_id)
    assert case.district == "310110"
    assert Event.objects.filter(case=case, kind="forwarded").get().actor == cast.window


# --- taken back -----------------------------------------------------------------------------------
def test_taken_back_the_task_is_open_again_with_every_word(
    at: At, cast: demo.Cast, window: StandingClock
) -> None:
    task = at("acceptance")
    browser = claimed(task, cast.window)
    forward(browser, task)

    answer = undo(browser, task)
    page = browser.get(answer.headers["Location"] + "&do=forward")
    carried_out(window)

    assert answer.status_code == 303
    told = [str(each) for each in page.context["messages"]]
    assert told == [f"{task.applicant}：已领取。", gettext("Taken back; nothing was done.")]
    assert "登记地在杨浦。" in page.content.decode()
    assert Case.objects.get(pk=task.case_id).district == task.case.district


def test_too_late_is_said_in_words(at: At, cast: demo.Cast, window: StandingClock) -> None:
    task = at("acceptance")
    browser = claimed(task, cast.window)
    forward(browser, task)
    carried_out(window)

    answer = undo(browser, task)

    assert answer.status_code == 409
    assert Case.objects.get(pk=task.case_id).district == "310110"


def test_nobody_takes_back_what_another_decided(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")
    forward(claimed(task, cast.window), task)
    cast.district.appointments.update(role="window")
    other = User.objects.get(pk=cast.district.pk)

    answers = [undo(desk(other), task).status_code, undo(desk(cast.leader), task).status_code]

    assert answers == [409, 404]  # a colleague may see the task, the leader not
    assert Intent.objects.get().state == Intent.State.WAITING


# --- refused --------------------------------------------------------------------------------------
def test_the_second_press_keeps_its_words(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")
    browser = claimed(task, cast.window)
    forward(browser, task)

    answer = decide(browser, task, "refuse", reason="out_of_scope", text="我写的理由在这里。")

    assert answer.status_code == 409
    assert cast.window.name in answer.context["refusal"]
    assert "我写的理由在这里。" in answer.content.decode()
    assert worksheets.of(task, cast.window)["refuse"]["text"] == "我写的理由在这里。"


def test_a_refusal_in_the_window_comes_back_as_a_message_that_leads_to_the_task(
    at: At, cast: demo.Cast, window: StandingClock
) -> None:
    task = at("district_review")
    browser = claimed(task, cast.district)
    decide(browser, task, "recommend", decision="recommend", text="建议受理。")
    suspension.suspend(task.case, ground="litigation", reason="诉讼", by=cast.leader)

    carried_out(window)
    for job in Job.objects.filter(kind="tell", state=Job.State.READY):
        if job.payload["kind"] == "intent_refused":
            taken = jobs.lease(window.moment, "", job.pk)
            assert taken is not None
            jobs.run(taken)
    page = browser.get(reverse("messages"))

    task.refresh_from_db()
    assert task.finished is None
    assert Message.objects.get(recipient=cast.district, kind="intent_refused").case == task.case
    assert f'href="{reverse("task", args=[task.pk])}"' in page.content.decode()
    assert worksheets.of(task, cast.district)["recommend"]["text"] == "建议受理。"


def test_what_the_system_no_longer_confirms_is_not_carried_out(
    at: At, cast: demo.Cast, window: StandingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = at("acceptance")
    browser = claimed(task, cast.window)
    checks = browser.get(reverse("task", args=[task.pk])).context["form"].checks
    answers = {f"check__{each.code}": "yes" for each in checks}
    assert decide(browser, task, "accept", decision="accept", **answers).status_code == 303

    monkeypatch.setattr(register, "_ban", lambda known: "2099-12-31")
    carried_out(window)

    intent = Intent.objects.get()
    assert (intent.state, Case.objects.get(pk=task.case_id).state) == ("refused", "submitted")
    assert "禁止申报期" in intent.refusal


# --- whoever goes away meanwhile ------------------------------------------------------------------
def signed_in(browser: Client, user: User) -> UserSession:
    """The list of sign-ins knows this one, as after a real sign-in."""
    key = browser.session.session_key
    return UserSession.objects.create(user=user, ip="192.0.2.7", session_key=key, user_agent="")


def test_who_signs_out_has_decided_all_the_same(
    at: At, cast: demo.Cast, window: StandingClock
) -> None:
    task = at("acceptance")
    browser = claimed(task, cast.window)
    signed_in(browser, cast.window)
    forward(browser, task)

    browser.post(reverse("account_logout"))
    UserSession.objects.purge_and_list(cast.window)  # as the next sign-in does
    carried_out(window)

    assert Intent.objects.get().state == Intent.State.DONE
    assert Case.objects.get(pk=task.case_id).district == "310110"
    assert not UserSession.objects.exists()


@pytest.mark.parametrize("end", ["elsewhere", "password"])
def test_who_is_signed_out_by_somebody_decides_anew(
    at: At, cast: demo.Cast, window: StandingClock, end: str
) -> None:
    task = at("acceptance")
    browser = claimed(task, cast.window)
    session = signed_in(browser, cast.window)
    forward(browser, task)

    if end == "elsewhere":
        session.end()
    else:
        person = User.objects.get(pk=cast.window.pk)
        person.set_password("another-password-2026")
        person.save()
    carried_out(window)

    intent = Intent.objects.get()
    assert intent.state == Intent.State.REFUSED
    assert gettext(SignedOutSince().sentence) in intent.refusal
    assert Task.objects.get(pk=task.pk).finished is None
    assert worksheets.of(task, cast.window)["forward"]["reason"] == "登记地在杨浦。"
