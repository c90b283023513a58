"""X53: an auditor finds a broken procedure; the office answers, and nothing else changes."""

import pytest

from workflows import clock, jobs
from workflows.calendar import DAY
from workflows.errors import NotEntitled, ReasonMissing, StageClosed
from workflows.models import Event, Job, Message
from workflows.stages import audit_findings
from workflows.working_days import calendar

pytestmark = pytest.mark.django_db


def found(course):
    """The auditor attaches a finding."""
    return audit_findings.report(
        course.case, text="评审专家与申请单位有业务往来", by=course.cast.auditor
    )


def test_x53_a_finding_is_attached_to_the_file_and_changes_nothing_else(pool_entry):
    pool_entry.to("department_review")
    before = (pool_entry.state, pool_entry.waiting)

    finding = found(pool_entry)

    assert (pool_entry.state, pool_entry.waiting) == before
    assert finding.due == calendar().add(clock.today(), 10).day
    assert pool_entry.kinds[-1] == "finding_made"


def test_x53_a_closed_case_can_be_found_broken_as_well(pool_entry):
    pool_entry.to("issuing").papers()

    found(pool_entry)

    assert pool_entry.kinds[-1] == "finding_made"


def test_x53_the_office_answers_once(pool_entry):
    pool_entry.to("department_review")
    finding = found(pool_entry)

    audit_findings.answer(finding, text="已更换专家", by=pool_entry.cast.leader)

    with pytest.raises(StageClosed):
        audit_findings.answer(finding, text="再答", by=pool_entry.cast.officer)
    assert Event.objects.get(case=pool_entry.case, kind="finding_answered").actor == (
        pool_entry.cast.leader
    )


def test_x53_only_auditors_find_and_only_the_office_answers(pool_entry):
    pool_entry.to("department_review")
    finding = found(pool_entry)

    with pytest.raises(NotEntitled):
        audit_findings.report(pool_entry.case, text="x", by=pool_entry.cast.leader)
    with pytest.raises(NotEntitled):
        audit_findings.answer(finding, text="x", by=pool_entry.cast.auditor)


def test_x53_neither_is_done_without_words(pool_entry):
    pool_entry.to("department_review")
    finding = found(pool_entry)

    with pytest.raises(ReasonMissing):
        audit_findings.report(pool_entry.case, text=" ", by=pool_entry.cast.auditor)
    with pytest.raises(ReasonMissing):
        audit_findings.answer(finding, text=" ", by=pool_entry.cast.leader)


def test_x53_head_and_auditor_hear_once_that_the_days_have_passed(pool_entry):
    pool_entry.to("department_review")
    finding = found(pool_entry)

    _morning(pool_entry, (finding.due - clock.today()).days)
    on_the_day = _told(pool_entry.cast.leader)
    for _ in range(2):
        _morning(pool_entry, 1)

    assert on_the_day == 0
    assert _told(pool_entry.cast.leader) == 1
    assert _told(pool_entry.cast.auditor) == 1


def test_x53_an_answered_finding_is_not_reminded_of(pool_entry):
    pool_entry.to("department_review")
    finding = found(pool_entry)
    audit_findings.answer(finding, text="已更换专家", by=pool_entry.cast.leader)

    _morning(pool_entry, (finding.due + 2 * DAY - clock.today()).days)

    assert _told(pool_entry.cast.leader) == 0


def _morning(course, days: int) -> None:
    course.clock.pass_(days=days)
    audit_findings.look(f"{clock.today()}")
    for job in Job.objects.filter(kind__in=["find_unanswered", "tell"], state="ready"):
        _run(job)
    for job in Job.objects.filter(kind="tell", state="ready"):
        _run(job)


def _run(job: Job) -> None:
    taken = jobs.lease(clock.now(), "", job.pk)
    assert taken is not None
    jobs.run(taken)


def _told(user) -> int:
    return Message.objects.filter(recipient=user, kind="finding_unanswered").count()


def test_x53_the_same_finding_sent_twice_at_once_is_one(pool_entry):
    auditor = pool_entry.cast.auditor

    first, second = (
        audit_findings.report(pool_entry.case, text="未公示。", by=auditor) for _ in "12"
    )

    assert first == second
    assert pool_entry.kinds.count("finding_made") == 1
