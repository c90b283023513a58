"""The short table that says what came out."""

import unicodedata
from collections.abc import Sequence

from workflows.recording.report import Result, same


def of(results: Sequence[Result]) -> str:
    """Expected beside actual, one line a fact, and the number of papers of each case."""
    rows = [("application", "case", "fact", "expected", "actual", "")]
    for each in results:
        rows.append((each.id, each.case, "state", "", each.state, f"{len(each.pdfs)} PDF"))
        rows += [
            (
                "",
                "",
                key,
                text(value),
                text(beside(value, each.actual.get(key))),
                mark(value, each, key),
            )
            for key, value in each.expected.items()
        ]
        if each.refusal:
            rows.append(("", "", "refusal", "", each.refusal, ""))
        if each.problem:
            rows.append(("", "", "problem", "", each.problem, "DIFFERENT"))
        rows += [("", "", "timeline", entry, "did not come about", "") for entry in each.missed]
    return aligned(rows)


def mark(value: object, each: Result, key: str) -> str:
    """A tick where the fact came out."""
    return "ok" if same(value, each.actual.get(key)) else "DIFFERENT"


def beside(expected: object, actual: object) -> object:
    """Of a table only the columns expected, in their order."""
    if not isinstance(expected, list) or not isinstance(actual, list):
        return actual
    columns = next((list(row) for row in expected if isinstance(row, dict)), [])
    return [
        {column: row.get(column) for column in columns} if isinstance(row, dict) else row
        for row in actual
    ]


def text(value: object) -> str:
    """A fact on one line."""
    if isinstance(value, list):
        return " ".join(text(each) for each in value)
    if isinstance(value, dict):
        return "/".join(text(each) for each in value.values())
    return "" if value is None else str(value)


def aligned(rows: Sequence[tuple[str, ...]]) -> str:
    """Columns side by side; a 汉字 is two columns wide."""
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [cell + " " * (size - width(cell)) for cell, size in zip(row, widths, strict=True)]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def width(words: str) -> int:
    """How many columns a terminal needs for ``words``."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in words)
