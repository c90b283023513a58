"""A refusal is told with its grounds and heard before it is signed (行政许可法 7, 36)."""

from datetime import date, datetime

import pytest

from tests.stages.conftest import GROUNDS
from tests.stages.course import MINUTE, Course
from workflows import clock
from workflows.errors import (
    AlreadySubmitted,
    CaseSuspended,
    DefenceOpen,
    DefenceUnanswered,
    NotEntitled,
    NothingToSend,
    NotYetDue,
    ReasonMissing,
    RefusalNotTold,
    StageClosed,
)
from workflows.models import DayOverride, Defence, Document, Message
from workflows.models.case import State
from workflows.recording import acts
from workflows.stages import (
    attaching,
    defences,
    deliberation,
    issuance,
    papers,
    suspension,
    yearly_notice,
)

pytestmark = pytest.mark.django_db
PDF = acts.sample("证据")


def stated(course: Course, text: str = "证据在附件中。") -> Defence:
    return defences.state(course.case, text=text, signed_with="password", by=course.signer)


def answered(course: Course, *, convinced: bool = False) -> Defence:
    return defences.answer(
        course.case, text="附件不能证明。", convinced=convinced, by=course.cast.officer
    )


# --- telling --------------------------------------------------------------------------------------
def test_the_applicant_is_told_with_the_grounds_as_soon_as_it_is_resolved(refused: Course) -> None:
    told = Defence.objects.get(case=refused.case)

    refused.papers()

    letter = Document.objects.told().get(case=refused.case, kind="intended_refusal")
    said = papers.facts(letter)
    assert refused.waiting == ["signing"]
    assert [item["text"] for item in said["items"]] == told.reasons == GROUNDS
    assert papers.in_words(told.due) in said["closing"][0]
    assert Message.objects.filter(kind="refusal_intended", case=refused.case).exists()


def test_the_applicant_has_five_working_days(refused: Course) -> None:
    told = Defence.objects.get(case=refused.case)

    assert (clock.today(), told.due) == (date(2026, 9, 7), date(2026, 9, 14))


def test_what_is_granted_is_told_to_nobody_beforehand(pool_entry: Course) -> None:
    pool_entry.to("signing")

    issuance.sign(pool_entry.case, by=pool_entry.cast.issuer)

    assert not Defence.objects.exists()


# --- signing --------------------------------------------------------------------------------------
def test_a_refusal_is_not_signed_while_the_applicants_days_run(refused: Course) -> None:
    with pytest.raises(DefenceOpen):
        issuance.sign(refused.case, by=refused.cast.issuer)

    refused.pass_closing(Defence.objects.get().due)
    issuance.sign(refused.case, by=refused.cast.issuer)

    assert refused.kinds[-2:] == ["defence_lapsed", "signed"]


def test_the_issuers_days_run_from_the_end_of_the_applicants(refused: Course) -> None:
    refused.pass_closing(date(2026, 9, 14))

    assert refused.task("signing").due == date(2026, 9, 21)


def test_a_defence_is_answered_before_the_refusal_is_signed(refused: Course) -> None:
    stated(refused)
    with pytest.raises(DefenceUnanswered):
        issuance.sign(refused.case, by=refused.cast.issuer)

    answered(refused)
    issuance.sign(refused.case, by=refused.cast.issuer)

    assert refused.waiting == ["sealing"]


def test_the_decision_repeats_the_answer(refused: Course) -> None:
    stated(refused)
    answered(refused)

    refused.to("issuing").papers()

    letter = Document.objects.get(case=refused.case, kind="decision_refused")
    said = papers.facts(letter)["items"]
    assert [item["text"] for item in said] == [*GROUNDS, "附件不能证明。"]
    assert refused.state == State.REFUSED


def test_a_convincing_defence_goes_back_to_the_proposal(refused: Course) -> None:
    stated(refused)

    answered(refused, convinced=True)

    assert (refused.state, refused.waiting) == (State.PROPOSAL, ["proposal"])
    refused.to("publication")
    assert refused.state == State.NOTICE


def test_a_second_refusal_is_told_anew(refused: Course) -> None:
    issuance.hold(refused.case, reason="失信核查", by=refused.cast.issuer)
    deliberation.propose(
        refused.case, outcome_="refused", finding="", reasons=["失信"], by=refused.cast.officer
    )

    refused.to("signing")

    told = [(each.reasons, each.recalled is None) for each in Defence.objects.all()]
    assert told == [(GROUNDS, False), (["失信"], True)]


