"""A group too small to be compared goes on in the next round (domain S7, X56)."""

from decimal import Decimal

import pytest

from tests.groups import PROJECTS, SCHOOLS, call, schools, signer
from tests.stages.deciding import found
from tests.stages.ranking.deeds import BEST, FAIR, GOOD, places, rank, told, waiting
from workflows.errors import (
    AlreadyFrozen,
    GroupLargeEnough,
    GroupNotReady,
    GroupTooSmall,
    NotEntitled,
    RoundUnlike,
    StageClosed,
)
from workflows.models import Job, Round, Task
from workflows.stages import merging

pytestmark = pytest.mark.django_db


@pytest.fixture
def next_(called) -> Round:
    """Another call for schools under the same edition."""
    return call(SCHOOLS, edition=called.edition, quota=2, share_percent=100, pass_mark=Decimal(3))


def merge(round_: Round, into: Round, by) -> None:
    merging.merge(round_, procedure_key="recognition", group="higher", into=into, by=by)


def test_x56_a_single_school_is_not_scored_but_compared_in_the_next_round(called, next_, cast):
    one, others = schools(called, {"a": BEST}), schools(next_, {"b": GOOD, "c": FAIR})
    with pytest.raises(GroupTooSmall):
        rank(one, cast)

    merge(called, next_, cast.officer)
    made = rank({**others, **one}, cast)

    assert made.round == next_
    assert places(made, {**one, **others}) == {
        "a": (1, "6.00", "selected"),
        "b": (2, "5.40", "selected"),
        "c": (3, "4.20", "below"),
    }
    assert waiting(one["a"]) == ["proposal"]


def test_the_applicant_is_told_in_which_round_it_is_compared(called, next_, cast):
    one = schools(called, {"a": BEST})["a"]

    merge(called, next_, cast.officer)

    facts = {"former": called.key, "round": next_.key, "title": next_.title}
    assert told(one, "round_joined") == [facts]
    assert found(one).round == next_
    letter = Job.objects.get(kind="tell", case=one, payload__kind="round_joined")
    assert letter.payload["facts"]["title"] == next_.title


def test_a_group_that_can_be_ranked_stays(called, next_, three, cast):
    with pytest.raises(GroupLargeEnough):
        merge(called, next_, cast.officer)

    assert found(three["a"]).round == called


@pytest.mark.broken_books
def test_a_group_is_not_merged_while_somebody_is_still_checked(called, next_, cast):
    two = schools(called, {"a": BEST, "b": GOOD})
    Task.objects.filter(case=two["b"]).update(node="confirmation")

    with pytest.raises(GroupNotReady):
        merge(called, next_, cast.officer)


def test_nothing_is_merged_where_nobody_waits(called, next_, cast):
    with pytest.raises(StageClosed):
        merge(called, next_, cast.officer)


def test_nobody_joins_a_group_that_is_frozen_already(called, next_, cast):
    schools(called, {"a": BEST})
    rank(schools(next_, {"b": BEST, "c": GOOD, "d": FAIR}), cast)

    with pytest.raises(AlreadyFrozen):
        merge(called, next_, cast.officer)


def test_a_group_joins_only_those_who_are_measured_by_the_same_index(called, cast):
    schools(called, {"a": BEST})
    secondary = call(SCHOOLS, edition=called.edition, group="secondary")

    for other in (called, secondary, call(PROJECTS)):
        with pytest.raises(RoundUnlike):
            merge(called, other, cast.officer)


def test_only_the_case_officer_merges(called, next_, cast):
    one = schools(called, {"a": BEST})["a"]

    for stranger in (cast.leader, cast.agency, signer(one)):
        with pytest.raises(NotEntitled):
            merge(called, next_, stranger)
