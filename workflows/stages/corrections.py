"""The one correction notice: sent, given more time, answered, or left without an answer.

Everything to correct is told once (行政许可法 32, 《优化营商环境条例》第36条). Before acceptance
the decision clock has not started; the applicant's own days run (X19).
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from workflows import audit, clock
from workflows.calendar import Due
from workflows.errors import (
    AlreadyReturned,
    AlreadySubmitted,
    ExtendedAlready,
    ExtensionTooLong,
    NothingToCorrect,
    ReasonMissing,
    ReasonUnknown,
    StageClosed,
    TargetUnknown,
)
from workflows.models import Case, Correction, CorrectionItem, Submission, Task, User
from workflows.models.case import State
from workflows.stages import deadlines, likeness, messages, papers, reopening, submission
from workflows.stages.findings import Finding, facts
from workflows.stages.law import acts_for, entitled, lawfully, release, verb
from workflows.working_days import calendar

Item = Mapping[str, str]
Answered = CorrectionItem.Answered


@verb
def return_once(
    case: Case, *, items: Sequence[Item], by: User, findings: Sequence[Finding] = ()
) -> Correction:
    """Tell the applicant everything that must be corrected, once, with the due day.

    ``items`` are ``{"target", "reason", "text"}``: the code of a question or paper, which opens it
    and nothing else, or nothing for a remark on the whole, which opens nothing; a coded reason of
    the edition; the sentence for the applicant. The trail keeps the ``findings`` of the
    completeness check. Raises ``AlreadyReturned`` the second time,
    ``NothingToCorrect`` for an empty list, ``TargetUnknown`` and ``ReasonUnknown``.
    """
    items = [item for item in items if item["text"].strip()]
    if not items:
        raise NothingToCorrect
    with lawfully(case) as locked:
        entitled(by, "window", scope=locked.district)
        if locked.corrected:
            raise AlreadyReturned
        _check(locked, items)
        locked.return_once()
        locked.corrected = True
        limit = deadlines.due(locked, "correction")
        correction = _notice(locked, items, limit, by)
        event = audit.record(
            locked,
            "returned",
            by=by,
            items=items,
            due=limit.day.isoformat(),
            findings=facts(findings),
        )
    papers.request(locked, "correction_notice", **_words(locked, items, limit))
    release(locked, "acceptance", by=by)
    deadlines.watch_closing(locked, "abandon", limit.day, key="1")
    messages.tell(locked, "returned", event=event, due=limit.day.isoformat())
    return correction


def preview(case: Case, *, items: Sequence[Item], by: User) -> bytes:
    """The notice ``return_once`` would send now, as a PDF marked as a preview; nothing is kept.

    Raises what ``return_once`` raises of the items and of who asks.
    """
    items = [item for item in items if item["text"].strip()]
    if not items:
        raise NothingToCorrect
    entitled(by, "window", scope=case.district)
    if case.corrected:
        raise AlreadyReturned
    _check(case, items)
    limit = deadlines.due(case, "correction")
    return papers.preview(case, "correction_notice", **_words(case, items, limit))


def _words(case: Case, items: Sequence[Item], limit: Due) -> dict[str, Any]:
    """What the notice says."""
    return {
        "due_on": limit.day,
        "days": case.procedure.limits["correction"].days,
        "lists": {"items": [_line(case, item) for item in items]},
    }


def targets(case: Case) -> set[str]:
    """What an item may name: every question that somebody answers, every paper."""
    form = case.rules.form
    asked = {field.code for field in form.fields() if not field.derived}
    return asked | {paper.code for paper in form.attachments}


def reasons(case: Case) -> list[str]:
    """The codes of the reasons an item may give."""
    known = case.procedure.reasons
    return [code for code, each in known.items() if "correction" in each.papers]


def _check(locked: Case, items: Sequence[Item]) -> None:
    known, given = targets(locked), reasons(locked)
    for item in items:
        if item.get("target") and item["target"] not in known:
            raise TargetUnknown(code=item["target"])
        if item.get("reason") not in given:
            raise ReasonUnknown(code=item.get("reason", ""))


def _notice(locked: Case, items: Sequence[Item], limit: Due, by: User) -> Correction:
    correction = Correction.objects.create(
        case=locked,
        issued=clock.now(),
        by=by,
        due=limit.day,
        due_provisional=limit.provisional,
    )
    CorrectionItem.objects.bulk_create(
        CorrectionItem(
            correction=correction,
            position=position,
            target=item.get("target", ""),
            reason=item.get("reason", ""),
            text=item["text"],
        )
        for position, item in enumerate(items, 1)
    )
    return correction


def _line(locked: Case, item: Item) -> dict[str, str]:
    """The item as the notice prints it: the field's or paper's name, and what is wrong."""
    return {"label": locked.rules.label(item.get("target", "")), "text": item["text"]}


@verb
def extend_correction(case: Case, *, days: int, reason: str, by: User) -> None:
    """Give the applicant ``days`` more working days for a good reason, once (domain 0.6).

    Raises ``ExtensionTooLong`` beyond what the edition allows, ``ExtendedAlready`` the second time,
    ``StageClosed`` once the last day has passed.
    """
    if not reason.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        entitled(by, "window", scope=locked.district)
        if locked.state != State.RETURNED:
            raise StageClosed
        if locked.events.filter(kind="correction_extended").exists():
            raise ExtendedAlready
        most = locked.procedure.limits["correction"].extension
        if not 0 < days <= most:
            raise ExtensionTooLong(days=most)
        correction = locked.correction
        if deadlines.closing_if_over(correction.due):
            raise StageClosed
        limit = calendar().add(correction.due, days)
        correction.due, correction.due_provisional = limit.day, limit.provisional
        correction.save(update_fields=["due", "due_provisional"])
        Task.objects.filter(case=locked, node="correction", finished=None).update(due=limit.day)
        event = audit.record(
            locked, "correction_extended", by=by, reason=reason, due=limit.day.isoformat()
        )
    deadlines.watch_closing(locked, "abandon", limit.day, key=limit.day.isoformat())
    messages.tell(locked, "correction_extended", event=event, due=limit.day.isoformat())


@verb
def abandon(case: Case) -> None:
    """No correction came in time: the case is closed and may be filed again (domain 0.5).

    Called by the timer; raises ``NotYetDue`` before the closing of the correction's due day.
    """
    with lawfully(case) as locked:
        if locked.state != State.RETURNED:
            raise StageClosed
        deadlines.require_closing(locked.correction.due)
        locked.abandon()
        locked.outcome, locked.decided = "abandoned", clock.now()
        event = audit.record(locked, "abandoned", by=None, due=str(locked.correction.due))
    release(locked, "correction")
    messages.tell(locked, "abandoned", event=event)


# --- the applicant's answer -----------------------------------------------------------------------
@verb
def resubmit(
    case: Case, *, note: str, answers: Mapping[int, str], by: User, signed_with: str = ""
) -> Submission:
    """Answer the correction notice: a new submission, and the desk's clock starts afresh.

    ``answers`` maps an item's position to the applicant's words. An item whose question or paper
    differs from what was filed counts as changed, another one with words as explained; the rest
    stay open, and the window decides what that means (X20). What is not open is as it was filed.
    ``signed_with`` names the factor the signer proved with, for the trail. Raises ``LastDayOver``
    after the last day.
    """
    with lawfully(case) as locked:
        if locked.state != State.RETURNED:
            raise AlreadySubmitted
        acts_for(by, locked, signing=True)
        correction = locked.correction
        deadlines.require_running(correction.due)
        restored = reopening.put_back(locked)
        items = _answer(locked, correction, note, answers)
        filed = submission.enter(locked, by)
        locked.resubmit()
        limit = deadlines.due(locked, "completeness")
        event = audit.record(
            locked,
            "resubmitted",
            by=by,
            submission=filed.number,
            content=filed.content_hash,
            note=note,
            items_open=[item.position for item in items if not item.answered_as] or None,
            put_back=restored or None,
            signed_with=signed_with,
            due=limit.day.isoformat(),
        )
        likeness.find(locked, filed)
    release(locked, "correction", by=by)
    submission.receive(locked, filed, limit.day)
    due = limit.day.isoformat()
    messages.tell(locked, "received", event=event, due=due)
    handler = f"handler:{correction.by_id}:window:{locked.district}"
    messages.tell(locked, "correction_in", event=event, audience=handler, due=due)
    return filed


def _answer(
    locked: Case, correction: Correction, note: str, answers: Mapping[int, str]
) -> list[CorrectionItem]:
    correction.answered, correction.note = clock.now(), note
    correction.save(update_fields=["answered", "note"])
    items, changed = list(correction.items.all()), reopening.changed(locked)
    for item in items:
        item.answer = answers.get(item.position, "").strip()
        item.answered_as = way(item, changed)
    CorrectionItem.objects.bulk_update(items, ["answer", "answered_as"])
    return items


def way(item: CorrectionItem, changed: Collection[str]) -> str:
    """How ``item`` is dealt with, given the codes that were ``changed``; empty while it is open."""
    if item.target in changed:
        return Answered.CHANGED
    return Answered.EXPLAINED if item.answer else ""


def unanswered(case: Case) -> list[CorrectionItem]:
    """The items of the notice that the applicant handed in without a word or a change."""
    correction = Correction.objects.filter(case=case).exclude(answered=None).first()
    if correction is None:
        return []
    return list(correction.items.filter(answered_as="", answer=""))
