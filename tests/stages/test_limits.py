"""What may be filed how often: X1, X3, B13, F10, the group of a round, X50."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import MONDAY
from tests.races import race
from tests.stages import jointly
from tests.stages.course import plain_papers
from tests.stages.jointly import FUNDING, JOINT, OTHER_SCHOOL, SCHOOL
from workflows import clock, demo
from workflows.errors import (
    AboveCap,
    BidExists,
    CaseError,
    ChallengeClosed,
    ChallengeUnknown,
    Incomplete,
    OpenCaseExists,
    OtherGroup,
    TitleHeld,
    ValueUsed,
)
from workflows.models import Case, Certificate, Claim, Partner
from workflows.stages import (
    acceptance,
    corrections,
    limits,
    partners,
    rounds,
    substitution,
    withdrawal,
)

pytestmark = pytest.mark.django_db
NAME = {"field": "project_name", "within": "lead", "zh": "项目名称", "en": "Name", "source": "x"}
SITE = {"field": "site", "within": "lead", "zh": "地址", "en": "Site", "source": "x"}
VOUCHER = {
    "field": "c5_investments",
    "column": "voucher_no",
    "zh": "凭证编号",
    "en": "Voucher no.",
    "source": "x",
}
FREE: dict[str, Any] = {"one_per": "project_name"}
HALF_A_DAY = timedelta(hours=12)


@pytest.fixture(autouse=True)
def _today(office, standing_clock):
    """Time stands still."""


def refused(case: Case, reason: type[CaseError]) -> dict[str, Any]:
    """The facts with which filing ``case`` is refused; nothing of it stays."""
    with pytest.raises(reason) as refusal:
        jointly.filed(case)
    assert jointly.fresh(case).state == "draft"
    return refusal.value.facts


# --- X1: one of a kind --------------------------------------------------------------------------
def test_x1_a_second_application_of_the_same_subject_names_the_open_file():
    call = jointly.call(**FREE)
    first = jointly.filed(jointly.drafted(call, project_name="甲"))
    second = jointly.drafted(call, project_name="甲")

    facts = refused(second, OpenCaseExists)

    assert facts == {"reference": first.reference}
    assert first.subject == "甲"


def test_x1_drafts_are_free_where_an_applicant_may_have_one_of_each():
    call = jointly.call(**FREE)
    one, other = jointly.drafted(call), jointly.drafted(call)

    assert {one.subject, other.subject} == {one.reference, other.reference}
    assert jointly.filed(jointly.saved(one, project_name="甲")).subject == "甲"
    assert jointly.filed(jointly.saved(other, project_name="乙")).subject == "乙"


def test_x1_without_subjects_the_second_draft_shows_the_open_file():
    call = jointly.call()
    first = jointly.drafted(call)

    with pytest.raises(OpenCaseExists) as refusal:
        jointly.drafted(call)

    assert refusal.value.facts == {"reference": first.reference}


def test_x1_a_file_that_ended_makes_room():
    call = jointly.call(**FREE)
    first = jointly.filed(jointly.drafted(call, project_name="甲"))
    withdrawal.withdraw(first, reason="撤回", by=demo.signer(first.applicant))

    assert jointly.filed(jointly.drafted(call, project_name="甲")).subject == "甲"


def test_x1_another_applicant_and_another_programme_are_no_hindrance():
    call, lead = jointly.call(**FREE), jointly.applicant(1)
    jointly.filed(jointly.drafted(call, project_name="甲"))
    elsewhere = jointly.filed(jointly.drafted(call, lead, project_name="甲"))
    Case.objects.filter(pk=elsewhere.pk).update(programme_key="another_programme")

    here = jointly.filed(jointly.drafted(call, lead, project_name="甲"))

    assert here.subject == elsewhere.subject == "甲"
    withdrawal.withdraw(here, reason="撤回", by=demo.signer(lead))  # before the other comes home
    Case.objects.filter(pk=elsewhere.pk).update(programme_key=jointly.PROGRAMME)


def test_x1_a_title_in_force_is_named():
    call = jointly.call(**FREE)
    held = jointly.filed(jointly.drafted(call, project_name="甲"))
    Case.objects.filter(pk=held.pk).update(subject="旧")
    _title(held, "甲之号")
    case = jointly.drafted(call, project_name="旧")

    assert limits._title(_with_subject(case, "旧")) == "甲之号"
    assert limits._title(_with_subject(case, "新")) == ""
    Certificate.objects.update(state=Certificate.State.REVOKED)
    assert limits._title(_with_subject(case, "旧")) == ""
    Certificate.objects.update(
        state=Certificate.State.ACTIVE, valid_to=clock.today() - timedelta(days=1)
    )
    assert limits._title(_with_subject(case, "旧")) == ""
    Certificate.objects.all().delete()


def test_x1_filing_for_what_is_held_already_is_refused(monkeypatch):
    case = jointly.drafted(jointly.call(**FREE))
    monkeypatch.setattr(limits, "_title", lambda locked: "证2026-1")

    assert refused(case, TitleHeld) == {"number": "证2026-1"}


def _title(case: Case, number: str) -> Certificate:
    return Certificate.objects.create(
        holder=case.applicant,
        holder_name=case.applicant.name,
        programme_key=case.programme_key,
        kind="pool_entry",
        title="入库",
        number=number,
        valid_from=clock.today(),
        case=case,
        registered=clock.now(),
    )


def _with_subject(case: Case, subject: str) -> Case:
    case.subject = subject
    return case


# --- X3, B13: values that count once ------------------------------------------------------------
def vouchers(*numbers: str) -> dict[str, Any]:
    """Investments under these vouchers."""
    row = {"year": 2025, "kind": "base", "school": "某校", "amount": "10.00"}
    rows = [row | {"voucher_no": number} for number in numbers]
    return {"c5_claim": True, "c5_investments": rows}


def test_x3_a_voucher_counts_once_in_a_round_whoever_names_it():
    call = jointly.call(unique=[VOUCHER])
    parent = jointly.filed(jointly.drafted(call, **vouchers("PZ-1", "PZ-2")))
    subsidiary = jointly.drafted(call, jointly.applicant(1), **vouchers("PZ-3", "ｐｚ－２"))

    facts = refused(subsidiary, ValueUsed)

    assert facts == {"what": "凭证编号", "value": "ｐｚ－２", "case": parent.reference}


def test_x3_parent_and_subsidiary_both_apply_with_codes_and_vouchers_of_their_own():
    call = jointly.call(unique=[VOUCHER])
    jointly.filed(jointly.drafted(call, **vouchers("PZ-1")))

    assert jointly.filed(jointly.drafted(call, jointly.applicant(1), **vouchers("PZ-2"))).submitted


def test_x3_the_vouchers_of_another_round_do_not_matter():
    first, second = jointly.call("J-1", unique=[VOUCHER]), jointly.call("J-2", unique=[VOUCHER])
    jointly.filed(jointly.drafted(first, **vouchers("PZ-1")))

    assert jointly.filed(jointly.drafted(second, jointly.applicant(1), **vouchers("PZ-1")))


def test_x3_what_a_file_had_taken_is_free_once_it_ended_for_nothing():
    call = jointly.call(unique=[VOUCHER])
    first = jointly.filed(jointly.drafted(call, **vouchers("PZ-1")))
    withdrawal.withdraw(first, reason="撤回", by=demo.signer(first.applicant))

    second = jointly.filed(jointly.drafted(call, jointly.applicant(1), **vouchers("PZ-1")))

    assert list(Claim.objects.values_list("case", "value")) == [(second.pk, "pz1")]


def test_x3_the_published_rules_of_enterprises_know_that_vouchers_count_once():
    for procedure in jointly.rules().procedures.values():
        assert [each.code for each in procedure.unique] == ["c5_investments.voucher_no"]


def test_a_correction_gives_back_what_it_no_longer_names(cast):
    call = jointly.call(unique=[VOUCHER])
    first = jointly.filed(jointly.drafted(call, **vouchers("PZ-1", "PZ-2")))
    window = demo.cast(first.district).window
    item = {"target": "c5_investments", "reason": "unreadable", "text": "凭证不清"}
    corrections.return_once(first, items=[item], by=window)
    jointly.saved(first, **vouchers("PZ-2", "PZ-3"))

    corrections.resubmit(first, note="", answers={}, by=demo.signer(first.applicant))

    assert sorted(Claim.objects.values_list("value", flat=True)) == ["pz2", "pz3"]
    assert jointly.filed(jointly.drafted(call, jointly.applicant(1), **vouchers("PZ-1")))


def test_b13_a_lead_uses_a_name_and_a_site_once_in_a_round():
    call = jointly.call(unique=[NAME, SITE], one_per="line")
    first = jointly.filed(jointly.drafted(call, project_name="甲基地", site="某路1号", line="base"))
    same_name = jointly.drafted(call, project_name="甲 基地", site="某路2号", line="talent")

    assert refused(same_name, ValueUsed) == {
        "what": "项目名称", "value": "甲 基地", "case": first.reference,
    }  # fmt: skip
    same_site = jointly.saved(same_name, project_name="乙基地", site="（某路１号）")
    assert refused(same_site, ValueUsed)["what"] == "地址"
    assert jointly.filed(jointly.saved(same_site, site="某路3号"))


def test_b13_another_lead_may_use_the_same_name():
    call = jointly.call(unique=[NAME])
    jointly.filed(jointly.drafted(call, project_name="甲基地"))

    assert jointly.filed(jointly.drafted(call, jointly.applicant(1), project_name="甲基地"))


@pytest.mark.django_db(transaction=True)
def test_x3_of_two_filed_at_the_same_moment_one_has_the_voucher():
    call = jointly.call(unique=[VOUCHER])
    cases = [
        jointly.drafted(call, jointly.applicant(index), **vouchers("PZ-1")) for index in (0, 1)
    ]

    outcomes = race([lambda case=case: jointly.filed(case) for case in cases])

    assert sorted(type(each).__name__ for each in outcomes) == ["Case", "ValueUsed"]
    assert Claim.objects.count() == 1


# --- the group of a round -----------------------------------------------------------------------
SELECTION = {
    "by": "mark",
    "group": "line == 'talent' ? 'higher' : 'secondary'",
    "groups": [
        {"code": "higher", "zh": "高职组", "en": "Higher"},
        {"code": "secondary", "zh": "中职组", "en": "Secondary"},
    ],
    "pass_mark": "60",
    "source": "x",
}  # fmt: skip


def test_a_case_joins_the_group_its_answers_say():
    call = jointly.call(selection=SELECTION)

    assert jointly.filed(jointly.drafted(call, line="talent")).group == "higher"


def test_a_round_for_one_group_refuses_another():
    call = jointly.call(selection=SELECTION, terms={"group": "higher"})
    case = jointly.drafted(call, line="base")

    assert refused(case, OtherGroup) == {"group": "高职组"}
    assert jointly.filed(jointly.saved(case, line="talent")).group == "higher"


# --- F10: open bidding --------------------------------------------------------------------------
@pytest.fixture
def bidding():
    """A round with a challenge for half a day, of at most 200 万元."""
    call = jointly.call(funding=FUNDING, joint=JOINT, **FREE)
    rounds.publish_challenge(
        call, number="JB-1", line="talent", title="x", need="x", owner="x", cap="200",
        opens=MONDAY, closes=MONDAY + HALF_A_DAY, by=demo.cast("310110").officer,
    )  # fmt: skip
    return call


def bid(call, index: int = 0, *, partner=SCHOOL, **answers: Any) -> Case:
    """A draft that bids, confirmed by its one partner."""
    told = {"challenge_no": "JB-1", "line": "talent", "request": "200.00", "partners": [partner]}
    case = jointly.drafted(call, jointly.applicant(index), **told | answers)
    partners.confirm(case, by=demo.signer(jointly.unit(partner)))
    return case


def test_f10_a_bid_names_an_open_challenge(bidding):
    assert jointly.filed(bid(bidding)).submitted


def test_f10_a_challenge_that_is_closed_unknown_or_of_another_line_takes_no_bid(
    bidding, standing_clock
):
    unknown = bid(bidding, challenge_no="JB-2")
    other_line = bid(bidding, 1, line="base")
    in_time = bid(bidding, 2)

    assert refused(unknown, ChallengeUnknown) == {"number": "JB-2"}
    assert refused(other_line, ChallengeUnknown) == {"number": "JB-1"}
    standing_clock.pass_(hours=13)
    assert refused(in_time, ChallengeClosed) == {
        "number": "JB-1", "opens": "2026-09-07 09:00", "closes": "2026-09-07 21:00",
    }  # fmt: skip


def test_f10_a_unit_bids_once_whether_it_leads_or_takes_part(bidding):
    first = jointly.filed(bid(bidding, project_name="甲"))
    again = bid(bidding, project_name="乙", partner=OTHER_SCHOOL)
    with_its_partner = bid(bidding, 1)

    lead = first.applicant.name
    assert refused(again, BidExists) == {"unit": lead, "number": "JB-1", "case": first.reference}
    assert refused(with_its_partner, BidExists)["unit"] == SCHOOL["org_name"]
    assert jointly.filed(bid(bidding, 2, partner=OTHER_SCHOOL)).submitted


def test_f10_a_substitute_bids_where_the_partner_that_left_had_bid(bidding, monkeypatch):
    plain_papers(monkeypatch)
    first = accepted(jointly.filed(bid(bidding)))
    second = accepted(jointly.filed(bid(bidding, 1, partner=OTHER_SCHOOL)))
    officer = demo.cast("310110").officer
    gone = substitution.leave(first, reason="停办", by=demo.signer(jointly.unit(SCHOOL)))
    took_part = {**OTHER_SCHOOL, "uscc": "12330600MBYY2B039J", "org_name": "绍兴鉴湖职业技术学院"}

    taken = named(first, gone, OTHER_SCHOOL)
    with pytest.raises(BidExists) as refusal:
        substitution.approve_replacement(taken, by=officer)
    partners.refuse(first, reason="已参加另一揭榜", by=demo.signer(jointly.unit(OTHER_SCHOOL)))
    substitution.approve_replacement(named(first, gone, took_part), by=officer)

    assert refusal.value.facts == {
        "unit": OTHER_SCHOOL["org_name"], "number": "JB-1", "case": second.reference,
    }  # fmt: skip
    bidders = Claim.objects.filter(case=first, what="bid").values_list("unit", flat=True)
    assert set(bidders) == {first.applicant.uscc, took_part["uscc"]}


def accepted(case: Case) -> Case:
    """The window finds the bid complete."""
    acceptance.accept(case, by=demo.cast(case.district).window)
    return jointly.fresh(case)


def named(case: Case, gone: Partner, row: dict[str, str]) -> Partner:
    """The lead names a substitute, which confirms."""
    unit, lead = jointly.unit(row), demo.signer(case.applicant)
    found = substitution.replace(case, leaving=gone, organisation=unit, role="school", by=lead)
    partners.confirm(case, by=demo.signer(unit))
    return found


def test_f10_a_bid_asks_for_no_more_than_the_challenge_pays(bidding):
    case = bid(bidding, request="200.01")

    assert refused(case, AboveCap) == {"number": "JB-1", "cap": "200.00", "asked": "200.01"}


# --- X50: whole groups --------------------------------------------------------------------------
def test_x50_a_subsidiary_applies_as_a_legal_person_of_its_own_and_a_whole_group_does_not():
    call = jointly.call()
    subsidiary = jointly.filed(jointly.drafted(call))
    whole_group = jointly.drafted(call, jointly.applicant(1), central_group_whole=True)

    errors = refused(whole_group, Incomplete)["errors"]

    assert subsidiary.state == "submitted"
    assert list(errors) == ["central_group_whole"]
