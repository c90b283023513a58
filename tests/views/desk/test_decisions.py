"""What each step refuses, and where its other buttons lead."""

from typing import Any

import pytest
from django.urls import reverse

from tests.views.desk.conftest import At
from tests.views.desk.people import claimed, decide, desk, words
from workflows import clock, demo
from workflows.models import Case, Membership, NoticeEntry, Objection, Seat, Task
from workflows.stages import panel, publication

WAITING = [
    "P1-001:opinion",
    "department_review",
    "panel",
    "proposal",
    "publication",
    "publication/second",
    "sealing",
    "sheet",
]
REVIEW = ("basics_true", "integrity", "conditions_proved", "interns_protected", "enough_conditions")


def state(task: Task) -> str:
    return str(Case.objects.get(pk=task.case_id).state)


def checks(**given: str) -> dict[str, str]:
    return {f"check__{code}": given.get(code, "yes") for code in REVIEW}


# --- opinions -----------------------------------------------------------------------------------
def test_a_department_reads_what_it_is_asked(at: At, cast: demo.Cast) -> None:
    task = at("P1-001:opinion", unit="tax")

    page = claimed(task, cast.departments["tax"]).get(reverse("task", args=[task.pk]))

    assert "近三年纳税额是否属实" in words(page)


def test_an_objection_needs_facts(at: At, cast: demo.Cast) -> None:
    task = at("P1-001:opinion", unit="tax")
    browser = claimed(task, cast.departments["tax"])

    bare = decide(browser, task, "opinion", decision="objection", text="")
    told = decide(browser, task, "opinion", decision="objection", text="2025年欠税未缴。")

    given = task.case.opinions.get(unit="tax")
    assert (bare.status_code, told.status_code) == (422, 303)
    assert (given.verdict, given.text) == ("objection", "2025年欠税未缴。")


def test_a_department_knows_nothing_of_anothers_task(at: At, cast: demo.Cast) -> None:
    task = at("P1-001:opinion", unit="tax")

    answer = desk(cast.departments["credit"]).get(reverse("task", args=[task.pk]))

    assert answer.status_code == 404


# --- department review --------------------------------------------------------------------------
def test_the_officer_sees_what_every_department_said(at: At, cast: demo.Cast) -> None:
    task = at("department_review")

    page = claimed(task, cast.officer).get(reverse("task", args=[task.pk]))

    offices = [each["office"] for each in page.context["form"].opinions()]
    assert len(offices) == 6
    assert all(office in words(page) for office in offices)


def test_evaluation_needs_every_check(at: At, cast: demo.Cast) -> None:
    task = at("department_review")

    page = decide(
        claimed(task, cast.officer), task, "conclude", decision="evaluate", **checks(integrity="")
    )

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["check-integrity"]
    assert state(task) == "reviewing"


@pytest.mark.parametrize(("button", "reached"), [("back", "accepted"), ("stop", "proposal")])
def test_the_other_ways_out_of_the_review_need_words(
    at: At, cast: demo.Cast, button: str, reached: str
) -> None:
    task = at("department_review")
    browser = claimed(task, cast.officer)

    silent = decide(browser, task, "conclude", decision=button, text="")
    told = decide(browser, task, "conclude", decision=button, text="实习协议已过期。")

    assert (silent.status_code, told.status_code) == (422, 303)
    assert state(task) == reached


# --- panel --------------------------------------------------------------------------------------
def test_nobody_who_works_for_the_applicant_is_offered(at: At, cast: demo.Cast) -> None:
    task, insider = at("panel"), cast.checkers[0]
    Membership.objects.create(
        user=insider, organisation=task.case.applicant, role="clerk", valid_from=clock.today()
    )

    form = claimed(task, cast.officer).get(reverse("task", args=[task.pk])).context["form"]

    offered = [key for key, _label in form.fields["experts"].choices]
    assert offered == [str(user.pk) for user in cast.checkers[1:]]


def test_a_panel_of_the_wrong_size_is_refused_with_the_number_needed(
    at: At, cast: demo.Cast
) -> None:
    task = at("panel")

    page = decide(
        claimed(task, cast.officer),
        task,
        "panel",
        decision="seat",
        experts=[str(cast.checkers[0].pk)],
    )

    assert page.status_code == 422
    assert "2" in page.context["refusal"]
    assert not Seat.objects.filter(case=task.case).exists()


def test_the_lot_draws_as_many_as_the_edition_asks(at: At, cast: demo.Cast) -> None:
    task = at("panel")

    page = decide(claimed(task, cast.officer), task, "panel", decision="draw")

    assert page.status_code == 200
    assert len(set(page.context["form"]["experts"].value())) == 2
    assert state(task) == "evaluating"
    assert not Seat.objects.filter(case=task.case).exists()


