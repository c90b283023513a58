"""Groups in order: the freeze, places, money, ties, offers, and what a change does to the rest."""

from decimal import Decimal

import pytest

from tests.groups import SCHOOLS, call, schools, signer
from tests.stages import deciding
from tests.stages.deciding import found
from tests.stages.ranking.deeds import (
    BEST,
    FAIR,
    GOOD,
    POOR,
    on_notice,
    places,
    rank,
    standing,
    states,
    told,
    waiting,
)
from workflows.errors import (
    AlreadyFrozen,
    GroupNotReady,
    GroupTooSmall,
    NotEntitled,
    PlaceTooLow,
    RankingMissing,
    RankingUnsigned,
    RankStillOpen,
    ReasonMissing,
    StageClosed,
)
from workflows.models import (
    Segment,
    Task,
)
from workflows.stages import (
    outcome,
    ranking,
    standings,
    withdrawal,
)

pytestmark = pytest.mark.django_db


# --- the freeze -----------------------------------------------------------------------------------
def test_a_ranking_freezes_the_group_and_lets_every_case_go_on(three, cast):
    made = rank(three, cast)

    assert places(made, three) == {
        "a": (1, "6.00", "selected"),
        "b": (2, "5.40", "selected"),
        "c": (3, "4.20", "below"),
    }
    assert states(three) == dict.fromkeys("abc", "proposal")
    assert [waiting(each) for each in three.values()] == [["proposal"]] * 3
    assert str(found(three["b"]).score) == "5.40"
    assert len(made.digest) == 64


def test_the_sheet_of_a_standing_shows_the_best_of_the_group_and_nobody_else(three, cast):
    rank(three, cast)

    parts = standing(three["b"]).parts

    assert parts["I24"] == {"value": "90", "best": "100", "mark": "2.70"}
    assert parts["I44"] == {"value": "0", "best": "0", "mark": "0.00"}


def test_each_case_is_told_its_own_place_once(three, cast):
    rank(three, cast)

    (facts,) = told(three["b"])
    assert facts == {
        "revision": 1,
        "rank": 2,
        "participants": 3,
        "mark": "5.40",
        "status": "selected",
        "amount": None,
    }


def test_the_decision_clock_runs_again_for_whoever_is_not_read(three, cast):
    rank(three, cast)

    assert not Segment.objects.filter(case__in=three.values(), resumed=None).exists()
    assert all(found(each).due is not None for each in three.values())


def test_only_candidates_within_the_quota_are_read_by_the_panel(cast, standing_clock):
    round_ = call(SCHOOLS, quota=1, share_percent=100, pass_mark=Decimal(3))
    cases = schools(round_, {"a": BEST, "b": GOOD, "c": FAIR})

    rank(cases, cast)

    assert states(cases) == {"a": "evaluating", "b": "proposal", "c": "proposal"}
    assert [waiting(each) for each in cases.values()] == [["panel"], ["proposal"], ["proposal"]]
    assert Segment.objects.filter(case=cases["a"], resumed=None).exists()


def test_an_indicator_that_does_not_apply_is_left_out_of_the_sheet(called, cast):
    cases = schools(called, {"a": BEST, "b": GOOD, "c": {**FAIR, "I32": None, "I33": None}})

    made = rank(cases, cast)

    assert places(made, cases)["c"] == (3, "4.38", "below")  # 6 x 0.7 x 100 / 96
    assert "I32" not in standing(cases["c"]).parts


def test_a_group_is_ranked_once_and_then_again_only_for_a_reason(three, cast):
    rank(three, cast)

    with pytest.raises(AlreadyFrozen):
        rank(three, cast)
    with pytest.raises(ReasonMissing):
        rank(three, cast, reason=" ")


def test_a_group_that_was_never_ranked_is_not_ranked_again(three, cast):
    with pytest.raises(RankingMissing):
        rank(three, cast, reason="更正")


def test_a_case_still_being_checked_is_named(three, called, cast):
    late = schools(called, {"late": POOR})["late"]
    Task.objects.filter(case=late).update(node="confirmation")

    with pytest.raises(GroupNotReady) as refusal:
        rank(three, cast)

    assert refusal.value.facts == {"cases": late.reference}
    Task.objects.filter(case=late).update(node="freezing")


def test_a_stopped_case_is_neither_waited_for_nor_ranked(three, cast):
    withdrawn = found(three["c"])
    withdrawal.withdraw(withdrawn, reason="调整", by=signer(withdrawn))

    with pytest.raises(GroupTooSmall):
        rank(three, cast)


