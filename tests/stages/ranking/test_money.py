"""Groups in order: the freeze, places, money, ties, offers, and what a change does to the rest."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.groups import Bid, projects, schools, signer
from tests.stages import deciding
from tests.stages.deciding import found
from tests.stages.ranking.deeds import correct, money, on_notice, rank, standing, told, waiting
from workflows import clock
from workflows.errors import (
    AmountTooHigh,
    BudgetExceeded,
    NotEntitled,
    NotYetDue,
    OfferPending,
    StageClosed,
)
from workflows.models import (
    Case,
    Job,
    Round,
)
from workflows.stages import (
    ranking,
    withdrawal,
)

pytestmark = pytest.mark.django_db


# --- money ----------------------------------------------------------------------------------------
def test_the_budget_of_a_line_is_given_in_order_of_merit(five, cast):
    made = rank(five, cast)

    assert money(made, five) == {
        "a": ("selected", "400.00"),
        "b": ("selected", "300.00"),
        "c": ("offered", "300.00"),
        "d": ("waiting", None),
        "e": ("failed", None),
    }
    assert str(found(five["a"]).amount) == "400.00"
    assert found(five["c"]).amount is None


def test_each_line_has_a_budget_of_its_own(line, cast):
    cases = projects(line, {"a": Bid("90.00", 400), "b": Bid("80.00", 300, line="talent_urgent")})

    made = rank({"b": cases["b"]}, cast)

    assert money(made, cases) == {"b": ("selected", "300.00")}
    assert waiting(cases["a"]) == ["ranking"]


def test_a_line_without_a_budget_pays_nothing(line, cast):
    cases = projects(line, {"a": Bid("90.00", 400, line="platform")})

    assert money(rank(cases, cast), cases) == {"a": ("waiting", None)}


def test_the_cap_of_the_line_limits_the_amount(line, cast):
    cases = projects(line, {"a": Bid("90.00", 700)})

    assert money(rank(cases, cast), cases) == {"a": ("selected", "500.00")}


def test_nothing_is_granted_while_an_offer_is_open(five, cast):
    rank(five, cast)

    with pytest.raises(OfferPending) as refusal:
        deciding.propose(five["a"], cast)

    assert refusal.value.facts == {"case": five["c"].reference}


def test_a_smaller_amount_is_offered_once_the_ranking_is_countersigned(five, cast):
    made = rank(five, cast, approve=False)
    assert told(five["c"], "amount_offered") == []
    with pytest.raises(StageClosed):
        ranking.answer_offer(standing(five["c"]), accepted=True, by=signer(five["c"]))

    ranking.approve(made, by=cast.finance)

    last = ranking.offer_ends(standing(five["c"])).isoformat()
    assert told(five["c"], "amount_offered") == [{"amount": "300.00", "due": last}]
    letter = Job.objects.get(kind="tell", case=five["c"], payload__kind="amount_offered")
    assert (letter.payload["facts"]["amount"], letter.payload["facts"]["due"]) == ("300.00", last)


def test_whoever_takes_the_smaller_amount_is_selected_with_it(five, cast):
    rank(five, cast)

    again = ranking.answer_offer(standing(five["c"]), accepted=True, by=signer(five["c"]))

    assert money(again, five)["c"] == ("selected", "300.00")
    assert money(again, five)["d"] == ("waiting", None)
    assert str(found(five["c"]).amount) == "300.00"
    answered = {"accepted": True, "amount": "300.00", "signed_with": ""}
    assert told(five["c"], "offer_answered") == [answered]


def test_after_a_refusal_the_next_that_fits_is_funded(five, cast):
    rank(five, cast)

    again = ranking.answer_offer(standing(five["c"]), accepted=False, by=signer(five["c"]))

    assert money(again, five)["c"] == ("waiting", None)
    assert money(again, five)["d"] == ("selected", "100.00")
    later = rank(five, cast, reason="复核")
    assert money(later, five) == money(again, five)


def test_an_offer_is_answered_once_by_the_signer_of_its_applicant(five, cast):
    rank(five, cast)
    offered = standing(five["c"])

    with pytest.raises(NotEntitled):
        ranking.answer_offer(offered, accepted=True, by=signer(five["a"]))
    ranking.answer_offer(offered, accepted=True, by=signer(five["c"]))

    with pytest.raises(StageClosed):
        ranking.answer_offer(offered, accepted=False, by=signer(five["c"]))


def test_without_an_answer_in_time_the_project_waits_and_the_line_goes_on(five, cast):
    rank(five, cast)
    silent = standing(five["c"])
    end = clock.end_of(ranking.offer_ends(silent))

    with clock.at(end), pytest.raises(NotYetDue):
        ranking.lapse_offer(silent, by=cast.officer)
    with clock.at(end + timedelta(seconds=1)):
        with pytest.raises(NotEntitled):
            ranking.lapse_offer(silent, by=cast.finance)
        again = ranking.lapse_offer(silent, by=cast.officer)

    assert money(again, five)["c"] == ("waiting", None)
    assert money(again, five)["d"] == ("selected", "100.00")
    assert told(five["c"], "offer_lapsed") == [{"accepted": False, "amount": "300.00"}]
    with pytest.raises(StageClosed):
        ranking.answer_offer(silent, accepted=True, by=signer(five["c"]))


def test_a_yes_to_more_than_is_left_later_is_asked_for_again(five, cast):
    rank(five, cast)
    ranking.approve(
        ranking.answer_offer(standing(five["c"]), accepted=True, by=signer(five["c"])),
        by=cast.finance,
    )
    Round.objects.filter(pk=found(five["c"]).round_id).update(budgets={"training_base": "800.00"})

    again = rank(five, cast, reason="预算调减")

    assert money(again, five)["c"] == ("offered", "100.00")
    last = ranking.answer_offer(standing(five["c"]), accepted=True, by=signer(five["c"]))
    assert money(last, five)["c"] == ("selected", "100.00")


def test_an_amount_is_proposed_up_to_what_the_place_carries(five, cast):
    rank(five, cast)
    ranking.approve(
        ranking.answer_offer(standing(five["c"]), accepted=True, by=signer(five["c"])),
        by=cast.finance,
    )

    with pytest.raises(AmountTooHigh):
        deciding.propose(five["a"], cast, amount=Decimal("400.01"))
    with pytest.raises(AmountTooHigh):
        deciding.propose(five["a"], cast, amount=Decimal(0))
    deciding.propose(five["a"], cast, amount=Decimal("380.00"))
    deciding.propose(five["b"], cast)

    assert str(found(five["a"]).amount) == "380.00"
    assert str(found(five["b"]).amount) == "300.00"
    assert told(five["a"], "proposed")[-1]["amount"] == "380.00"


def test_x33_a_list_beyond_the_budget_is_refused_at_the_proposal_and_at_publication(
    line, five, cast
):
    rank(five, cast)
    ranking.approve(
        ranking.answer_offer(standing(five["c"]), accepted=True, by=signer(five["c"])),
        by=cast.finance,
    )
    for name in "ab":
        deciding.decide(five[name], cast)

    Round.objects.filter(pk=line.pk).update(budgets={"training_base": "900.00"})

    with pytest.raises(BudgetExceeded) as refusal:
        deciding.propose(five["c"], cast)
    assert refusal.value.facts["sum"] == Decimal("1000.00")
    with pytest.raises(BudgetExceeded):
        deciding.publish([five["a"], five["b"]], cast)


def test_what_is_granted_for_good_is_not_given_twice(five, cast):
    rank(five, cast)
    ranking.approve(
        ranking.answer_offer(standing(five["c"]), accepted=False, by=signer(five["c"])),
        by=cast.finance,
    )
    on_notice([five["b"]], cast)
    deciding.close(five["b"])
    Case.objects.filter(pk=five["b"].pk).update(amount=Decimal("250.00"))
    Round.objects.filter(pk=found(five["b"]).round_id).update(budgets={"training_base": "650"})

    again = rank(five, cast, reason="预算调减")

    assert money(again, five)["a"] == ("selected", "400.00")
    assert money(again, five)["b"] == ("selected", "250.00")
    assert money(again, five)["d"] == ("waiting", None)


def test_money_that_comes_free_goes_to_the_next_when_the_line_is_ranked_again(five, cast):
    rank(five, cast)
    ranking.approve(
        ranking.answer_offer(standing(five["c"]), accepted=False, by=signer(five["c"])),
        by=cast.finance,
    )
    leaving = found(five["a"])
    withdrawal.withdraw(leaving, reason="调整", by=signer(leaving))

    again = rank(five, cast, reason="退出")

    assert money(again, five)["c"] == ("selected", "450.00")
    assert money(again, five)["d"] == ("selected", "100.00")


# --- many at once ---------------------------------------------------------------------------------
def test_the_statements_of_a_ranking_do_not_grow_with_the_group(
    called, cast, django_assert_max_num_queries
):
    cases = schools(called, {f"s{n}": {"I05": n + 50, "I24": n + 50} for n in range(40)})
    rank(cases, cast)
    correct(cases["s39"], I24=1000)

    with django_assert_max_num_queries(45):
        again = ranking.rerank(
            found(cases["s0"]).round,
            procedure_key="recognition",
            group="higher",
            reason="更正",
            by=cast.officer,
        )

    assert again.standings.count() == 40
    assert [len(told(each)) for each in cases.values()] == [2] * 39 + [1]
