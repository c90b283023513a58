"""The window's page: the checklist, the one correction notice, refusal, forwarding."""

import json
from typing import Any

import pytest
from django.http import HttpResponse

from tests.views.desk.conftest import At
from tests.views.desk.people import claimed, decide
from workflows import demo
from workflows.models import Case, Event, File, Task
from workflows.stages import corrections
from workflows.templatetags.heng import error_pairs

WAITING = ["acceptance"]
CHECKS = ["in_scope", "no_other_case", "licence", "signed", "credit_report", "evidence", "finance"]


@pytest.fixture
def task(at: At) -> Task:
    """The task of a case that was filed with every paper."""
    return at("acceptance")


def answers(**given: str) -> dict[str, str]:
    """Every check in order, but for those told otherwise."""
    known = [*CHECKS, "plan"]
    return {f"check__{code}": given.get(code, "yes") for code in known}


def state(task: Task) -> str:
    return str(Case.objects.get(pk=task.case_id).state)


def facts(event: Event) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(event.body)["facts"]
    return told


def values(page: HttpResponse) -> dict[str, str]:
    return {item["code"]: item["value"] for item in page.context["form"].items()}


# --- accepting ----------------------------------------------------------------------------------
def test_what_the_answers_say_by_themselves_comes_filled_in(task: Task, cast: demo.Cast) -> None:
    page = claimed(task, cast.window).get(f"/tasks/{task.pk}/")

    found = values(page)
    marked = [item["code"] for item in page.context["form"].items() if item["automatic"]]
    assert [code for code, value in found.items() if value == "yes"] == CHECKS[:2] == marked
    assert set(found.values()) == {"yes", ""}


def test_what_enter_presses_on_a_check_decides_and_ticks_nothing(
    task: Task, cast: demo.Cast
) -> None:
    """A browser presses the first button of the form: it must not be the one for all the rest."""
    page = claimed(task, cast.window).get(f"/tasks/{task.pk}/").content.decode()

    form = page[page.index('<form id="decision"') :]
    first = form[form.index("<button") : form.index("</button>")]
    assert f'formaction="/tasks/{task.pk}/sheet/' in first
    assert "data-default" in first


@pytest.mark.parametrize("number", ["9" * 5000, "-1", "x"])
def test_a_number_nobody_types_is_no_fault_of_ours(
    task: Task, cast: demo.Cast, number: str
) -> None:
    browser = claimed(task, cast.window)

    answers_ = [
        decide(browser, task, "return", decision="more", rows=number),
        browser.post(f"/tasks/{task.pk}/sheet/", {"seen": number}),
        browser.get(f"/tasks/{task.pk}/", {"tab": "files", "p": number}),
    ]

    assert [answer.status_code for answer in answers_] == [200, 404, 200]


def test_an_open_check_refuses_acceptance_and_is_named_first(task: Task, cast: demo.Cast) -> None:
    given = answers(licence="", signed="")

    page = decide(claimed(task, cast.window), task, "accept", decision="accept", **given)

    errors = [item["code"] for item in page.context["form"].items() if item["error"]]
    assert page.status_code == 422
    said = [words for _target, words in error_pairs(page.context["form"])]
    titles = [item["title"] for item in page.context["form"].items() if item["error"]]
    assert errors == ["licence", "signed"]
    assert all(title in words for title, words in zip(titles, said, strict=True))
    assert 'href="#check-licence"' in page.content.decode()
    assert 'id="check-licence"' in page.content.decode()
    assert state(task) == "submitted"


@pytest.mark.parametrize("answer", ["no", "unsure"])
def test_a_check_not_met_refuses_acceptance(task: Task, cast: demo.Cast, answer: str) -> None:
    given = answers(finance=answer)

    page = decide(claimed(task, cast.window), task, "accept", decision="accept", **given)

    assert page.status_code == 422
    assert [item["code"] for item in page.context["form"].items() if item["error"]] == ["finance"]
    assert state(task) == "submitted"


def test_a_routine_case_takes_two_presses_and_the_trail_tells_of_the_first(
    task: Task, cast: demo.Cast
) -> None:
    browser = claimed(task, cast.window)
    given = answers(**dict.fromkeys(CHECKS[2:], ""), plan="")

    page = decide(browser, task, "accept", decision="remaining", note="材料齐全。", **given)
    kept = {
        field.html_name: field.value() or ""
        for field in page.context["form"]
        if not field.html_name.startswith("decision")
    }
    answer = browser.post(
        f"/tasks/{task.pk}/decide/", {"do": "accept", "decision": "accept", **kept}
    )

    event = Event.objects.get(case=task.case_id, kind="accepted")
    assert page.status_code == 200
    assert set(values(page).values()) == {"yes"}
    assert answer.status_code == 303
    assert state(task) == "accepted"
    assert facts(event)["note"] == "材料齐全。"
    assert [found["how"] for found in facts(event)["findings"]] == ["系统核对"] * 2 + [
        "批量确认"
    ] * 6
    assert {found["finding"] for found in facts(event)["findings"]} == {"符合"}


# --- the correction notice ----------------------------------------------------------------------
def test_failed_checks_become_the_notice_with_reason_and_words(task: Task, cast: demo.Cast) -> None:
    File.objects.filter(case=task.case, code="three_year_plan").update(code="other")
    given = answers(plan="no", finance="unsure")

    page = decide(claimed(task, cast.window), task, "accept", decision="notice", **given)

    items = [[field.value() for field in item["fields"]] for item in page.context["form"].items()]
    assert page.status_code == 200
    assert [item[0] for item in items] == ["audit_or_tax", "three_year_plan"]
    assert [item[1] for item in items] == ["missing_paper", "missing_paper"]
    assert "三年审计报告或纳税证明齐全" in items[0][2]
    assert "三年规划已提交" in items[1][2]
    assert state(task) == "submitted"


