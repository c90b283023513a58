"""One task with its case: who may open it, take it, give it back, decide it; what is refused."""

import re

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext

from tests.views.desk.conftest import At
from tests.views.desk.people import claimed, decide, desk, words
from workflows import clock, demo
from workflows.calendar import DAY
from workflows.models import Appointment, Case, Event, Task, User
from workflows.stages import acceptance, people, supplements, suspension

WAITING = ["acceptance", "acceptance/second", "district_review", "P1-001:sheet", "signing"]
MOST_STATEMENTS = 15  # interface 6


def colleague(cast: demo.Cast, at: At) -> User:
    """Another person at the same window."""
    person = User.objects.create(username="window.colleague", name="顾同事")
    district = at("acceptance").case.district
    people.appoint(person, role=Appointment.Role.WINDOW, scope=district, by=None)
    return person


# --- looking ------------------------------------------------------------------------------------
def test_an_unclaimed_task_can_be_read_and_claimed_but_not_decided(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")

    page = desk(cast.window).get(reverse("task", args=[task.pk]))

    assert page.status_code == 200
    assert page.context["form"] is None
    assert reverse("task_claim", args=[task.pk]) in page.content.decode()
    assert task.case.applicant.uscc in words(page)


def test_while_the_applicant_is_asked_every_page_says_that_time_stands(
    at: At, cast: demo.Cast
) -> None:
    task = at("district_review")
    browser = claimed(task, cast.district)
    supplements.ask(task.case, questions=["资金来源"], days=10, by=cast.district)
    Task.objects.filter(pk=task.pk).update(due=clock.today() - DAY)

    page = browser.get(reverse("task", args=[task.pk]))
    register = browser.get(reverse("cases"), {"q": task.reference[:-1]}).context["rows"]
    waits = browser.get(reverse("case_file", args=[task.reference])).context["waits"]
    groups = desk(cast.leader).get(reverse("sharing")).context["groups"]
    later = {"until": (clock.today() + DAY).isoformat()}
    words_of_it = words(browser.get(reverse("task_snooze", args=[task.pk])))
    put_off = browser.post(reverse("task_snooze", args=[task.pk]), later)

    assert page.context["light"].colour == "pause"
    assert page.context["owed"] in words(page)
    assert [each["stands"].colour for each in waits] == ["pause"]
    assert {each["light"].colour for each in register if each["case"] == task.case} == {"pause"}
    assert [each.overdue for each in groups if each.code == task.candidate] == [0]
    assert "办理时限暂停计算" in words_of_it
    assert put_off.status_code == 303


def test_the_rail_marks_the_list_the_task_stands_in(at: At, cast: demo.Cast) -> None:
    task, other = at("acceptance"), at("acceptance/second")
    browser, address = claimed(task, cast.window), reverse("task", args=[other.pk])
    near = reverse("tasks_queue", args=["team"]) + "?due=near"

    free, own = browser.get(address), browser.get(reverse("task", args=[task.pk]))
    asked = browser.get(address, {"queue": "team", "due": "near"})

    marked = [
        re.findall(r'href="([^"]+)" aria-current', words) for words in map(_rail, (free, own))
    ]
    assert marked == [[reverse("tasks_queue", args=["unclaimed"])], [reverse("tasks")]]
    assert re.findall(r'href="([^"]+)" aria-current', _rail(asked)) == [near]


def _rail(page: HttpResponse) -> str:
    """The rail of the desk, as it is written."""
    return page.content.decode().partition('<nav class="rail')[2].partition("</nav>")[0]


def test_another_form_and_the_next_look_at_it_have_the_focus(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")
    browser, address = claimed(task, cast.window), reverse("task", args=[task.pk])
    focused = 'tabindex="-1" autofocus data-focus>'

    pages = [browser.get(address), browser.get(address, {"do": "refuse"})]
    pages += [decide(browser, task, "accept", decision=press) for press in ("remaining", "accept")]

    forms = [page.content.decode().partition('<form id="decision"')[2] for page in pages]
    assert [focused in form.partition("<input")[0] for form in forms] == [False, True, True, False]
    assert "autofocus" in forms[-1]  # what is missing has it there


def test_the_case_of_another_office_is_as_if_it_did_not_exist(at: At, cast: demo.Cast) -> None:
    browser = desk(cast.window)

    foreign = browser.get(reverse("task", args=[at("district_review").pk]))
    missing = browser.get(reverse("task", args=[10**9]))

    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


def test_every_tab_of_a_task_opens_within_a_fixed_number_of_statements(
    at: At, cast: demo.Cast
) -> None:
    task = at("acceptance")
    browser = claimed(task, cast.window)
    address = reverse("task", args=[task.pk])
    tabs = [tab["url"] for tab in browser.get(address).context["tabs"]]
    costs = {}

    for url in tabs:
        with CaptureQueriesContext(connection) as statements:
            page = browser.get(url)
        assert page.status_code == 200
        costs[url.partition("tab=")[2]] = len(statements)

    assert list(costs) == ["answers", "files", "opinions", "talk", "papers", "timeline"]
    assert costs["files"] <= MOST_STATEMENTS
    assert max(costs.values()) <= MOST_STATEMENTS + 5  # what a tab alone reads


def test_acceptance_begins_at_the_filed_papers(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")

    page = desk(cast.window).get(reverse("task", args=[task.pk]))

    first = page.context["papers"][0]
    assert page.context["tab"] == "files"
    assert reverse("file_page", args=[first.file.pk, 1]) in page.content.decode()


def test_a_signature_begins_at_the_opinions_it_rests_on(at: At, cast: demo.Cast) -> None:
    page = desk(cast.issuer).get(reverse("task", args=[at("signing").pk]))

    assert page.context["tab"] == "opinions"


def test_a_part_asked_for_by_the_list_has_no_heading_of_its_own_rank(
    at: At, cast: demo.Cast
) -> None:
    browser = desk(cast.window)
    address = reverse("task", args=[at("acceptance").pk])

    alone = browser.get(address)
    part = browser.get(address, headers={"HX-Request": "true"})

    assert (alone.content.count(b"<h1"), part.content.count(b"<h1")) == (1, 0)
    assert "HX-Request" in part.headers["Vary"]


def test_a_suspended_case_offers_no_decision_and_says_that_it_stands_still(
    at: At, cast: demo.Cast
) -> None:
    task = at("district_review")
    browser = claimed(task, cast.district)
    suspension.suspend(task.case, ground="litigation", reason="诉讼", by=cast.leader)

    page = browser.get(reverse("task", args=[task.pk]))
    refused = decide(browser, task, "recommend", decision="recommend", text="建议受理。")

    assert page.context["form"] is None
    assert 'name="decision"' not in page.content.decode()
    assert gettext("This case stands still. It can be decided once it is resumed.") in words(page)
    assert refused.status_code == 409
    assert clock.today().isoformat() in refused.context["refusal"]
    assert "建议受理。" in refused.content.decode()


# --- claiming -----------------------------------------------------------------------------------
def test_the_second_to_claim_is_told_who_was_first(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")
    claimed(task, cast.window)

    answer = desk(colleague(cast, at)).post(reverse("task_claim", args=[task.pk]))

    task.refresh_from_db()
    assert answer.status_code == 409
    assert cast.window.name in answer.context["refusal"]
    assert task.owner == cast.window


def test_a_claimed_task_opens_with_the_focus_on_its_heading(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")
    browser = desk(cast.window)

    page = browser.post(reverse("task_claim", args=[task.pk]), follow=True)

    assert [str(message) for message in page.context["messages"]] == [f"{task.applicant}：已领取。"]
    assert "autofocus data-focus>" + task.applicant in page.content.decode()


def test_a_task_given_back_can_be_taken_by_a_colleague(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")
    other = colleague(cast, at)

    answer = claimed(task, cast.window).post(reverse("task_give_back", args=[task.pk]))
    claimed(task, other)

    task.refresh_from_db()
    assert answer.headers["Location"] == reverse("tasks")
    assert task.owner == other


def test_whoever_holds_nothing_gives_nothing_back(at: At, cast: demo.Cast) -> None:
    answer = desk(cast.window).post(reverse("task_give_back", args=[at("acceptance").pk]))

    assert answer.status_code == 409


# --- deciding -----------------------------------------------------------------------------------
def test_after_a_decision_the_next_task_of_the_queue_opens(at: At, cast: demo.Cast) -> None:
    first, second = at("acceptance"), at("acceptance/second")
    browser = claimed(first, cast.window)
    claimed(second, cast.window)
    browser.get(reverse("task", args=[first.pk]))  # says that it is claimed

    answer = decide(browser, first, "forward", district="310110", reason="登记地在杨浦。")

    page = browser.get(answer.headers["Location"])
    assert answer.status_code == 303
    assert page.context["task"] == second
    assert [first.applicant in str(message) for message in page.context["messages"]] == [True]
    assert b"autofocus" in page.content


def test_after_the_last_task_comes_the_list(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")

    answer = decide(
        claimed(task, cast.window), task, "forward", district="310110", reason="登记地在杨浦。"
    )

    assert answer.headers["Location"] == reverse("tasks")


def test_a_task_finished_by_a_colleague_is_refused_and_the_words_are_kept(
    at: At, cast: demo.Cast
) -> None:
    task = at("acceptance")
    browser = claimed(task, cast.window)
    acceptance.refuse_acceptance(
        task.case, reason="out_of_scope", text="不属于受理范围。", by=colleague(cast, at)
    )

    answer = decide(browser, task, "refuse", reason="out_of_scope", text="我写的理由在这里。")

    assert answer.status_code == 409
    assert "我写的理由在这里。" in answer.content.decode()
    assert answer.context["refusal"]
    assert Event.objects.filter(case=task.case, kind="not_accepted").count() == 1


def test_a_task_held_by_a_colleague_is_not_decided_over_their_head(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")
    claimed(task, cast.window)

    answer = decide(
        desk(colleague(cast, at)), task, "forward", district="310110", reason="不在本区。"
    )

    task.refresh_from_db()
    assert answer.status_code == 409
    assert cast.window.name in answer.context["refusal"]
    assert task.finished is None


def test_words_that_lack_come_back_with_status_422_and_a_summary(at: At, cast: demo.Cast) -> None:
    task = at("district_review")

    answer = decide(claimed(task, cast.district), task, "recommend", decision="not_recommend")

    page = answer.content.decode()
    task.refresh_from_db()
    assert answer.status_code == 422
    assert 'href="#id_text"' in page
    assert "<title>" in page
    assert page.partition("<title>")[2].startswith(("Error", "错误"))
    assert task.finished is None


def test_no_button_no_decision(at: At, cast: demo.Cast) -> None:
    task = at("district_review")

    answer = decide(claimed(task, cast.district), task, "recommend", text="同意。")

    assert answer.status_code == 422
    assert Case.objects.get(pk=task.case_id).state == "accepted"


def test_a_decision_of_another_step_is_not_there(at: At, cast: demo.Cast) -> None:
    task = at("district_review")

    assert decide(claimed(task, cast.district), task, "seal").status_code == 404


def test_deciding_is_a_post(at: At, cast: demo.Cast) -> None:
    task = at("acceptance")
    browser = desk(cast.window)

    answers = [
        browser.get(reverse(name, args=[task.pk])).status_code
        for name in ("task_decide", "task_claim", "task_give_back")
    ]

    assert answers == [405, 405, 405]


def test_who_accepted_may_not_decide_whatever_their_office(at: At, cast: demo.Cast) -> None:
    """The three-way separation speaks with its own sentence (domain 0.3)."""
    task = at("signing")
    people.appoint(cast.window, role=Appointment.Role.ISSUER, by=None)

    answer = decide(claimed(task, User.objects.get(pk=cast.window.pk)), task, "sign")

    assert answer.status_code == 403
    assert answer.context["refusal"]


def test_a_visitor_signs_in_first(at: At) -> None:
    answer = Client().get(reverse("task", args=[at("acceptance").pk]))

    assert answer.status_code == 302
    assert reverse("account_login") in answer.headers["Location"]


def test_a_finished_task_is_read_only(at: At, cast: demo.Cast) -> None:
    done = Task.objects.filter(owner=cast.window, status="DONE").order_by("pk")[0]

    page = desk(cast.window).get(reverse("task", args=[done.pk]))

    assert page.status_code == 200
    assert page.context["form"] is None
    assert page.context["list"].asked.queue == "done"
