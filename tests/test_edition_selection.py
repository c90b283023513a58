"""Editions that choose among many: what the check finds before one is published."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.programmes.benchmark_school.weighing import EDITION
from workflows.edition import Edition
from workflows.edition_check import check

KEY = "procedures.recognition"


def problems(change: Callable[[dict[str, Any]], None]) -> list[str]:
    """What is wrong once ``change`` was made to the recognition procedure."""
    data = EDITION.model_dump(mode="json", by_alias=True)
    change(data["procedures"]["recognition"])
    found = check(Edition.model_validate(data))
    return [f"{'.'.join(map(str, each.key))} {each.reason}" for each in found]


def set_(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Put ``value`` at a dotted ``path``."""
    *way, last = path.split(".")

    def change(procedure: dict[str, Any]) -> None:
        inner: Any = procedure
        for step in way:
            inner = inner[int(step)] if step.isdigit() else inner[step]
        inner[int(last) if last.isdigit() else last] = value

    return change


def test_the_edition_of_the_schools_has_nothing_wrong():
    assert problems(lambda procedure: None) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            set_("selection.ties.0.level", "no_such"),
            "selection.ties.0.level names what is not there: no_such",
        ),
        (
            set_("index.indicators.3.level1", "no_such"),
            "index.indicators.3.level1 names what is not there: no_such",
        ),
        (set_("index.field", "no_such"), "index.field names what is not there: no_such"),
        (
            set_("index.field", "org_name"),
            "index.field names what is not there: id, not_applicable, value",
        ),
        (
            set_("selection.minimum", 1),
            "selection.minimum is 1: measured by itself alone, a case has every point",
        ),
        (set_("index", None), "selection.by is an index, but the procedure has none"),
        (set_("selection.groups.1.code", "secondary"), "selection.groups occur twice: secondary"),
        (
            set_("notice.publishes", ["org_name", "amount"]),
            "notice.publishes not known here: amount",
        ),
    ],
)
def test_what_is_wrong_with_a_selection_is_named(change, found):
    assert f"{KEY}.{found}" in problems(change)


def test_a_tie_by_criteria_names_lines_of_the_rubric():
    tie = {"zh": "同分", "en": "Tie", "criteria": ["no_such"]}

    found = problems(set_("selection.ties", [tie]))

    assert found == [f"{KEY}.selection.ties.0.criteria names what is not there: no_such"]


def test_a_sample_in_a_group_that_does_not_exist_is_found():
    found = problems(set_("selection.group", "'no_such'"))

    assert any("gives 'no_such', not one of" in each for each in found)
