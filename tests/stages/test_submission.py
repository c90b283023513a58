"""The applicant: drafts kept right or wrong, one submission, and the way out until the decision."""

from datetime import timedelta

import pytest

from tests.stages.course import Course
from workflows import clock, demo, store
from workflows.errors import (
    AlreadySubmitted,
    FileRefused,
    Incomplete,
    NotEligible,
    NotEntitled,
    OpenCaseExists,
    RoundClosed,
    StageClosed,
    StaleForm,
    StoreFull,
)
from workflows.models import Case, Document, File, User
from workflows.models.case import State
from workflows.recording import acts
from workflows.stages import attaching, drafting, submission

pytestmark = pytest.mark.django_db
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def draft(begin) -> Course:
    """A draft whose answers are complete."""
    course = begin("P1-001")
    acts.fill(course.drive, course.drive.application.form)
    return course


def submit(course: Course, **changes: object) -> None:
    """File the draft with ``changes`` to its answers."""
    acts.fill(course.drive, changes)
    submission.submit(course.case, by=course.signer)


# --- the draft ----------------------------------------------------------------------------------
def test_an_organisation_has_one_open_case_of_a_kind(draft):
    with pytest.raises(OpenCaseExists) as refused:
        drafting.draft(
            draft.case.round,
            procedure="certification",
            organisation=draft.case.applicant,
            by=draft.clerk,
        )

    assert refused.value.facts == {"reference": draft.case.reference}
    assert Case.objects.count() == 1


def test_nobody_drafts_or_files_for_an_organisation_of_others(draft):
    other = next(each for each in demo.load() if each.username == "hechuan.signer")
    stranger = User.objects.get(username=other.username)

    for act in (
        lambda: drafting.draft(
            draft.case.round,
            procedure="certification",  # not even that there is one is told to a stranger
            organisation=draft.case.applicant,
            by=stranger,
        ),
        lambda: drafting.save(draft.case, answers={}, revision=1, by=stranger),
        lambda: submission.submit(draft.case, by=stranger),
        lambda: drafting.discard(draft.case, by=stranger),
    ):
        with pytest.raises(NotEntitled):
            act()


def test_a_draft_keeps_wrong_answers_as_they_were_typed(draft):
    typed = {**draft.case.draft, "uscc": "9131", "employees_total": "viele"}

    drafting.save(draft.case, answers=typed, revision=draft.case.draft_revision, by=draft.clerk)

    assert draft.case.draft == typed


def test_a_form_opened_before_somebody_else_saved_it_overwrites_nothing(draft):
    opened = draft.case.draft_revision
    first = {**draft.case.draft, "c1_partner": "甲"}
    drafting.save(draft.case, answers=first, revision=opened, by=draft.clerk)

    with pytest.raises(StaleForm):
        drafting.save(draft.case, answers={"c1_partner": "乙"}, revision=opened, by=draft.signer)

    assert draft.case.draft["c1_partner"] == "甲"


def test_a_discarded_draft_makes_room_for_another(draft, begin):
    drafting.discard(draft.case, by=draft.clerk)

    assert (draft.state, draft.case.outcome) == (State.WITHDRAWN, "withdrawn")
    assert begin("P1-001").state == State.DRAFT


def test_what_was_filed_is_not_discarded_saved_or_added_to(draft):
    submit(draft)

    for act in (
        lambda: drafting.discard(draft.case, by=draft.clerk),
        lambda: drafting.save(draft.case, answers={}, revision=2, by=draft.clerk),
        lambda: attaching.attach(
            draft.case,
            code="authorisation",
            name="a.pdf",
            data=acts.sample("授权委托书"),
            by=draft.clerk,
        ),
    ):
        with pytest.raises(AlreadySubmitted):
            act()


# --- files --------------------------------------------------------------------------------------
def test_a_file_is_attached_once_and_taken_out_once(draft):
    told = {"code": "authorisation", "name": "委托书.pdf", "data": acts.sample("委托书")}

    first = attaching.attach(draft.case, **told, by=draft.clerk)
    again = attaching.attach(draft.case, **told, by=draft.clerk)
    attaching.detach(draft.case, file=first, by=draft.clerk)
    with pytest.raises(StageClosed):
        attaching.detach(draft.case, file=first, by=draft.clerk)

    assert (first, draft.kinds.count("file_attached")) == (again, 1)
    assert draft.kinds[-1] == "file_removed"


