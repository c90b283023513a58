"""Outside the ordinary course: stop, go on, extend, end."""

from datetime import date

import pytest

from workflows import clock
from workflows.errors import (
    CaseClosed,
    CaseSuspended,
    ExtendedAlready,
    NotEntitled,
    ObjectionLate,
    ReasonMissing,
    StageClosed,
)
from workflows.models import Message, Segment
from workflows.models.case import PAUSABLE, State
from workflows.stages import acceptance, papers, publication, review, suspension

pytestmark = pytest.mark.django_db
WHERE = {
    State.ACCEPTED: "district_review",
    State.COUNTERSIGN: "opinion",
    State.REVIEWING: "department_review",
    State.EVALUATING: "sheet",
    State.PROPOSAL: "endorsement",
    State.MEETING: "resolution",
    State.NOTICE: "notice",
    State.SIGNING: "sealing",
}
CLAIM = {
    "objector": "某公司",
    "contact_name": "刘一诺",
    "phone": "13800009999",
    "is_unit": True,
    "facts": "人数不实",
}


def suspend(course, **told: object) -> None:
    suspension.suspend(
        course.case,
        **{
            "ground": "investigation",
            "reason": "有关事项正在调查",
            "by": course.cast.leader,
            **told,
        },
    )


@pytest.mark.parametrize("state", WHERE)
def test_a_case_stands_wherever_it_is_and_goes_on_from_there(pool_entry, state):
    pool_entry.to(WHERE[state])
    waiting = pool_entry.waiting

    suspend(pool_entry)
    assert (pool_entry.state, pool_entry.case.former_state) == (State.SUSPENDED, state)
    assert Segment.objects.filter(case=pool_entry.case, resumed=None).count() == 1
    suspension.resume(pool_entry.case, by=pool_entry.cast.leader)

    assert (pool_entry.state, pool_entry.waiting) == (state, waiting)
    assert pool_entry.case.former_state == ""
    pool_entry.to("issuing")


def test_every_state_that_may_be_suspended_is_tried():
    assert set(WHERE) | {State.OBJECTION} == set(PAUSABLE)  # an objection has a test of its own


def test_a_held_entry_stays_held_when_the_case_goes_on(pool_entry):
    pool_entry.to("notice")
    objection = publication.file_objection(publication.running_entry(pool_entry.case), **CLAIM)
    suspend(pool_entry)
    suspension.resume(pool_entry.case, by=pool_entry.cast.leader)
    assert (pool_entry.state, Segment.objects.filter(resumed=None).get().ground) == (
        State.OBJECTION,
        "objection",
    )

    publication.answer_objection(
        objection, result="not_upheld", answer="不成立", by=pool_entry.cast.officer
    )

    assert pool_entry.state == State.NOTICE


def test_an_objection_is_in_time_while_the_case_is_suspended_and_holds_it_afterwards(pool_entry):
    pool_entry.to("notice")
    suspend(pool_entry)
    entry = publication.running_entry(pool_entry.case)
    objection = publication.file_objection(entry, **CLAIM)
    pool_entry.pass_time_limit(entry.notice.closes)
    with pytest.raises(ObjectionLate):
        publication.file_objection(entry, **CLAIM)

    suspension.resume(pool_entry.case, by=pool_entry.cast.leader)

    assert (pool_entry.state, pool_entry.waiting) == (State.OBJECTION, ["objection"])
    assert Segment.objects.get(resumed=None).ground == "objection"
    publication.answer_objection(
        objection, result="not_upheld", answer="不成立", by=pool_entry.cast.officer
    )
    assert pool_entry.state == State.SIGNING


@pytest.mark.parametrize("told", [{"ground": "mood"}, {"reason": "  "}])
def test_a_suspension_has_a_ground_of_the_law_and_words(pool_entry, told):
    pool_entry.to("opinion")

    with pytest.raises(ReasonMissing):
        suspend(pool_entry, **told)


