"""Groups in order: the freeze, places, money, ties, offers, and what a change does to the rest."""

import pytest

from tests.groups import Bid, projects, schools
from tests.stages import deciding
from tests.stages.ranking.deeds import places, rank, standing
from workflows.errors import (
    MeetingUnknown,
    NotEntitled,
    OrderIncomplete,
    StageClosed,
    TieUnbroken,
)
from workflows.stages import (
    ranking,
)

pytestmark = pytest.mark.django_db


# --- ties -----------------------------------------------------------------------------------------
def test_x31_equals_at_the_cut_are_tied_and_nothing_is_granted_until_they_are_put_in_order(
    tied, cast
):
    made = rank(tied, cast)

    assert {name: status for name, (_, _, status) in places(made, tied).items()} == {
        "a": "selected",
        "b": "tied",
        "c": "tied",
        "d": "below",
    }
    with pytest.raises(TieUnbroken) as refusal:
        deciding.propose(tied["a"], cast)
    assert refusal.value.facts == {"cases": f"{tied['b'].reference}, {tied['c'].reference}"}


def test_x31_the_conference_puts_equals_in_order_in_a_meeting(tied, cast):
    made = rank(tied, cast)
    called = deciding.meeting(cast)
    order = [tied["c"].reference, tied["b"].reference]

    again = ranking.break_tie(made, order=order, meeting=called.number, by=cast.officer)

    assert places(again, tied) == {
        "a": (1, "6.00", "selected"),
        "c": (2, "5.40", "selected"),
        "b": (3, "5.40", "below"),
        "d": (4, "4.20", "below"),
    }
    assert (again.order, again.meeting) == (order, called.number)
    later = rank(tied, cast, reason="复核")
    assert places(later, tied) == places(again, tied)
    assert later.meeting == called.number


def test_x31_an_order_names_every_equal_and_a_meeting_that_was_called(tied, cast):
    made = rank(tied, cast)
    called = deciding.meeting(cast)
    equals = [tied["c"].reference, tied["b"].reference]

    with pytest.raises(OrderIncomplete):
        ranking.break_tie(made, order=equals[:1], meeting=called.number, by=cast.officer)
    with pytest.raises(OrderIncomplete):
        ranking.break_tie(
            made, order=[*equals, tied["a"].reference], meeting=called.number, by=cast.officer
        )
    with pytest.raises(MeetingUnknown):
        ranking.break_tie(made, order=equals, meeting="1999-1", by=cast.officer)
    with pytest.raises(NotEntitled):
        ranking.break_tie(made, order=equals, meeting=called.number, by=cast.leader)


def test_nothing_is_put_in_order_where_nothing_is_tied(three, cast):
    made = rank(three, cast)

    with pytest.raises(StageClosed):
        ranking.break_tie(made, order=[], meeting="2026-1", by=cast.officer)


def test_a_level_of_the_index_parts_equal_marks(called, cast):
    cases = schools(called, {"a": {"I05": 100}, "b": {"I24": 100}, "c": {"I05": 1, "I24": 1}})

    made = rank(cases, cast)

    assert places(made, cases)["b"][0] == 1  # industry-education cooperation counts first
    assert standing(cases["a"]).parts["ties"] == ["0.00", "0.00"]
    assert standing(cases["b"]).parts["ties"] == ["3.00", "0.00"]


def test_an_answer_of_the_form_parts_equal_marks(line, cast):
    share = {"enterprise_funds": "90", "total_budget": "100"}
    cases = projects(line, {"a": Bid("82.00"), "b": Bid("82.00", answers=share)})

    made = rank(cases, cast)

    assert [place for place, _, _ in places(made, cases).values()] == [2, 1]