def test_a_refusal_nobody_was_told_of_is_told_first(refused: Course) -> None:
    Defence.objects.all().delete()
    Document.objects.filter(kind="intended_refusal").delete()
    with pytest.raises(RefusalNotTold):
        issuance.sign(refused.case, by=refused.cast.issuer)

    defences.tell(refused.case, by=refused.cast.officer)

    with pytest.raises(DefenceOpen):
        issuance.sign(refused.case, by=refused.cast.issuer)
    with pytest.raises(StageClosed):
        defences.tell(refused.case, by=refused.cast.officer)


# --- stating and answering ------------------------------------------------------------------------
def test_a_defence_is_stated_once_by_a_signer_with_words_or_files(refused: Course) -> None:
    for stranger in (refused.clerk, refused.cast.officer):
        with pytest.raises(NotEntitled):
            defences.state(refused.case, text="不同意", by=stranger)
    with pytest.raises(NothingToSend):
        stated(refused, text="  ")

    stated(refused)

    with pytest.raises(AlreadySubmitted):
        stated(refused)
    assert Message.objects.filter(kind="defence_stated").exists() is False  # told by a job
    refused.timers()
    assert Message.objects.filter(kind="defence_stated").exists()


def test_files_are_attached_to_the_defence_and_to_nothing_else(refused: Course) -> None:
    code = Defence.objects.get().code

    attaching.attach(refused.case, code=code, name="证据.pdf", data=PDF, by=refused.clerk)
    with pytest.raises(AlreadySubmitted):
        attaching.attach(
            refused.case, code="business_licence", name="证据.pdf", data=PDF, by=refused.clerk
        )
    defence = stated(refused, text="")

    assert [file["name"] for file in defence.files] == ["证据.pdf"]
    with pytest.raises(AlreadySubmitted):
        attaching.attach(
            refused.case, code=code, name="再来.pdf", data=acts.sample("再来"), by=refused.clerk
        )


def test_nothing_is_said_after_the_last_day(refused: Course) -> None:
    refused.clock.move_to(clock.end_of(Defence.objects.get().due) + MINUTE)

    with pytest.raises(StageClosed):
        stated(refused)


def test_only_the_office_answers_in_words_and_once(refused: Course) -> None:
    with pytest.raises(StageClosed):
        answered(refused)
    stated(refused)

    with pytest.raises(NotEntitled):
        defences.answer(refused.case, text="不成立", convinced=False, by=refused.cast.issuer)
    with pytest.raises(ReasonMissing):
        defences.answer(refused.case, text=" ", convinced=False, by=refused.cast.officer)
    answered(refused)
    with pytest.raises(StageClosed):
        answered(refused)


# --- time -----------------------------------------------------------------------------------------
def test_the_days_do_not_lapse_early(refused: Course) -> None:
    with pytest.raises(NotYetDue):
        defences.lapse(refused.case, number=1)


def test_the_days_run_afresh_after_a_suspension(refused: Course) -> None:
    before = Defence.objects.get().due
    suspension.suspend(refused.case, ground="litigation", reason="诉讼", by=refused.cast.leader)
    with pytest.raises(CaseSuspended):
        stated(refused)
    refused.pass_closing(before)
    assert Defence.objects.get().closed is None

    suspension.resume(refused.case, by=refused.cast.leader)

    after = Defence.objects.get().due
    assert after > before
    refused.pass_closing(after)
    assert Defence.objects.get().closed_as == Defence.Closed.LAPSED


# --- half-written -----------------------------------------------------------------------------
def test_a_clerks_words_wait_for_the_signer_and_are_nobody_elses(refused: Course) -> None:
    defences.keep(refused.case, text="初稿", by=refused.clerk)
    with pytest.raises(NotEntitled):
        defences.keep(refused.case, text="x", by=refused.cast.officer)

    kept = Defence.objects.get()
    assert (kept.text, kept.closed, defences.unanswered(refused.case)) == ("初稿", None, None)
    assert refused.kinds[-1] == "defence_kept"
    stated(refused, text="定稿")
    with pytest.raises(AlreadySubmitted):
        defences.keep(refused.case, text="再改", by=refused.clerk)
    assert Defence.objects.get().text == "定稿"


def test_the_last_day_is_counted_again_once_the_holidays_are_known(refused: Course) -> None:
    told = datetime(2026, 12, 28, 10, tzinfo=clock.LOCAL)
    Defence.objects.update(told=told, due=date(2027, 1, 4), due_provisional=True)
    for day in (date(2027, 1, 1), date(2027, 10, 1)):  # an October makes the year known
        DayOverride.objects.create(date=day, is_workday=False, notice="示例")

    moved = yearly_notice.recompute()

    defence = Defence.objects.get()
    assert (moved, defence.due, defence.due_provisional) == (1, date(2027, 1, 5), False)
    assert refused.kinds[-1] == "answer_recounted"
