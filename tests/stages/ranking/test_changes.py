"""Groups in order: the freeze, places, money, ties, offers, and what a change does to the rest."""

import pytest

from tests.groups import SCHOOLS, call, schools, variant
from tests.stages import deciding
from tests.stages.deciding import found
from tests.stages.ranking.deeds import (
    correct,
    object_to,
    on_notice,
    places,
    rank,
    standing,
    states,
    take_back,
    told,
    waiting,
)
from workflows import clock
from workflows.errors import (
    AlreadyFrozen,
    PlaceTooLow,
    RankingStale,
    StageClosed,
)
from workflows.models import (
    Job,
    PublicNotice,
)
from workflows.models.case import State
from workflows.stages import (
    deliberation,
    publication,
    ranking,
    standings,
    suspension,
)

pytestmark = pytest.mark.django_db


# --- corrections --------------------------------------------------------------------------------
def test_a_correction_ranks_the_whole_group_again(three, cast):
    rank(three, cast)
    correct(three["a"], I05=50, I24=50)

    again = rank(three, cast, reason="更正I05、I24")

    assert again.revision == 2
    assert places(again, three) == {
        "a": (3, "3.33", "below"),
        "b": (1, "6.00", "selected"),
        "c": (2, "4.67", "selected"),
    }
    assert str(found(three["a"]).score) == "3.33"


def test_whoever_keeps_place_and_mark_has_no_new_entry(three, cast):
    rank(three, cast)
    correct(three["b"], I24=95)

    rank(three, cast, reason="更正I24")

    assert [len(told(each)) for each in three.values()] == [1, 2, 1]


def test_a_proposal_made_on_another_place_is_made_again(three, cast):
    rank(three, cast)
    deciding.propose(three["b"], cast)
    correct(three["b"], I05=10, I24=10)
    assert waiting(three["b"]) == ["endorsement"]

    rank(three, cast, reason="更正")

    assert waiting(three["b"]) == ["proposal"]


def test_a_changed_group_is_ranked_again_before_anything_is_granted(three, cast):
    made = rank(three, cast)
    assert not standings.stale(made)
    correct(three["b"], I24=1)

    assert standings.stale(made)
    with pytest.raises(RankingStale):
        deciding.propose(three["a"], cast)


def test_a_vote_on_a_place_that_is_gone_is_not_counted(three, cast):
    rank(three, cast)
    deciding.propose(three["b"], cast)
    deliberation.endorse(found(three["b"]), by=cast.leader)
    deciding.vote(three["b"], cast)
    correct(three["b"], I05=10, I24=10)
    rank(three, cast, reason="更正")

    with pytest.raises(RankingStale):
        deciding.resolve(three["b"], cast)
    deliberation.resolve(
        found(three["b"]), by=cast.convenor, result="sent_back", questions="名次已变"
    )

    assert waiting(three["b"]) == ["proposal"]


# --- during the notice --------------------------------------------------------------------------
def test_x29_after_an_upheld_objection_the_next_moves_up_and_is_published_in_full(
    three, cast, standing_clock
):
    rank(three, cast)
    on_notice([three["a"], three["b"]], cast)
    standing_clock.pass_(days=2)
    publication.answer_objection(
        object_to(three["a"]), result="upheld", answer="属实", effect="remove", by=cast.officer
    )
    assert states(three) == {"a": "proposal", "b": "notice", "c": "proposal"}
    assert standings.stale(standing(three["b"]).ranking)

    again = rank(three, cast, reason="异议成立，移出名单")
    deciding.decide(three["c"], cast)
    deciding.publish([three["c"]], cast)

    assert places(again, three) == {"b": (1, "6.00", "selected"), "c": (2, "4.67", "selected")}
    first, second = PublicNotice.objects.order_by("pk")[0], PublicNotice.objects.latest("pk")
    assert (second.closes - second.opens).days >= 4
    assert second.closes > first.closes
    deciding.propose(three["a"], cast, "not_recognised")
    with pytest.raises(PlaceTooLow):
        deliberation.propose(
            found(three["a"]), outcome_="recognised", finding="", reasons=[], by=cast.officer
        )


def test_x55_a_withdrawal_in_the_notice_ranks_the_group_again_and_the_list_is_published_again(
    three, cast, standing_clock
):
    rank(three, cast)
    on_notice([three["a"], three["b"]], cast)
    standing_clock.pass_(days=2)
    take_back(three["a"], cast)

    rank(three, cast, reason="公示期内撤回")

    entries = list(three["b"].entries.order_by("pk"))
    assert [each.removed is None for each in entries] == [False, True]
    assert entries[1].facts["place"] == "1"
    assert entries[1].notice.closes > entries[0].notice.closes
    assert states(three) == {"a": "withdrawn", "b": "notice", "c": "proposal"}
    assert places(standing(three["b"]).ranking, three)["c"] == (2, "4.67", "selected")


def test_x55_the_first_period_no_longer_closes_the_entry_that_was_published_again(
    three, cast, standing_clock
):
    rank(three, cast)
    on_notice([three["a"], three["b"]], cast)
    old = three["b"].entries.get().notice
    standing_clock.pass_(days=2)
    take_back(three["a"], cast)
    rank(three, cast, reason="公示期内撤回")
    timers = Job.objects.filter(kind="timer", case=three["b"], payload__verb="close_notice")

    with clock.at(clock.end_of(old.closes)), pytest.raises(Exception, match="not run out"):
        publication.close_notice(found(three["b"]))
    deciding.close(three["b"])

    assert timers.count() == 2
    assert found(three["b"]).state == State.SIGNING


