"""The joint conference: a proposal, its endorsement, a quorum, two thirds, and locked minutes."""

import pytest

from workflows import clock
from workflows.errors import (
    DeferredTwice,
    MeetingClosed,
    MeetingNumberTaken,
    NoQuorum,
    NotEntitled,
    OutcomeClosed,
    ProposerMayNotEndorse,
    ReasonMissing,
    StageClosed,
    TabledAlready,
    VotesMissing,
    WrittenRoundNotAllowed,
)
from workflows.models import Ballot, Event, Item
from workflows.models.case import State
from workflows.stages import deliberation, review, suspension, withdrawal

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposing(certification):
    """The office is to propose."""
    return certification.to("proposal")


@pytest.fixture
def tabling(certification):
    """The endorsed proposal waits for a meeting."""
    return certification.to("tabling")


@pytest.fixture
def sitting(certification):
    """The case is on the agenda of a meeting of seven; nobody has come yet."""
    return certification.to("resolution")


def propose(course, outcome: str = "certified", reasons=(), by=None) -> None:
    deliberation.propose(
        course.case,
        outcome_=outcome,
        finding="满足条件。",
        reasons=list(reasons),
        by=by or course.cast.officer,
    )


def convene(course, number: str = "2026-09", *, written: bool = False):
    return deliberation.convene(
        number=number,
        title="联席会议",
        held=clock.now(),
        members=course.cast.members,
        convenor=course.cast.convenor,
        written=written,
        by=course.cast.officer,
    )


def session(course):
    """The meeting the case is tabled at, and its members in order."""
    meeting = deliberation.open_item(course.case).meeting
    return meeting, [each.user for each in meeting.members.order_by("pk")]


def cast_votes(course, *choices: str) -> None:
    """As many members come as there are ``choices``, and each votes."""
    meeting, members = session(course)
    present = members[: len(choices)]
    deliberation.attend(meeting, users=present, by=course.cast.convenor)
    for member, choice in zip(present, choices, strict=True):
        deliberation.vote(course.case, choice=choice, reason="见发言", by=member)


def resolve(course, **told: str) -> Item:
    return deliberation.resolve(course.case, by=course.cast.convenor, **told)


# --- the proposal -------------------------------------------------------------------------------
def test_a_proposal_to_refuse_needs_reasons(proposing):
    for reasons in ([], [" "]):
        with pytest.raises(ReasonMissing):
            propose(proposing, "refused", reasons)

    propose(proposing, "refused", ["证据不足", " "])

    assert proposing.case.decision.reasons == ["证据不足"]


def test_only_the_office_proposes_and_only_once(proposing):
    with pytest.raises(NotEntitled):
        propose(proposing, by=proposing.cast.leader)

    propose(proposing)

    with pytest.raises(StageClosed):
        propose(proposing)


def test_nothing_is_endorsed_or_tabled_before_it_is_proposed(proposing):
    with pytest.raises(StageClosed):
        deliberation.endorse(proposing.case, by=proposing.cast.leader)
    with pytest.raises(StageClosed):
        deliberation.table(proposing.case, meeting=convene(proposing), by=proposing.cast.officer)


def test_nothing_is_tabled_before_it_is_endorsed(proposing):
    propose(proposing)

    with pytest.raises(StageClosed):
        deliberation.table(proposing.case, meeting=convene(proposing), by=proposing.cast.officer)
    assert proposing.state == State.PROPOSAL


def test_nobody_endorses_their_own_proposal(proposing):
    both = proposing.also(proposing.cast.officer, "leader")
    propose(proposing, by=both)

    with pytest.raises(ProposerMayNotEndorse):
        deliberation.endorse(proposing.case, by=both)
    deliberation.endorse(proposing.case, by=proposing.cast.leader)

    assert proposing.waiting == ["tabling"]


@pytest.mark.parametrize("barred", ["banana", "certified"])
def test_a_case_stopped_by_the_review_is_proposed_for_a_refusal_only(certification, barred):
    certification.to("department_review")
    officer = certification.cast.officer
    review.conclude(certification.case, verdict="stop", text="不符合准入条件。", by=officer)

    with pytest.raises(OutcomeClosed):
        propose(certification, barred)
    propose(certification, "refused", ["不符合准入条件。"])

    assert certification.waiting == ["endorsement"]


# --- the agenda ---------------------------------------------------------------------------------
def test_a_tabled_case_asks_every_member_and_the_convenor(tabling):
    deliberation.table(tabling.case, meeting=convene(tabling), by=tabling.cast.officer)

    owners = tabling.case.tasks.filter(finished=None).values_list("node", "owner")
    assert set(owners) == {
        ("resolution", tabling.cast.convenor.pk),
        *(("ballot", user.pk) for user, _ in tabling.cast.members),
    }


