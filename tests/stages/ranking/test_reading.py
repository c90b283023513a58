"""Whoever comes within the quota is read by the panel, also when the others were read before."""

from decimal import Decimal

import pytest

from tests.groups import SCHOOLS, call, schools, signer
from tests.stages import deciding
from tests.stages.deciding import found
from tests.stages.ranking.deeds import (
    BEST,
    FAIR,
    GOOD,
    Cases,
    correct,
    on_notice,
    rank,
    states,
    told,
    waiting,
)
from workflows.errors import RankingStale
from workflows.models import Case, Segment
from workflows.models.case import State
from workflows.stages import (
    deliberation,
    evaluation,
    issuance,
    panel,
    standings,
    suspension,
    withdrawal,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def read_ones(cast, standing_clock) -> Cases:
    """Three schools; one may be chosen, and a panel reads it."""
    called = call(SCHOOLS, quota=1, share_percent=100, pass_mark=Decimal(3))
    return schools(called, {"a": BEST, "b": GOOD, "c": FAIR})


def read(case: Case, cast) -> None:
    """Seven experts find the case consistent."""
    for seat in panel.form_panel(found(case), experts=cast.experts[:7], by=cast.agency):
        panel.declare(seat, by=seat.expert)
        evaluation.check(seat, verdict="pass", text="一致", by=seat.expert)


def leave(case: Case) -> None:
    withdrawal.withdraw(found(case), reason="调整", by=signer(case))


def test_a_case_that_moves_up_is_read_before_it_is_granted(read_ones, cast):
    rank(read_ones, cast)
    read(read_ones["a"], cast)
    leave(read_ones["a"])

    rank(read_ones, cast, reason="撤回")

    risen = read_ones["b"]
    assert (found(risen).state, waiting(risen)) == (State.EVALUATING, ["panel"])
    assert Segment.objects.filter(case=risen, resumed=None).get().ground == "evaluation"
    assert told(risen)[-1]["status"] == "selected"
    read(risen, cast)
    deciding.decide(risen, cast)
    assert found(risen).state == State.NOTICE


def test_whoever_was_read_and_keeps_the_place_is_not_read_again(read_ones, cast, standing_clock):
    rank(read_ones, cast)
    read(read_ones["a"], cast)
    correct(read_ones["b"], I24=80)
    standing_clock.pass_(minutes=2)

    made = rank(read_ones, cast, reason="更正")

    assert states(read_ones) == dict.fromkeys("abc", "proposal")
    assert not standings.stale(made)


def test_a_case_that_moves_up_while_a_refusal_is_voted_on_is_read_after_all(
    read_ones, cast, standing_clock
):
    rank(read_ones, cast)
    read(read_ones["a"], cast)
    on_notice([read_ones["a"]], cast)
    deciding.close(read_ones["a"])
    deciding.propose(read_ones["b"], cast)
    deliberation.endorse(found(read_ones["b"]), by=cast.leader)
    deciding.vote(read_ones["b"], cast)
    standing_clock.pass_(hours=1)
    issuance.hold(found(read_ones["a"]), reason="列入失信名单", by=cast.issuer)
    leave(read_ones["a"])
    rank(read_ones, cast, reason="签发前退出")

    with pytest.raises(RankingStale):
        deciding.resolve(read_ones["b"], cast)
    deliberation.resolve(
        found(read_ones["b"]), by=cast.convenor, result="sent_back", questions="已递补"
    )
    with pytest.raises(RankingStale):
        deciding.propose(read_ones["b"], cast)
    rank(read_ones, cast, reason="递补")

    assert waiting(read_ones["b"]) == ["panel"]


def test_a_case_that_moved_up_while_it_was_suspended_is_read_once_it_goes_on(read_ones, cast):
    rank(read_ones, cast)
    suspension.suspend(found(read_ones["b"]), ground="litigation", reason="诉讼", by=cast.leader)
    leave(read_ones["a"])
    rank(read_ones, cast, reason="撤回")
    assert found(read_ones["b"]).state == State.SUSPENDED

    suspension.resume(found(read_ones["b"]), by=cast.leader)
    rank(read_ones, cast, reason="恢复办理")

    assert waiting(read_ones["b"]) == ["panel"]


def test_a_reading_too_few_are_left_of_goes_on_with_a_substitute(read_ones, cast):
    rank(read_ones, cast)
    first = read_ones["a"]
    read(first, cast)
    for seat in panel.seated(found(first))[:2]:
        evaluation.void_seat(seat, reason="曾任顾问", by=cast.agency)
    assert found(first).state == State.PROPOSAL

    third = panel.seated(found(first)).filter(void=None).first()
    evaluation.void_seat(third, reason="曾任顾问", by=cast.agency)

    assert (found(first).state, waiting(first)) == (State.EVALUATING, ["sheet"])
    seat = panel.substitute(found(first), expert=cast.experts[7], by=cast.agency)
    panel.declare(seat, by=seat.expert)
    evaluation.check(seat, verdict="pass", text="一致", by=seat.expert)
    assert (found(first).state, waiting(first)) == (State.PROPOSAL, ["proposal"])


def test_a_reading_that_finds_against_the_figures_without_a_void_seat_has_them_checked(
    read_ones, cast
):
    rank(read_ones, cast)
    first = read_ones["a"]
    verdicts = ["pass"] * 4 + ["fail"] * 3
    seats = panel.form_panel(found(first), experts=cast.experts[:7], by=cast.agency)
    for seat, verdict in zip(seats, verdicts, strict=True):
        panel.declare(seat, by=seat.expert)
        evaluation.check(seat, verdict=verdict, text="对照", by=seat.expert)
    assert found(first).state == State.PROPOSAL

    evaluation.void_seat(seats[0], reason="曾任顾问", by=cast.agency)

    assert (found(first).state, found(first).evaluation_round) == (State.EVALUATING, 2)
    assert waiting(first) == ["data_check"]
