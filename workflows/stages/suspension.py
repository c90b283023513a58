"""Stopping, resuming, extending and ending a case outside its ordinary course (domain 0.5)."""

from workflows import audit, clock
from workflows.errors import ExtendedAlready, ReasonMissing, StageClosed
from workflows.models import Case, Segment, Task, User
from workflows.models.case import State
from workflows.stages import (
    countersign,
    deadlines,
    defences,
    deliberation,
    messages,
    notices,
    papers,
    publication,
    supplements,
    verification,
)
from workflows.stages.law import cancel, entitled, lawfully, release, suspended_since, verb

GROUNDS = ("litigation", "investigation", "force_majeure", "name_change", "credit_contested")


@verb
def suspend(case: Case, *, ground: str, reason: str, by: User) -> None:
    """Stop the case and its clock on one of ``GROUNDS``; the head of the office decides.

    Nothing stops a decision that is sealed: its papers are on their way.
    """
    if not reason.strip() or ground not in GROUNDS:
        raise ReasonMissing
    with lawfully(case) as locked:
        entitled(by, "leader")
        _not_sealed(locked)
        locked.former_state = locked.state
        locked.suspend()
        if not _clock_stands(locked):
            deadlines.pause(locked, "suspension", reason)
        event = audit.record(locked, "suspended", by=by, ground=ground, reason=reason)
    messages.tell(locked, "suspended", event=event, reason=reason)


@verb
def resume(case: Case, *, by: User) -> None:
    """The ground fell away: the case goes on where it stood.

    An item whose meeting has closed meanwhile goes back to the office and is tabled again; an entry
    objected to meanwhile is held.
    """
    with lawfully(case) as locked:
        entitled(by, "leader")
        adjourned = ""
        if locked.former_state == State.MEETING and (adjourned := deliberation.adjourn(locked)):
            locked.former_state = State.PROPOSAL
        locked.resume()
        stands = locked.segments.filter(resumed=None).values_list("ground", flat=True).first()
        if stands == Segment.Ground.SUSPENSION:
            deadlines.unpause(locked)
        elif stands not in deadlines.STANDING and not locked.asked_since:
            # it stood on another ground before, and stands on
            deadlines.put_off({locked.pk: (suspended_since(locked), clock.today())})
        _watch_again(locked, by)
        locked.former_state = ""
        event = audit.record(locked, "resumed", by=by)
        held = locked.state == State.OBJECTION and not _clock_stands(locked)
        if held:
            deadlines.pause(locked, "objection")
    if adjourned:
        release(locked, "resolution", unit=adjourned, by=by)
    if held:
        release(locked, "notice")
    messages.tell(locked, "resumed", event=event)


def _clock_stands(locked: Case) -> bool:
    """Whether the decision clock stands, on whatever ground."""
    return locked.segments.filter(resumed=None).exists()


def _watch_again(locked: Case, by: User) -> None:
    """Timers that fell silent while the case stood are armed again; departments start afresh.

    What a new ranking changed meanwhile of a published entry is published again (X55).
    """
    stamp = clock.now().isoformat()
    if locked.state == State.NOTICE:
        if not notices.has_lost(locked):
            notices.publish_again([locked], by)
        for entry in locked.entries.filter(closed=None, removed=None).select_related("notice"):
            deadlines.watch(locked, "close_notice", entry.notice.closes, key=stamp)
    supplements.watch_again(locked, key=stamp)
    defences.watch_again(locked, key=stamp)
    if locked.state == State.EVALUATING:
        verification.watch_again(locked, key=stamp)
    if locked.state == State.COUNTERSIGN:
        asked = Task.objects.filter(case=locked, node="opinion", finished=None)
        asked.update(due=deadlines.due(locked, "department_opinion").day)
        countersign.watch(locked, list(asked.values_list("unit", flat=True)), key=stamp)


def _not_sealed(locked: Case) -> None:
    if locked.state == State.SIGNING and locked.decision.sealed is not None:
        raise StageClosed


@verb
def extend(case: Case, *, reason: str, by: User) -> None:
    """Extend the decision clock once; the applicant gets the notice with its reason (许可法 42)."""
    if not reason.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        entitled(by, "leader")
        if not locked.is_open or locked.accepted is None:
            raise StageClosed
        if locked.extended:
            raise ExtendedAlready
        locked.extended = True
        deadlines.recount(locked)
        event = audit.record(locked, "extended", by=by, reason=reason, due=str(locked.due))
        papers.request(
            locked,
            "extension_notice",
            extension=locked.procedure.total.extension,
            due_on=locked.due,
            lists={"items": [{"label": "理由", "text": reason}]},
        )
    messages.tell(locked, "extended", event=event, reason=reason, due=str(locked.due))


@verb
def terminate(case: Case, *, reason: str, by: User) -> None:
    """End the case because its matter fell away, e.g. the applicant ended (X5)."""
    if not reason.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        entitled(by, "leader")
        stop(locked, reason, by=by)


def stop(locked: Case, reason: str, *, by: User | None, **facts: str) -> None:
    """End a held case: nobody works on it any more, no list names it, the applicant is told."""
    _not_sealed(locked)
    locked.terminate()
    locked.outcome, locked.decided = "terminated", clock.now()
    event = audit.record(locked, "terminated", by=by, reason=reason, **facts)
    cancel(locked)
    publication.take_off(locked)
    messages.tell(locked, "terminated", event=event, reason=reason)
