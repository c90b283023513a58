"""Acts at the same moment: one effect, and whoever came second is told so, never a crash."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from tests.races import Acts, race
from tests.stages.course import Course, found
from workflows import clock, demo, rubric
from workflows.errors import CaseError, ClaimedByAnother, StageClosed
from workflows.models import (
    Case,
    Certificate,
    Document,
    Item,
    Meeting,
    NoticeEntry,
    Number,
    Objection,
    Opinion,
    Submission,
    User,
)
from workflows.models.case import State
from workflows.stages import (
    acceptance,
    countersign,
    deliberation,
    desk,
    evaluation,
    issuance,
    publication,
    review,
    submission,
    suspension,
)

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8
REFUSED = {403, 404, 409}
SECOND = timedelta(seconds=1)


def raced(acts: Acts) -> tuple[list[object], list[CaseError]]:
    """Who had their way and who was refused, when all ``acts`` begin at once."""
    ends = race(acts)
    refusals = [end for end in ends if isinstance(end, Exception)]
    assert [end for end in refusals if not isinstance(end, CaseError)] == []
    assert {refusal.status for refusal in refusals} <= REFUSED
    return [end for end in ends if not isinstance(end, Exception)], refusals


def eager(act: Callable[[], object], times: int = THREADS) -> Acts:
    """The same act by as many impatient hands."""
    return [act] * times


# --- the applicant ------------------------------------------------------------------------------
def test_a_double_click_on_submit_files_once(begin):
    course = begin("P1-002", c5_claim=False, c5_investments=[])
    case, signer = course.case, course.signer
    submission.save(
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
    submission.discard(course.case, by=course.clerk)
    told = {
        "procedure": "pool_entry",
        "organisation": course.case.applicant,
        "by": course.clerk,
    }

    done, refused = raced(eager(lambda: submission.draft(course.case.round, **told)))

    assert (len(done), len(refused)) == (1, THREADS - 1)
    assert Case.objects.filter(state=State.DRAFT).count() == 1


def test_a_form_saved_twice_keeps_the_first(begin):
    course = begin("P1-002")
    case = course.case

    def save(word: str) -> object:
        return submission.save(case, answers={"c1_partner": word}, revision=0, by=course.clerk)

    done, refused = raced([lambda word=word: save(word) for word in "甲乙丙丁"])

    assert (len(done), len(refused)) == (1, 3)
    assert course.case.draft_revision == 1


def test_accepting_and_taking_back_end_with_the_case_taken_back(pool_entry):
    case, window, signer = pool_entry.case, pool_entry.cast.window, pool_entry.signer

    _, refused = raced(
        [
            lambda: acceptance.accept(found(case), by=window),
            lambda: submission.withdraw(found(case), reason="业务调整", by=signer),
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


def test_the_timer_and_the_window_do_not_both_act(pool_entry):
    case, window = pool_entry.case, pool_entry.cast.window
    item = {"target": "", "reason": "inconsistent", "text": "请核对"}
    pool_entry.clock.move_to(clock.end_of(pool_entry.task("acceptance").due) + SECOND)

    done, refused = raced(
        [
            lambda: acceptance.deem_accepted(found(case)),
            lambda: acceptance.return_once(found(case), items=[item], by=window),
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
        evaluation.declare(seat, by=seat.expert)
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


# --- the conference and its agenda --------------------------------------------------------------
def test_a_panel_is_formed_once(pool_entry):
    case, experts = pool_entry.to("panel").case, pool_entry.cast.checkers[:2]

    done, refused = raced(
        eager(
            lambda: evaluation.form_panel(found(case), experts=experts, by=pool_entry.cast.officer)
        )
    )

    assert (len(done), {type(each) for each in refused}) == (1, {StageClosed})
    assert len(pool_entry.seats) == 2


def test_a_meeting_is_called_once(pool_entry):
    cast = pool_entry.cast
    told = {"number": "2026-09", "title": "联席会议", "held": clock.now()}

    done, refused = raced(
        eager(
            lambda: deliberation.convene(
                **told, members=cast.members, convenor=cast.convenor, by=cast.officer
            )
        )
    )

    assert (len(done), len(refused)) == (1, THREADS - 1)
    assert Meeting.objects.get().members.count() == 7


def test_two_cases_tabled_at_once_have_two_places(pool_entry, certification):
    courses = [pool_entry.to("tabling"), certification.to("tabling")]
    cast = pool_entry.cast
    meeting = deliberation.convene(
        number="2026-09",
        title="联席会议",
        held=clock.now(),
        members=cast.members,
        convenor=cast.convenor,
        by=cast.officer,
    )

    def table(course: Course) -> Item:
        return deliberation.table(found(course.drive.case), meeting=meeting, by=cast.officer)

    done, refused = raced([lambda course=course: table(course) for course in courses * 3])

    assert (len(done), len(refused)) == (2, 4)
    assert sorted(meeting.items.values_list("position", flat=True)) == [1, 2]


def test_two_proposals_are_one(pool_entry):
    case = pool_entry.to("proposal").case
    another = pool_entry.also(pool_entry.cast.auditor, "case_officer")

    def propose(by: User) -> None:
        deliberation.propose(found(case), outcome_="entered_pool", finding="", reasons=[], by=by)

    done, refused = raced(
        [lambda by=by: propose(by) for by in [pool_entry.cast.officer, another] * 4]
    )

    assert (len(done), {type(each) for each in refused}) == (1, {StageClosed})
    assert (pool_entry.waiting, pool_entry.kinds.count("proposed")) == (["endorsement"], 1)


# --- the notice ---------------------------------------------------------------------------------
def test_a_case_stands_on_one_notice(pool_entry):
    case, officer = pool_entry.to("publication").case, pool_entry.cast.officer

    done, refused = raced(eager(lambda: publication.publish([found(case)], by=officer)))

    assert (len(done), len(refused)) == (1, THREADS - 1)
    assert NoticeEntry.objects.count() == 1


def test_an_objection_in_the_last_moment_and_the_end_of_the_notice_do_not_both_happen(pool_entry):
    case = pool_entry.to("notice").case
    entry = publication.running_entry(case)
    pool_entry.clock.move_to(clock.end_of(entry.notice.closes))

    def object_() -> Objection:
        return publication.file_objection(
            entry,
            objector="某公司",
            contact_name="刘一诺",
            phone="13800009999",
            is_unit=True,
            facts="人数不实",
        )

    done, refused = raced([object_, lambda: publication.close_notice(found(case))])

    assert (len(done), len(refused)) == (1, 1)
    assert pool_entry.state == (State.OBJECTION if Objection.objects.exists() else State.SIGNING)


def test_objections_at_once_are_all_taken_and_hold_the_entry_once(pool_entry):
    entry = publication.running_entry(pool_entry.to("notice").case)
    claim = {
        "objector": "某公司",
        "contact_name": "刘一诺",
        "phone": "13800009999",
        "is_unit": True,
        "facts": "人数不实",
    }

    done, refused = raced(eager(lambda: publication.file_objection(entry, **claim), 4))

    assert (len(done), refused) == (4, [])
    assert sorted(Objection.objects.values_list("number", flat=True)) == [
        f"YY-2026-001-1-{number}" for number in (1, 2, 3, 4)
    ]
    assert (pool_entry.state, pool_entry.waiting) == (State.OBJECTION, ["objection"])


# --- the decision -------------------------------------------------------------------------------
def test_a_decision_is_signed_and_sealed_once(pool_entry, plain_papers):
    case, cast = pool_entry.to("signing").case, pool_entry.cast

    signed, _ = raced(eager(lambda: issuance.sign(found(case), by=cast.issuer)))
    sealed, refused = raced(eager(lambda: issuance.seal(found(case), by=cast.seal)))
    pool_entry.papers()

    assert (len(signed), len(sealed), len(refused)) == (1, 1, THREADS - 1)
    assert Number.objects.count() == 2
    assert Certificate.objects.count() == 1


def test_a_seal_and_a_suspension_do_not_both_happen(pool_entry, plain_papers):
    case, cast = pool_entry.to("sealing").case, pool_entry.cast
    told = {"ground": "litigation", "reason": "诉讼", "by": cast.leader}

    done, refused = raced(
        [
            lambda: issuance.seal(found(case), by=cast.seal),
            lambda: suspension.suspend(found(case), **told),
        ]
    )
    pool_entry.papers()

    assert (len(done), len(refused)) == (1, 1)
    assert pool_entry.state in (State.GRANTED, State.SUSPENDED)


def test_receipt_is_confirmed_once(pool_entry, plain_papers):
    case, signer = pool_entry.to("issuing").papers().case, pool_entry.signer

    done, refused = raced(eager(lambda: issuance.acknowledge(found(case), by=signer)))

    assert (len(done), refused) == (THREADS, [])  # whoever asks again has their receipt
    assert pool_entry.kinds.count("receipt_confirmed") == 1


def test_two_cases_sealed_at_once_have_numbers_without_a_gap(pool_entry, certification):
    courses = [pool_entry.to("sealing"), certification.to("sealing")]
    seal = pool_entry.cast.seal

    done, refused = raced(
        [
            lambda course=course: issuance.seal(found(course.drive.case), by=seal)
            for course in courses
        ]
    )

    assert (len(done), refused) == (2, [])
    decisions = Number.objects.filter(text__contains="联办").values_list("serial", flat=True)
    assert sorted(decisions) == [1, 2]


# --- through the pages --------------------------------------------------------------------------
def pressed(user: User, course: Course, node: str) -> Callable[[], int]:
    """``user`` pressing the button of the open task ``node``; gives the answer's status."""
    client, task = Client(), course.task(node)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("task_decide", args=[task.pk])
    form = {"do": "recommend", "decision": "recommend", "text": ""}
    return lambda: client.post(address, form).status_code


def test_a_double_click_on_a_decision_decides_once(pool_entry):
    pool_entry.to("district_review")
    district = pool_entry.cast.district

    statuses = race([pressed(district, pool_entry, "district_review") for _ in range(THREADS)])

    assert sorted(statuses, key=str) == [303] + [409] * (THREADS - 1)
    assert pool_entry.kinds.count("reviewed") == 1


def test_the_task_of_another_desk_is_not_there_however_often_it_is_pressed(
    pool_entry, certification
):
    pool_entry.to("district_review")
    certification.to("district_review")
    stranger = demo.cast("440305").district

    statuses = race(
        [
            pressed(stranger, course, "district_review")
            for course in (pool_entry, certification)
            for _ in range(4)
        ]
    )

    assert statuses == [404] * 8
    assert pool_entry.kinds.count("reviewed") == certification.kinds.count("reviewed") == 0
