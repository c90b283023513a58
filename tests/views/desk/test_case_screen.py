"""The case on one screen: the worksheet, the ticks, what was found, the notice before it goes."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.views.desk.conftest import At
from tests.views.desk.people import claimed, decide, desk, words
from workflows import demo
from workflows.models import Case, Document, Event, File, Number, Task, User, Worksheet
from workflows.stages import corrections, people, worksheets
from workflows.stages import desk as taking
from workflows.templatetags.heng import error_pairs

WAITING = ["acceptance", "department_review"]
MOST_STATEMENTS = 15  # interface 6
NOTICE = {
    "do": "return",
    "rows": "1",
    "target-0": "credit_report",
    "reason-0": "missing_paper",
    "text-0": "请补交公共信用信息报告。",
    "found": "credit_report:no licence:yes in_scope:yes",
    "together": "licence",
}


@pytest.fixture
def task(at: At) -> Task:
    """A filed case at the window."""
    return at("acceptance")


def keep(browser: Client, task: Task, **given: str) -> Any:
    names = {name.replace("__", "-"): value for name, value in given.items()}
    return browser.post(reverse("task_sheet", args=[task.pk]), names)


def facts(case: int, kind: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(Event.objects.get(case=case, kind=kind).body)["facts"]
    return told


# --- the worksheet ------------------------------------------------------------------------------
def test_what_is_ticked_and_typed_is_there_again_in_another_browser(
    task: Task, cast: demo.Cast
) -> None:
    browser = claimed(task, cast.window)

    answer = keep(browser, task, do="accept", check__plan="unsure", note="等企业回电。")
    again = desk(cast.window).get(f"/tasks/{task.pk}/").context["form"]

    assert answer.status_code == 303
    assert {item["code"]: item["value"] for item in again.items()}["plan"] == "unsure"
    assert again["note"].value() == "等企业回电。"


def test_each_form_of_a_task_keeps_its_own_words(task: Task, cast: demo.Cast) -> None:
    browser = claimed(task, cast.window)

    keep(browser, task, do="refuse", reason="out_of_scope", text="不属于受理范围。")
    keep(browser, task, do="forward", reason="登记地在杨浦。")

    kept = worksheets.of(task, cast.window)
    refusal = browser.get(f"/tasks/{task.pk}/?do=refuse").context["form"]
    assert refusal["text"].value() == "不属于受理范围。"
    assert kept["forward"] == {"reason": "登记地在杨浦。"}


def test_nobody_else_finds_what_somebody_keeps(task: Task, cast: demo.Cast, at: At) -> None:
    keep(claimed(task, cast.window), task, do="accept", note="只给自己看。")
    taking.give_back(task, by=cast.window)
    other = User.objects.create(username="window.other", name="顾同事")
    people.appoint(other, role="window", scope=task.case.district, by=None)

    page = claimed(task, other).get(f"/tasks/{task.pk}/")

    assert "只给自己看。" not in page.content.decode()


def test_a_script_reads_when_it_was_kept(task: Task, cast: demo.Cast) -> None:
    answer = claimed(task, cast.window).post(
        reverse("task_sheet", args=[task.pk]),
        {"do": "accept", "note": "核对中"},
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 200
    assert list(answer.json()) == ["kept"]


@pytest.mark.parametrize("given", [{}, {"do": "seal"}, {"seen": "0"}, {"seen": "x"}])
def test_a_form_or_paper_the_task_does_not_know_is_not_there(
    task: Task, cast: demo.Cast, given: dict[str, str]
) -> None:
    assert keep(claimed(task, cast.window), task, **given).status_code == 404
    assert not Worksheet.objects.exists()


def test_a_decided_task_keeps_nothing_any_more(task: Task, cast: demo.Cast) -> None:
    browser = claimed(task, cast.window)
    keep(browser, task, do="accept", note="先记一笔。")

    decide(browser, task, "forward", district="310110", reason="登记地在杨浦。")
    decide(claimed(task, cast.window), task, "refuse", reason="out_of_scope", text="不在范围。")
    keep(browser, task, do="accept", note="晚了。")

    assert not Worksheet.objects.filter(task=task).exists()


def test_what_no_database_keeps_is_left_out(task: Task, cast: demo.Cast) -> None:
    kept = worksheets.keep(task, cast.window, {"do": "accept", "note": "甲\x00乙\ud800"})

    assert worksheets.of(task, cast.window) == kept == {"accept": {"note": "甲乙"}}


def test_a_field_without_bounds_is_not_kept(task: Task, cast: demo.Cast) -> None:
    kept = worksheets.keep(task, cast.window, {"do": "accept", "note": "长" * 9000, "x": "短"})

    assert kept["accept"] == {"x": "短"}


# --- the papers ---------------------------------------------------------------------------------
def test_papers_looked_at_are_counted_in_the_tab(task: Task, cast: demo.Cast) -> None:
    browser = claimed(task, cast.window)
    first, second = browser.get(f"/tasks/{task.pk}/").context["papers"][:2]
    total = len(task.case.filed.files)

    keep(browser, task, seen=str(first.file.pk))
    keep(browser, task, seen=str(second.file.pk))
    keep(browser, task, seen=str(first.file.pk), tick="off")
    page = browser.get(f"/tasks/{task.pk}/")

    counts = {tab["url"].partition("tab=")[2]: tab["count"] for tab in page.context["tabs"]}
    assert counts["files"] == f"1 / {total}"
    assert page.context["seen"] == [second.file.pk]


def test_a_check_leads_to_the_page_that_proves_it(task: Task, cast: demo.Cast) -> None:
    File.objects.filter(case=task.case, code="three_year_plan").update(pages=3)
    browser = claimed(task, cast.window)
    form = browser.get(f"/tasks/{task.pk}/").context["form"]
    plan = next(check for check in form.checks if check.code == "plan")
    object.__setattr__(plan, "page", 2)  # as an edition may say
    try:
        form = browser.get(f"/tasks/{task.pk}/").context["form"]
        (link,) = next(item["links"] for item in form.items() if item["code"] == "plan")
        page = browser.get(link[1])
    finally:
        object.__setattr__(plan, "page", None)

    assert page.context["page"] == 2
    assert page.context["paper"].file.code == "three_year_plan"


def test_what_the_system_checked_says_what_it_compared(task: Task, cast: demo.Cast) -> None:
    form = claimed(task, cast.window).get(f"/tasks/{task.pk}/").context["form"]

    shown = {item["code"]: item for item in form.items()}
    district = task.case.filed.answers["district_code"]
    assert [code for code, item in shown.items() if item["automatic"]] == [
        "in_scope",
        "no_other_case",
    ]
    assert shown["in_scope"]["automatic"] == "yes"
    assert len(shown["in_scope"]["source"]) > 5
    assert district
    assert (
        shown["no_other_case"]["source"].count("：") + shown["no_other_case"]["source"].count(":")
        == 2
    )


# --- all remaining ------------------------------------------------------------------------------
def test_the_rest_is_not_confirmed_in_one_press_while_something_is_flagged(
    task: Task, cast: demo.Cast
) -> None:
    browser = claimed(task, cast.window)

    page = decide(browser, task, "accept", decision="remaining", check__finance="unsure")

    form = page.context["form"]
    assert page.status_code == 422
    assert error_pairs(form)
    assert "plan" in [check.code for check in form.open_checks()]
    assert 'value="remaining"' not in page.content.decode()


def test_a_round_may_want_every_check_confirmed_by_itself(task: Task, cast: demo.Cast) -> None:
    browser = claimed(task, cast.window)
    before = browser.get(f"/tasks/{task.pk}/").content.decode()
    task.case.round.one_by_one = True
    task.case.round.save(update_fields=["one_by_one"])

    after = browser.get(f"/tasks/{task.pk}/").content.decode()
    pressed = decide(browser, task, "accept", decision="remaining")

    assert 'value="remaining"' in before
    assert 'value="remaining"' not in after
    assert pressed.status_code == 422


# --- what was found -----------------------------------------------------------------------------
def test_the_trail_tells_what_was_found_before_the_return_and_how(
    task: Task, cast: demo.Cast
) -> None:
    browser = claimed(task, cast.window)

    answer = browser.post(reverse("task_decide", args=[task.pk]), NOTICE)
    shown = desk(cast.leader).get(f"/cases/{task.case.reference}/?tab=timeline")

    told = {each["code"]: each for each in facts(task.case_id, "returned")["findings"]}
    assert answer.status_code == 303
    assert told["credit_report"]["finding"] == "不符"
    assert "how" not in told["credit_report"]
    assert (told["licence"]["how"], told["in_scope"]["how"]) == ("批量确认", "系统核对")
    assert "不符" in words(shown)
    assert "系统核对" in words(shown)


def test_no_applicant_reads_what_the_office_ticked(task: Task, cast: demo.Cast) -> None:
    claimed(task, cast.window).post(reverse("task_decide", args=[task.pk]), NOTICE)

    record = desk(demo.signer(task.case.applicant)).get(f"/a/{task.case.reference}/record/")

    assert record.status_code == 200
    assert "批量确认" not in words(record)
    assert "系统核对" not in words(record)


def test_an_opinion_holds_the_officers_words_and_the_trail_the_checks(
    at: At, cast: demo.Cast
) -> None:
    task = at("department_review")
    browser = claimed(task, cast.officer)
    form = browser.get(f"/tasks/{task.pk}/").context["form"]
    ticks = {f"check-{check.code}": "yes" for check in form.checks}
    together = " ".join(check.code for check in form.checks)

    answer = browser.post(
        reverse("task_decide", args=[task.pk]),
        {"do": "conclude", "decision": "evaluate", "text": "同意。", "together": together, **ticks},
    )

    opinion = task.case.opinions.get(phase="department_review")
    found = facts(task.case_id, "sent_to_evaluation")["findings"]
    assert answer.status_code == 303
    assert opinion.text == "同意。"
    assert len(found) == len(form.checks)
    assert "批量确认" in {each.get("how") for each in found}


# --- the notice ---------------------------------------------------------------------------------
def test_the_preview_is_the_notice_itself_and_leaves_nothing(task: Task, cast: demo.Cast) -> None:
    browser = claimed(task, cast.window)
    before = (Document.objects.count(), Number.objects.count(), Event.objects.count())

    answer = browser.post(reverse("task_preview", args=[task.pk]), NOTICE)

    after = (Document.objects.count(), Number.objects.count(), Event.objects.count())
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert before == after
    assert Case.objects.get(pk=task.case_id).state == "submitted"
    assert worksheets.of(task, cast.window)["return"]["text-0"] == NOTICE["text-0"]


def test_a_notice_that_lacks_something_has_no_preview(task: Task, cast: demo.Cast) -> None:
    answer = claimed(task, cast.window).post(
        reverse("task_preview", args=[task.pk]), {**NOTICE, "reason-0": ""}
    )

    assert answer.status_code == 422


def test_a_case_returned_already_has_no_preview(task: Task, cast: demo.Cast) -> None:
    browser = claimed(task, cast.window)
    browser.post(reverse("task_decide", args=[task.pk]), NOTICE)
    corrections.resubmit(
        task.case, note="已补", answers={1: "已补交"}, by=demo.signer(task.case.applicant)
    )
    again = Task.objects.get(case=task.case, node="acceptance", finished=None)

    answer = claimed(again, cast.window).post(reverse("task_preview", args=[again.pk]), NOTICE)

    assert answer.status_code == 409


def test_another_look_at_the_checks_keeps_what_was_reworded(task: Task, cast: demo.Cast) -> None:
    browser = claimed(task, cast.window)
    given = {"check__finance": "no", "check__licence": "yes"}
    decide(browser, task, "accept", decision="notice", **given)
    keep(browser, task, **{**NOTICE, "target-0": "audit_or_tax", "text-0": "请补 2024 年审计。"})

    page = decide(browser, task, "accept", decision="notice", **given)

    assert page.context["form"]["text-0"].value() == "请补 2024 年审计。"
    assert page.context["form"].due > task.created.date()


# --- the price ----------------------------------------------------------------------------------
def test_the_case_with_its_checks_costs_no_more_statements_than_promised(
    task: Task, cast: demo.Cast
) -> None:
    browser = claimed(task, cast.window)
    browser.get(f"/tasks/{task.pk}/")

    with CaptureQueriesContext(connection) as statements:
        page = browser.get(f"/tasks/{task.pk}/")

    assert page.status_code == 200
    assert len(statements) <= MOST_STATEMENTS
