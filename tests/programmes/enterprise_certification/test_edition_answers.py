"""Enterprise certification: warnings, refusals, papers, opinions and computed points."""

import pytest

from tests.programmes.enterprise_certification.weighing import (
    EDITION,
    ENTERED,
    POOL_ENTRY,
    codes,
    weighed,
)

pytestmark = pytest.mark.once


# --- warnings, papers, opinions -----------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "warned"),
    [
        ({"training_fund_used": "297.75"}, False),  # 1.50 % of 19 850
        ({"training_fund_used": "296.75"}, True),  # 1.49 %
        ({"training_fund_used": "300.00", "frontline_share": "59.99"}, True),
    ],
)
def test_too_little_for_education_is_a_warning(change, warned):
    found = weighed(change)

    assert ("E5" in codes(found.warnings)) == warned
    assert found.eligible


def test_an_area_code_unlike_the_credit_code_is_a_warning():
    found = weighed({"district_code": "310104"})

    assert list(found.bound.errors) == []
    assert "district_code" in found.bound.warnings


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"skilled_employees": 2181}, "skilled_employees"),
        ({"plan_from": 2028}, "plan_from"),
        ({"plan_goals": "太短"}, "plan_goals"),
        ({"established_on": "2026-09-25"}, "established_on"),
        ({"licence_valid_to": "2026-09-23"}, "licence_valid_to"),
        ({"central_group_whole": True}, "central_group_whole"),
        ({"data_share_consent": False}, "data_share_consent"),
        ({"commitment": False}, "commitment"),
        ({"uscc": "91310110MAYY1A029R"}, "uscc"),
        ({"c1_claim": True}, "c1_mode"),
        ({"plan_tasks": POOL_ENTRY.answers["plan_tasks"][:2]}, "plan_tasks"),
        ({"revenue_3y": POOL_ENTRY.answers["revenue_3y"][:2]}, "revenue_3y"),
    ],
)
def test_a_wrong_answer_is_refused_at_its_place(change, place):
    assert place in weighed(change).bound.errors


def test_years_of_revenue_are_consecutive():
    rows = [{"year": year, "amount": "1.00"} for year in (2022, 2024, 2025)]

    assert "revenue_3y" in weighed({"revenue_3y": rows}).bound.errors


def test_cultivation_is_asked_for_certification_only():
    section = EDITION.form.section("cultivation")
    asked = {field.code for field in section.fields}

    assert asked & weighed().bound.shown == set()
    assert asked <= weighed(procedure="certification", today="2026-09-07").bound.shown


def test_the_stage_is_the_procedure_whatever_is_answered():
    assert weighed({"stage": "certification"}).bound.derived["stage"] == "pool_entry"


def test_missing_papers_are_told_and_those_the_office_can_fetch_are_not_asked():
    found = weighed()

    assert [paper.code for paper in found.lacking({"audit_or_tax", "three_year_plan"})] == [
        "application_form_signed",
        "evidence_c1_c6",
    ]
    assert found.bound.ok


def test_the_annual_reports_are_asked_for_certification_only():
    certification = weighed(procedure="certification", record=ENTERED, today="2026-09-07")

    assert "annual_reports" in [paper.code for paper in certification.lacking(())]
    assert "annual_reports" not in [paper.code for paper in weighed().lacking(())]


@pytest.mark.parametrize("state_owned", [True, False])
def test_the_state_assets_department_is_asked_about_state_firms(state_owned):
    found = weighed(record={"state_owned": state_owned})

    asked = [department.code for department in found.departments()]
    assert asked[:6] == ["credit", "tax", "ecology", "emergency", "market", "hr"]
    assert asked[6:] == (["sasac"] if state_owned else [])


def test_checks_speak_first_where_the_answers_can():
    found = weighed({"district_code": "330602"}, record={"open_case": "2026-0007"})

    spoken = {item.code: found.confirmed(item) for item in found.checks("completeness")}
    assert spoken["in_scope"] is False
    assert spoken["no_other_case"] is False
    assert spoken["evidence"] is None
    assert "reports" not in spoken


# --- the rubric ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "part", "points"),
    [
        ({"employees_total": 1000}, "interns_scale", "8.44"),  # 76 of 90
        ({"c2_internships": None}, "interns_scale", "0.00"),
        ({"c5_investments": None}, "investment_scale", "0.00"),
        ({"training_fund_used": "218.00"}, "training_fund", "0.00"),  # 1.49 %
        ({"training_fund_used": "219.00"}, "training_fund", "5.00"),  # 1.498 %, shown as 1.50
        ({"kpi_results": None}, "plan_completion", "0.00"),
    ],
)
def test_computed_points_follow_the_answers(change, part, points):
    found = weighed(change, procedure="certification", record=ENTERED, today="2026-09-07")

    assert str(found.points()[part]) == points


def test_investment_is_measured_by_revenue_once_that_asks_for_more_than_a_million():
    row = {"year": 2025, "kind": "base", "school": "校", "amount": "92.02", "voucher_no": "1"}

    found = weighed(
        {"c5_investments": [row]}, procedure="certification", record=ENTERED, today="2026-09-07"
    )

    assert str(found.points()["investment_scale"]) == "5.00"  # of 184.05, a thousandth of revenue


def test_a_sentence_names_the_figures():
    found = weighed({"c3_claim": False})

    assert "至少需要满足 2 项，目前满足 1 项" in found.sentence(found.blocks[0])
