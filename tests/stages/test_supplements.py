"""Supplementary material after acceptance: at most twice, the clock standing meanwhile."""

from datetime import date

import pytest

from tests import rows
from tests.stages.course import MINUTE, Course
from workflows import clock, jobs
from workflows.audit import books
from workflows.errors import (
    AlreadySubmitted,
    CaseSuspended,
    ExtensionTooLong,
    NotEntitled,
    NothingAsked,
    NothingToSend,
    NotYetDue,
    StageClosed,
    SupplementsUsed,
    SupplementWaiting,
)
from workflows.models import Case, Document, Message, Supplement
from workflows.models.case import State
from workflows.recording import acts
from workflows.stages import attaching, people, review, supplements, suspension

pytestmark = pytest.mark.django_db
QUESTIONS = ["请说明实训基地投入的资金来源。", "请补充校企合作协议。"]


@pytest.fixture
def accepted(pool_entry: Course) -> Course:
    """A case that waits for the district's review, due in 45 working days."""
    return pool_entry.to("district_review")


def asked(course: Course, *, days: int = 10) -> Supplement:
    return supplements.ask(course.case, questions=QUESTIONS, days=days, by=course.cast.district)


def answered(course: Course, **given: str) -> Supplement:
    words = {int(position.strip("_")): said for position, said in given.items()}
    return supplements.answer(course.case, answers=words, note="", by=course.signer)


def standing(course: Course) -> list[tuple[str, bool]]:
    """The pauses of the clock: their ground, and whether they last."""
    found = course.case.segments.order_by("pk").values_list("ground", "resumed")
    return [(ground, resumed is None) for ground, resumed in found]


# --- asking ---------------------------------------------------------------------------------------
def test_x19_the_clock_stands_while_the_applicants_own_days_run(accepted: Course) -> None:
    before = accepted.case.due

    supplement = asked(accepted)
    accepted.clock.pass_(days=7)  # five working days
    answered(accepted, _1="自有资金")

    assert supplement.due == date(2026, 9, 20)  # ten working days; this Sunday works
    assert (before, accepted.case.due) == (date(2026, 11, 13), date(2026, 11, 20))
    assert standing(accepted) == [("supplement", False)]
    assert list(books.imbalances()) == []


def test_the_request_goes_out_as_a_paper_and_a_message(accepted: Course) -> None:
    asked(accepted)
    accepted.timers()

    paper = Document.objects.get(case=accepted.case, kind="supplement_notice")
    told = Message.objects.filter(case=accepted.case, kind="supplement_asked")
    assert QUESTIONS[0] in paper.record
    assert set(told.values_list("recipient", flat=True)) == {accepted.clerk.pk, accepted.signer.pk}
    assert accepted.kinds[-1] == "supplement_asked"
    assert list(books.imbalances()) == []


def test_material_is_asked_for_by_whoever_weighs_the_case_and_nobody_else(accepted: Course) -> None:
    for stranger in (accepted.cast.window, accepted.cast.agency, accepted.signer):
        with pytest.raises(NotEntitled):
            supplements.ask(accepted.case, questions=QUESTIONS, days=10, by=stranger)

    assert standing(accepted) == []


def test_before_acceptance_nothing_is_asked_but_the_one_correction(pool_entry: Course) -> None:
    with pytest.raises(StageClosed):
        supplements.ask(pool_entry.case, questions=QUESTIONS, days=10, by=pool_entry.cast.officer)


@pytest.mark.parametrize("days", [0, 21])
def test_a_request_names_something_and_leaves_a_sane_time(accepted: Course, days: int) -> None:
    with pytest.raises(ExtensionTooLong):
        asked(accepted, days=days)
    with pytest.raises(NothingAsked):
        supplements.ask(accepted.case, questions=[" "], days=10, by=accepted.cast.district)


def test_material_is_asked_for_twice_at_most_and_one_request_after_the_other(
    accepted: Course,
) -> None:
    asked(accepted)
    with pytest.raises(SupplementWaiting):
        asked(accepted)
    answered(accepted, _1="自有资金")
    asked(accepted)
    answered(accepted, _2="协议见附件")

    with pytest.raises(SupplementsUsed):
        asked(accepted)

    assert [each.number for each in accepted.case.supplements.all()] == [1, 2]


def test_the_case_does_not_go_on_before_the_answer(accepted: Course) -> None:
    asked(accepted)

    with pytest.raises(SupplementWaiting):
        review.recommend(accepted.case, favourable=True, text="", by=accepted.cast.district)
    answered(accepted, _1="自有资金")
    review.recommend(accepted.case, favourable=True, text="", by=accepted.cast.district)

    assert accepted.state == State.COUNTERSIGN


def test_an_agency_asks_only_about_the_cases_it_evaluates(accepted: Course) -> None:
    course = accepted.to("sheet")
    ours, others = rows.organisation(), rows.organisation()
    Case.objects.filter(pk=course.case.pk).update(agency=ours)
    stranger, manager = rows.person(), rows.person()
    for user, agency in ((stranger, others), (manager, ours)):
        people.appoint(user, role="agency_manager", organisation=agency, by=None)

    with pytest.raises(NotEntitled):
        supplements.ask(course.case, questions=QUESTIONS, days=10, by=stranger)
    supplements.ask(course.case, questions=QUESTIONS, days=10, by=manager)
    with pytest.raises(NotEntitled):
        supplements.recall(course.case, reason="不再需要。", by=stranger)

    assert course.case.supplements.get().by == manager


