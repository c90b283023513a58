"""Recordings made for a test: recorded applications with changes, carried together."""

from typing import Any

from tests.conftest import recording
from workflows.models import Case
from workflows.recording import house
from workflows.recording.reader import Recording
from workflows.recording.report import Result

SCHOOL = ("上海滨江工程职业技术学院", "12310000MBYY2B012K")
UNIVERSITY = ("上海浦汇应用技术大学", "12310000MBYY2B020E")
FIRMS = [
    ("上海智行湾汽车电子有限公司", "91310114MAYY1A07XM"),
    ("上海云枢智能科技股份有限公司", "91310104MAYY1A053K"),
    ("上海海昀生物制药有限公司", "91310120MAYY1A061K"),
    ("上海澄曜半导体装备有限公司", "91310115MAYY1A0104"),
]
CALL = {
    "id": "P4-test",
    "programme": "P4",
    "title": "专项资金",
    "opens": "2026-09-01",
    "closes": "2026-09-30",
}


def day(text: str, event: str, **facts: object) -> dict[str, object]:
    """One entry of a timeline."""
    return {"day": text, "event": event, **facts}


def recorded(name: str, **changes: Any) -> dict[str, Any]:
    """The recorded application ``name`` with changes, ``form`` merged into its answers."""
    known = next(each for each in recording().applications if each.id == name)
    told = known.model_dump(mode="json")
    form = {**told["form"], **changes.pop("form", {})}
    return {**told, "form": form, "expected": {}, **changes}


def project(number: int, request: float, mark: float, **changes: Any) -> dict[str, Any]:
    """An application for ``request`` 万元 of the line ``platform``, marked ``mark`` by all five.

    The firm number ``number`` leads, with a school beside it.
    """
    name, uscc = FIRMS[number]
    lines = [("fiscal", "equipment", 1.0), ("enterprise", "equipment", 0.8)]
    lines.append(("school", "facility", 0.2))
    form = {
        "org_name": name,
        "uscc": uscc,
        "org_kind": "enterprise",
        "project_name": f"{name}创新平台建设",
        "address": f"上海市示例路{number}号",
        "funding_line": "platform",
        "partners": [
            {"org_name": SCHOOL[0], "uscc": SCHOOL[1], "role": "school", "contribution": "师资"}
        ],
        "total_budget": request * 2,
        "fiscal_request": request,
        "self_funds": request * 0.2,
        "enterprise_funds": request * 0.8,
        "other_funds": 0,
        "budget_lines": [
            {
                "category": category,
                "item": f"{name}平台设备{source}",
                "source": source,
                "year": 2027,
                "amount": request * share,
                "basis": "三家询价",
            }
            for source, category, share in lines
        ],
    }
    sheets = [{"expert": f"专家{n}", "score": mark} for n in "ABCDE"]
    told = {"id": f"project-{number}", "form": form, "evaluation": {"panel": sheets}}
    return recorded("P4-001", **told, **changes)


def carried(applications: list[dict[str, Any]], rounds: Any = None) -> list[Result]:
    """Carry ``applications`` together, in the recorded calls unless others are given."""
    whole = recording().model_dump(mode="json")
    told = {**whole, "applications": applications, "rounds": rounds or whole["rounds"]}
    return house.carry(Recording.model_validate(told), lambda words: None)


def outcomes(results: list[Result]) -> dict[str, str]:
    """What became of each application, once nothing stood in the way."""
    assert not any(each.problem for each in results), [each.problem for each in results]
    return {each.id: each.actual["decision"] for each in results}


def case_of(result: Result) -> Case:
    """The case of a carried application."""
    return Case.objects.get(reference=result.case)
