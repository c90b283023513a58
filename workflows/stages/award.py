"""The award: what a funded project is promised, and what its later life is measured by (2.4.8)."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from workflows import clock, money
from workflows.errors import RankingMissing
from workflows.models import Award, Case, Document
from workflows.selection import Funding
from workflows.stages import cuts, papers, partners

TERMS = "terms"  # where the record of a signed paper holds them


def terms(locked: Case) -> dict[str, Any]:
    """Everything the parties agree on, as data: amounts are text in 万元, days are ISO text.

    Raises ``RankingMissing`` where no amount was approved.
    """
    rules, answers = _rules(locked), locked.filed.answers
    if (granted := locked.amount) is None:
        raise RankingMissing
    return {
        "line": answers[rules.line],
        "amount": f"{granted:.2f}",
        "starts_on": answers[rules.starts_on],
        "ends_on": answers[rules.ends_on],
        "budget": _budget(locked, rules, answers, granted),
        "goals": answers[rules.goals],
        "milestones": answers[rules.milestones],
        "tranches": tranches(rules, granted),
        "conditions": [each.zh for each in rules.conditions],
        "partners": [each.name for each in partners.active(locked)],
    }


def _rules(locked: Case) -> Funding:
    rules = locked.procedure.funding
    assert rules is not None, "only a procedure that gives money makes awards"
    return rules


def _budget(
    locked: Case, rules: Funding, answers: Mapping[str, Any], granted: Decimal
) -> list[dict[str, Any]]:
    """The budget as approved: rows that the office pays share what was granted.

    They do so in proportion to what the experts left of them; ``requested`` keeps what was asked.
    """
    left = cuts.approved_rows(locked)
    paid = dict(zip(left, money.shares(granted, list(left.values())), strict=True))
    return [
        {
            **row,
            "requested": row["amount"],
            "amount": f"{paid[place]:.2f}" if place in paid else row["amount"],
        }
        for place, row in enumerate(answers[rules.table])
    ]


def tranches(rules: Funding, granted: Decimal) -> list[dict[str, Any]]:
    """The parts in which the money is paid; they add up to the whole."""
    weights = [Decimal(each.percent) for each in rules.tranches]
    return [
        {
            "no": number,
            "percent": each.percent,
            "amount": f"{part:.2f}",
            "trigger": each.trigger.zh,
        }
        for number, (each, part) in enumerate(
            zip(rules.tranches, money.shares(granted, weights), strict=True), 1
        )
    ]


# --- in words -------------------------------------------------------------------------------------
def places(locked: Case, agreed: Mapping[str, Any]) -> dict[str, str]:
    """What the letters of a project say of its terms, by the names of their places."""
    return {
        "line": line(locked, agreed["line"]),
        "amount": agreed["amount"],
        "starts_on": papers.in_words(date.fromisoformat(agreed["starts_on"])),
        "ends_on": papers.in_words(date.fromisoformat(agreed["ends_on"])),
        "partners": "、".join(agreed["partners"]),
    }


def line(locked: Case, code: str) -> str:
    """The name of a funding line; empty where the procedure gives no money."""
    rules = locked.procedure.funding
    return next((each.zh for each in rules.lines if each.code == code), "") if rules else ""


def lists(agreed: Mapping[str, Any], duties: Sequence[str]) -> dict[str, Any]:
    """What the papers of a project list: tables of its terms, then ``duties`` by number."""
    return {
        "tables": [
            {"caption": caption, "heads": heads, "rows": [list(map(str, row)) for row in rows]}
            for caption, heads, rows in _tables(agreed)
        ],
        "items": [{"label": f"第{place}项", "text": duty} for place, duty in enumerate(duties, 1)],
    }


DIRECTIONS = {">=": "不低于", "<=": "不高于", "=": "等于"}
Table = tuple[str, list[str], list[tuple[Any, ...]]]


def _tables(agreed: Mapping[str, Any]) -> list[Table]:
    return [
        (
            "拨付安排（万元）",
            ["期次", "比例", "金额", "拨付条件"],
            [
                (each["no"], f"{each['percent']}%", each["amount"], each["trigger"])
                for each in agreed["tranches"]
            ],
        ),
        (
            "批复预算（万元）",
            ["内容", "年度", "申请金额", "批复金额", "测算依据"],
            [
                (each["item"], each["year"], each["requested"], each["amount"], each["basis"])
                for each in agreed["budget"]
            ],
        ),
        (
            "绩效目标",
            ["指标", "目标值", "分年度目标", "权重"],
            [_goal(each) for each in agreed["goals"]],
        ),
        (
            "里程碑",
            ["完成时间", "交付成果"],
            [(each["due_on"], each["deliverable"]) for each in agreed["milestones"]],
        ),
    ]


def _goal(goal: Mapping[str, Any]) -> tuple[Any, ...]:
    by_year = "；".join(f"{year}年{value}" for year, value in goal["year_targets"].items())
    wanted = f"{DIRECTIONS[goal['direction']]}{goal['target']}{goal['unit']}"
    return goal["indicator"], wanted, by_year, goal["weight"]


# --- the row --------------------------------------------------------------------------------------
def make(locked: Case, paper: Document) -> Award:
    """Enter what the signed ``paper`` promises; a case has one award, once."""
    agreed = papers.facts(paper)[TERMS]
    return Award.objects.create(
        case=locked,
        line=agreed["line"],
        amount=Decimal(agreed["amount"]),
        starts_on=date.fromisoformat(agreed["starts_on"]),
        ends_on=date.fromisoformat(agreed["ends_on"]),
        budget=agreed["budget"],
        goals=agreed["goals"],
        milestones=agreed["milestones"],
        tranches=agreed["tranches"],
        conditions=agreed["conditions"],
        made=clock.now(),
    )