# --- answering ------------------------------------------------------------------------------------
def test_the_answer_keeps_words_and_files_and_tells_whoever_asked(accepted: Course) -> None:
    supplement = asked(accepted)
    data = acts.sample("协议")
    attaching.attach(
        accepted.case, code=supplement.code, name="协议.pdf", data=data, by=accepted.clerk
    )
    supplements.keep(accepted.case, answers={1: "自有"}, by=accepted.clerk)

    answered(accepted, _1="自有资金")
    jobs.run_due()

    supplement.refresh_from_db()
    assert supplement.closed_as == Supplement.Closed.ANSWERED
    assert [item.answer for item in supplement.items.all()] == ["自有资金", ""]
    assert [each["name"] for each in supplement.files] == ["协议.pdf"]
    told = Message.objects.get(case=accepted.case, kind="supplement_answered")
    assert told.recipient == accepted.cast.district
    with pytest.raises(AlreadySubmitted):
        answered(accepted, _1="再答")
    with pytest.raises(AlreadySubmitted):
        attaching.attach(
            accepted.case, code=supplement.code, name="又.pdf", data=data, by=accepted.clerk
        )


def test_a_request_opens_no_paper_of_the_form_and_no_answer(accepted: Course) -> None:
    asked(accepted)

    with pytest.raises(AlreadySubmitted):
        attaching.attach(
            accepted.case,
            code="credit_report",
            name="报告.pdf",
            data=acts.sample("报告"),
            by=accepted.clerk,
        )


def test_an_answer_says_something_and_is_signed(accepted: Course) -> None:
    asked(accepted)

    with pytest.raises(NothingToSend):
        answered(accepted)
    with pytest.raises(NotEntitled):
        supplements.answer(accepted.case, answers={1: "x"}, note="", by=accepted.clerk)

    assert standing(accepted) == [("supplement", True)]


# --- silence, and second thoughts -----------------------------------------------------------------
def test_silence_lets_the_case_go_on_with_what_is_there(accepted: Course) -> None:
    supplement = asked(accepted)
    supplements.keep(accepted.case, answers={}, note="未发出", by=accepted.clerk)
    accepted.clock.move_to(clock.end_of(supplement.due) - MINUTE)
    accepted.timers()
    with pytest.raises(NotYetDue):
        supplements.lapse(accepted.case, number=1)

    accepted.pass_closing(supplement.due)

    supplement.refresh_from_db()
    told = Message.objects.filter(case=accepted.case, kind="supplement_unanswered")
    assert (supplement.closed_as, supplement.note) == (Supplement.Closed.LAPSED, "")
    assert (accepted.state, accepted.kinds[-1]) == (State.ACCEPTED, "supplement_lapsed")
    assert standing(accepted) == [("supplement", False)]
    assert [each.recipient for each in told] == [accepted.cast.district]


def test_the_office_takes_a_request_back(accepted: Course) -> None:
    asked(accepted)

    supplements.recall(accepted.case, reason="已从共享平台取得。", by=accepted.cast.district)

    assert accepted.case.supplements.get().closed_as == Supplement.Closed.RECALLED
    assert standing(accepted) == [("supplement", False)]


def test_a_suspended_case_gives_the_applicant_the_whole_time_again(accepted: Course) -> None:
    first = asked(accepted).due
    leader = accepted.cast.leader
    suspension.suspend(accepted.case, ground="litigation", reason="诉讼", by=leader)
    with pytest.raises(CaseSuspended):
        answered(accepted, _1="自有资金")
    accepted.pass_closing(first)

    suspension.resume(accepted.case, by=leader)
    due = accepted.case.supplements.get().due
    accepted.timers()

    assert due > first
    assert standing(accepted) == [("supplement", True)]
    accepted.pass_closing(due)
    assert standing(accepted) == [("supplement", False)]


def test_during_an_evaluation_the_clock_stands_already_and_stands_until_both_are_over(
    accepted: Course,
) -> None:
    accepted.to("sheet")
    supplements.ask(accepted.case, questions=QUESTIONS, days=10, by=accepted.cast.officer)
    asked_in = standing(accepted)
    accepted.step()  # the reviewers report

    assert asked_in == [("evaluation", True)]
    assert accepted.state == State.PROPOSAL
    assert standing(accepted) == [("evaluation", False), ("supplement", True)]
    with pytest.raises(SupplementWaiting):
        accepted.step()
    with pytest.raises(NotEntitled):  # the agency has done its part
        supplements.recall(accepted.case, reason="不再需要。", by=accepted.cast.agency)
    supplements.recall(accepted.case, reason="不再需要。", by=accepted.cast.officer)
    assert [lasts for _, lasts in standing(accepted)] == [False, False]
    assert list(books.imbalances()) == []
