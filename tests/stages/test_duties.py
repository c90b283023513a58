"""Three people, three duties: who accepted, who evaluated and who approved are never the same.

The house lets one person hold several offices; on one case they exercise one duty only.
"""

import pytest

from tests.stages.course import Course
from tests.stages.test_absences import colleague
from workflows import clock
from workflows.errors import (
    AccepterMayNotDecide,
    ApproverMayNotAct,
    AssigneeUnfit,
    EvaluatorMayNotDecide,
    IssuerMayNotSeal,
    PartyMayNotAct,
)
from workflows.models import Meeting, Membership, Organisation, Partner, Task, User
from workflows.models.case import State
from workflows.stages import (
    acceptance,
    assigning,
    deliberation,
    issuance,
    panel,
    publication,
    sight,
)

pytestmark = pytest.mark.django_db


def summoned(course: Course, *users: User) -> Meeting:
    """The case tabled at a meeting whose members are ``users`` beside the cast; all present."""
    members = [*course.cast.members, *((user, "区政府") for user in users)]
    meeting = deliberation.convene(
        number="2026-09",
        title="联席会议",
        held=course.clock.moment,
        members=members,
        convenor=course.cast.convenor,
        by=course.cast.officer,
    )
    deliberation.table(course.case, meeting=meeting, by=course.cast.officer)
    deliberation.attend(meeting, users=[user for user, _ in members], by=course.cast.convenor)
    return meeting


def test_each_refusal_has_its_own_sentence():
    refusals = [AccepterMayNotDecide, EvaluatorMayNotDecide, ApproverMayNotAct, IssuerMayNotSeal]

    assert len({refusal().sentence for refusal in refusals}) == len(refusals)
    assert {refusal.status for refusal in refusals} == {403}


# --- who accepted -------------------------------------------------------------------------------
def test_who_accepted_does_not_evaluate(pool_entry):
    pool_entry.to("panel")
    both = pool_entry.also(pool_entry.cast.window, "checker")
    first, _ = panel.form_panel(
        pool_entry.case, experts=[both, pool_entry.cast.checkers[0]], by=pool_entry.cast.officer
    )

    with pytest.raises(AccepterMayNotDecide):
        panel.declare(first, by=both)


def test_who_accepted_does_not_endorse(pool_entry):
    both = pool_entry.also(pool_entry.to("endorsement").cast.window, "leader")

    with pytest.raises(AccepterMayNotDecide):
        deliberation.endorse(pool_entry.case, by=both)

    assert pool_entry.waiting == ["endorsement"]


def test_who_accepted_does_not_vote_and_may_leave_the_room(pool_entry):
    both = pool_entry.also(pool_entry.to("tabling").cast.window, "member")
    summoned(pool_entry, both)

    with pytest.raises(AccepterMayNotDecide):
        deliberation.vote(pool_entry.case, choice="agree", reason="", by=both)
    ballot = deliberation.vote(pool_entry.case, choice="recused", reason="本人受理", by=both)

    assert ballot.choice == "recused"


def test_who_accepted_does_not_resolve_the_item(pool_entry):
    both = pool_entry.also(pool_entry.to("tabling").cast.window, "convenor")
    meeting = deliberation.convene(
        number="2026-09",
        title="联席会议",
        held=pool_entry.clock.moment,
        members=pool_entry.cast.members,
        convenor=both,
        by=pool_entry.cast.officer,
    )
    deliberation.table(pool_entry.case, meeting=meeting, by=pool_entry.cast.officer)

    with pytest.raises(AccepterMayNotDecide):
        deliberation.resolve(pool_entry.case, by=both)


def test_who_accepted_does_not_sign(pool_entry):
    both = pool_entry.also(pool_entry.to("signing").cast.window, "issuer")

    with pytest.raises(AccepterMayNotDecide):
        issuance.sign(pool_entry.case, by=both)


# --- who evaluated ------------------------------------------------------------------------------
def test_who_evaluated_does_not_endorse(pool_entry):
    both = pool_entry.also(pool_entry.to("endorsement").cast.checkers[0], "leader")

    with pytest.raises(EvaluatorMayNotDecide):
        deliberation.endorse(pool_entry.case, by=both)