def test_only_the_head_of_the_office_stops_resumes_extends_and_ends(pool_entry):
    pool_entry.to("opinion")
    told = {"reason": "案情复杂", "by": pool_entry.cast.officer}

    for act in (
        lambda: suspend(pool_entry, by=pool_entry.cast.officer),
        lambda: suspension.extend(pool_entry.case, **told),
        lambda: suspension.terminate(pool_entry.case, **told),
    ):
        with pytest.raises(NotEntitled):
            act()
    suspend(pool_entry)
    with pytest.raises(NotEntitled):
        suspension.resume(pool_entry.case, by=pool_entry.cast.officer)


def test_nothing_is_done_on_a_suspended_case(pool_entry):
    pool_entry.to("department_review")
    suspend(pool_entry)

    for act in (
        lambda: review.conclude(
            pool_entry.case, verdict="evaluate", text="", by=pool_entry.cast.officer
        ),
        lambda: suspend(pool_entry),
    ):
        with pytest.raises(CaseSuspended) as refusal:
            act()
        assert refusal.value.facts == {"since": clock.today().isoformat()}


def test_an_application_that_is_still_with_the_window_is_not_suspended(pool_entry):
    with pytest.raises(StageClosed):
        suspend(pool_entry)


def test_the_days_of_a_suspension_are_not_counted(pool_entry):
    pool_entry.to("department_review")
    due = pool_entry.case.due
    suspend(pool_entry)

    pool_entry.clock.pass_(days=7)
    suspension.resume(pool_entry.case, by=pool_entry.cast.leader)

    assert (due, pool_entry.case.due) == (date(2026, 11, 13), date(2026, 11, 20))


def test_the_clock_is_extended_once_and_the_applicant_is_told_why(pool_entry):
    pool_entry.to("opinion")
    leader = pool_entry.cast.leader
    with pytest.raises(ReasonMissing):
        suspension.extend(pool_entry.case, reason=" ", by=leader)

    suspension.extend(pool_entry.case, reason="案情复杂", by=leader)
    pool_entry.timers()

    assert pool_entry.case.due == date(2026, 12, 4)  # fifteen working days more
    notice = papers.facts(pool_entry.case.documents.get(kind="extension_notice"))
    assert notice["items"] == [{"label": "理由", "text": "案情复杂"}]
    assert "2026年12月4日" in notice["paragraphs"][1]
    told = Message.objects.filter(kind="extended").first()
    assert (told.facts["reason"], told.facts["due"]) == ("案情复杂", "2026-12-04")
    with pytest.raises(ExtendedAlready):
        suspension.extend(pool_entry.case, reason="再延", by=leader)


def test_nothing_is_extended_before_acceptance(pool_entry):
    with pytest.raises(StageClosed):
        suspension.extend(pool_entry.case, reason="案情复杂", by=pool_entry.cast.leader)


@pytest.mark.parametrize("node", ["acceptance", "opinion", "sheet", "notice", "sealing"])
def test_a_case_whose_matter_fell_away_is_ended_wherever_it_is(pool_entry, node):
    pool_entry.to(node)
    with pytest.raises(ReasonMissing):
        suspension.terminate(pool_entry.case, reason="", by=pool_entry.cast.leader)

    suspension.terminate(pool_entry.case, reason="单位注销", by=pool_entry.cast.leader)

    case = pool_entry.case
    assert (case.state, case.outcome, case.decided) == (State.TERMINATED, "terminated", clock.now())
    assert pool_entry.waiting == []
    with pytest.raises(CaseClosed):
        acceptance.accept(case, by=pool_entry.cast.window)


def test_a_suspended_case_may_be_ended(pool_entry):
    pool_entry.to("opinion")
    suspend(pool_entry)

    suspension.terminate(pool_entry.case, reason="单位注销", by=pool_entry.cast.leader)

    assert pool_entry.state == State.TERMINATED


def test_a_sealed_decision_is_neither_stopped_nor_ended(pool_entry, plain_papers):
    pool_entry.to("issuing")

    with pytest.raises(StageClosed):
        suspend(pool_entry)
    with pytest.raises(StageClosed):
        suspension.terminate(pool_entry.case, reason="单位注销", by=pool_entry.cast.leader)

    pool_entry.papers()
    assert pool_entry.state == State.GRANTED
