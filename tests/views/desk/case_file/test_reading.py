"""The file of a case: who reads what in it, and what is done outside its tasks."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.views.desk.case_file.deeds import (
    TABS,
    WAITING,  # noqa: F401 -- read by the desk's `at`
    _attend,
    _recuse,
    file,
)
from tests.views.desk.conftest import At
from tests.views.desk.people import desk, words
from workflows import demo
from workflows.models import Seat
from workflows.stages import (
    audit_findings,
    deliberation,
    drafting,
    evaluation,
    interventions,
    notes,
    panel,
    suspension,
)
from workflows.stages.desk import claim


# --- reading --------------------------------------------------------------------------------------
@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_for_every_office(at: At, cast: demo.Cast, tab: str) -> None:
    case = at("P1-001:proposal").case
    readers = [cast.officer, cast.leader, cast.agency, cast.auditor, cast.convenor, cast.window]

    answers = [file(reader, case, tab=tab) for reader in readers]

    assert [answer.status_code for answer in answers] == [200] * len(readers)
    assert {answer.context["tab"] for answer in answers} == {tab}


def test_a_tab_nobody_knows_shows_the_answers(at: At, cast: demo.Cast) -> None:
    assert file(cast.officer, at("district_review").case, tab="rumours").context["tab"] == "answers"


@pytest.mark.parametrize("tab", ["marks", "timeline"])
def test_evaluators_are_named_to_insiders_only(at: At, cast: demo.Cast, tab: str) -> None:
    case = at("P1-001:proposal").case
    names = [str(seat.expert) for seat in Seat.objects.filter(case=case).select_related("expert")]

    seen = {
        str(reader): [name for name in names if name in words(file(reader, case, tab=tab))]
        for reader in (cast.officer, cast.agency, cast.auditor, cast.leader, cast.window)
    }

    assert seen == {
        str(cast.officer): names,
        str(cast.agency): names,
        str(cast.auditor): names,
        str(cast.leader): [],
        str(cast.window): [],
    }


def test_words_said_among_few_are_read_by_those_few(at: At, cast: demo.Cast) -> None:
    case = at("P1-001:proposal").case
    colleague = str(cast.issuer)
    audit_findings.report(case, text="卷内缺少现场记录", by=cast.auditor)
    interventions.ask(case, kind="cancel", reason="疑似重复申报", by=cast.leader)
    notes.write(case, f"请看 @{colleague}", by=cast.officer)

    seen = {
        str(reader): [
            said
            for said in ("卷内缺少现场记录", "疑似重复申报", f"提及：{colleague}")
            if said in words(file(reader, case, tab="timeline"))
        ]
        for reader in (cast.officer, cast.auditor, cast.issuer, cast.agency, cast.convenor)
    }

    every = ["卷内缺少现场记录", "疑似重复申报", f"提及：{colleague}"]
    assert seen == {
        str(cast.officer): every,
        str(cast.auditor): every,
        str(cast.issuer): every[2:],
        str(cast.agency): [],
        str(cast.convenor): [],
    }


def test_marks_wait_for_the_end_of_the_evaluation(at: At, cast: demo.Cast) -> None:
    case = at("P1-001:sheet").case
    seat = case.seats.select_related("expert", "case").order_by("number")[0]
    parts = evaluation.parts(case.procedure.evaluation)
    points = {part.code: part.maximum for part in parts} | evaluation.computed_points(case)
    panel.declare(seat, by=seat.expert)
    total = evaluation.score(seat, points=points, remarks={}, by=seat.expert).total

    leader, officer = (
        words(file(reader, case, tab="marks")) for reader in (cast.leader, cast.officer)
    )

    assert str(total) not in leader
    assert str(total) in officer


def test_an_evaluator_never_opens_the_file_of_their_case(at: At, cast: demo.Cast) -> None:
    case = at("P1-001:sheet").case

    own = file(cast.experts[0], case)

    assert own.status_code == 403  # experts have no case files; an officer who sits reads 404
    assert case.applicant.name not in own.content.decode()


def test_a_member_who_recused_reads_nothing_more(at: At, cast: demo.Cast) -> None:
    case = at("P1-001:ballot").case
    (first, _), (second, _) = cast.members[:2]
    _attend(case.items.get().meeting, [first, second], cast.convenor)
    _recuse(case, first)

    answers = [file(member, case).status_code for member in (first, second)]

    assert answers == [404, 200]


def test_the_timeline_calls_papers_and_steps_what_people_call_them(at: At, cast: demo.Cast) -> None:
    task = at("P1-001:proposal")
    case = task.case
    claim(task, by=cast.officer)

    told = words(file(cast.officer, case, tab="timeline"))

    issued = set(case.documents.filter(state="issued").values_list("kind", flat=True))
    titles = {str(case.procedure.letters[kind].title) for kind in issued}
    assert issued >= {"acceptance_notice", "special_procedure_notice"}
    assert all(title in told for title in titles)
    assert not any(code in told for code in issued)
    assert "环节：拟办意见" in told


def test_a_draft_thrown_away_never_reaches_the_office(at: At, cast: demo.Cast) -> None:
    filed_case = at("acceptance").case
    clerk = demo.clerk(filed_case.applicant)
    draft = drafting.draft(
        filed_case.round, procedure="certification", organisation=filed_case.applicant, by=clerk
    )
    drafting.discard(draft, by=clerk)
    readers = [cast.window, cast.district, cast.officer, cast.leader, cast.issuer, cast.auditor]

    files = [file(reader, draft).status_code for reader in readers]
    lists = [words(desk(reader).get(reverse("cases"))) for reader in readers]
    audit = desk(cast.auditor).get(reverse("audit"))

    assert files == [404] * len(readers)
    assert not any(draft.reference in each for each in (*lists, words(audit)))
    assert desk(cast.auditor).get(reverse("audit_case", args=[draft.reference])).status_code == 404


def test_suspending_a_case_uncovers_neither_marks_nor_votes(at: At, cast: demo.Cast) -> None:
    marked, voted = at("P1-001:sheet").case, at("P1-001:ballot").case
    seat = marked.seats.select_related("expert", "case").order_by("number")[0]
    points = {part.code: part.maximum for part in evaluation.parts(marked.procedure.evaluation)}
    panel.declare(seat, by=seat.expert)
    points |= evaluation.computed_points(marked)
    total = evaluation.score(seat, points=points, remarks={}, by=seat.expert).total
    member = cast.members[1][0]
    _attend(voted.items.get().meeting, [member], cast.convenor)
    deliberation.vote(voted, choice="disagree", reason="证据不足。", by=member)

    for case in (marked, voted):
        suspension.suspend(case, ground="litigation", reason="诉讼", by=cast.leader)

    assert str(total) not in words(file(cast.leader, marked, tab="marks"))
    assert "证据不足。" not in words(file(cast.officer, voted, tab="timeline"))


def test_a_vote_is_not_told_before_all_have_voted(at: At, cast: demo.Cast) -> None:
    case = at("P1-001:ballot").case
    member = cast.members[0][0]
    _attend(case.items.get().meeting, [member], cast.convenor)
    _recuse(case, member)

    page = file(cast.officer, case, tab="timeline")

    assert "亲属在该企业任职。" not in words(page)


def test_another_districts_case_looks_like_a_missing_one(at: At, cast: demo.Cast) -> None:
    case = at("district_review").case
    browser = desk(cast.departments["sasac"])

    foreign = browser.get(reverse("case_file", args=[case.reference]))
    missing = browser.get(reverse("case_file", args=["CJRH-1999-0001"]))

    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


def test_applicants_and_visitors_have_no_case_files(at: At) -> None:
    case = at("acceptance").case
    address = reverse("case_file", args=[case.reference])

    clerk = desk(demo.clerk(case.applicant)).get(address)
    visitor = Client().get(address)

    assert clerk.status_code == 403
    assert visitor.status_code == 302


def test_the_file_shows_who_has_the_case_and_the_clock(at: At, cast: demo.Cast) -> None:
    case = at("P1-001:sheet").case

    page = file(cast.leader, case)

    waits = page.context["waits"]
    assert [(wait["count"], wait["holders"]) for wait in waits] == [(7, [])]
    assert page.context["account"].paused


def test_own_tasks_are_links(at: At, cast: demo.Cast) -> None:
    task = at("district_review")

    page = file(cast.district, task.case)

    assert [wait["url"] for wait in page.context["waits"]] == [reverse("task", args=[task.pk])]