def notice(**given: Any) -> dict[str, Any]:
    """A notice of two items, the second left empty."""
    empty = {"target__1": "", "reason__1": "", "text__1": ""}
    first = {"target__0": "credit_report", "reason__0": "missing_paper", "text__0": "请补交。"}
    return {"rows": "2", **first, **empty, **given}


def test_the_notice_returns_the_case_once_with_every_item(task: Task, cast: demo.Cast) -> None:
    browser = claimed(task, cast.window)

    answer = decide(browser, task, "return", **notice())  # Ctrl+Enter names no button

    case = Case.objects.get(pk=task.case_id)
    items = list(case.correction.items.values_list("target", "reason", "text"))
    assert answer.status_code == 303
    assert case.state == "returned"
    assert items == [("credit_report", "missing_paper", "请补交。")]


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"target__0": "", "reason__0": "", "text__0": ""}, ["text-0"]),
        ({"reason__0": ""}, ["reason-0"]),
        ({"text__0": " "}, ["text-0"]),
        ({"target__0": "nobody_asked"}, ["target-0"]),
    ],
)
def test_a_notice_that_lacks_something_is_not_sent(
    task: Task, cast: demo.Cast, given: dict[str, str], wrong: list[str]
) -> None:
    page = decide(claimed(task, cast.window), task, "return", **notice(**given))

    assert page.status_code == 422
    assert list(page.context["form"].errors) == wrong
    assert state(task) == "submitted"


def test_what_a_notice_lacks_is_named_with_its_item(task: Task, cast: demo.Cast) -> None:
    page = decide(claimed(task, cast.window), task, "return", **notice(reason__0=""))

    assert list(page.context["form"].errors["reason-0"]) == ["请填写“第1项：理由”。"]


def test_one_more_item_keeps_what_was_written(task: Task, cast: demo.Cast) -> None:
    page = decide(claimed(task, cast.window), task, "return", decision="more", **notice())

    form = page.context["form"]
    assert page.status_code == 200
    assert form.count == 3
    assert form["text-0"].value() == "请补交。"


def test_a_second_notice_is_neither_offered_nor_taken(task: Task, cast: demo.Cast) -> None:
    case = task.case
    browser = claimed(task, cast.window)
    decide(browser, task, "return", **notice())
    signer = demo.signer(case.applicant)
    corrections.resubmit(case, note="已补", answers={1: "已补交"}, by=signer)
    again = Task.objects.get(case=case, node="acceptance", finished=None)
    claimed(again, cast.window)

    page = browser.get(f"/tasks/{again.pk}/")
    forced = decide(browser, again, "return", **notice())

    offered = [choice.code for choice in page.context["form"].offers()]
    assert offered == ["remaining", "accept", "accept_lacking"]
    assert ("info" in [tone for row in page.context["list"].rows for tone, _ in row.tags]) is True
    assert "changes" in [tab["url"].partition("tab=")[2] for tab in page.context["tabs"]]
    assert forced.status_code == 409
    assert forced.context["refusal"]


def test_x20_after_the_return_the_window_accepts_although_something_is_missing(
    task: Task, cast: demo.Cast
) -> None:
    case, browser = task.case, claimed(task, cast.window)
    decide(browser, task, "return", **notice())
    corrections.resubmit(case, note="", answers={}, by=demo.signer(case.applicant))
    again = Task.objects.get(case=case, node="acceptance", finished=None)
    claimed(again, cast.window)

    plain = decide(browser, again, "accept", decision="accept", **answers())
    silent = decide(
        browser, again, "accept", decision="accept_lacking", **answers(credit_report="no")
    )
    answer = decide(
        browser,
        again,
        "accept",
        decision="accept_lacking",
        note="可由共享平台核验。",
        **answers(credit_report="no"),
    )

    event = Event.objects.get(case=case, kind="accepted")
    assert [plain.status_code, silent.status_code, answer.status_code] == [422, 422, 303]
    assert "请补交。" in str(plain.context["form"].errors["note"])
    assert "请补交。" in event.body
    assert "公共信用信息报告已取得" in event.body


# --- refusing and forwarding --------------------------------------------------------------------
def test_refusal_needs_a_reason_and_words(task: Task, cast: demo.Cast) -> None:
    page = decide(claimed(task, cast.window), task, "refuse", reason="", text="")

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["reason", "text"]


def test_a_refused_case_is_closed_with_its_words(task: Task, cast: demo.Cast) -> None:
    form = claimed(task, cast.window).get(f"/tasks/{task.pk}/?do=refuse").context["form"]
    reason = form.fields["reason"].choices[1][0]

    answer = decide(
        claimed(task, cast.window), task, "refuse", reason=reason, text="不属于受理范围。"
    )

    assert answer.status_code == 303
    assert state(task) == "not_accepted"


def test_a_forwarded_case_waits_at_the_other_desk(task: Task, cast: demo.Cast) -> None:
    here, browser = task.case.district, claimed(task, cast.window)
    offered = browser.get(f"/tasks/{task.pk}/?do=forward").context["form"].fields["district"]

    answer = decide(browser, task, "forward", district="310110", reason="登记地在杨浦。")

    task.refresh_from_db()
    assert here not in [code for code, _ in offered.choices]
    assert dict(offered.choices)["310110"] == "杨浦区"
    assert answer.status_code == 303
    assert (task.candidate, task.owner) == ("window:310110", None)
    assert task.finished is None
