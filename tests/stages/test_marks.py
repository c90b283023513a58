"""The letter of marks: the school's own figures, and of the others nothing but the best."""

from decimal import Decimal

import pytest

from tests.programmes.benchmark_school.weighing import PROCEDURE
from workflows import scoring
from workflows.stages import marks

INDEX = PROCEDURE.index
WEIGHTS = INDEX.weights
GIVEN = {"value": "5210", "best": "6840", "mark": "2.29"}

pytestmark = pytest.mark.once


def rows(parts: dict[str, dict[str, str]]) -> dict[str, list[str]]:
    return {row[0]: row for table in marks._tables(INDEX, parts) for row in table["rows"]}


def test_every_indicator_has_its_row_with_weight_figure_best_and_points():
    found = rows(dict.fromkeys(WEIGHTS, GIVEN))

    assert list(found) == list(WEIGHTS)
    assert found["I24"][2:] == ["课时", "3", "5210", "6840", "2.29"]


def test_what_does_not_apply_says_so_and_the_other_weights_are_those_after_the_spread():
    found = rows({code: GIVEN for code in WEIGHTS if code not in ("I32", "I33")})

    assert found["I32"][3:] == ["—", "不适用", "—", "—"]
    assert found["I24"][3] == "3.13"


def test_an_indicator_nobody_has_data_of_says_so():
    found = rows(
        {**dict.fromkeys(WEIGHTS, GIVEN), "I18": {"value": "0", "best": "0", "mark": "0.00"}}
    )

    assert found["I18"][3:] == ["2", "0", "本组无数据", "0.00"]


def test_the_best_earns_just_the_weight_after_the_spread():
    values = {"a": {**dict.fromkeys(WEIGHTS, Decimal(7)), "I32": None}, "b": dict.fromkeys(WEIGHTS)}

    sheet = scoring.relative_marks(values, WEIGHTS).sheets["a"]

    assert {code: sheet.shown(code) for code in sheet.points} == scoring.spread(
        WEIGHTS, list(sheet.points)
    )
