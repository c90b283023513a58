"""X4: a licence that ends before the decision holds the seal until the renewed one is here."""

from datetime import date, timedelta

import pytest

from tests.stages.conftest import Begin
from tests.stages.course import POOL_ENTRY, Course
from tests.views.desk.people import claimed, decide
from workflows import audit, clock
from workflows.audit import books
from workflows.errors import NotEntitled, NotRenewed, StageClosed, SupplementWaiting
from workflows.models import Certificate, Message, Supplement, Task
from workflows.models.case import State
from workflows.recording import acts
from workflows.stages import attaching, issuance, renewals, submission, supplements
from workflows.working_days import calendar

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_papers")]
ENDS = "2026-09-10"  # after the application was filed, before its decision is signed
RENEWED = date(2031, 9, 10)


@pytest.fixture
def signing(begin: Begin) -> Course:
    """A decision waits for its signature; the licence has ended meanwhile."""
    form = {"licence_valid_to": ENDS, "c5_claim": False, "c5_investments": []}
    return begin(POOL_ENTRY, **form).file().to("signing")


@pytest.fixture
def held(signing: Course) -> Course:
    """The decision is signed, and the applicant was asked."""
    issuance.sign(signing.case, by=signing.cast.issuer)
    return signing


def waiting(course: Course) -> Supplement:
    found = supplements.waiting(course.case)
    assert found is not None
    return found


def attach(course: Course) -> None:
    attaching.attach(
        course.case,
        code=waiting(course).code,
        name="证照.pdf",
        data=acts.sample("新证照"),
        by=course.clerk,
    )


def renew(course: Course, valid_to: date | None = RENEWED) -> Supplement:
    return supplements.answer(
        course.case, answers={}, note="已换证", valid_to=valid_to, by=course.signer
    )


def seal(course: Course) -> None:
    issuance.seal(course.case, by=course.cast.seal)


# --- the warning --------------------------------------------------------------------------------
def test_a_licence_that_ends_soon_is_warned_of_and_may_be_filed(begin: Begin) -> None:
    """X4: submission is allowed."""
    draft = begin(POOL_ENTRY, licence_valid_to=ENDS, c5_claim=False, c5_investments=[])

    draft.file()
    found = submission.weigh(draft.case, submitted=True)

    assert draft.state == State.SUBMITTED
    assert any(ENDS in str(said) for said in found.bound.warnings["licence_valid_to"])


# --- the hold -----------------------------------------------------------------------------------
def test_a_signed_decision_waits_for_the_renewed_licence_and_the_clock_stands(held) -> None:
    asked = waiting(held)

    assert (asked.ground, asked.days) == (Supplement.Ground.LICENCE, 10)
    assert asked.due == calendar().add(clock.today(), 10).day
    assert held.kinds[-1] == "renewal_asked"
    assert held.case.segments.get(resumed=None).ground == "supplement"
    assert held.waiting == ["sealing"]
    with pytest.raises(SupplementWaiting):
        seal(held)
    assert list(books.imbalances()) == []


def test_the_renewed_licence_lets_the_seal_be_applied(held) -> None:
    attach(held)

    renew(held)
    seal(held)
    held.papers()

    assert held.state == State.GRANTED
    assert not held.case.segments.filter(resumed=None).exists()
    assert Message.objects.filter(kind="renewal_asked", recipient=held.signer).count() == 1
    assert [str(each) for each in (*audit.verify(), *books.imbalances())] == []


@pytest.mark.parametrize("valid_to", [None, date(2026, 9, 11)])
def test_a_licence_without_a_last_day_ahead_is_no_renewal(held, valid_to) -> None:
    attach(held)

    with pytest.raises(NotRenewed):
        renew(held, valid_to)

    assert waiting(held).closed is None


def test_words_without_the_licence_are_no_renewal(held) -> None:
    with pytest.raises(NotRenewed):
        renew(held)


def test_a_licence_that_ends_between_signature_and_seal_is_asked_for_then(
    begin: Begin,
) -> None:
    form = {"licence_valid_to": "2026-09-12", "c5_claim": False, "c5_investments": []}
    course = begin(POOL_ENTRY, **form).file().to("sealing")
    signed = clock.today()
    course.clock.pass_(days=1)

    for _ in range(2):  # asked once, however often it is tried
        with pytest.raises(SupplementWaiting):
            seal(course)

    assert signed == date(2026, 9, 12)
    assert waiting(course).by == course.cast.seal
    assert course.kinds.count("renewal_asked") == 1


def test_whoever_presses_the_seal_on_the_page_has_asked_though_the_press_is_refused(
    begin: Begin,
) -> None:
    form = {"licence_valid_to": "2026-09-12", "c5_claim": False, "c5_investments": []}
    course = begin(POOL_ENTRY, **form).file().to("sealing")
    course.clock.pass_(days=1)
    task = Task.objects.get(case=course.case, node="sealing", finished=None)
    browser = claimed(task, course.cast.seal)

    answers = [decide(browser, task, "seal", decision="seal").status_code for _ in range(2)]

    assert answers == [409, 409]
    assert course.kinds.count("renewal_asked") == 1


# --- silence ------------------------------------------------------------------------------------
def test_without_a_renewed_licence_the_decision_becomes_a_refusal_that_is_heard_first(held) -> None:
    due = waiting(held).due

    held.pass_closing(due)

    decision = held.case.decision
    assert (decision.outcome, decision.grants, decision.signed) == ("refused", False, None)
    assert "2026年9月10日到期" in decision.reasons[0]
    assert (held.waiting, held.kinds[-2:]) == (["signing"], ["renewal_lapsed", "refusal_intended"])
    assert not held.case.segments.filter(resumed=None).exists()
    assert [str(each) for each in (*audit.verify(), *books.imbalances())] == []

    held.to("issuing").papers()

    assert held.state == State.REFUSED
    assert not Certificate.objects.filter(case=held.case).exists()
    told = Message.objects.filter(recipient=held.signer)
    assert told.filter(kind="renewal_lapsed").count() == 1
    assert "renewal_asked" not in held.kinds[held.kinds.index("renewal_lapsed") :]


def test_the_last_day_counts_to_its_end(held) -> None:
    held.clock.move_to(clock.end_of(waiting(held).due) - timedelta(minutes=1))
    held.timers()
    attach(held)

    renew(held)
    held.clock.pass_(days=2)
    held.timers()

    assert held.case.decision.grants
    assert "renewal_lapsed" not in held.kinds


def test_a_case_held_for_another_reason_waits_for_no_licence(held) -> None:
    """X47 sends it back to the proposal; the licence is asked for again before the next seal."""
    issuance.hold(held.case, reason="信用记录有新情况。", by=held.cast.issuer)

    assert (held.state, supplements.waiting(held.case)) == (State.PROPOSAL, None)
    assert list(books.imbalances()) == []


def test_the_renewed_licence_is_what_counts_from_then_on(held) -> None:
    attach(held)
    renew(held)

    assert renewals.last_day(held.case) == RENEWED
    assert not renewals.has_ended(held.case)


def test_only_whoever_signs_or_seals_holds_a_decision_for_a_licence(signing: Course) -> None:
    with pytest.raises(NotEntitled):
        renewals.ask(signing.case, by=signing.cast.officer)

    assert not signing.case.supplements.exists()


def test_the_office_cannot_take_the_question_for_a_licence_back(held: Course) -> None:
    with pytest.raises(StageClosed):
        supplements.recall(held.case, reason="不再需要。", by=held.cast.officer)
