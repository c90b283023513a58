"""The file of a case: who reads what in it, and what is done outside its tasks."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.views.desk.conftest import At
from tests.views.desk.people import desk, words
from workflows import clock, demo, store
from workflows.models import Case, Event, Seat, Task, User
from workflows.stages import acceptance, deliberation, evaluation, publication

WAITING = [
    "acceptance",
    "district_review",
    "P1-001:sheet",
    "P1-001:proposal",
    "P1-001:ballot",
    "notice",
]
TABS = ["answers", "files", "opinions", "marks", "papers", "timeline"]


def file(user: User, case: Case, **asked: str) -> HttpResponse:
    return desk(user).get(reverse("case_file", args=[case.reference]), asked)


def act(user: User, case: Case, do: str, **given: Any) -> HttpResponse:
    return desk(user).post(reverse("case_act", args=[case.reference]), {"do": do, **given})


def state(case: Case) -> str:
    return str(Case.objects.get(pk=case.pk).state)


# --- reading ------------------------------------------------------------------------------------
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


def test_marks_wait_for_the_end_of_the_evaluation(at: At, cast: demo.Cast) -> None:
    case = at("P1-001:sheet").case
    seat = case.seats.select_related("expert", "case").order_by("number")[0]
    parts = evaluation.parts(case.procedure.evaluation)
    points = {part.code: part.maximum for part in parts} | evaluation.computed_points(case)
    evaluation.declare(seat, by=seat.expert)
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


def _attend(meeting: Any, users: list[User], by: User) -> None:
    deliberation.attend(meeting, users=users, by=by)


def _recuse(case: Case, member: User) -> None:
    deliberation.vote(case, choice="recused", reason="亲属在该企业任职。", by=member)


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


# --- acting -------------------------------------------------------------------------------------
def test_the_head_of_the_office_stops_and_resumes_a_case(at: At, cast: demo.Cast) -> None:
    case = at("district_review").case

    bare = act(cast.leader, case, "suspend", ground="litigation", reason="")
    stopped = act(cast.leader, case, "suspend", ground="litigation", reason="诉讼中。")
    offered = [form.code for form in file(cast.leader, case).context["actions"]]
    resumed = act(cast.leader, case, "resume")

    assert (bare.status_code, stopped.status_code, resumed.status_code) == (422, 303, 303)
    assert offered == ["resume", "extend", "terminate"]
    assert state(case) == "accepted"


def test_the_time_limit_is_extended_once(at: At, cast: demo.Cast) -> None:
    case = at("district_review").case

    first = act(cast.leader, case, "extend", reason="案情复杂。")
    second = act(cast.leader, case, "extend", reason="案情仍然复杂。")

    assert (first.status_code, second.status_code) == (303, 409)
    assert "案情仍然复杂。" in second.content.decode()
    assert Event.objects.filter(case=case, kind="extended").count() == 1


def test_a_case_is_terminated_with_words(at: At, cast: demo.Cast) -> None:
    case = at("district_review").case

    answer = act(cast.leader, case, "terminate", reason="企业已注销。")

    assert answer.status_code == 303
    assert state(case) == "terminated"
    assert not Task.objects.filter(case=case, finished=None).exists()


@pytest.mark.parametrize("do", ["suspend", "extend", "terminate"])
def test_nobody_else_acts_on_the_course_of_a_case(at: At, cast: demo.Cast, do: str) -> None:
    case = at("district_review").case

    answer = act(cast.officer, case, do, ground="litigation", reason="不归我管。")

    assert answer.status_code == 403
    assert "不归我管。" in answer.content.decode()
    assert state(case) == "accepted"


def test_the_window_gives_more_time_to_correct(at: At, cast: demo.Cast) -> None:
    case = at("acceptance").case
    item = {"target": "", "reason": "inconsistent", "text": "请核对。"}
    due = acceptance.return_once(case, items=[item], by=cast.window).due

    answer = act(cast.window, case, "extend_correction", days="5", reason="企业停产检修。")

    assert answer.status_code == 303
    assert Case.objects.get(pk=case.pk).correction.due > due


def test_a_conflict_found_late_voids_a_seat(at: At, cast: demo.Cast) -> None:
    case = at("P1-001:proposal").case
    seat = case.seats.order_by("number")[0]

    answer = act(cast.officer, case, "void_seat", seat=str(seat.pk), reason="曾任该企业顾问。")

    seat.refresh_from_db()
    assert answer.status_code == 303
    assert seat.void is not None


def test_an_act_nobody_knows_is_not_there(at: At, cast: demo.Cast) -> None:
    assert act(cast.leader, at("acceptance").case, "forget").status_code == 404


# --- objections ---------------------------------------------------------------------------------
def test_who_objected_and_their_evidence_are_for_those_who_answer(at: At, cast: demo.Cast) -> None:
    case = at("notice").case
    piece = {"name": "证据.pdf", "sha256": store.store().put(b"%PDF-evidence")}
    entry = publication.running_entry(case)
    with clock.at(clock.start_of(entry.notice.opens)):
        objection = publication.file_objection(
            entry,
            objector="某某行业协会",
            contact_name="联系人",
            phone="13800000000",
            is_unit=True,
            facts="实习人数不实。",
            evidence=[piece],
        )
    address = reverse("objection_file", args=[case.reference, objection.number, 1])
    readers = (cast.officer, cast.leader, cast.auditor, cast.window)

    named = ["某某行业协会" in words(file(reader, case)) for reader in readers]
    sent = [desk(reader).get(address) for reader in readers]
    beyond = desk(cast.officer).get(address.replace("/1/", "/2/"))

    assert named == [True, True, True, False]
    assert [answer.status_code for answer in sent] == [200, 200, 200, 403]
    assert sent[0].content == b"%PDF-evidence"
    assert sent[0].headers["Content-Disposition"].startswith("attachment")
    assert beyond.status_code == 404
