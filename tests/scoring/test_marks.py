"""Relative marks, places, the cut and the money: the figures of the domain, and laws of numbers."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oracles import RELATIVE_MARKS
from tests.scoring.deeds import (
    HALF_A_CENT,
    HIGHER,
    SECONDARY,
    cohort,
    groups,
    marks,
    told,
)
from workflows import scoring


# --- the cohort of the domain (3.4) ---------------------------------------------------------------
def test_the_marks_of_the_cohort_are_those_of_the_domain():
    assert marks(cohort(HIGHER)) == {"鉴湖": "98.18", "曹江": "85.03", "越州": "50.41"}
    assert marks(cohort(SECONDARY)) == {"浦阳": "99.60", "稽山": "69.81", "天姥": "46.68"}


def test_a_correction_of_one_school_moves_its_mark():
    corrected = cohort(HIGHER, 曹江={"I24": 4210})

    assert marks(corrected) == {"鉴湖": "98.18", "曹江": "84.59", "越州": "50.41"}


def test_when_the_best_withdraws_everybody_is_measured_anew():
    rest = {name: each for name, each in HIGHER.items() if name != "鉴湖"}

    assert marks(cohort(rest)) == {"曹江": "100.00", "越州": "56.77"}


def test_the_weight_of_what_does_not_apply_goes_to_the_rest_of_that_school():
    without = cohort(HIGHER, 越州={"I32": None, "I33": None})

    assert marks(without) == {"鉴湖": "98.18", "曹江": "85.03", "越州": "49.15"}


# --- relative marks -------------------------------------------------------------------------------
@pytest.mark.parametrize("oracle", RELATIVE_MARKS)
@given(group=groups())
def test_relative_marks_agree_with_the_second_opinion(oracle, group):
    values, weights, skipped = group

    expected = oracle(values, weights, skipped)

    found = scoring.relative_marks(told(values, skipped), weights).sheets
    for name, sheet in found.items():
        close_to_a_half = abs((sheet.of(weights) * 100) % 1 - Fraction(1, 2)) < Fraction(1, 10**9)
        assert close_to_a_half or abs(Fraction(sheet.mark) - expected[name]) <= HALF_A_CENT


@given(group=groups())
def test_relative_marks_are_exact_inside(group):
    values, weights, skipped = group

    found = scoring.relative_marks(told(values, skipped), weights).sheets

    exact = RELATIVE_MARKS[0](values, weights, skipped)
    assert {name: sheet.of(weights) for name, sheet in found.items()} == exact


@given(group=groups())
def test_the_printed_mark_is_the_exact_one_rounded_half_up(group):
    values, weights, skipped = group

    sheets = scoring.relative_marks(told(values, skipped), weights).sheets

    for sheet in sheets.values():
        assert -HALF_A_CENT < Fraction(sheet.mark) - sheet.of(weights) <= HALF_A_CENT


@given(group=groups())
def test_the_best_of_the_group_earns_the_whole_weight_and_nobody_more(group):
    values, weights, _ = group

    found = scoring.relative_marks(values, weights)

    for code, weight in weights.items():
        points = [sheet.of([code]) for sheet in found.sheets.values()]
        assert max(points) == (weight if found.best[code] else 0)


@given(group=groups(), data=st.data())
def test_marks_do_not_depend_on_units_or_on_the_order_of_schools(group, data):
    values, weights, _ = group
    code = data.draw(st.sampled_from(sorted(weights)))
    names = data.draw(st.permutations(sorted(values)))
    scaled = {name: {**values[name], code: values[name][code] * 10} for name in names}

    assert marks(scaled, weights) == marks(values, weights)


def test_an_indicator_nobody_has_gives_nobody_anything():
    found = marks(
        {"a": {"x": Decimal(4), "y": Decimal(0)}, "b": {"x": Decimal(3), "y": Decimal(0)}},
        {"x": Decimal(60), "y": Decimal(40)},
    )

    assert found == {"a": "60.00", "b": "45.00"}


def test_a_school_to_which_nothing_applies_has_no_points():
    found = scoring.relative_marks({"a": {"x": None}, "b": {"x": Decimal(3)}}, {"x": Decimal(100)})

    assert str(found.sheets["a"].mark) == "0.00"
    assert found.sheets["a"].points == {}


def test_a_school_left_out_of_an_indicator_does_not_set_its_best():
    found = scoring.relative_marks(
        {"a": {"x": None, "y": Decimal(1)}, "b": {"x": Decimal(3), "y": Decimal(1)}},
        {"x": Decimal(50), "y": Decimal(50)},
    )

    assert found.best == {"x": Decimal(3), "y": Decimal(1)}
    assert found.sheets["a"].shown("y") == 100


def test_the_points_of_an_indicator_are_rounded_half_up():
    found = scoring.relative_marks(
        {"a": {"x": Decimal(8)}, "b": {"x": Decimal(1)}}, {"x": Decimal("0.2")}
    )
    third = scoring.relative_marks(
        {"a": {"x": Decimal(3)}, "b": {"x": Decimal(1)}}, {"x": Decimal(1)}
    )

    assert str(found.sheets["b"].shown("x")) == "12.50"
    assert str(third.sheets["b"].shown("x")) == "33.33"
    assert str(scoring.half_up(1, 200)) == "0.01"


# --- outliers -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("column", "found"),
    [
        ((30, 10, 9), []),
        ((31, 10, 9), [("a", "x")]),
        ((10, 10, 1), []),
        ((1, 0, 0), [("a", "x")]),
        ((0, 0, 0), []),
        ((31, None, 9), [("a", "x")]),
        ((31, None, None), []),
    ],
)
def test_a_figure_above_three_times_the_second_best_stands_out(column, found):
    values = {
        name: {"x": None if each is None else Decimal(each)}
        for name, each in zip("abc", column, strict=True)
    }

    assert scoring.outliers(values) == found
