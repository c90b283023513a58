"""Applications carried together: a group in order, what changes it, money that is short."""

import pytest

from tests.recording.filing import (
    CALL,
    carried,
    case_of,
    day,
    outcomes,
    project,
    recorded,
)
from tests.stages.course import plain_papers
from workflows.models import Event, NoticeEntry, Ranking
from workflows.models.case import State

pytestmark = pytest.mark.django_db
SCHOOLS = ("P3-001", "P3-002", "P3-003")


@pytest.fixture(autouse=True)
def _quick(office, monkeypatch):
    plain_papers(monkeypatch)


def budget(**lines: float) -> list[dict[str, object]]:
    return [{**CALL, "budgets": lines}]


def marks(results):
    return [each.actual["score"] for each in results]


# --- schools --------------------------------------------------------------------------------------
def test_a_figure_corrected_in_the_notice_scores_the_whole_group_again():
    told = [
        day("2026-11-01", "objection", facts="I24 与教学任务书不一致。"),
        day("2026-11-01", "correct_figure", indicator="I24", value=4210),
        day("2026-11-01", "objection_not_upheld"),
    ]
    corrected = recorded("P3-002", timeline=told)

    results = carried([recorded("P3-001"), corrected, recorded("P3-003")])

    assert marks(results) == ["98.18", "84.59", "50.41"]
    assert outcomes(results) == {
        "P3-001": "recognised",
        "P3-002": "recognised",
        "P3-003": "not_recognised",
    }
    assert Ranking.objects.count() == 2
    assert all(each.missed == [] for each in results)
    entries = NoticeEntry.objects.filter(case=case_of(results[1]))
    assert (entries.count(), entries.exclude(removed=None).count()) == (2, 1)


def test_a_school_that_withdraws_in_the_notice_lets_the_others_rise():
    leaving = recorded("P3-001", timeline=[day("2026-11-12", "withdraw")])

    results = carried([leaving, recorded("P3-002"), recorded("P3-003")])

    assert marks(results)[1:] == ["100.00", "56.77"]
    assert outcomes(results) == {
        "P3-001": "withdrawn",
        "P3-002": "recognised",
        "P3-003": "not_recognised",
    }


def test_a_contested_figure_is_settled_once():
    found = {"I24": {"value": 4210, "reason": "教学任务书合计4210课时"}}
    told = [
        day("2026-10-13", "contest_figures", figures={"I24": "另有任务书未计入。"}),
        day("2026-10-15", "settle_contest", figures={"I24": {"value": 5210, "reason": "已补证"}}),
    ]
    contested = recorded("P3-002", evaluation={"findings": found}, timeline=told)

    results = carried([recorded("P3-001"), contested, recorded("P3-003")])

    assert marks(results) == ["98.18", "85.03", "50.41"]


def test_a_group_of_one_is_not_scored():
    (result,) = carried([recorded("P3-001")])

    assert "GroupTooSmall" not in result.problem
    assert "3" in result.problem
    assert case_of(result).state == State.EVALUATING


# --- money ----------------------------------------------------------------------------------------
def test_the_last_project_takes_a_smaller_amount_and_the_rest_is_kept_in_the_register():
    good = [project(0, 200, 90), project(1, 200, 80), project(2, 100, 75)]

    results = carried([*good, project(3, 50, 69.99)], budget(platform=300))

    assert outcomes(results) == {
        "project-0": "funded",
        "project-1": "funded",
        "project-2": "registered",
        "project-3": "refused",  # below the pass mark, however much money there is
    }
    amounts = [each.actual.get("approved_amount") for each in results]
    assert amounts == ["200.00", "100.00", None, None]


def test_an_offer_declined_goes_to_the_next_that_fits():
    declining = project(1, 200, 80, timeline=[day("2026-10-10", "decline_offer")])

    results = carried([project(0, 200, 90), declining, project(2, 100, 75)], budget(platform=300))

    assert outcomes(results) == {
        "project-0": "funded",
        "project-1": "registered",
        "project-2": "funded",
    }


def test_a_refused_task_book_lets_the_next_project_of_the_register_come_up():
    refusing = project(0, 200, 90, timeline=[day("2026-10-01", "decline_task_book")])

    results = carried([refusing, project(1, 200, 80)], budget(platform=200))

    assert outcomes(results) == {"project-0": "lapsed", "project-1": "funded"}
    kinds = Event.objects.filter(case=case_of(results[1])).values_list("kind", flat=True)
    assert {"registered", "called_up", "granted"} <= set(kinds)


def test_equals_over_the_rest_of_the_money_are_ordered_by_the_conference():
    order = ["project-1", "project-0"]
    rounds = [{**budget(platform=200)[0], "tie_order": order}]

    results = carried([project(0, 200, 82), project(1, 200, 82)], rounds)

    assert outcomes(results) == {order[0]: "funded", order[1]: "registered"}
    assert Ranking.objects.exclude(meeting="").exists()


def test_experts_who_cut_a_row_lower_the_amount():
    cut = project(0, 200, 90)
    for sheet in cut["evaluation"]["panel"]:
        sheet["cuts"] = {"0": 150}

    (result,) = carried([cut], budget(platform=900))

    assert result.actual["approved_amount"] == "150.00"
    assert [each["amount"] for each in result.actual["tranches"]] == ["75.00", "45.00", "30.00"]


def test_a_project_that_is_another_under_a_second_name_is_stopped():
    told = [day("2026-09-16", "likeness_same")]
    twin = project(1, 200, 90, timeline=told)
    for answer in ("address", "budget_lines", "project_name"):
        twin["form"][answer] = project(0, 200, 80)["form"][answer]

    results = carried([project(0, 200, 80), twin], budget(platform=900))

    assert outcomes(results) == {"project-0": "funded", "project-1": "refused"}


# --- filing together ------------------------------------------------------------------------------
def test_a_partner_that_does_not_confirm_keeps_the_application_a_draft():
    (result,) = carried([recorded("P2-001", unconfirmed=["上海滨江工程职业技术学院"])])

    assert (result.state, result.actual["refusal"]) == ("draft", "PartnerNotConfirmed")
    assert "上海滨江工程职业技术学院" in result.refusal


def test_an_application_after_the_close_is_refused_with_the_exact_time():
    (result,) = carried([recorded("P4-001", submitted_on="2026-11-02")])

    assert (result.state, result.actual["refusal"]) == ("draft", "RoundClosed")
    assert "2026-10-31 23:59" in result.refusal


def test_a_second_bid_of_one_unit_is_refused():
    again = recorded("P4-002", id="again", submitted_on="2026-09-21")
    again["form"] |= {"project_name": "另一个名称的项目", "address": "上海市示例路1号"}

    first, second = carried([recorded("P4-002"), again])

    assert first.actual["decision"] == "funded"
    assert second.actual["refusal"] in ("BidExists", "OpenCaseExists")


def test_a_demonstration_base_needs_the_lower_level_first():
    (result,) = carried([recorded("P2-001", form={"level": "demonstration"})])

    assert result.actual["decision"] == "ineligible"


def test_an_application_nobody_can_read_is_told_of_and_the_others_are_carried():
    strange = recorded("P2-002", id="strange", programme="P9")

    known, unknown = carried([recorded("P2-001"), strange])

    assert known.actual["decision"] == "designated"
    assert "P9 is not installed" in unknown.problem
    assert not unknown.agrees
