"""What a recording expected beside what came out: equal as facts, and said on one line."""

import pytest

from workflows.recording import table
from workflows.recording.report import Result, same

TRANCHES = [{"no": 1, "percent": 50, "amount": "240.00", "trigger": "签订后", "paid": None}]


@pytest.mark.once
@pytest.mark.parametrize(
    ("expected", "actual", "equal"),
    [
        (64.0, "64.00", True),
        ("88.50", "88.5", True),
        ("88.50", "88.51", False),
        (True, True, True),
        (True, 1, False),
        (None, None, True),
        (None, "refused", False),
        ("funded", None, False),
        (["C1", "C2"], ["C1", "C2"], True),
        (["C1", "C2"], ["C2", "C1"], False),
        ([{"no": 1, "amount": 240.0}], TRANCHES, True),
        ([{"no": 1, "amount": 241.0}], TRANCHES, False),
        ([], TRANCHES, False),
    ],
)
def test_facts_are_compared_as_facts(expected, actual, equal):
    assert same(expected, actual) is equal


@pytest.mark.once
def test_the_table_shows_the_columns_expected_and_marks_what_differs():
    wanted = {"tranches": [{"percent": 50, "amount": 240}], "decision": "funded"}
    came = {"tranches": TRANCHES, "decision": "refused"}
    result = Result(
        "P4-001", "CJRH-2026-0001", "refused", wanted, came, [], "", missed=["objection"]
    )

    *_, money, decision, missed = [line.split() for line in table.of([result]).splitlines()]

    assert money == ["tranches", "50/240", "50/240.00", "ok"]
    assert decision[-1] == "DIFFERENT"
    assert missed[:2] == ["timeline", "objection"]
    assert not result.agrees


@pytest.mark.once
def test_an_application_nobody_could_carry_on_never_agrees():
    result = Result("P1-001", "", "", {}, {}, [], "", problem="nobody is left to act")

    assert not result.agrees
    assert "nobody is left to act" in table.of([result])
