"""Acts at the same moment: one effect, and whoever came second is told so, never a crash."""

from datetime import timedelta
from decimal import Decimal
from threading import Event as Signal
from time import sleep

import pytest

from tests.stages.course import found
from tests.stages.racing import THREADS, eager, raced
from workflows import clock, rubric
from workflows.errors import ClaimedByAnother, SupplementWaiting
from workflows.models import (
    Case,
    Document,
    Item,
    Opinion,
    Submission,
    User,
)
from workflows.models.case import State
from workflows.stages import (
    acceptance,
    corrections,
    countersign,
    deliberation,
    desk,
    drafting,
    evaluation,
    panel,
    review,
    submission,
    supplements,
    withdrawal,
)

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)


# --- the applicant ------------------------------------------------------------------------------
def test_a_double_click_on_submit_files_once(begin):
    course = begin("P1-002", c5_claim=False, c5_investments=[])
    case, signer = course.case, course.signer
    drafting.save(
        case,
        answers={**case.draft, **course.drive.application.form},
        revision=case.draft_revision,
        by=course.clerk,
    )

    done, refused = raced(eager(lambda: submission.submit(found(case), by=signer)))

    assert (len(done), len(refused)) == (1, THREADS - 1)
    assert Submission.objects.count() == Document.objects.count() == 1
    assert course.waiting == ["acceptance"]


def test_two_drafts_of_one_kind_are_one(begin):
    course = begin("P1-002")
    drafting.discard(course.case, by=course.clerk)
    told = {
        "procedure": "pool_entry",
        "organisation": course.case.applicant,
        "by": course.clerk,
    }

    done, refused = raced(eager(lambda: drafting.draft(course.case.round, **told)))

    assert (len(done), len(refused)) == (1, THREADS - 1)
    winner = Case.objects.get(state=State.DRAFT)
    assert {each.facts["reference"] for each in refused} == {winner.reference}


def test_a_form_saved_twice_keeps_the_first(begin):
    course = begin("P1-002")
    case = course.case

    def save(word: str) -> object:
        return drafting.save(case, answers={"c1_partner": word}, revision=0, by=course.clerk)

    done, refused = raced([lambda word=word: save(word) for word in "甲乙丙丁"])

    assert (len(done), len(refused)) == (1, 3)
    assert course.case.draft_revision == 1


def test_accepting_and_taking_back_end_with_the_case_taken_back(pool_entry):
    case, window, signer = pool_entry.case, pool_entry.cast.window, pool_entry.signer

    _, refused = raced(
        [
            lambda: acceptance.accept(found(case), by=window),
            lambda: withdrawal.withdraw(found(case), reason="业务调整", by=signer),
        ]
    )

    assert len(refused) <= 1  # the window, if it came second
    assert (pool_entry.state, pool_entry.waiting) == (State.WITHDRAWN, [])


# --- the desk -----------------------------------------------------------------------------------
def test_a_task_is_claimed_by_one(pool_entry):
    pool_entry.to("department_review")
    task = pool_entry.task("department_review")
    officers = [pool_entry.cast.officer]
    officers += [
        pool_entry.also(user, "case_officer")
        for user in (pool_entry.cast.auditor, pool_entry.cast.operator, pool_entry.cast.leader)
    ]

    done, refused = raced([lambda by=by: desk.claim(task, by=by) for by in officers])

    assert (len(done), {type(each) for each in refused}) == (1, {ClaimedByAnother})
    assert pool_entry.kinds.count("claimed") == 1


def test_two_verdicts_on_one_review_are_one(pool_entry):
    case = pool_entry.to("department_review").case
    another = pool_entry.also(pool_entry.cast.auditor, "case_officer")

    def conclude(by: User, verdict: str) -> None:
        review.conclude(found(case), verdict=verdict, text="见意见", by=by)

    done, refused = raced(
        [
            lambda: conclude(pool_entry.cast.officer, "evaluate"),
            lambda: conclude(another, "stop"),
        ]
    )

    assert (len(done), len(refused)) == (1, 1)
    assert Opinion.objects.filter(phase="department_review").count() == 1
    assert (pool_entry.state, pool_entry.waiting) in (
        (State.EVALUATING, ["panel"]),
        (State.PROPOSAL, ["proposal"]),
    )


