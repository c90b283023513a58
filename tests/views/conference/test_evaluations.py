"""The evaluator's way: declare, mark or check, lock; or leave."""

from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from tests.views.public.addresses import at, browser, statements, text
from workflows import demo
from workflows.models import Case, Opinion, Seat
from workflows.recording import acts
from workflows.stages import attaching, evaluation, supplements, suspension

pytestmark = pytest.mark.django_db
NAMES = ("上海澄曜半导体装备有限公司", "91310115MAYY1A0104", "澄曜", "CJRH-2026-")


def first(case: Case) -> Seat:
    found = case.seats.select_related("expert").order_by("number").first()
    assert found is not None
    return found


def sheet(seat: Seat, **changes: str) -> dict[str, str]:
    """A whole sheet: full marks, and what the system computed."""
    computed = evaluation.computed_points(seat.case)
    parts = evaluation.parts(seat.case.procedure.evaluation)
    points = {part.code: computed.get(part.code, part.maximum) for part in parts}
    return {f"points-{code}": str(value) for code, value in points.items()} | changes


# --- before anything opens ----------------------------------------------------------------------
def test_nothing_of_the_file_is_shown_before_the_declaration(marked: Case) -> None:
    seat = first(marked)

    page = browser(seat.expert).get(at("evaluation", seat.code))

    words = text(page)
    assert page.status_code == 200
    assert "Declaration of interests" in words
    assert [name for name in (*NAMES, "points-") if name in words] == []


def test_a_declaration_must_be_ticked(marked: Case) -> None:
    seat = first(marked)

    page = browser(seat.expert).post(at("evaluation_declare", seat.code))

    assert page.status_code == 422
    assert Seat.objects.get(pk=seat.pk).declared is None


def test_a_declaration_opens_the_file(marked: Case) -> None:
    seat, client = first(marked), browser(first(marked).expert)

    page = client.post(at("evaluation_declare", seat.code), {"none": "on"}, follow=True)

    assert page.status_code == 200
    assert "Criteria" in text(page)


def test_the_sheet_cannot_be_locked_before_the_declaration(marked: Case) -> None:
    seat = first(marked)

    page = browser(seat.expert).post(at("evaluation_lock", seat.code), sheet(seat))

    assert page.status_code == 403


def test_recusal_asks_for_a_reason(marked: Case) -> None:
    seat = first(marked)

    page = browser(seat.expert).post(at("evaluation_recuse", seat.code), {"reason": " "})

    assert page.status_code == 422


def test_a_refused_recusal_keeps_its_words(seat: Seat, cast: demo.Cast) -> None:
    suspension.suspend(seat.case, ground="litigation", reason="诉讼", by=cast.leader)

    page = browser(seat.expert).post(at("evaluation_recuse", seat.code), {"reason": "曾任其顾问"})

    assert page.status_code == 409
    assert "This case stands still since" in text(page)
    assert "曾任其顾问" in text(page)


def test_whoever_recused_themselves_finds_nothing_any_more(seat: Seat) -> None:
    client = browser(seat.expert)

    left = client.post(at("evaluation_recuse", seat.code), {"reason": "曾任其顾问"})
    after = client.get(at("evaluation", seat.code))

    assert left.status_code == 302
    assert after.status_code == 404
    assert seat.code not in text(client.get(at("evaluations")))


# --- the sheet ----------------------------------------------------------------------------------
def test_the_sheet_shows_claims_and_computed_points_and_no_applicant(seat: Seat) -> None:
    page = browser(seat.expert).get(at("evaluation", seat.code))

    words = text(page)
    assert [name for name in NAMES if name in words] == []
    assert "computed: 10.00" in words
    assert "76" in words  # interns, as the applicant says


def test_checking_the_total_adds_up_and_locks_nothing(seat: Seat) -> None:
    posted = sheet(seat, **{"points-teaching_mark": "", "points-running_schools_mark": "１２.５"})

    page = browser(seat.expert).post(at("evaluation", seat.code), posted)

    given = [Decimal(value) for key, value in posted.items() if value and "running" not in key]
    assert page.status_code == 200
    assert page.context["total"] == sum(given) + Decimal("12.5")
    assert [each["criterion"].code for each in page.context["lacking"]] == ["teaching"]
    assert Seat.objects.get(pk=seat.pk).locked is None


