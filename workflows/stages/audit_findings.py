"""Findings of the audit (X53): attached to the case, answered by the office within ten days.

The auditor changes nothing else; the law of every other stage knows no auditor.
"""

from datetime import timedelta

from workflows import audit, clock, jobs
from workflows.errors import ReasonMissing, StageClosed
from workflows.models import AuditFinding, Case, Job, User
from workflows.stages import messages
from workflows.stages.law import entitled, lawfully, verb
from workflows.working_days import calendar

DAYS = 10  # working days to answer (domain X53, GK-D)
OFFICE = ("leader", "case_officer")
TWICE = timedelta(minutes=1)


@verb
def report(case: Case, *, text: str, by: User) -> AuditFinding:
    """Attach to ``case`` what an auditor found broken in its procedure.

    The same words sent twice within a minute are one finding.
    """
    if not text.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        entitled(by, "auditor")
        recent = locked.audit_findings.filter(by=by, text=text, made__gt=clock.now() - TWICE)
        if (sent := recent.first()) is not None:
            return sent
        due = calendar().add(clock.today(), DAYS).day
        finding = AuditFinding.objects.create(
            case=locked, text=text, by=by, made=clock.now(), due=due
        )
        event = audit.record(locked, "finding_made", by=by, text=text, due=due.isoformat())
    for role in OFFICE:
        messages.tell(
            locked, "finding_made", event=event, audience=f"group:{role}", due=due.isoformat()
        )
    return finding


@verb
def answer(finding: AuditFinding, *, text: str, by: User) -> None:
    """The office answers, once; a late answer is taken and seen to be late."""
    if not text.strip():
        raise ReasonMissing
    with lawfully(finding.case) as locked:
        entitled(by, *OFFICE)
        waiting = AuditFinding.objects.filter(pk=finding.pk, answered=None)
        if not waiting.update(answer=text, answered=clock.now(), answered_by=by):
            raise StageClosed
        event = audit.record(
            locked, "finding_answered", by=by, text=text, finding=finding.made.isoformat()
        )
    messages.tell(locked, "finding_answered", event=event, audience=f"user:{finding.by_id}")


# --- not answered ---------------------------------------------------------------------------------
def look(day: str) -> None:
    """Let what nobody has answered be looked for on ``day``."""
    jobs.enqueue("find_unanswered", key=f"find_unanswered:{day}")


@jobs.handler("find_unanswered")
def found_unanswered(job: Job, made: None) -> None:
    """The head and the auditor hear once of every finding whose last day has passed."""
    late = AuditFinding.objects.filter(answered=None, due__lt=clock.today())
    with jobs.gathered():
        for finding in late.select_related("case").order_by("pk"):
            for audience in ("group:leader", f"user:{finding.by_id}"):
                messages.remind(
                    "finding_unanswered",
                    origin=f"finding:{finding.pk}",
                    case=finding.case,
                    audience=audience,
                    due=finding.due.isoformat(),
                )