def test_whoever_decides_while_material_is_being_asked_for_waits_and_is_refused(
    pool_entry, monkeypatch
):
    case, officer = pool_entry.to("department_review").case, pool_entry.cast.officer
    announce, asked = supplements.announce, Signal()

    def slowly(*told: object) -> None:
        announce(*told)
        asked.set()  # and the transaction has still to commit
        sleep(0.5)

    def conclude() -> None:
        asked.wait()
        review.conclude(found(case), verdict="stop", text="见意见", by=officer)

    monkeypatch.setattr(supplements, "announce", slowly)
    _, refused = raced(
        [
            conclude,
            lambda: supplements.ask(found(case), questions=["资金来源"], days=5, by=officer),
        ]
    )

    assert [type(each) for each in refused] == [SupplementWaiting]
    assert pool_entry.state == State.REVIEWING


def test_the_timer_and_the_window_do_not_both_act(pool_entry):
    case, window = pool_entry.case, pool_entry.cast.window
    item = {"target": "", "reason": "inconsistent", "text": "请核对"}
    pool_entry.clock.move_to(clock.end_of(pool_entry.task("acceptance").due) + SECOND)

    done, refused = raced(
        [
            lambda: acceptance.deem_accepted(found(case)),
            lambda: corrections.return_once(found(case), items=[item], by=window),
        ]
    )

    assert (len(done), len(refused)) == (1, 1)
    assert pool_entry.state in (State.ACCEPTED, State.RETURNED)


# --- in parallel, and rightly so ----------------------------------------------------------------
def test_departments_answering_at_once_are_all_heard_and_close_once(pool_entry):
    case = pool_entry.to("opinion").case
    asked = list(case.tasks.filter(node="opinion", finished=None).values_list("unit", flat=True))

    def answer(department: str) -> None:
        countersign.give_opinion(
            found(case),
            department=department,
            verdict="no_objection",
            text="",
            by=pool_entry.cast.departments[department],
        )

    done, refused = raced([lambda unit=unit: answer(unit) for unit in asked])

    assert (len(done), refused) == (6, [])
    assert (pool_entry.state, pool_entry.waiting) == (State.REVIEWING, ["department_review"])
    assert pool_entry.case.tasks.filter(node="department_review").count() == 1


def test_two_experts_locking_the_last_seats_close_the_evaluation_once(certification):
    *others, sixth, last = certification.to("sheet").seats
    case = certification.case
    parts = [(part.code, part.maximum) for part in evaluation.parts(case.procedure.evaluation)]
    points = rubric.split(Decimal(80), parts, evaluation.computed_points(case))

    def lock(seat) -> None:
        evaluation.score(seat, points=points, remarks={}, by=seat.expert)

    for seat in (*others, sixth, last):
        panel.declare(seat, by=seat.expert)
    for seat in others:
        lock(seat)

    done, refused = raced([lambda: lock(sixth), lambda: lock(last), *eager(lambda: lock(last), 3)])

    assert (len(done), len(refused)) == (2, 3)
    assert (certification.state, certification.waiting) == (State.PROPOSAL, ["proposal"])
    assert certification.case.tasks.filter(node="proposal").count() == 1
    assert certification.case.score == Decimal("80.00")


def test_members_voting_at_once_are_each_counted_once(pool_entry):
    case = pool_entry.to("resolution").case
    meeting = deliberation.open_item(case).meeting
    members = [user for user, _ in pool_entry.cast.members]
    deliberation.attend(meeting, users=members, by=pool_entry.cast.convenor)

    def vote(by: User) -> None:
        deliberation.vote(found(case), choice="agree", reason="", by=by)

    done, refused = raced([lambda by=by: vote(by) for by in [*members, *members]])
    deliberation.resolve(found(case), by=pool_entry.cast.convenor)

    assert (len(done), len(refused)) == (7, 7)
    assert (pool_entry.state, Item.objects.get().tally["agree"]) == (State.NOTICE, 7)
