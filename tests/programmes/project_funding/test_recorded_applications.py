"""Project funding: the form of the domain, and the applications recorded with it."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.programmes.project_funding.weighing import BASE, CHALLENGE, EDITION, PROCEDURE, ROOT
from workflows.assessment import Assessment, assess
from workflows.programmes.project_funding.rules import results

pytestmark = pytest.mark.once

SHARED = ROOT.parent / "shared" / "data"  # the research; compared with where it lies beside us
# Codes and kinds of every question of the domain, in its order.
QUESTIONS = """
org_name text, uscc uscc, org_kind enum, legal_rep text, established_on date, district_code text,
address text, licence_valid_to date, contact_name text, contact_phone phone, contact_email email,
data_share_consent bool, partners table, bank_name text, bank_account text, project_name text,
funding_line enum, starts_on date, ends_on date, summary longtext, challenge_no text,
no_double_funding bool, total_budget money, fiscal_request money, self_funds money,
enterprise_funds money, other_funds money, budget_lines table, goals table, milestones table,
team table, commitment bool
"""
PAPERS = [
    "project_proposal", "budget_basis", "performance_table", "cofunding_proof", "agreement",
    "approval_docs", "audit_report",
]  # fmt: skip
# What the house asks or works out besides: never required, or computed.
BESIDES = {
    "highskill_level", "build_kind", "site", "fiscal_share", "line_cap", "line_share",
    "lines_total", "sources_total", "budget_years", "goals_weight",
}  # fmt: skip


def reported(assessment: Assessment) -> dict[str, object]:
    return results(
        conditions=assessment.conditions,
        blocks=[rule.code for rule in assessment.blocks],
        answers=assessment.bound.answers,
        derived=assessment.bound.derived,
        rule=EDITION.rule,
    )


VECTORS = [
    (BASE.answers, "2026-09-14", {"eligible": True, "fiscal_share_percent": 40.0}),
    (CHALLENGE.answers, "2026-09-18", {"eligible": True, "fiscal_share_percent": 50.0}),
]
if (recorded := SHARED / "examples.json").exists():
    VECTORS += [
        (one["form"], one["submitted_on"], one["expected"])
        for one in json.loads(recorded.read_text(encoding="utf-8"), parse_float=str)["applications"]
        if one["programme"] == "P4"
    ]


@pytest.mark.parametrize(("answers", "submitted_on", "expected"), VECTORS)
def test_recorded_applications_come_out_as_recorded(answers, submitted_on, expected):
    found = assess(
        EDITION, "funding", answers, {}, date.fromisoformat(submitted_on), submitted=True
    )

    facts = reported(found)
    known = {name: value for name, value in expected.items() if name in facts}
    assert found.bound.errors == {}
    assert {"eligible", "fiscal_share_percent"} <= known.keys()
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
    form = json.loads(path.read_text(encoding="utf-8"))[3]
    fields = [field for section in form["sections"] for field in section["fields"]]
    researched = [f"{field['code']} {field['type']}" for field in fields]
    return [(own, PAPERS), (researched, [paper["code"] for paper in form["attachments"]])]


@pytest.mark.parametrize(("questions", "papers"), questionnaires())
def test_the_form_asks_every_question_of_the_domain(questions, papers):
    fields = [one for one in EDITION.form.fields() if one.code not in BESIDES]

    assert [f"{one.code} {one.kind}" for one in fields] == questions
    assert [paper.code for paper in EDITION.form.attachments] == papers


def test_what_is_asked_besides_is_never_required():
    besides = [one for one in EDITION.form.fields() if one.code in BESIDES]

    assert {one.code for one in besides} == BESIDES
    assert [one.code for one in besides if one.required] == []


def test_the_rubric_is_that_of_the_domain():
    assert [(one.code, one.maximum) for one in PROCEDURE.evaluation.rubric] == [
        ("need", 15),
        ("objectives", 20),
        ("feasibility", 20),
        ("costs", 20),
        ("contribution", 15),
        ("past", 10),
    ]


def test_the_money_is_paid_in_three_tranches():
    assert [(each.percent, each.trigger.zh) for each in PROCEDURE.funding.tranches] == [
        (50, "任务书签订后"),
        (30, "中期检查合格"),
        (20, "验收合格"),
    ]
