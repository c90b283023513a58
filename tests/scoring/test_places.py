"""Relative marks, places, the cut and the money: the figures of the domain, and laws of numbers."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.scoring.deeds import (
    BUDGET,
    LINE,
    NO,
    YES,
    allot,
    amounts,
    chosen,
    cut,
    entries,
    grades,
    said,
)
from workflows import scoring
from workflows.scoring import Answer, Entry


# --- places ---------------------------------------------------------------------------------------
def test_equal_marks_are_told_apart_by_the_first_tie_rule_that_differs():
    rows = entries((82, (17, 4)), (82, (17, 5)), (82, (18, 0)), (90, ()))

    places = cut(rows, seats=4)

    assert [(each.key, each.place) for each in places] == [("d", 1), ("c", 2), ("b", 3), ("a", 4)]


def test_true_equals_share_a_place_and_the_next_place_is_left_out():
    places = cut(entries((80,), (82,), (82,), (70,)), seats=4)

    assert [(each.key, each.place) for each in places] == [("b", 1), ("c", 1), ("a", 3), ("d", 4)]


@pytest.mark.parametrize(
    ("size", "share", "quota", "seats"),
    [
        (10, 20, None, 2),
        (14, 20, None, 2),
        (3, 20, None, 1),
        (3, 100, 2, 2),
        (50, 20, 5, 5),
        (3, 20, 0, 0),
    ],
)
def test_a_share_of_the_group_is_chosen_at_least_one_at_most_the_quota(size, share, quota, seats):
    assert scoring.seats(size, share_percent=share, quota=quota) == seats


def test_nobody_below_the_pass_mark_fills_the_quota():
    assert chosen(cut(entries((61,), (60,), (59.99,)), seats=3, pass_mark=60)) == {
        "a": "selected",
        "b": "selected",
        "c": "failed",
    }


def test_equals_at_the_cut_are_tied_and_nobody_below_them_is_chosen():
    found = cut(entries((90,), (80,), (80,), (70,)), seats=2)

    assert chosen(found) == {"a": "selected", "b": "tied", "c": "tied", "d": "below"}


def test_the_order_of_the_conference_parts_equals():
    found = cut(entries((90,), (80,), (80,), (70,)), seats=2, resolved=["c", "b"])

    assert chosen(found) == {"a": "selected", "c": "selected", "b": "below", "d": "below"}
    assert [each.place for each in found] == [1, 2, 3, 4]


def test_an_order_that_leaves_out_an_equal_parts_nobody():
    found = cut(entries((80,), (80,), (80,)), seats=1, resolved=["c", "b"])

    assert set(chosen(found).values()) == {"tied"}


def test_equals_that_all_fit_are_not_tied():
    assert set(chosen(cut(entries((80,), (80,)), seats=2)).values()) == {"selected"}


def test_whoever_holds_a_place_for_good_keeps_it_and_the_quota_counts_it():
    held = Entry("held", Decimal(50), settled=True)
    refused = Entry("refused", Decimal(99), settled=False)

    found = cut([*entries((90,), (80,)), held, refused], seats=2, pass_mark=60)

    assert chosen(found) == {"refused": "below", "a": "selected", "b": "below", "held": "selected"}


@given(
    rows=st.lists(st.tuples(grades, grades), min_size=1, max_size=20),
    seats=st.integers(0, 12),
    pass_mark=grades,
)
def test_a_cut_never_chooses_too_many_nor_a_worse_one_before_a_better(rows, seats, pass_mark):
    given_ = [Entry(n, mark, (tie,)) for n, (mark, tie) in enumerate(rows)]

    found = cut(given_, seats=seats, pass_mark=pass_mark)

    merit = {each.key: (each.mark, *each.ties) for each in given_}
    selected = [each for each in found if each.status == "selected"]
    passed = [each for each in found if each.status != "failed"]
    tied = [each for each in found if each.status == "tied"]
    assert len(selected) <= seats
    assert all(merit[each.key][0] >= pass_mark for each in passed)
    assert len({each.place for each in tied}) <= 1
    if not tied:
        assert len(selected) == min(seats, len(passed))
    else:
        assert len(selected) < seats < len(selected) + len(tied)
    for better, worse in pairwise(found):
        assert merit[better.key] >= merit[worse.key]
        assert (better.place == worse.place) == (merit[better.key] == merit[worse.key])


# --- money ----------------------------------------------------------------------------------------
def test_the_first_that_does_not_fit_is_offered_the_rest_and_all_below_wait():
    assert allot(LINE, 1000) == {
        "a": ("selected", "400"),
        "b": ("selected", "300"),
        "c": ("offered", "300"),
        "d": ("waiting", None),
        "e": ("waiting", None),
        "f": ("failed", None),
    }


def test_a_smaller_amount_that_is_taken_empties_the_line():
    found = allot(LINE, 1000, {"c": YES})

    assert found["c"] == ("selected", "300")
    assert [found[each][0] for each in "de"] == ["waiting", "waiting"]


def test_after_a_refusal_those_follow_whom_the_rest_covers_and_nobody_else_is_asked():
    found = allot(LINE, 1000, {"c": NO})

    assert found["c"] == ("waiting", None)
    assert found["d"] == ("waiting", None)
    assert found["e"] == ("selected", "100")


def test_whoever_refused_less_gets_everything_once_the_money_is_there():
    assert allot(LINE, 1200, {"c": NO})["c"] == ("selected", "500")


def test_whoever_took_less_gets_the_larger_rest():
    assert allot(LINE, 1150, {"c": YES})["c"] == ("selected", "450")


def test_whoever_took_more_than_is_left_is_asked_again():
    assert allot(LINE, 900, {"c": YES})["c"] == ("offered", "200")


def test_an_empty_purse_offers_nothing():
    assert allot(LINE, 700)["c"] == ("waiting", None)


def test_equals_that_do_not_all_fit_are_tied_and_the_rest_waits():
    rows = entries((90, (), 600), (80, (), 300), (80, (), 300), (75, (), 100))

    assert allot(rows, 1000) == {
        "a": ("selected", "600"),
        "b": ("tied", None),
        "c": ("tied", None),
        "d": ("waiting", None),
    }
    assert allot(rows, 1000, resolved=["c", "b"])["b"] == ("offered", "100")
    assert allot(rows, 1200)["c"] == ("selected", "300")


def test_after_a_refusal_equals_of_whom_some_fit_are_served_or_tied():
    rows = entries((90, (), 900), (80, (), 300), (75, (), 80), (75, (), 200), (70, (), 20))
    no = {"b": Answer(Decimal(100), accepted=False)}

    assert allot(rows, 1000, no)["c"] == ("selected", "80")
    assert allot(rows, 1000, no)["d"] == ("waiting", None)
    assert allot(rows, 1000, no)["e"] == ("selected", "20")
    both = [*rows[:3], Entry("d", Decimal(75), (), Decimal(90)), rows[4]]
    assert [allot(both, 1000, no)[each][0] for each in "cde"] == ["tied", "tied", "waiting"]


def test_what_is_granted_for_good_comes_out_of_the_budget_first():
    held = Entry("held", Decimal(71), (), Decimal(500), settled=True)

    found = allot([*LINE, held], 1000)

    assert found["held"] == ("selected", "500")
    assert found["b"] == ("offered", "100")


def test_a_project_of_which_nothing_is_left_gets_nothing():
    assert allot(entries((90, (), 0)), 1000)["a"] == ("below", None)


@given(
    rows=st.lists(st.tuples(st.integers(60, 90), amounts), min_size=1, max_size=16),
    answers=said,
)
def test_an_allotment_never_spends_more_than_the_budget_nor_asks_twice(rows, answers):
    given_ = [Entry(n, Decimal(mark), (), wanted) for n, (mark, wanted) in enumerate(rows)]
    classes = scoring.ordered(given_)
    places = scoring.cut(classes, seats=len(given_), pass_mark=Decimal(70))

    found = scoring.allot(classes, places, budget=BUDGET, answers=answers)

    by_key = {each.key: each for each in given_}
    paid = [each for each in found if each.amount is not None]
    assert [each.key for each in found] == [each.key for each in places]
    assert sum(each.amount for each in paid) <= BUDGET
    assert sum(each.status == "offered" for each in found) <= 1
    assert all(0 < each.amount <= by_key[each.key].wanted for each in paid)
    assert {each.status for each in paid} <= {"selected", "offered"}
    assert all((each.status == "failed") == (by_key[each.key].mark < 70) for each in found)


@given(rows=st.lists(st.tuples(st.integers(70, 90), amounts), min_size=1, max_size=16))
def test_nobody_waits_whom_the_rest_would_cover_unless_something_is_open(rows):
    given_ = [Entry(n, Decimal(mark), (), wanted) for n, (mark, wanted) in enumerate(rows)]
    classes = scoring.ordered(given_)
    places = scoring.cut(classes, seats=len(given_), pass_mark=Decimal(70))
    no = {each.key: Answer(Decimal(1), accepted=False) for each in given_}

    found = scoring.allot(classes, places, budget=BUDGET, answers=no)

    assume(not any(each.status == "tied" for each in found))
    rest = BUDGET - sum(each.amount or 0 for each in found)
    wanted = {each.key: each.wanted for each in given_}
    assert all(wanted[each.key] > rest for each in found if each.status == "waiting")
