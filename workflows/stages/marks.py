"""The letter that tells a school its marks: its own figures, and the best of its group."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from workflows import scoring
from workflows.models import Case
from workflows.selection import Index, Indicator
from workflows.stages import papers, standings

KIND = "marks_letter"
ABSENT = "—"
NOT_APPLICABLE = "不适用"  # its weight is spread over the others
NO_DATA = "本组无数据"  # nobody in the group has any, so nobody earns anything
HEADS = ["编号", "指标", "单位", "权重", "本校数值", "本组最高", "得分"]


def request(locked: Case) -> None:
    """Ask for the letter where the case was ranked by an index (domain 2.3.7)."""
    index = locked.procedure.index
    standing = standings.standing_of(locked) if index else None
    if index is None or standing is None:
        return
    papers.request(
        locked,
        KIND,
        revision=locked.documents.filter(kind=KIND).count() + 1,
        score=standing.mark,
        participants=standing.ranking.standings.count(),
        group=standings.group_of(locked).named.zh,
        lists={"tables": _tables(index, standing.parts)},
    )


def _tables(index: Index, parts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One table a level of the index; the weights are those the figures of the school earn by."""
    weights = scoring.spread(index.weights, [code for code in index.weights if code in parts])
    return [
        {
            "caption": level.zh,
            "heads": HEADS,
            "rows": [
                _row(each, parts.get(each.code), weights.get(each.code))
                for each in index.indicators
                if each.level1 == level.code
            ],
        }
        for level in index.levels
    ]


def _row(indicator: Indicator, part: Mapping[str, str] | None, weight: Decimal | None) -> list[str]:
    head = [indicator.code, indicator.zh, indicator.unit or ABSENT]
    if part is None or weight is None:
        return [*head, ABSENT, NOT_APPLICABLE, ABSENT, ABSENT]
    best = part["best"] if Decimal(part["best"]) else NO_DATA
    return [*head, f"{weight.normalize():f}", part["value"], best, part["mark"]]