def test_an_entry_whose_facts_stay_the_same_is_not_published_again(three, cast):
    rank(three, cast)
    on_notice([three["a"], three["b"]], cast)
    correct(three["c"], I24=71)

    rank(three, cast, reason="更正")

    assert PublicNotice.objects.count() == 1


def test_whoever_loses_the_place_during_the_notice_leaves_the_list(three, cast):
    rank(three, cast)
    on_notice([three["a"], three["b"]], cast)
    correct(three["b"], I05=50, I24=50)

    rank(three, cast, reason="更正")

    assert states(three) == {"a": "notice", "b": "proposal", "c": "proposal"}
    assert waiting(three["b"]) == ["proposal"]
    assert three["b"].entries.get().removed is not None
    assert told(three["b"])[-1]["status"] == "below"


def test_an_objected_entry_that_lost_its_place_meanwhile_goes_back_once_it_is_answered(three, cast):
    rank(three, cast)
    on_notice([three["a"], three["b"]], cast)
    objection = object_to(three["b"])
    correct(three["b"], I05=10, I24=10)
    rank(three, cast, reason="更正")
    assert found(three["b"]).state == State.OBJECTION

    publication.answer_objection(objection, result="not_upheld", answer="不成立", by=cast.officer)

    assert found(three["b"]).state == State.PROPOSAL
    assert waiting(three["b"]) == ["proposal"]


def test_an_objected_entry_that_changed_meanwhile_is_published_again_once_it_is_answered(
    three, cast
):
    rank(three, cast)
    on_notice([three["a"], three["b"]], cast)
    objection = object_to(three["b"])
    correct(three["b"], I24=95)
    rank(three, cast, reason="更正")

    publication.answer_objection(objection, result="not_upheld", answer="不成立", by=cast.officer)

    assert found(three["b"]).state == State.NOTICE
    assert [each.removed is None for each in three["b"].entries.order_by("pk")] == [False, True]


def test_a_suspended_entry_that_lost_its_place_goes_back_when_its_notice_ends(
    three, cast, standing_clock
):
    rank(three, cast)
    on_notice([three["a"], three["b"]], cast)
    suspension.suspend(found(three["b"]), ground="litigation", reason="诉讼", by=cast.leader)
    correct(three["b"], I05=10, I24=10)
    standing_clock.pass_(minutes=2)
    rank(three, cast, reason="更正")
    suspension.resume(found(three["b"]), by=cast.leader)

    deciding.close(three["b"])

    assert found(three["b"]).state == State.PROPOSAL
    assert waiting(three["b"]) == ["proposal"]


def test_whoever_is_past_the_notice_keeps_the_place(three, cast):
    rank(three, cast)
    on_notice([three["b"]], cast)
    deciding.close(three["b"])
    correct(three["b"], I05=10, I24=10)

    again = rank(three, cast, reason="更正")

    assert {name: status for name, (_, _, status) in places(again, three).items()} == {
        "a": "selected",
        "b": "selected",
        "c": "below",
    }


def test_the_place_of_a_refused_case_goes_to_the_next(three, cast):
    made = rank(three, cast)
    deciding.decide(three["a"], cast, choice="disagree")
    assert found(three["a"]).state == State.SIGNING
    assert standings.stale(made)

    again = rank(three, cast, reason="审议未通过")

    assert places(again, three) == {
        "a": (1, "6.00", "below"),
        "b": (2, "5.40", "selected"),
        "c": (3, "4.20", "selected"),
    }


# --- who stands still, and who leaves -------------------------------------------------------------
def test_a_suspended_school_is_ranked_with_the_others_and_goes_on_when_it_is_resumed(three, cast):
    suspension.suspend(found(three["c"]), ground="litigation", reason="诉讼", by=cast.leader)

    made = rank(three, cast)

    assert set(places(made, three)) == set("abc")
    assert (found(three["c"]).state, waiting(three["c"])) == (State.SUSPENDED, ["freezing"])
    assert not standings.stale(made)
    suspension.resume(found(three["c"]), by=cast.leader)
    assert standings.stale(made)
    rank(three, cast, reason="恢复办理")
    assert (found(three["c"]).state, waiting(three["c"])) == (State.PROPOSAL, ["proposal"])


def test_x29_whoever_leaves_after_the_freeze_takes_no_place_along(cast, standing_clock):
    edition = variant(SCHOOLS, "recognition", reading=False)
    called = call(SCHOOLS, edition=edition, share_percent=20, pass_mark=1)
    ten = schools(called, {f"s{n}": {"I05": 100 - n, "I24": 100 - n} for n in range(10)})
    rank(ten, cast)
    on_notice([ten["s0"], ten["s1"]], cast)
    take_back(ten["s0"], cast)

    again = rank(ten, cast, reason="公示期内撤回")

    chosen = [name for name, (_, _, status) in places(again, ten).items() if status == "selected"]
    assert chosen == ["s1", "s2"]


# --- two at once ----------------------------------------------------------------------------------
def test_of_two_who_rank_at_once_the_second_is_refused(three, cast):
    first = rank(three, cast)
    group = standings.group_of(found(three["a"]))
    with pytest.raises(AlreadyFrozen):
        ranking._rank(group, None, by=cast.officer)

    rank(three, cast, reason="复核")

    with pytest.raises(StageClosed):
        ranking._rank(group, first, by=cast.officer, reason="复核")
