"""The file of a case: who reads what in it, and what is done outside its tasks."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from tests.views.desk.case_file.deeds import (
    WAITING,  # noqa: F401 -- read by the desk's `at`
    act,
    file,
    state,
)
from tests.views.desk.conftest import At
from tests.views.desk.people import desk, words
from workflows import clock, demo, store
from workflows.models import Case, Edition, Event, Seat, Supplement, Task
from workflows.stages import corrections, publication, supplements


# --- acting ---------------------------------------------------------------------------------------
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

    assert answer.status_code == 404
    assert state(case) == "accepted"


def test_x41_the_leader_puts_a_case_under_newer_rules_on_its_page(at: At, cast: demo.Cast) -> None:
    case = at("district_review").case
    before = [form.code for form in file(cast.leader, case).context["actions"]]
    content = json.loads(case.edition.content) | {"version": "2099.1"}
    newer = Edition.objects.create(
        programme=case.programme_key,
        version="2099.1",
        digest="f" * 64,
        content=json.dumps(content),
        published=case.edition.published + timedelta(days=1),
    )

    told = file(cast.leader, case).context["actions"]
    answer = act(cast.leader, case, "apply_newer", edition=str(newer.pk), reason="期限更短。")

    assert ("apply_newer" in before, "apply_newer" in [form.code for form in told]) == (False, True)
    assert answer.status_code == 303
    assert Case.objects.get(pk=case.pk).edition == newer


def test_x48_a_title_that_was_cut_to_nothing_is_not_extended_on_the_page(
    at: At, cast: demo.Cast
) -> None:
    case = at("district_review").case

    answer = act(cast.officer, case, "extend_term", valid_to="2030-01-01", proof="办学许可证")

    assert "extend_term" not in [form.code for form in file(cast.officer, case).context["actions"]]
    assert answer.status_code == 422


def test_the_window_gives_more_time_to_correct(at: At, cast: demo.Cast) -> None:
    case = at("acceptance").case
    item = {"target": "", "reason": "inconsistent", "text": "请核对。"}
    due = corrections.return_once(case, items=[item], by=cast.window).due

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


def test_asking_to_void_a_seat_names_the_evaluators_to_nobody_but_the_insiders(
    at: At, cast: demo.Cast
) -> None:
    case = at("P1-001:sheet").case
    names = [str(seat.expert) for seat in Seat.objects.filter(case=case).select_related("expert")]
    strangers = [cast.leader, cast.finance, cast.issuer, cast.convenor, cast.window]

    asked = [act(stranger, case, "void_seat") for stranger in strangers]
    insider = act(cast.officer, case, "void_seat")

    assert [answer.status_code for answer in asked] == [404] * len(strangers)
    assert not [name for name in names for answer in asked if name in answer.content.decode()]
    assert insider.status_code == 422
    assert all(name in insider.content.decode() for name in names)


def test_an_act_nobody_knows_is_not_there(at: At, cast: demo.Cast) -> None:
    assert act(cast.leader, at("acceptance").case, "forget").status_code == 404


# --- objections -----------------------------------------------------------------------------------
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


# --- being let go ---------------------------------------------------------------------------------
def test_a_request_to_be_let_go_waits_at_the_officers_case_page(
    asked: Case, cast: demo.Cast
) -> None:
    officers, auditors = file(cast.officer, asked), file(cast.auditor, asked)

    assert "材料有误，需要撤回" in words(officers)
    assert "answer_withdrawal" in [each.code for each in officers.context["actions"]]
    assert auditors.context["actions"] == []


def test_the_officer_lets_the_applicant_go(asked: Case, cast: demo.Cast) -> None:
    answer = act(cast.officer, asked, "answer_withdrawal", decision="consent")

    assert (answer.status_code, state(asked)) == (303, "withdrawn")


def test_a_request_is_refused_with_a_reason_only(asked: Case, cast: demo.Cast) -> None:
    silent = act(cast.officer, asked, "answer_withdrawal", decision="refuse")
    answer = act(cast.officer, asked, "answer_withdrawal", decision="refuse", reason="正在核查")

    assert (silent.status_code, answer.status_code) == (422, 303)
    assert state(asked) == "notice"
    assert asked.events.order_by("seq").last().kind == "withdrawal_refused"


def test_only_the_office_lets_an_applicant_go(asked: Case, cast: demo.Cast) -> None:
    answer = act(cast.window, asked, "answer_withdrawal", decision="consent")

    assert (answer.status_code, state(asked)) == (404, "notice")


def test_the_district_asks_for_material_and_takes_the_request_back(at: At, cast: demo.Cast) -> None:
    case = at("district_review").case

    asked = act(cast.district, case, "ask_supplement", questions="资金来源？\n合作协议？", days="8")
    offered = [form.code for form in file(cast.district, case).context["actions"]]
    recalled = act(cast.district, case, "recall_supplement", reason="已从共享平台取得。")

    supplement = Case.objects.get(pk=case.pk).supplements.get()
    assert (asked.status_code, recalled.status_code) == (303, 303)
    assert "recall_supplement" in offered
    assert "ask_supplement" not in offered
    assert [item.text for item in supplement.items.all()] == ["资金来源？", "合作协议？"]
    assert (supplement.days, supplement.closed_as) == (8, "recalled")


def test_a_licence_that_was_asked_for_is_no_request_of_the_office(at: At, cast: demo.Cast) -> None:
    case = at("district_review").case
    asked = {"asked": clock.now(), "by": cast.seal, "days": 5, "due": clock.today()}
    answered = {"closed": clock.now(), "closed_as": "answered"}
    Supplement.objects.create(case=case, number=1, ground="licence", **asked, **answered)

    page = file(cast.district, case, do="ask_supplement")

    assert supplements.used(case) == 0
    assert "第1次，最多2次" in page.content.decode()