def test_a_certification_is_not_decided_in_writing(tabling):
    with pytest.raises(WrittenRoundNotAllowed):
        deliberation.table(
            tabling.case, meeting=convene(tabling, written=True), by=tabling.cast.officer
        )


def test_a_pool_entry_may_be_decided_in_writing(pool_entry):
    pool_entry.to("tabling")
    meeting = convene(pool_entry, written=True)

    deliberation.table(pool_entry.case, meeting=meeting, by=pool_entry.cast.officer)
    for member, _ in pool_entry.cast.members:
        deliberation.vote(pool_entry.case, choice="agree", reason="", by=member)
    resolve(pool_entry)

    assert pool_entry.state == State.NOTICE


def test_a_meeting_number_is_given_once(tabling):
    convene(tabling)

    with pytest.raises(MeetingNumberTaken):
        convene(tabling)


def test_a_meeting_is_called_by_its_office_with_members_of_the_conference(tabling):
    cast = tabling.cast
    told = {"number": "2026-09", "title": "联席会议", "held": clock.now()}

    for call in (
        {"members": cast.members, "convenor": cast.convenor, "by": cast.window},
        {"members": [(cast.window, "窗口")], "convenor": cast.convenor, "by": cast.officer},
        {"members": cast.members, "convenor": cast.leader, "by": cast.officer},
    ):
        with pytest.raises(NotEntitled):
            deliberation.convene(**told, **call)


# --- the vote -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("choices", "outcome", "state"),
    [
        (["agree"] * 7, "certified", State.NOTICE),
        (["agree"] * 5 + ["disagree"] * 2, "certified", State.NOTICE),  # five of seven
        (["agree"] * 5, "certified", State.NOTICE),  # two stayed away: still five of seven
        (["agree"] * 4 + ["disagree"] * 3, "refused", State.SIGNING),
        (["agree"] * 4 + ["abstain"] * 3, "refused", State.SIGNING),  # an abstention is no yes
        (["agree"] * 4 + ["recused"], "certified", State.NOTICE),  # four of six: base and quorum
        (["agree"] * 4 + ["disagree"] * 2 + ["recused"], "certified", State.NOTICE),
    ],
)
def test_two_thirds_of_all_members_pass_those_recused_left_out(sitting, choices, outcome, state):
    cast_votes(sitting, *choices)

    item = resolve(sitting)

    assert (sitting.state, sitting.case.decision.outcome) == (state, outcome)
    assert item.result == ("passed" if state == State.NOTICE else "not_passed")
    assert item.tally["agree"] == choices.count("agree")
    assert sitting.waiting == ["publication" if state == State.NOTICE else "signing"]


def test_without_a_quorum_nothing_is_decided(sitting):
    cast_votes(sitting, *["agree"] * 4)

    with pytest.raises(NoQuorum) as refused:
        resolve(sitting)

    assert refused.value.facts == {"present": 4, "members": 7, "needed": 5}
    assert sitting.state == State.MEETING


def test_whoever_is_present_votes_before_the_item_is_closed(sitting):
    cast_votes(sitting, *["agree"] * 5)
    meeting, members = session(sitting)
    deliberation.attend(meeting, users=members[5:6], by=sitting.cast.convenor)

    with pytest.raises(VotesMissing) as refused:
        resolve(sitting)

    assert refused.value.facts == {"missing": 1}


def test_a_ballot_is_final(sitting):
    cast_votes(sitting, "agree")
    _, (first, *_) = session(sitting)

    with pytest.raises(StageClosed):
        deliberation.vote(sitting.case, choice="disagree", reason="改了", by=first)

    assert Ballot.objects.get().choice == "agree"


def test_only_those_present_vote(sitting):
    _, (first, *_) = session(sitting)

    for stranger in (first, sitting.cast.officer):
        with pytest.raises(NotEntitled):
            deliberation.vote(sitting.case, choice="agree", reason="", by=stranger)


@pytest.mark.parametrize("choice", ["disagree", "recused"])
def test_dissent_and_recusal_need_words(sitting, choice):
    meeting, members = session(sitting)
    deliberation.attend(meeting, users=members, by=sitting.cast.convenor)

    with pytest.raises(ReasonMissing):
        deliberation.vote(sitting.case, choice=choice, reason=" ", by=members[0])


def test_only_the_convenor_of_the_meeting_resolves(sitting):
    cast_votes(sitting, *["agree"] * 7)
    another = sitting.also(sitting.cast.leader, "convenor")

    with pytest.raises(NotEntitled):
        deliberation.resolve(sitting.case, by=another)


def test_a_proposal_to_refuse_that_fails_goes_back_to_the_office(proposing):
    propose(proposing, "refused", ["证据不足"])
    proposing.to("resolution")
    cast_votes(proposing, *["disagree"] * 7)

    resolve(proposing)

    assert (proposing.state, proposing.waiting) == (State.PROPOSAL, ["proposal"])


