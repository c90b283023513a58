"""What an officer found of each check, as it is written into the trail with the decision."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

YES, UNSURE, NO = "yes", "unsure", "no"
WORDS = {YES: "符合", UNSURE: "存疑", NO: "不符"}  # official words, whatever the officer reads
WAYS = {"automatic": "系统核对", "together": "批量确认"}


@dataclass(frozen=True)
class Finding:
    """One check of the edition and what was found of it."""

    code: str
    title: str  # in Chinese
    value: str
    how: str = ""  # as the system said it, or confirmed with others in one press; else by itself


def facts(findings: Iterable[Finding]) -> list[dict[str, Any]] | None:
    """The fact ``findings`` of an entry; None where nothing was checked."""
    told = [
        {
            "code": each.code,
            "item": each.title,
            "finding": WORDS[each.value],
            **({"how": WAYS[each.how]} if each.how else {}),
        }
        for each in findings
        if each.value in WORDS
    ]
    return told or None