def test_a_half_filled_sheet_is_kept_and_stands_there_again(seat: Seat) -> None:
    client = browser(seat.expert)
    half = {
        "points-technology_mark": "8",
        "points-teaching_mark": "good",
        "remark-technology_mark": "专利一项",
        "comment": "待复核",
    }

    saved = client.post(at("evaluation", seat.code), half)
    reopened = client.get(at("evaluation", seat.code))

    assert (saved.status_code, reopened.status_code) == (422, 200)
    form = reopened.context["form"]
    assert {name: form[name].value() for name in half} == half
    assert reopened.context["total"] == Decimal(8)
    assert "must lie between 0 and 15" in text(reopened)
    assert Seat.objects.get(pk=seat.pk).locked is None


def test_what_was_kept_is_gone_once_the_sheet_is_locked(seat: Seat) -> None:
    client = browser(seat.expert)
    client.post(at("evaluation", seat.code), sheet(seat))

    client.post(at("evaluation_lock", seat.code), sheet(seat))
    late = client.post(at("evaluation", seat.code), sheet(seat))

    assert Seat.objects.get(pk=seat.pk).draft == {}
    assert "nothing can be changed" in text(late)


def test_a_whole_sheet_is_locked_and_shown_read_only(seat: Seat) -> None:
    client = browser(seat.expert)

    page = client.post(
        at("evaluation_lock", seat.code), sheet(seat, comment="材料扎实"), follow=True
    )

    locked = Seat.objects.get(pk=seat.pk)
    words = text(page)
    assert locked.locked is not None
    assert str(locked.total) in words
    assert "材料扎实" in words
    assert "evaluation_lock" not in words


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"points-teaching_mark": ""}, 422, "must lie between 0 and 15"),
        ({"points-teaching_mark": "16"}, 422, "must lie between 0 and 15"),
        ({"points-teaching_mark": "-1"}, 422, "must lie between 0 and 15"),
        ({"points-teaching_mark": "good"}, 422, "must lie between 0 and 15"),
        ({"points-teaching_mark": "9.999"}, 422, "must lie between 0 and 15"),
        ({"points-interns_scale": "4"}, 422, "differs from the computed"),
    ],
)
def test_a_wrong_mark_keeps_the_whole_sheet(
    seat: Seat, change: dict[str, str], status: int, sentence: str
) -> None:
    posted = sheet(seat, **{"remark-technology_mark": "专利一项", **change})

    page = browser(seat.expert).post(at("evaluation_lock", seat.code), posted)

    words = text(page)
    assert page.status_code == status
    assert sentence in words
    assert "专利一项" in words
    assert "<title>Error:" in words
    assert Seat.objects.get(pk=seat.pk).locked is None


def test_a_computed_part_may_be_marked_otherwise_with_grounds(seat: Seat) -> None:
    change = {"points-interns_scale": "4", "remark-interns_scale": "现场核查人数较少"}

    page = browser(seat.expert).post(at("evaluation_lock", seat.code), sheet(seat, **change))

    assert page.status_code == 302
    assert Seat.objects.get(pk=seat.pk).scores["interns_scale"] in ("4", "4.00")


def test_a_sheet_is_locked_once(seat: Seat) -> None:
    client = browser(seat.expert)
    client.post(at("evaluation_lock", seat.code), sheet(seat))

    again = client.post(at("evaluation_lock", seat.code), sheet(seat))

    assert again.status_code == 409


def test_a_seat_is_its_own_experts_alone(seat: Seat, cast: demo.Cast) -> None:
    other = next(expert for expert in cast.experts if expert != seat.expert)

    answers = [
        browser(other).get(at("evaluation", seat.code)).status_code,
        browser(other).post(at("evaluation_lock", seat.code), sheet(seat)).status_code,
        browser(other).get(at("evaluation", "NOSUCHSEAT")).status_code,
        browser(cast.auditor).get(at("evaluation", seat.code)).status_code,
    ]

    assert answers == [404, 404, 404, 403]


# --- what the applicant added ---------------------------------------------------------------------
def added(case: Case, cast: demo.Cast) -> None:
    """The office asks, and the signer answers with words that name it and with a paper."""
    supplements.ask(case, questions=["资金来源？"], days=5, by=cast.officer)
    clerk, data = demo.clerk(case.applicant), acts.sample("协议")
    attaching.attach(case, code="supplement-1", name="协议.pdf", data=data, by=clerk)
    words = f"{case.applicant.name}自有资金"
    supplements.answer(case, answers={1: words}, note="见附件", by=demo.signer(case.applicant))


def test_a_blind_panel_reads_the_answer_without_the_name_and_the_paper(
    seat: Seat, cast: demo.Cast
) -> None:
    before = text(browser(seat.expert).get(at("evaluation", seat.code)))
    added(seat.case, cast)

    words = text(browser(seat.expert).get(at("evaluation", seat.code)))

    assert "Supplementary material" not in before
    assert "资金来源？" in words
    assert "自有资金" in words
    assert [name for name in (*NAMES, "协议.pdf") if name in words] == []


