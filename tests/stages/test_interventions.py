"""Stepping into a flow: two people, a reason, and only ways the law knows."""

import pytest

from workflows.errors import (
    AccepterMayNotDecide,
    ApproverMayNotAct,
    FlowSound,
    InterventionOpen,
    NotEntitled,
    ReasonMissing,
    SecondPerson,
    StageClosed,
    StepOutOfReach,
)
from workflows.models import Event, Intervention, Item, Message, Process, Task
from workflows.recording import acts
from workflows.stages import desk, interventions, panel, position, review

pytestmark = pytest.mark.django_db
WHY = "审查步骤有误"


def ask(course, kind="jump", node="proposal", by=None) -> Intervention:
    """The operator asks."""
    by = by or course.cast.operator
    return interventions.ask(course.case, kind=kind, node=node, reason=WHY, by=by)


# --- asking and deciding --------------------------------------------------------------------------
def test_a_jump_waits_for_a_second_person(pool_entry):
    pool_entry.to("department_review")

    ask(pool_entry, node="district_review")

    assert pool_entry.waiting == ["department_review"]


def test_the_head_has_the_proposal_made_again_and_both_names_are_on_the_trail(pool_entry):
    pool_entry.to("tabling")
    asked = ask(pool_entry)

    interventions.approve(asked, by=pool_entry.cast.leader)

    event = Event.objects.get(case=pool_entry.case, kind="jumped")
    assert pool_entry.waiting == ["proposal"]
    assert event.actor == pool_entry.cast.leader
    assert pool_entry.cast.operator.username in event.body


def test_whoever_asked_cannot_decide(pool_entry):
    pool_entry.to("department_review")
    asked = ask(pool_entry, node="district_review", by=pool_entry.cast.leader)

    with pytest.raises(SecondPerson):
        interventions.approve(asked, by=pool_entry.cast.leader)

    assert pool_entry.waiting == ["department_review"]


def test_the_operator_does_not_decide(pool_entry):
    pool_entry.to("department_review")
    asked = ask(pool_entry, node="district_review", by=pool_entry.cast.leader)

    with pytest.raises(NotEntitled):
        interventions.approve(asked, by=pool_entry.cast.operator)


def test_a_head_who_evaluates_the_case_does_not_decide(pool_entry):
    pool_entry.to("sheet")
    asked = ask(pool_entry, kind="cancel", node="")
    seat = pool_entry.case.seats.filter(void=None).first()
    both = pool_entry.also(seat.expert, "leader")

    with pytest.raises(NotEntitled):
        interventions.approve(asked, by=both)

    assert pool_entry.waiting != []


def test_who_let_a_step_be_done_again_has_approved_and_does_not_evaluate_it(pool_entry):
    pool_entry.to("endorsement")
    interventions.approve(ask(pool_entry, node="panel"), by=pool_entry.cast.leader)
    both = pool_entry.also(pool_entry.cast.leader, "checker")
    officer, experts = pool_entry.cast.officer, [both, pool_entry.cast.checkers[0]]
    first, _ = panel.form_panel(pool_entry.case, experts=experts, by=officer)

    with pytest.raises(ApproverMayNotAct):
        panel.declare(first, by=both)

    jumped = Event.objects.get(case=pool_entry.case, kind="jumped")
    assert (jumped.duty, jumped.actor) == ("approve", pool_entry.cast.leader)
    assert pool_entry.kinds.count("endorsed") == 0  # it is the jump that keeps them out


def test_who_accepted_does_not_let_a_step_be_done_again(pool_entry):
    pool_entry.to("endorsement")
    asked = ask(pool_entry, node="panel")
    both = pool_entry.also(pool_entry.cast.window, "leader")

    with pytest.raises(AccepterMayNotDecide):
        interventions.approve(asked, by=both)

    assert pool_entry.waiting == ["endorsement"]
    assert Intervention.objects.get(pk=asked.pk).decided is None


def test_a_decided_intervention_is_not_decided_again(pool_entry):
    pool_entry.to("department_review")
    asked = ask(pool_entry, node="district_review")
    interventions.decline(asked, reason="不需要", by=pool_entry.cast.leader)

    with pytest.raises(StageClosed):
        interventions.approve(asked, by=pool_entry.cast.leader)

    assert pool_entry.waiting == ["department_review"]


def test_one_intervention_waits_at_a_time(pool_entry):
    pool_entry.to("department_review")
    ask(pool_entry, node="district_review")

    with pytest.raises(InterventionOpen):
        ask(pool_entry, kind="cancel", node="")


def test_an_intervention_needs_its_reason(pool_entry):
    pool_entry.to("department_review")

    with pytest.raises(ReasonMissing):
        interventions.ask(pool_entry.case, kind="cancel", reason="  ", by=pool_entry.cast.operator)


