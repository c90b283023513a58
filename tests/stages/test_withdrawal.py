"""The way out: free before the public is told, with the office's consent during the notice."""

import pytest

from tests.stages.course import Course
from workflows.errors import (
    CaseClosed,
    ConsentNeeded,
    NotEntitled,
    ReasonMissing,
    StageClosed,
)
from workflows.models import Case, Job, NoticeEntry
from workflows.models.case import BEFORE_DECISION, CLOSED, State
from workflows.stages import corrections, publication, suspension, withdrawal

pytestmark = pytest.mark.django_db
WHERE = {
    State.SUBMITTED: "acceptance",
    State.ACCEPTED: "district_review",
    State.COUNTERSIGN: "opinion",
    State.REVIEWING: "department_review",
    State.EVALUATING: "sheet",
    State.PROPOSAL: "tabling",
    State.MEETING: "resolution",
}


@pytest.fixture(params=[State.NOTICE, State.OBJECTION])
def published(pool_entry: Course, request: pytest.FixtureRequest) -> Course:
    """A case the public has been told of, with and without an objection."""
    pool_entry.to("notice")
    if request.param == State.OBJECTION:
        object_to(pool_entry)
    return pool_entry


def object_to(course: Course) -> None:
    """Somebody objects to the entry."""
    publication.file_objection(
        publication.running_entry(course.case),
        objector="某公司",
        contact_name="刘一诺",
        phone="13800009999",
        is_unit=True,
        facts="人数不实",
    )


def taken_back(course: Course) -> None:
    """The signer takes the application back."""
    withdrawal.withdraw(course.case, reason="业务调整", by=course.signer)


def asked(course: Course) -> Course:
    """The signer asks to be let go."""
    withdrawal.ask(course.case, reason="业务调整", by=course.signer)
    return course


def told(case: Case) -> list[tuple[str, str]]:
    """Who was told what about the request, in order."""
    jobs = Job.objects.filter(case=case, kind="tell").values_list("payload", flat=True)
    payloads = sorted(jobs, key=lambda payload: payload["event"])
    return [(each["audience"], each["kind"]) for each in payloads if "withdraw" in each["kind"]]


# --- before the public is told ------------------------------------------------------------------
@pytest.mark.parametrize("state", WHERE)
def test_an_application_is_taken_back_at_any_step_before_the_decision(pool_entry, state):
    pool_entry.to(WHERE[state])
    assert pool_entry.state == state

    taken_back(pool_entry)

    assert (pool_entry.state, pool_entry.case.outcome) == (State.WITHDRAWN, "withdrawn")
    assert pool_entry.waiting == []
    with pytest.raises(CaseClosed):
        taken_back(pool_entry)


def test_a_returned_and_a_suspended_application_are_taken_back_too(pool_entry, certification):
    item = {"target": "", "reason": "inconsistent", "text": "请核对"}
    corrections.return_once(pool_entry.case, items=[item], by=pool_entry.cast.window)
    suspension.suspend(
        certification.to("opinion").case,
        ground="litigation",
        reason="诉讼",
        by=certification.cast.leader,
    )

    for course in (pool_entry, certification):
        taken_back(course)

    assert pool_entry.state == certification.state == State.WITHDRAWN


def test_every_state_before_the_decision_is_tried():
    elsewhere = {State.RETURNED, State.NOTICE, State.OBJECTION}

    assert set(WHERE) | elsewhere == set(BEFORE_DECISION)


def test_a_decision_is_not_taken_back(pool_entry, plain_papers):
    pool_entry.to("signing")
    with pytest.raises(StageClosed):
        taken_back(pool_entry)

    pool_entry.to("issuing").papers()

    assert pool_entry.state in CLOSED
    with pytest.raises(CaseClosed):
        taken_back(pool_entry)


def test_a_draft_is_discarded_and_not_taken_back(begin):
    with pytest.raises(StageClosed):
        taken_back(begin("P1-001"))


def test_taking_back_is_the_signers_and_has_words(pool_entry):
    with pytest.raises(NotEntitled):
        withdrawal.withdraw(pool_entry.case, reason="业务调整", by=pool_entry.clerk)
    with pytest.raises(ReasonMissing):
        withdrawal.withdraw(pool_entry.case, reason=" ", by=pool_entry.signer)

    assert pool_entry.state == State.SUBMITTED


def test_where_nobody_need_consent_nobody_is_asked(pool_entry):
    with pytest.raises(StageClosed):
        asked(pool_entry)


# --- during the notice --------------------------------------------------------------------------
def test_during_the_notice_the_office_must_consent(published):
    with pytest.raises(ConsentNeeded):
        taken_back(published)
    with pytest.raises(StageClosed):
        withdrawal.consent(published.case, by=published.cast.officer)

    stood = published.state
    asked(published)
    assert (published.state, published.case.withdrawal_reason) == (stood, "业务调整")
    with pytest.raises(NotEntitled):
        withdrawal.consent(published.case, by=published.cast.window)
    withdrawal.consent(published.case, by=published.cast.officer)

    assert (published.state, published.waiting) == (State.WITHDRAWN, [])
    assert published.kinds[-2:] == ["withdrawal_asked", "withdrawn"]
    assert NoticeEntry.objects.get(case=published.case).removed is not None
    assert told(published.case) == [
        ("group:case_officer", "withdrawal_asked"),
        ("applicant", "withdrawn"),
    ]


def test_a_refused_request_changes_nothing_and_may_be_made_again(published):
    stood = published.state
    asked(published)
    with pytest.raises(ReasonMissing):
        withdrawal.refuse(published.case, reason=" ", by=published.cast.officer)

    withdrawal.refuse(published.case, reason="举报正在核查", by=published.cast.officer)

    assert (published.state, published.case.withdrawal_asked) == (stood, None)
    assert told(published.case)[-1] == ("applicant", "withdrawal_refused")
    with pytest.raises(StageClosed):
        withdrawal.consent(published.case, by=published.cast.officer)
    withdrawal.consent(asked(published).case, by=published.cast.leader)
    assert published.state == State.WITHDRAWN


def test_the_office_is_asked_once_by_the_signer_in_words(published):
    with pytest.raises(NotEntitled):
        withdrawal.ask(published.case, reason="业务调整", by=published.clerk)
    with pytest.raises(ReasonMissing):
        withdrawal.ask(published.case, reason="", by=published.signer)

    asked(published)

    with pytest.raises(StageClosed):
        asked(published)
    assert published.kinds.count("withdrawal_asked") == 1


def test_a_suspended_case_in_notice_is_asked_for_as_well(published):
    leader = published.cast.leader
    suspension.suspend(published.case, ground="litigation", reason="诉讼", by=leader)
    with pytest.raises(ConsentNeeded):
        taken_back(published)

    withdrawal.consent(asked(published).case, by=leader)

    assert published.state == State.WITHDRAWN


def test_once_the_decision_is_being_signed_a_request_can_only_be_refused(pool_entry):
    asked(pool_entry.to("notice")).to("signing")

    with pytest.raises(StageClosed):
        withdrawal.consent(pool_entry.case, by=pool_entry.cast.officer)
    withdrawal.refuse(pool_entry.case, reason="公示已结束", by=pool_entry.cast.officer)

    assert (pool_entry.state, pool_entry.case.withdrawal_asked) == (State.SIGNING, None)