def test_a_reviewer_reads_the_answer_and_opens_its_paper(check_seat: Seat, cast: demo.Cast) -> None:
    client, filed = browser(check_seat.expert), check_seat.case.submissions.latest("number")
    added(check_seat.case, cast)
    number = len(filed.files) + 1

    words = text(client.get(at("evaluation", check_seat.code)))
    file = client.get(at("evaluation_file", check_seat.code, number))

    assert "自有资金" in words
    assert at("evaluation_file", check_seat.code, number) in words
    assert (file.status_code, "%E5%8D%8F%E8%AE%AE" in file["Content-Disposition"]) == (200, True)
    assert client.get(at("evaluation_file", check_seat.code, number + 1)).status_code == 404


# --- checks of a pool entry ---------------------------------------------------------------------
def test_a_reviewer_reads_the_papers_they_check(check_seat: Seat) -> None:
    client = browser(check_seat.expert)
    filed = check_seat.case.submissions.latest("number")

    page = client.get(at("evaluation", check_seat.code))
    file = client.get(at("evaluation_file", check_seat.code, 1))

    assert filed.files[0]["name"] in text(page)
    assert file.status_code == 200
    assert file.content.startswith(b"%PDF-")
    assert file["Content-Disposition"].startswith("attachment")


def test_a_half_filled_check_is_kept_without_a_finding(check_seat: Seat) -> None:
    client = browser(check_seat.expert)

    saved = client.post(at("evaluation", check_seat.code), {"text": "营业执照已核对"})
    reopened = client.get(at("evaluation", check_seat.code))

    assert saved.status_code == 200
    assert "营业执照已核对</textarea>" in text(reopened)
    assert Seat.objects.get(pk=check_seat.pk).locked is None


def test_a_paper_that_was_not_filed_is_not_there(check_seat: Seat) -> None:
    client = browser(check_seat.expert)

    assert client.get(at("evaluation_file", check_seat.code, 0)).status_code == 404
    assert client.get(at("evaluation_file", check_seat.code, 99)).status_code == 404


def test_a_blind_panel_has_no_papers_to_open(seat: Seat) -> None:
    assert browser(seat.expert).get(at("evaluation_file", seat.code, 1)).status_code == 404


def test_papers_are_closed_before_the_declaration(checked: Case) -> None:
    seat = first(checked)

    assert browser(seat.expert).get(at("evaluation_file", seat.code, 1)).status_code == 403


def test_a_check_is_locked_with_its_finding(check_seat: Seat) -> None:
    page = _check(check_seat, verdict="pass", text="属实")

    opinion = Opinion.objects.get(case=check_seat.case, unit=check_seat.code)
    assert page.status_code == 302
    assert (opinion.verdict, opinion.text) == ("pass", "属实")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"verdict": "fail", "text": " "}, "Please give the reason."),
        ({"text": "属实"}, "Choose your finding"),
        ({"verdict": "maybe"}, "not one of the available choices"),
    ],
)
def test_an_incomplete_check_is_refused_with_words(
    check_seat: Seat, given: dict[str, str], sentence: str
) -> None:
    page = _check(check_seat, **given)

    assert page.status_code == 422
    assert sentence in text(page)
    assert Seat.objects.get(pk=check_seat.pk).locked is None


def _check(seat: Seat, **given: str) -> HttpResponse:
    return browser(seat.expert).post(at("evaluation_lock", seat.code), given)


# --- the list -----------------------------------------------------------------------------------
def test_the_list_names_seats_and_no_applicants(marked: Case) -> None:
    seat = first(marked)

    words = text(browser(seat.expert).get(at("evaluations")))

    assert seat.code in words
    assert [name for name in NAMES if name in words] == []


def test_those_who_run_evaluations_see_how_many_sheets_are_in(
    marked: Case, cast: demo.Cast
) -> None:
    words = text(browser(cast.officer).get(at("evaluations")))

    assert marked.applicant.name in words
    assert "0 / 7" in words


def test_the_list_costs_the_same_at_one_and_at_three_seats(seat: Seat) -> None:
    client = browser(seat.expert)
    facts: dict[str, Any] = {"case": seat.case, "expert": seat.expert, "drawn": seat.drawn}
    at_one = statements(client, at("evaluations"))
    for number in (1, 2):
        Seat.objects.create(**facts, round=90 + number, number=number, code=f"MORE{number}")

    assert statements(client, at("evaluations")) == at_one <= 7


def test_visitors_sign_in_first(client: Client, db: None) -> None:
    page = client.get(at("evaluations"))

    assert page.status_code == 302
    assert at("account_login") in page["Location"]