def test_nothing_is_skipped_and_only_what_the_law_reaches_is_done_again(pool_entry):
    pool_entry.to("department_review")

    for node in ("signing", "acceptance", "proposal", "nowhere"):
        with pytest.raises(StepOutOfReach):
            ask(pool_entry, node=node)


def test_a_case_that_moved_on_meanwhile_stays_where_it_is(pool_entry):
    pool_entry.to("department_review")
    asked = ask(pool_entry, node="district_review")
    review.conclude(pool_entry.case, verdict="evaluate", text="", by=pool_entry.cast.officer)

    with pytest.raises(StepOutOfReach):
        interventions.approve(asked, by=pool_entry.cast.leader)

    assert pool_entry.waiting == ["panel"]
    assert Intervention.objects.get(pk=asked.pk).decided is None


# --- every way back -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("stop", "node", "lands"),
    [
        ("department_review", "district_review", "district_review"),
        ("endorsement", "proposal", "proposal"),
        ("endorsement", "panel", "panel"),
        ("ballot", "proposal", "proposal"),
        ("notice", "proposal", "proposal"),
        ("sealing", "proposal", "proposal"),
    ],
)
def test_a_step_done_again_leads_to_the_end_as_any_other(pool_entry, stop, node, lands):
    pool_entry.to(stop)

    interventions.approve(ask(pool_entry, node=node), by=pool_entry.cast.leader)

    assert pool_entry.waiting == [lands]
    assert list(position.strays()) == []


def test_the_applicant_hears_that_a_step_is_done_again_and_not_why(pool_entry):
    pool_entry.to("endorsement")

    interventions.approve(ask(pool_entry), by=pool_entry.cast.leader)
    pool_entry.timers()

    told = Message.objects.filter(recipient=pool_entry.signer, kind="step_repeated")
    assert told.count() == 1
    assert WHY not in str(told.get().facts)


def test_a_cancelled_case_is_terminated_by_two_people(pool_entry):
    pool_entry.to("opinion")

    interventions.approve(ask(pool_entry, kind="cancel", node=""), by=pool_entry.cast.leader)

    body = Event.objects.get(case=pool_entry.case, kind="terminated").body
    assert (pool_entry.state, pool_entry.waiting) == ("terminated", [])
    assert pool_entry.cast.operator.username in body


# --- building anew --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "stop",
    ["opinion", "sheet", "ballot", "sealing"],
)
def test_a_flow_that_was_lost_is_built_anew_from_state_and_facts(pool_entry, stop):
    pool_entry.to(stop)
    before = position.standing(pool_entry.case)
    Task.objects.filter(case=pool_entry.case).delete()
    Process.objects.filter(case=pool_entry.case).delete()

    interventions.rebuild(pool_entry.case, reason=WHY, by=pool_entry.cast.operator)

    assert position.standing(pool_entry.case) == before
    assert list(position.strays()) == []


def test_a_rebuilt_task_stays_with_whoever_held_it_and_keeps_its_day(pool_entry):
    pool_entry.to("department_review")
    desk.claim(pool_entry.task("department_review"), by=pool_entry.cast.officer)
    due = pool_entry.task("department_review").due
    Process.objects.filter(case=pool_entry.case).update(finished=pool_entry.clock.moment)
    pool_entry.clock.pass_(days=3)

    interventions.rebuild(pool_entry.case, reason=WHY, by=pool_entry.cast.operator)

    task = pool_entry.task("department_review")
    assert (task.owner, task.status, task.due) == (pool_entry.cast.officer, "ASSIGNED", due)


def test_a_rebuilt_flow_goes_on(pool_entry):
    pool_entry.to("department_review")
    Task.objects.filter(case=pool_entry.case, finished=None).delete()
    interventions.rebuild(pool_entry.case, reason=WHY, by=pool_entry.cast.operator)

    review.conclude(pool_entry.case, verdict="evaluate", text="", by=pool_entry.cast.officer)

    assert pool_entry.waiting == ["panel"]


def test_a_sound_flow_is_not_rebuilt(pool_entry):
    pool_entry.to("department_review")

    with pytest.raises(FlowSound):
        interventions.rebuild(pool_entry.case, reason=WHY, by=pool_entry.cast.operator)


@pytest.mark.broken_books
def test_a_flow_that_strays_is_found(pool_entry):
    pool_entry.to("department_review")
    Task.objects.filter(case=pool_entry.case, finished=None).update(node="panel")

    (found,) = position.strays()

    assert "department_review" in found.what


@pytest.mark.broken_books
def test_a_case_whose_facts_are_lost_is_named_and_the_others_are_still_compared(begin):
    lost, other = begin("P1-001").file().to("tabling"), begin("P1-002").file()
    acts.table(lost.drive)
    Item.objects.filter(case=lost.case).update(result=Item.Result.SENT_BACK)
    Task.objects.filter(case=other.case, finished=None).update(node="panel")

    first, second = position.strays()

    assert "its facts do not say for what: StageClosed" in first.what
    assert "not for {('acceptance', '')}" in second.what
