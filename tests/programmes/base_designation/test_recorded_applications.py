"""Base designation: the form of the domain, and the applications recorded with it."""

import json
from datetime import date

import pytest

from tests.programmes.base_designation.weighing import EDITION, ROOT, reported, weighed
from workflows.assessment import assess

pytestmark = pytest.mark.once

SHARED = ROOT.parent / "shared" / "data"  # the research; compared with where it lies beside us
# Codes and kinds of every question of the domain, in its order.
QUESTIONS = """
org_name text, uscc uscc, org_kind enum, legal_rep text, established_on date, district_code text,
address text, licence_valid_to date, contact_name text, contact_phone phone, contact_email email,
data_share_consent bool, lead_role enum, partners table, agreement_no text, agreement_from date,
agreement_to date, base_name text, base_kind enum, level enum, site_address text, area_sqm decimal,
equipment_value money, workstations int, employees_on_site int, majors_served table,
quasi_posts int, quasi_monthly_pay money, probation_pay money, students_in_base int,
intent_agreements int, intent_rate percent, retained_last_cohort int, graduates_last_cohort int,
courses table, offcampus_hours int, experts table, reception table, reception_person_days int,
peak_post_students int, same_post_ratio percent, occupations table, annual_trainees int,
highskill_trainees int, tripartite_rate percent, insurance_rate percent, mentors int,
safety_plan bool, invest_rows table, plan_goals longtext, commitment bool
"""
PAPERS = [
    "agreement", "site_proof", "equipment_list", "tripartite_sample", "insurance_policy",
    "safety_plan_file", "kind_evidence", "expert_resumes",
]  # fmt: skip


def questionnaires() -> list[tuple[list[str], list[str]]]:
    """Give questions and papers as listed here, and by the research where it lies beside us."""
    own = [" ".join(question.split()) for question in QUESTIONS.split(",")]
    path = SHARED / "forms.json"
    if not path.exists():
        return [(own, PAPERS)]
    forms = json.loads(path.read_text(encoding="utf-8"))
    form = next(each for each in forms if each["code"] == "P2")
    fields = [field for section in form["sections"] for field in section["fields"]]
    researched = [f"{field['code']} {field['type'].removesuffix('_yuan')}" for field in fields]
    return [(own, PAPERS), (researched, [paper["code"] for paper in form["attachments"]])]


@pytest.mark.parametrize(("questions", "papers"), questionnaires())
def test_the_form_asks_every_question_of_the_domain_and_no_other(questions, papers):
    asked = [f"{one.code} {one.kind}" for one in EDITION.form.fields()]

    assert asked == questions
    assert [paper.code for paper in EDITION.form.attachments] == papers


def test_pay_is_asked_in_yuan_a_month():
    units = {EDITION.form.field(code).unit for code in ("quasi_monthly_pay", "probation_pay")}

    assert units == {"元/月"}
    assert weighed("employment").bound.values["probation_pay"] == 500_000  # fen


VECTORS = [
    (dict(sample.answers), sample.today.isoformat(), {"eligible": True})
    for sample in EDITION.samples[:2]
]
if (recorded := SHARED / "examples.json").exists():
    VECTORS += [
        (one["form"], one["submitted_on"], one["expected"])
        for one in json.loads(recorded.read_text(encoding="utf-8"), parse_float=str)["applications"]
        if one["programme"] == "P2"
    ]


@pytest.mark.parametrize(("answers", "submitted_on", "expected"), VECTORS)
def test_recorded_applications_come_out_as_recorded(answers, submitted_on, expected):
    day = date.fromisoformat(submitted_on)

    found = assess(EDITION, "designation", answers, {}, day, submitted=True)

    facts = {name: str(value) for name, value in reported(found).items()}
    known = {name: str(value) for name, value in expected.items() if name in facts}
    assert found.bound.errors == {}
    assert known["eligible"] == "True"
    assert known.items() <= facts.items()
