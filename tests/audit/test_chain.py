"""The one text of an entry, and the link it hangs on."""

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.audit.chain import GENESIS, canonical, link, stamp

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(values)
def test_the_text_of_a_value_reads_back_as_the_same_value_and_text(value: object) -> None:
    text = canonical(value)

    assert json.loads(text) == value
    assert canonical(json.loads(text)) == text


@given(st.dictionaries(st.text(), st.integers(), min_size=2))
def test_the_order_in_which_facts_were_given_does_not_show(facts: dict[str, int]) -> None:
    backwards = dict(reversed(facts.items()))

    assert canonical(backwards) == canonical(facts)


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        Decimal("1.50"),
        date(2026, 3, 2),
        b"x",
        (1, 2),
        {1: "a"},
        {"a": [{"b": 0.1}]},
        {"s": {1}},
    ],
    ids=repr,
)
def test_what_has_more_than_one_spelling_is_no_fact(value: object) -> None:
    with pytest.raises(TypeError):
        canonical(value)


def test_text_is_compact_sorted_and_readable() -> None:
    assert canonical({"乙": 1, "a": [True, None, "“好”"]}) == '{"a":[true,null,"“好”"],"乙":1}'


def test_the_link_is_the_published_formula() -> None:
    # printf '\0%s%s' "$(printf '0%.0s' $(seq 64))" '{"a":1}' | sha256sum
    expected = "3a0a6483bdc6dc1db95e5634a1a952c1aca211d60470f4d846b6dee51d9ae97e"

    assert link(GENESIS, '{"a":1}') == expected


def test_a_moment_is_written_in_utc_to_the_microsecond() -> None:
    shanghai = timezone(timedelta(hours=8))

    assert stamp(datetime(2026, 3, 2, 9, 0, tzinfo=shanghai)) == "2026-03-02T01:00:00.000000Z"
