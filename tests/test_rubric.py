"""Marks and votes: examples of the domain, and laws that hold for any numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oracles import PANEL_SCORES
from workflows import rubric
from workflows.errors import PanelShort

marks = st.decimals(0, 100, places=2)
choices = st.sampled_from(["agree", "disagree", "abstain", "recused"])


def points(*values: object) -> list[Decimal]:
    """Exact marks from readable ones."""
    return [Decimal(str(value)) for value in values]


# --- the panel's mark ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("totals", "mark"),
    [
        (points(91, 88, 86.5, 90, 84, 93, 87), "88.50"),  # P1-001
        (points(86, 84, 88, 82, 90), "86.00"),  # P2-001
        (points(84, 82, 84, 81, 90, 78, 84), "83.00"),  # P2-002
        (points(84, 82, 81, 90, 78, 84), "82.75"),  # P2-002 after one seat fell void
        (points(88, 85, 90, 83, 87, 91, 86), "87.20"),  # P4-001
        (points(82, 79, 85, 80, 84), "82.00"),  # P4-002
        (points(0, 80.01, 80.01, 80.02, 100), "80.01"),
        (points(0, 80.01, 80.02, 80.02, 100), "80.02"),
    ],
)
def test_the_panels_mark_is_what_the_domain_says(totals, mark):
    assert str(rubric.panel_score(totals)) == mark


def test_a_half_hundredth_is_rounded_up():
    assert str(rubric.panel_score(points(80, 80.01), quorum=2)) == "80.01"


def test_fewer_than_five_marks_are_not_trimmed():
    assert rubric.panel_score(points(0, 60, 90), quorum=3) == 50


def test_a_panel_below_quorum_has_no_mark():
    with pytest.raises(PanelShort):
        rubric.panel_score(points(80, 81, 82, 83))


def test_no_sheets_never_make_a_mark():
    with pytest.raises(PanelShort):
        rubric.panel_score([], quorum=0)


@pytest.mark.parametrize("oracle", PANEL_SCORES)
@given(totals=st.lists(marks, min_size=1, max_size=11), trim_from=st.integers(3, 9))
def test_the_panels_mark_agrees_with_the_second_opinion(oracle, totals, trim_from):
    mark = rubric.panel_score(totals, trim_from, quorum=1)

    assert mark == oracle(totals, trim_from, 1)


@given(totals=st.lists(marks, min_size=5, max_size=11), data=st.data())
def test_the_panels_mark_does_not_depend_on_the_order_of_seats(totals, data):
    shuffled = data.draw(st.permutations(totals))

    assert rubric.panel_score(shuffled) == rubric.panel_score(totals)


# --- the spread check ---------------------------------------------------------------------------
def test_a_mark_far_from_the_median_needs_reasons():
    assert rubric.spread(points(85, 88, 90, 64.99, 86)) == [3]
    assert rubric.spread(points(85, 85, 85, 65, 86)) == []


def test_both_ends_of_a_wide_range_need_reasons():
    assert rubric.spread(points(70, 95, 85, 64, 70)) == [1, 3]
    assert rubric.spread(points(70, 95, 80, 64, 70, 95)) == [1, 3, 5]
    assert rubric.spread(points(80, 94, 85, 64, 80)) == []


def test_an_empty_panel_has_no_spread():
    assert rubric.spread([]) == []


@given(totals=st.lists(marks, min_size=1, max_size=9))
def test_marks_within_ten_points_never_need_reasons(totals):
    close = [80 + mark / 10 for mark in totals]

    assert rubric.spread(close) == []


# --- distributing a recorded total --------------------------------------------------------------
SHEET = [
    ("schools", Decimal(15)),
    ("interns_computed", Decimal(10)),
    ("interns", Decimal(10)),
    ("courses", Decimal(15)),
    ("investment_computed", Decimal(10)),
    ("fund_computed", Decimal(5)),
    ("technology", Decimal(10)),
    ("teachers", Decimal(10)),
    ("plan_computed", Decimal(10)),
    ("integrity", Decimal(5)),
]
COMPUTED = {
    "interns_computed": Decimal(10),
    "investment_computed": Decimal(10),
    "fund_computed": Decimal(5),
    "plan_computed": Decimal("9.94"),
}


@pytest.mark.parametrize("total", points(91, 88, 86.5, 90, 84, 93, 87, 34.94, 99.94))
def test_a_recorded_total_keeps_what_was_computed(total):
    sheet = rubric.split(total, SHEET, COMPUTED)

    assert sum(sheet.values()) == total
    assert {key: sheet[key] for key in COMPUTED} == COMPUTED


def test_a_sheet_is_filled_in_proportion_to_its_maxima():
    sheet = rubric.split(Decimal(50), [("a", Decimal(60)), ("b", Decimal(40))])

    assert sheet == {"a": Decimal(30), "b": Decimal(20)}


def test_computed_points_give_way_to_a_total_that_contradicts_them():
    low = rubric.split(Decimal(4), [("a", Decimal(10)), ("b", Decimal(10))], {"a": Decimal(8)})
    high = rubric.split(Decimal(19), [("a", Decimal(10)), ("b", Decimal(10))], {"a": Decimal(8)})

    assert low == {"a": Decimal(4), "b": Decimal(0)}
    assert high == {"a": Decimal(9), "b": Decimal(10)}


@pytest.mark.parametrize("total", points(-1, 100.01, 80.005))
def test_a_total_no_sheet_can_have_is_refused(total):
    with pytest.raises(ValueError, match=r"no sheet|finer"):
        rubric.split(total, SHEET, COMPUTED)


@given(data=st.data())
def test_any_possible_total_is_distributed_exactly(data):
    maxima = data.draw(
        st.dictionaries(st.text("abcdef", min_size=1), st.decimals(0, 40, places=2), min_size=1)
    )
    computed = {
        key: data.draw(st.decimals(0, most, places=2))
        for key, most in maxima.items()
        if data.draw(st.booleans())
    }
    total = data.draw(st.decimals(0, sum(maxima.values()), places=2))

    sheet = rubric.split(total, list(maxima.items()), computed)

    assert list(sheet) == list(maxima)
    assert sum(sheet.values()) == total
    assert all(0 <= sheet[key] <= maxima[key] for key in maxima)
    spare = sum(maxima[key] for key in maxima if key not in computed)
    if sum(computed.values()) <= total <= sum(computed.values()) + spare:
        assert {key: sheet[key] for key in computed} == computed


# --- the joint conference -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("agree", "members", "passed"),
    [(5, 7, True), (4, 7, False), (6, 9, True), (5, 9, False), (4, 6, True), (3, 6, False)],
)
def test_two_thirds_of_all_voting_members_must_agree(agree, members, passed):
    ballots = ["agree"] * agree + ["disagree"] * (members - agree)

    assert rubric.tally(ballots, members, members).passed is passed


def test_an_abstention_is_not_agreement():
    ballots = ["agree"] * 4 + ["abstain"] * 3

    tally = rubric.tally(ballots, members=7, present=7)

    assert tally == rubric.Tally(
        agree=4,
        disagree=0,
        abstain=3,
        recused=0,
        base=7,
        needed=5,
        quorum_needed=5,
        quorate=True,
        passed=False,
    )


def test_a_recused_member_is_counted_out_of_the_base():
    ballots = ["agree"] * 4 + ["disagree"] * 2 + ["recused"]

    tally = rubric.tally(ballots, members=7, present=7)

    assert tally == rubric.Tally(
        agree=4,
        disagree=2,
        abstain=0,
        recused=1,
        base=6,
        needed=4,
        quorum_needed=4,
        quorate=True,
        passed=True,
    )


def test_without_quorum_nothing_passes():
    tally = rubric.tally(["agree"] * 4, members=7, present=4, pass_="1/2")

    assert (tally.quorum_needed, tally.quorate, tally.passed) == (5, False, False)


def test_a_simple_majority_of_those_present_is_more_than_half():
    even = rubric.tally(["agree"] * 3 + ["disagree"] * 3, 9, 6, pass_="1/2", base="present")
    more = rubric.tally(["agree"] * 4 + ["disagree"] * 2, 9, 6, pass_="1/2", base="present")

    assert (even.base, even.needed, even.passed) == (6, 4, False)
    assert more.passed is True


def test_a_conference_of_recused_members_resolves_nothing():
    tally = rubric.tally(["recused"] * 3, members=3, present=3)

    assert (tally.base, tally.quorate, tally.passed) == (0, False, False)


@given(ballots=st.lists(choices, max_size=20), absent=st.integers(0, 10))
def test_passing_takes_two_thirds_in_exact_arithmetic(ballots, absent):
    tally = rubric.tally(ballots, len(ballots) + absent, len(ballots))

    voters = len(ballots) + absent - ballots.count("recused")
    seated = len(ballots) - ballots.count("recused")
    assert tally.quorate is (voters > 0 and 3 * seated >= 2 * voters)
    assert tally.passed is (tally.quorate and 3 * ballots.count("agree") >= 2 * voters)


@given(ballots=st.lists(choices, min_size=1, max_size=15))
def test_one_more_vote_in_favour_never_turns_a_pass_into_a_failure(ballots):
    if "disagree" not in ballots:
        ballots = [*ballots, "disagree"]
    before = rubric.tally(ballots, len(ballots), len(ballots))
    ballots[ballots.index("disagree")] = "agree"

    after = rubric.tally(ballots, len(ballots), len(ballots))

    assert after.passed or not before.passed