def test_a_refusal_that_passes_needs_no_notice(proposing):
    propose(proposing, "refused", ["证据不足"])
    proposing.to("resolution")
    cast_votes(proposing, *["agree"] * 7)

    resolve(proposing)

    assert (proposing.state, proposing.waiting) == (State.SIGNING, ["signing"])


# --- deferred, sent back ------------------------------------------------------------------------
def test_an_item_is_deferred_once(sitting):
    resolve(sitting, result="deferred", questions="请补充年度报告情况")
    assert (sitting.state, sitting.waiting) == (State.PROPOSAL, ["proposal"])
    sitting.to("resolution")

    with pytest.raises(DeferredTwice):
        resolve(sitting, result="deferred", questions="再议")
    resolve(sitting, result="sent_back", questions="材料有误")

    assert (sitting.state, sitting.case.deferrals) == (State.PROPOSAL, 1)
    results = sitting.case.items.order_by("pk").values_list("result", flat=True)
    assert list(results) == ["deferred", "sent_back"]


def test_deferring_needs_questions(sitting):
    with pytest.raises(ReasonMissing):
        resolve(sitting, result="deferred", questions=" ")


def test_a_deferred_item_waits_for_another_meeting(sitting):
    meeting, _ = session(sitting)
    resolve(sitting, result="deferred", questions="请补充")
    sitting.to("tabling")

    with pytest.raises(TabledAlready):
        deliberation.table(sitting.case, meeting=meeting, by=sitting.cast.officer)


def test_votes_decide_and_nobody_declares_a_result(sitting):
    with pytest.raises(ValueError, match="passed"):
        resolve(sitting, result="passed", questions="?")

    assert sitting.state == State.MEETING


# --- the minutes --------------------------------------------------------------------------------
def test_minutes_are_signed_once_everything_is_resolved_and_lock_the_meeting(sitting):
    meeting, members = session(sitting)
    convenor = sitting.cast.convenor
    with pytest.raises(VotesMissing):
        deliberation.close_meeting(meeting, minutes="纪要", by=convenor)
    cast_votes(sitting, *["agree"] * 7)
    resolve(sitting)
    with pytest.raises(ReasonMissing):
        deliberation.close_meeting(meeting, minutes=" ", by=convenor)
    with pytest.raises(NotEntitled):
        deliberation.close_meeting(meeting, minutes="纪要", by=sitting.cast.officer)

    deliberation.close_meeting(meeting, minutes="纪要", by=convenor)

    for act in (
        lambda: deliberation.close_meeting(meeting, minutes="改过的纪要", by=convenor),
        lambda: deliberation.attend(meeting, users=members, by=convenor),
    ):
        with pytest.raises(MeetingClosed):
            act()
    meeting.refresh_from_db()
    assert meeting.minutes == "纪要"
    assert Event.objects.filter(chain="sys:meetings").latest("seq").kind == "minutes_signed"


def test_nothing_is_tabled_at_a_closed_meeting(tabling):
    meeting = convene(tabling)
    deliberation.close_meeting(meeting, minutes="无议题", by=tabling.cast.convenor)

    with pytest.raises(MeetingClosed):
        deliberation.table(tabling.case, meeting=meeting, by=tabling.cast.officer)


def test_an_item_whose_case_was_taken_back_does_not_hold_the_minutes(sitting):
    meeting, _ = session(sitting)
    withdrawal.withdraw(sitting.case, reason="业务调整", by=sitting.signer)

    deliberation.close_meeting(meeting, minutes="纪要", by=sitting.cast.convenor)

    meeting.refresh_from_db()
    assert meeting.closed == clock.now()


def test_a_suspended_item_waits_for_its_own_meeting(sitting):
    leader = sitting.cast.leader
    suspension.suspend(sitting.case, ground="investigation", reason="调查", by=leader)
    with pytest.raises(StageClosed):
        resolve(sitting)

    suspension.resume(sitting.case, by=leader)
    cast_votes(sitting, *["agree"] * 7)
    resolve(sitting)

    assert sitting.state == State.NOTICE


def test_a_suspended_item_whose_meeting_closed_is_tabled_again(sitting):
    meeting, leader = session(sitting)[0], sitting.cast.leader
    suspension.suspend(sitting.case, ground="investigation", reason="调查", by=leader)
    deliberation.close_meeting(meeting, minutes="纪要", by=sitting.cast.convenor)

    suspension.resume(sitting.case, by=leader)

    assert (sitting.state, sitting.waiting) == (State.PROPOSAL, ["proposal"])
    sitting.to("publication")
    assert sitting.case.items.order_by("pk").first().result == Item.Result.SENT_BACK