@pytest.mark.parametrize("names", ["a", "ab"])
def test_x56_a_batch_of_one_or_two_is_not_scored(called, cast, names):
    cases = schools(called, dict.fromkeys(names, BEST))

    with pytest.raises(GroupTooSmall) as refusal:
        rank(cases, cast)

    assert refusal.value.facts == {"size": len(names), "least": 3}
    assert states(cases) == dict.fromkeys(names, "evaluating")


def test_a_group_without_anybody_is_not_ranked(called, cast):
    with pytest.raises(GroupTooSmall):
        ranking.rank(called, procedure_key="recognition", group="higher", by=cast.officer)


def test_x32_a_quota_that_is_not_filled_stays_empty(called, cast):
    cases = schools(called, {"a": BEST, "b": POOR, "c": POOR})

    made = rank(cases, cast)

    assert [status for _, _, status in places(made, cases).values()] == [
        "selected",
        "failed",
        "failed",
    ]


def test_only_the_case_officer_ranks(three, cast):
    for stranger in (cast.leader, cast.finance, cast.window, signer(three["a"])):
        with pytest.raises(NotEntitled):
            ranking.rank(
                found(three["a"]).round, procedure_key="recognition", group="higher", by=stranger
            )


# --- the second signature -------------------------------------------------------------------------
def test_nothing_is_proposed_before_the_ranking_is_countersigned(three, cast):
    made = rank(three, cast, approve=False)

    with pytest.raises(RankingUnsigned):
        deciding.propose(three["a"], cast)
    ranking.approve(made, by=cast.leader)
    deciding.propose(three["a"], cast)

    assert waiting(three["a"]) == ["endorsement"]


def test_money_is_countersigned_by_finance_and_marks_by_the_leader(three, five, cast):
    schools_, money_ = rank(three, cast, approve=False), rank(five, cast, approve=False)

    for made, wrong in ((schools_, cast.finance), (money_, cast.leader), (money_, cast.officer)):
        with pytest.raises(NotEntitled):
            ranking.approve(made, by=wrong)
    ranking.approve(schools_, by=cast.leader)
    ranking.approve(money_, by=cast.finance)

    schools_.refresh_from_db()
    assert schools_.approved_by == cast.leader


def test_a_ranking_is_countersigned_once_and_only_the_newest(three, cast):
    first = rank(three, cast)
    with pytest.raises(StageClosed):
        ranking.approve(first, by=cast.leader)

    rank(three, cast, approve=False, reason="复核")

    with pytest.raises(StageClosed):
        ranking.approve(first, by=cast.leader)


# --- what follows from a place --------------------------------------------------------------------
def test_the_place_says_what_is_proposed(three, five, cast):
    rank(three, cast)
    made = rank(five, cast)
    ranking.answer_offer(standing(five["c"]), accepted=False, by=signer(five["c"]))

    assert {name: outcome.proposed(found(each)) for name, each in three.items()} == {
        "a": "recognised",
        "b": "recognised",
        "c": "not_recognised",
    }
    assert {name: outcome.proposed(found(each)) for name, each in five.items()} == {
        "a": "funded",
        "b": "funded",
        "c": "registered",
        "d": "funded",
        "e": "refused",
    }
    assert made.revision == 1


def test_a_case_below_the_cut_is_not_granted_and_one_above_it_not_registered(three, five, cast):
    rank(three, cast)
    rank(five, cast)
    ranking.approve(
        ranking.answer_offer(standing(five["c"]), accepted=False, by=signer(five["c"])),
        by=cast.finance,
    )

    with pytest.raises(PlaceTooLow):
        deciding.propose(three["c"], cast, "recognised")
    with pytest.raises(PlaceTooLow):
        deciding.propose(five["a"], cast, "registered")


def test_a_refusal_for_a_place_waits_until_every_place_above_is_safe(three, cast):
    rank(three, cast)

    with pytest.raises(RankStillOpen):
        deciding.propose(three["c"], cast)
    on_notice([three["a"], three["b"]], cast)
    deciding.close(three["a"])
    assert not standings.refusals_may_go(found(three["c"]))
    with pytest.raises(RankStillOpen):
        deciding.propose(three["c"], cast)
    deciding.close(three["b"])
    deciding.propose(three["c"], cast)

    assert deciding.decision(three["c"]).outcome == "not_recognised"


def test_a_project_below_the_pass_mark_need_not_wait(five, cast):
    rank(five, cast)

    deciding.propose(five["e"], cast)

    assert deciding.decision(five["e"]).outcome == "refused"
