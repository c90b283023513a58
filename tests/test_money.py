"""Parts that add up, and the middle of several opinions."""

from decimal import Decimal
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.money import CENT, middle, rounded, shares

pytestmark = pytest.mark.once
AMOUNTS = st.decimals(min_value=0, max_value=10**7, places=2)


@given(AMOUNTS, st.lists(AMOUNTS, min_size=1, max_size=12))
def test_parts_add_up_to_the_whole_and_lose_less_than_a_hundredth_each(total, weights):
    parts = shares(total, weights)

    whole = sum(weights)
    if whole == 0:
        assert set(parts) == {0}
        return
    assert sum(parts) == total
    assert all(
        abs(part - total * weight / whole) < CENT
        for part, weight in zip(parts, weights, strict=True)
    )


def test_the_hundredth_left_over_goes_to_whom_rounding_cost_most():
    assert shares(Decimal("100.00"), [Decimal(1)] * 3) == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]


def test_tranches_of_an_odd_amount_add_up():
    parts = shares(Decimal("199.99"), [Decimal(50), Decimal(30), Decimal(20)])

    assert parts == [Decimal("99.99"), Decimal("60.00"), Decimal("40.00")]


@given(st.lists(AMOUNTS, min_size=1, max_size=9))
def test_the_middle_is_the_median_half_up(amounts):
    assert middle(amounts) == rounded(Decimal(median(amounts)))
    assert min(amounts) <= middle(amounts) <= max(amounts)


def test_an_even_number_meets_between_the_two():
    assert middle([Decimal("1.00"), Decimal("1.01")]) == Decimal("1.01")
