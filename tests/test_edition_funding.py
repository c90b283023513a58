"""Rules of money that do not hold together are refused where they stand."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from workflows import programme
from workflows.edition import Edition
from workflows.edition_check import check
from workflows.edition_source import Source

pytestmark = pytest.mark.once
PATH = Path(programme.get("project_funding").edition_path)
DATA = Source(PATH).data
Change = Callable[[dict[str, Any]], Any]


def problems(change: Change) -> list[tuple[str, str]]:
    """What is wrong with the edition once ``change`` has spoilt its procedure and its form."""
    data = deepcopy(DATA)
    change(data)
    found = check(Edition.model_validate(data))
    return [(".".join(map(str, each.key)), each.reason) for each in found]


def funding(**changes: Any) -> Change:
    return lambda data: data["procedures"]["funding"]["funding"].update(changes)


def without_letter(kind: str) -> Change:
    return lambda data: data["procedures"]["funding"]["letters"].pop(kind)


def test_the_edition_itself_holds_together():
    assert problems(lambda data: None) == []


@pytest.mark.parametrize(
    ("change", "key", "reason"),
    [
        (funding(request="asked"), "request", "not known here: asked"),
        (funding(request="org_name"), "request", "org_name is of kind text, not money"),
        (funding(starts_on="summary"), "starts_on", "summary is of kind longtext, not date"),
        (
            funding(table="team"),
            "table",
            "team lacks the columns: category, item, source, year, amount",
        ),
        (
            funding(milestones="partners"),
            "milestones",
            "partners lacks the columns: due_on, deliverable",
        ),
        (
            funding(large_size=6),
            "large_size",
            "a larger panel is odd and not smaller than the usual one",
        ),
        (
            funding(large_size=3),
            "large_size",
            "a larger panel is odd and not smaller than the usual one",
        ),
        (funding(large_from=None), "large_size", "large_from and large_size go together"),
        (
            funding(lines=DATA["procedures"]["funding"]["funding"]["lines"][1:]),
            "lines",
            "differ from the choices of funding_line: training_base",
        ),
    ],
)
def test_what_money_needs_is_asked_in_the_right_shape(change, key, reason):
    assert (f"procedures.funding.funding.{key}", reason) in problems(change)


def test_a_line_without_a_group_is_not_ranked_and_refused():
    def spoil(data: dict[str, Any]) -> None:
        data["procedures"]["funding"]["selection"]["groups"].pop()

    assert problems(spoil) == [
        (
            "procedures.funding.funding.lines",
            "differ from the groups of the selection: demo_base",
        )
    ]


@pytest.mark.parametrize("kind", ["task_book", "decision_registered", "approval"])
def test_letters_that_money_needs_are_there(kind):
    assert problems(without_letter(kind)) == [("procedures.funding.letters", f"lacks: {kind}")]


def test_a_task_book_has_its_time_limit():
    def spoil(data: dict[str, Any]) -> None:
        del data["procedures"]["funding"]["limits"]["task_book"]

    assert problems(spoil) == [("procedures.funding.limits", "lacks: task_book")]


def test_money_is_granted_to_a_project():
    def spoil(data: dict[str, Any]) -> None:
        data["procedures"]["funding"]["grant"]["kind"] = "designation"
        letters = data["procedures"]["funding"]["letters"]
        letters["designation"] = letters["approval"]

    assert ("procedures.funding.grant.kind", "money is granted to a project") in problems(spoil)


def test_tranches_sum_to_the_whole():
    def spoil(data: dict[str, Any]) -> None:
        data["procedures"]["funding"]["funding"]["tranches"].pop()

    with pytest.raises(ValueError, match="the tranches sum to 80 %, not to 100 %"):
        problems(spoil)


@pytest.mark.parametrize("name", ["cap", "share_percent"])
def test_a_cap_is_a_number(name):
    found = problems(funding(**{name: "project_name"}))

    assert found[0][0] == f"procedures.funding.funding.{name}"
    assert "not a number" in found[0][1]
