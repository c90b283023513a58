"""A programme to try joint applications on: pool entry, with a project, partners and a budget.

The rules are those of enterprise certification and one more page of questions; nothing here is
published anywhere.
"""

import json
from copy import deepcopy
from functools import cache
from typing import Any

from tests.conftest import MONDAY, recording
from workflows import demo, edition, edition_check, programme
from workflows.models import Case, Edition, Organisation, Round
from workflows.recording.acts.filing import as_answer
from workflows.stages import drafting, rounds, submission

PROGRAMME = "enterprise_certification"
PROCEDURE = "pool_entry"
SCHOOL = {"org_name": "上海滨江工程职业技术学院", "uscc": "12310000MBYY2B012K", "role": "school"}
OTHER_SCHOOL = {"org_name": "上海浦汇应用技术大学", "uscc": "12310000MBYY2B020E", "role": "school"}
FIRM = {
    "org_name": "上海智行湾汽车电子有限公司",
    "uscc": "91310114MAYY1A07XM",
    "role": "enterprise",
}
SOURCE = "for tests"


def _asked(code: str, kind: str = "text", **rest: Any) -> dict[str, Any]:
    return {"code": code, "kind": kind, "zh": code, "en": code, **rest}


def _choices(*values: str) -> list[dict[str, str]]:
    return [{"value": value, "zh": value, "en": value} for value in values]


PROJECT = {
    "code": "project",
    "zh": "项目",
    "en": "Project",
    "fields": [
        _asked("project_name"),
        _asked("site"),
        _asked("line", "enum", choices=_choices("base", "talent")),
        _asked("request", "money", unit="万元"),
        _asked("challenge_no"),
        _asked(
            "partners",
            "table",
            columns=[
                _asked("org_name"),
                _asked("uscc", "uscc"),
                _asked("role", "enum", choices=_choices("enterprise", "school", "park")),
            ],
        ),
        _asked("budget", "table", columns=[_asked("item"), _asked("amount", "money", unit="万元")]),
        _asked("goals", "table", columns=[_asked("goal")]),
    ],
}
JOINT = {
    "field": "partners",
    "lead": "org_kind == 'enterprise' ? 'enterprise' : 'school'",
    "needs": ["enterprise", "school"],
    "source": SOURCE,
}
TRAITS = {"name": "project_name", "site": "site", "source": SOURCE}
FUNDING = {
    "name": "project_name",
    "line": "line",
    "request": "request",
    "total": "request",
    "table": "budget",
    "goals": "goals",
    "milestones": "goals",
    "challenge": "challenge_no",
    "starts_on": "established_on",
    "ends_on": "established_on",
    "cap": "500 * wan",
    "share_percent": "50",
    "lines": [
        {"code": code, "zh": code, "en": code, "source": SOURCE} for code in ("base", "talent")
    ],
    "tranches": [{"percent": 100, "trigger": {"zh": "立项", "en": "Approval"}}],
    "source": SOURCE,
}


@cache
def _enterprise() -> str:
    rules = edition_check.publishable(programme.get(PROGRAMME).edition_path)
    return edition.canonical(rules)


def rules(**keys: Any) -> edition.Edition:
    """The edition with ``keys`` set on pool entry (``joint=JOINT``), where one may apply again."""
    data = json.loads(_enterprise())
    kept = [each for each in data["eligibility"] if "record.open_case" not in each["holds"]]
    data["eligibility"] = kept
    data["form"]["sections"].append(deepcopy(PROJECT))
    data["procedures"][PROCEDURE] |= deepcopy(keys)
    return edition.Edition.model_validate(data)


def call(key: str = "J-2026", *, terms: dict[str, Any] | None = None, **keys: Any) -> Round:
    """An open round under ``rules(**keys)``."""
    shape = rules(**keys)
    published, _ = Edition.objects.get_or_create(
        digest=edition.digest(shape),
        defaults={
            "programme": PROGRAMME,
            "version": f"2026.{100 + Edition.objects.count()}",
            "content": edition.canonical(shape),
            "published": MONDAY,
        },
    )
    return opened(key, published, **(terms or {}))


def opened(key: str, published: Edition, **terms: Any) -> Round:
    """A round of the year 2026 under ``published``."""
    return rounds.open_round(
        programme=published.programme,
        edition=published,
        key=key,
        **{
            "title": "2026年度",
            "opens": MONDAY.replace(month=1),
            "closes": MONDAY.replace(month=12),
            "by": demo.cast("310110").officer,
            **terms,
        },
    )


def applicant(index: int = 0) -> Organisation:
    """One of the recorded enterprises, with its clerk and signer."""
    firms = [each for each in recording().organisations if each.org_kind == "enterprise"]
    return demo.organisation(firms[index].profile())


def unit(row: dict[str, str]) -> Organisation:
    """A partner that has people in this house."""
    facts = {"org_kind": row["role"], "district_code": row["uscc"][2:8]}
    return demo.organisation({**row, **facts})


def drafted(round_: Round, lead: Organisation | None = None, **answers: Any) -> Case:
    """A draft whose answers are complete, with ``answers`` about the project."""
    lead = lead or applicant()
    case = drafting.draft(round_, procedure=PROCEDURE, organisation=lead, by=demo.clerk(lead))
    known = next(each for each in recording().applications if each.id == "P1-002").form
    own = {code: known[code] for code in known if code not in ("org_name", "uscc")}
    told = {key: as_answer(value) for key, value in own.items()}
    about = {
        "org_name": lead.name,
        "uscc": lead.uscc,
        "c5_claim": False,
        "c5_investments": [],
        "project_name": f"{lead.name}的项目",
        "site": f"{lead.name}的厂房",
    }
    return saved(case, **(told | about | answers))


def saved(case: Case, **answers: Any) -> Case:
    """``answers`` written over the draft by the clerk."""
    case = fresh(case)
    return drafting.save(
        case,
        answers={**case.draft, **answers},
        revision=case.draft_revision,
        by=demo.clerk(case.applicant),
    )


def filed(case: Case) -> Case:
    """The case once its signer has filed it."""
    submission.submit(case, by=demo.signer(case.applicant))
    return fresh(case)


def fresh(case: Case) -> Case:
    """``case`` as the database has it now."""
    return Case.objects.select_related("edition", "applicant", "round").get(pk=case.pk)