def test_a_file_that_is_not_what_it_says_is_refused(draft):
    with pytest.raises(FileRefused):
        attaching.attach(
            draft.case,
            code="authorisation",
            name="委托书.pdf",
            data=b"MZ\x90\x00 a program",
            by=draft.clerk,
        )

    assert not File.objects.exists()


def test_a_full_disk_refuses_the_file_and_keeps_the_draft(draft, monkeypatch):
    def full(files: store.FileStore, data: bytes) -> str:
        raise store.StoreFull

    monkeypatch.setattr(store.FileStore, "put", full)
    with pytest.raises(StoreFull):
        attaching.attach(
            draft.case,
            code="authorisation",
            name="委托书.pdf",
            data=acts.sample("委托书"),
            by=draft.clerk,
        )

    assert (File.objects.count(), draft.kinds[-1]) == (0, "draft_saved")


# --- submitting ---------------------------------------------------------------------------------
def test_a_submission_holds_the_answers_and_the_questions_as_shown(draft):
    submit(draft)

    filed = draft.case.submissions.get()
    assert (draft.state, draft.waiting) == (State.SUBMITTED, ["acceptance"])
    assert filed.answers["c1_partner"] == "澄曜半导体装备学院（企业大学）"
    assert filed.derived["c2_interns_total"] == 76
    assert "澄曜半导体装备学院（企业大学）" in str(filed.transcript)
    assert Document.objects.get(case=draft.case).kind == "receipt"


def test_a_second_submission_changes_nothing(draft):
    submit(draft)

    with pytest.raises(AlreadySubmitted):
        submission.submit(draft.case, by=draft.signer)

    assert draft.case.submissions.count() == 1


def test_a_clerk_drafts_and_the_signer_files(draft):
    with pytest.raises(NotEntitled):
        submission.submit(draft.case, by=draft.clerk)


def test_a_wrong_credit_code_is_told_at_its_field(draft):
    with pytest.raises(Incomplete) as refused:
        submit(draft, uscc="91310115MAYY1A0105")

    assert refused.value.status == 422
    assert list(refused.value.facts["errors"]) == ["uscc"]
    assert draft.state == State.DRAFT


def test_missing_answers_are_all_told_at_once(draft):
    with pytest.raises(Incomplete) as refused:
        submit(draft, c1_partner="", plan_goals="太短", commitment=False)

    assert {"c1_partner", "plan_goals", "commitment"} <= set(refused.value.facts["errors"])


def test_who_may_not_apply_is_told_which_rule_stands_in_the_way(draft):
    with pytest.raises(NotEligible) as refused:
        submit(draft, main_business_training=True)

    assert refused.value.facts == {"blocks": ["E2"]}


def test_missing_papers_do_not_refuse_since_completeness_is_the_windows(draft):
    assert submission.missing_papers(draft.case, submission.weigh(draft.case)) != []

    submit(draft)

    assert draft.state == State.SUBMITTED


@pytest.mark.parametrize(
    ("end", "step", "open_"),
    [
        ("opens", -MICROSECOND, False),
        ("opens", timedelta(), True),
        ("closes", timedelta(), True),
        ("closes", MICROSECOND, False),
    ],
)
def test_a_round_is_open_from_its_first_moment_to_its_last(draft, end, step, open_):
    call = draft.case.round
    call.opens, call.closes = clock.now() - timedelta(days=1), clock.now() + timedelta(days=1)
    call.save()
    draft.clock.move_to(getattr(call, end) + step)

    if open_:
        submit(draft)
    else:
        with pytest.raises(RoundClosed) as refused:
            submit(draft)
        assert refused.value.facts == {"opens": "2026-09-06 09:00", "closes": "2026-09-08 09:00"}

    assert draft.state == (State.SUBMITTED if open_ else State.DRAFT)