def test_who_evaluated_does_not_vote(certification):
    both = certification.also(certification.to("tabling").cast.experts[0], "member")
    summoned(certification, both)

    with pytest.raises(EvaluatorMayNotDecide):
        deliberation.vote(certification.case, choice="agree", reason="", by=both)


def test_who_evaluated_does_not_sign(pool_entry):
    both = pool_entry.also(pool_entry.to("signing").cast.checkers[1], "issuer")

    with pytest.raises(EvaluatorMayNotDecide):
        issuance.sign(pool_entry.case, by=both)


# --- who approved -------------------------------------------------------------------------------
def test_who_approved_does_not_evaluate_when_the_case_is_weighed_again(pool_entry):
    pool_entry.to("notice")
    objection = publication.file_objection(
        publication.running_entry(pool_entry.case),
        objector="某公司",
        contact_name="刘一诺",
        phone="13800009999",
        is_unit=True,
        facts="人数不实",
    )
    publication.answer_objection(
        objection,
        result="upheld",
        answer="属实",
        effect="evaluate",
        by=pool_entry.cast.officer,
    )
    both = pool_entry.also(pool_entry.cast.leader, "checker")
    first, _ = panel.form_panel(
        pool_entry.case, experts=[both, pool_entry.cast.checkers[0]], by=pool_entry.cast.officer
    )

    with pytest.raises(ApproverMayNotAct):
        panel.declare(first, by=both)

    assert pool_entry.state == State.EVALUATING


# --- who signed ---------------------------------------------------------------------------------
def test_who_signed_does_not_seal(pool_entry):
    both = pool_entry.also(pool_entry.to("sealing").cast.issuer, "seal_keeper")

    with pytest.raises(IssuerMayNotSeal):
        issuance.seal(pool_entry.case, by=both)
    issuance.seal(pool_entry.case, by=pool_entry.cast.seal)

    assert pool_entry.waiting == ["issuing"]


def test_a_signature_that_was_held_back_still_bars_from_the_seal(pool_entry):
    both = pool_entry.also(pool_entry.to("sealing").cast.issuer, "seal_keeper")
    issuance.hold(pool_entry.case, reason="失信核查", by=both)
    another = pool_entry.also(pool_entry.to("signing").cast.operator, "issuer")
    issuance.sign(pool_entry.case, by=another)

    with pytest.raises(IssuerMayNotSeal):
        issuance.seal(pool_entry.case, by=both)


# --- a case of one's own --------------------------------------------------------------------------
def test_nobody_accepts_an_application_of_the_organisation_they_act_for(pool_entry):
    pool_entry.to("acceptance")
    window = pool_entry.also(pool_entry.signer, "window")

    with pytest.raises(PartyMayNotAct):
        acceptance.accept(pool_entry.case, by=window)


def test_whoever_acts_for_the_applicant_reads_nothing_of_the_case_at_the_desk(pool_entry):
    pool_entry.to("acceptance")
    both = pool_entry.also(pool_entry.signer, "finance")
    task = Task.objects.filter(case=pool_entry.case)

    assert not sight.readable(both).exists()
    assert not task.filter(sight.rows_on_readable(both)).exists()
    assert sight.readable(pool_entry.cast.officer).filter(pk=pool_entry.case.pk).exists()


def test_nobody_is_dealt_or_given_a_case_of_an_organisation_they_act_for(pool_entry):
    """Neither the applicant's people nor a partner's (decision 0033); once they left, they are."""
    task = pool_entry.to("department_review").task("department_review")
    party = pool_entry.also(pool_entry.signer, "case_officer")
    lent = colleague(pool_entry, "case_officer")
    partner = Organisation.objects.exclude(pk=pool_entry.case.applicant_id).first()
    Partner.objects.create(case=pool_entry.case, organisation=partner, name="伙伴", position=1)
    mandate = {"role": "clerk", "valid_from": clock.today()}
    Membership.objects.create(user=lent, organisation=partner, **mandate)

    assert {party.pk, lent.pk} <= assigning.bars([task])[task.pk]
    with pytest.raises(AssigneeUnfit):
        assigning.assign(task, to=party, by=pool_entry.cast.leader)
    assert assigning.deal_one(task) == pool_entry.cast.officer

    Partner.objects.update(left=clock.now())
    assert lent.pk not in assigning.bars([task])[task.pk]
