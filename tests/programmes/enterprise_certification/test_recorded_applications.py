"""Enterprise certification: the form of the domain, and the applications recorded with it."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.programmes.enterprise_certification.weighing import (
    CERTIFICATION,
    EDITION,
    ENTERED,
    POOL_ENTRY,
    ROOT,
    codes,
)
from workflows.assessment import Assessment, assess
from workflows.programmes.enterprise_certification.rules import results

pytestmark = pytest.mark.once

SHARED = ROOT.parent / "shared" / "data"  # the research; compared with where it lies beside us
# Codes and kinds of every question of the domain, in its order.
QUESTIONS = """
org_name text, uscc uscc, org_kind enum, legal_rep text, established_on date, district_code text,
address text, licence_valid_to date, contact_name text, contact_phone phone, contact_email email,
data_share_consent bool, stage enum, industry_code text, industry_field enum, scale enum,
above_scale bool, industry_leader bool, main_business_training bool, central_group_whole bool,
employees_total int, skilled_employees int, revenue_3y table, tax_3y table,
payroll_last_year money, training_fund_used money, training_fund_ratio percent,
frontline_share percent, no_major_accident bool, no_tax_violation bool, not_dishonest bool,
no_student_rights_case bool, c1_claim bool, c1_mode enum, c1_partner text, c2_claim bool,
c2_apprentice_pilot bool, c2_internships table, c2_interns_total int, c3_claim bool,
c3_certs table, c4_claim bool, c4_majors table, c5_claim bool, c5_investments table,
c5_total money, c6_claim bool, c6_ip table, conditions_met int, plan_from int, plan_goals longtext,
plan_tasks table, plan_investment money, pool_no text, pool_entered_on date,
annual_report_ids table, kpi_results table, commitment bool
"""
PAPERS = [
    "business_licence", "credit_report", "application_form_signed", "evidence_c1_c6",
    "audit_or_tax", "three_year_plan", "annual_reports", "authorisation",
]  # fmt: skip


def reported(assessment: Assessment) -> dict[str, object]:
    return results(
        conditions=assessment.conditions,
        blocks=codes(assessment.blocks),
        answers=assessment.bound.answers,
        derived=assessment.bound.derived,
        rule=EDITION.rule,
    )


# --- the recorded applications ------------------------------------------------------------------
VECTORS = [
    (
        "certification",
        CERTIFICATION.answers,
        "2026-09-07",
        {
            "eligible": True,
            "conditions_met": ["C1", "C2", "C3", "C4", "C5", "C6"],
            "c2_interns_total": 76,
            "c5_total": 418.4,
            "training_fund_ratio": 2.18,
            "training_fund_warning": False,
        },
    ),
    (
        "pool_entry",
        POOL_ENTRY.answers,
        "2026-09-24",
        {
            "eligible": True,
            "conditions_met": ["C2", "C3"],
            "c2_interns_total": 75,
            "c5_total": 64.0,
            "training_fund_ratio": 1.44,
            "training_fund_warning": True,
        },
    ),
]
if (recorded := SHARED / "examples.json").exists():
    VECTORS += [
        (one["form"]["stage"], one["form"], one["submitted_on"], one["expected"])
        for one in json.loads(recorded.read_text(encoding="utf-8"), parse_float=str)["applications"]
        if one["programme"] == "P1"
    ]


@pytest.mark.parametrize(("procedure", "answers", "submitted_on", "expected"), VECTORS)
def test_recorded_applications_come_out_as_recorded(procedure, answers, submitted_on, expected):
    record = ENTERED if procedure == "certification" else {}

    found = assess(
        EDITION, procedure, answers, record, date.fromisoformat(submitted_on), submitted=True
    )

    facts = reported(found)
    known = {name: value for name, value in expected.items() if name in facts}
    assert found.bound.errors == {}
    assert {"eligible", "conditions_met"} <= known.keys()
    assert {name: same(facts[name]) for name in known} == {
        name: same(value) for name, value in known.items()
    }


def same(value: Any) -> Any:
    """Give numbers as Decimals, for the recordings were read without floats."""
    is_number = isinstance(value, float) or (isinstance(value, str) and value[:1].isdigit())
    return Decimal(str(value)) if is_number else value


def questionnaires() -> list[tuple[list[str], list[str]]]:
    """Give questions and papers as listed here, and by the research where it lies beside us."""
    own = [" ".join(question.split()) for question in QUESTIONS.split(",")]
    path = SHARED / "forms.json"
    if not path.exists():
        return [(own, PAPERS)]
    form = json.loads(path.read_text(encoding="utf-8"))[0]
    fields = [field for section in form["sections"] for field in section["fields"]]
    researched = [f"{field['code']} {field['type']}" for field in fields]
    return [(own, PAPERS), (researched, [paper["code"] for paper in form["attachments"]])]


@pytest.mark.parametrize(("questions", "papers"), questionnaires())
def test_the_form_asks_every_question_of_the_domain_and_no_other(questions, papers):
    kinds = {"year": "int"}  # the domain knows no kind of its own for years

    asked = [f"{one.code} {kinds.get(one.kind, one.kind)}" for one in EDITION.form.fields()]

    assert asked == questions
    assert [paper.code for paper in EDITION.form.attachments] == papers