def test_an_empty_seat_is_filled_from_those_who_have_not_sat(at: At, cast: demo.Cast) -> None:
    case = at("sheet").case
    seat = case.seats.select_related("expert", "case").order_by("number")[0]
    panel.recuse(seat, reason="曾任该企业顾问。", by=seat.expert)
    task = Task.objects.get(case=case, node="sheet", candidate__gt="", finished=None)
    browser = claimed(task, cast.officer)

    form = browser.get(reverse("task", args=[task.pk])).context["form"]
    offered = [key for key, _label in form.fields["expert"].choices]
    answer = decide(browser, task, "substitute", expert=offered[0])

    seated = Seat.objects.filter(case=case, void=None).values_list("expert", flat=True)
    assert offered == [str(cast.checkers[2].pk)]
    assert answer.status_code == 303
    assert int(offered[0]) in seated


# --- proposal -----------------------------------------------------------------------------------
def test_the_rule_suggests_the_outcome(at: At, cast: demo.Cast) -> None:
    task = at("proposal")

    form = claimed(task, cast.officer).get(reverse("task", args=[task.pk])).context["form"]

    assert form["outcome"].value() == "entered_pool"
    assert [code for code, _ in form.fields["outcome"].choices] == ["entered_pool", "refused"]


def test_a_refusal_needs_reasons_and_keeps_each_of_them(at: At, cast: demo.Cast) -> None:
    task = at("proposal")
    browser = claimed(task, cast.officer)
    form = browser.get(reverse("task", args=[task.pk])).context["form"]
    coded = form.fields["grounds"].choices[0][0]
    given: dict[str, Any] = {"outcome": "refused", "finding": "条件不足。"}

    bare = decide(browser, task, "propose", **given)
    told = decide(
        browser, task, "propose", grounds=[coded], reasons="第一条。\n\n第二条。", **given
    )

    decision = Case.objects.get(pk=task.case_id).decision
    known = task.case.procedure.reasons[coded].zh
    assert bare.status_code == 422
    assert list(bare.context["form"].errors) == ["reasons"]
    assert told.status_code == 303
    assert decision.reasons == [known, "第一条。", "第二条。"]


# --- notice and objections ----------------------------------------------------------------------
def test_cases_of_one_call_go_on_one_list(at: At, cast: demo.Cast) -> None:
    first, second = at("publication"), at("publication/second")
    browser = claimed(first, cast.officer)
    form = browser.get(reverse("task", args=[first.pk])).context["form"]

    decide(browser, first, "publish", others=form["others"].value())

    entries = NoticeEntry.objects.filter(case__in=[first.case, second.case])
    second.refresh_from_db()
    assert len(set(entries.values_list("notice", flat=True))) == 1
    assert entries.count() == 2
    assert second.finished is not None


def test_a_case_may_be_published_alone(at: At, cast: demo.Cast) -> None:
    first, second = at("publication"), at("publication/second")

    decide(claimed(first, cast.officer), first, "publish")

    second.refresh_from_db()
    assert second.finished is None


def objected(task: Task, cast: demo.Cast, number: int) -> Task:
    """The task of answering, after ``number`` people objected to the published entry."""
    publication.publish([task.case], by=cast.officer)
    for each in range(number):
        publication.file_objection(
            publication.running_entry(task.case),
            objector=f"举报人{each}",
            contact_name="某某",
            phone="13800000000",
            is_unit=False,
            facts="实习人数不实。",
        )
    return Task.objects.select_related("case").get(case=task.case, node="objection", finished=None)


def test_the_task_stays_until_every_objection_is_answered(at: At, cast: demo.Cast) -> None:
    task = objected(at("publication"), cast, 2)
    browser = claimed(task, cast.officer)
    keys = [str(each.pk) for each in publication.open_objections(task.case)]
    places = []

    for key in keys:
        answer = decide(
            browser, task, "answer", objection=key, result="not_upheld", answer="经核查属实。"
        )
        places.append(answer.headers["Location"].partition("?")[0])

    assert places == [reverse("task", args=[task.pk]), reverse("tasks")]
    assert state(task) == "notice"


def test_an_upheld_objection_says_what_follows(at: At, cast: demo.Cast) -> None:
    task = objected(at("publication"), cast, 1)
    browser = claimed(task, cast.officer)
    (objection,) = publication.open_objections(task.case)
    given = {"objection": str(objection.pk), "result": "upheld", "answer": "异议成立。"}

    bare = decide(browser, task, "answer", **given)
    told = decide(browser, task, "answer", effect="remove", **given)

    objection.refresh_from_db()
    assert (bare.status_code, told.status_code) == (422, 303)
    assert list(bare.context["form"].errors) == ["effect"]
    assert objection.result == Objection.Result.UPHELD
    assert state(task) == "proposal"


# --- sealing ------------------------------------------------------------------------------------
def test_a_new_finding_sends_the_case_back_before_the_seal(at: At, cast: demo.Cast) -> None:
    task = at("sealing")
    browser = claimed(task, cast.seal)

    bare = decide(browser, task, "hold", reason="")
    told = decide(browser, task, "hold", reason="刚列入失信名单。")

    assert (bare.status_code, told.status_code) == (422, 303)
    assert state(task) == "proposal"


def test_the_seal_page_shows_what_is_sealed(at: At, cast: demo.Cast) -> None:
    task = at("sealing")

    page = claimed(task, cast.seal).get(reverse("task", args=[task.pk]))

    said = words(page)
    assert cast.officer.name in said
    assert cast.leader.name in said
    assert cast.issuer.name in said
