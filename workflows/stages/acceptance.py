"""The completeness check at the window (行政许可法 32)."""

from workflows import audit, clock
from workflows.calendar import Due
from workflows.errors import (
    AlreadyReturned,
    ExtendedAlready,
    ExtensionTooLong,
    NothingToCorrect,
    NotYetDue,
    NoWindow,
    ReasonMissing,
    StageClosed,
)
from workflows.models import Appointment, Case, Correction, CorrectionItem, Task, User
from workflows.models.case import State
from workflows.stages import deadlines, messages, papers
from workflows.stages.law import NEW, entitled, lawfully, release, separate, verb
from workflows.working_days import calendar


@verb
def accept(case: Case, *, by: User, note: str = "") -> None:
    """The material is complete: the decision clock starts and the notice is issued."""
    with lawfully(case) as locked:
        entitled(by, "window", scope=locked.district)
        separate(locked, "accept", by)
        _accept(locked)
        event = audit.record(
            locked, "accepted", by=by, duty="accept", note=note, due=str(locked.due)
        )
    _notify(locked)
    release(locked, "acceptance", by=by)
    messages.tell(locked, "accepted", event=event, due=str(locked.due))


def _accept(locked: Case) -> None:
    locked.accept()
    locked.accepted = clock.now()
    deadlines.count(locked, [])


def _notify(locked: Case) -> None:
    total = locked.procedure.total
    papers.request(
        locked,
        "acceptance_notice",
        due_on=locked.due,
        days=total.days,
        extension=total.extension,
    )


@verb
def deem_accepted(case: Case) -> None:
    """No notice came within the limit: the case counts as accepted from the day of receipt (X21).

    Called by the timer; raises ``NotYetDue`` before the limit has run out.
    """
    with lawfully(case) as locked:
        if locked.state != State.SUBMITTED:
            raise StageClosed
        filed = locked.filed
        limit = deadlines.due(locked, "completeness", start=clock.local(filed.submitted).date())
        if clock.now() < clock.end_of(limit.day):
            raise NotYetDue(not_before=clock.end_of(limit.day))
        locked.accept()
        locked.accepted = filed.submitted
        deadlines.count(locked, [])
        event = audit.record(locked, "deemed_accepted", by=None, due=str(locked.due))
    _notify(locked)
    release(locked, "acceptance")
    messages.tell(locked, "accepted", event=event, due=str(locked.due))


@verb
def return_once(case: Case, *, items: list[dict[str, str]], by: User) -> Correction:
    """Tell the applicant everything that must be corrected, once, with the due day.

    ``items`` are ``{"target", "reason", "text"}``: a field or attachment code (or empty), a coded
    reason of the edition, and the sentence for the applicant. Raises ``AlreadyReturned`` the
    second time and ``NothingToCorrect`` for an empty list.
    """
    items = [item for item in items if item["text"].strip()]
    if not items:
        raise NothingToCorrect
    with lawfully(case) as locked:
        entitled(by, "window", scope=locked.district)
        if locked.corrected:
            raise AlreadyReturned
        locked.return_once()
        locked.corrected = True
        limit = deadlines.due(locked, "correction")
        correction = _notice(locked, items, limit, by)
        event = audit.record(locked, "returned", by=by, items=items, due=limit.day.isoformat())
    papers.request(
        locked,
        "correction_notice",
        due_on=limit.day,
        days=locked.procedure.limits["correction"].days,
        lists={"items": [_line(locked, item) for item in items]},
    )
    release(locked, "acceptance", by=by)
    deadlines.watch(locked, "abandon", limit.day, key="1")
    messages.tell(locked, "returned", event=event, due=limit.day.isoformat())
    return correction


def _notice(locked: Case, items: list[dict[str, str]], limit: Due, by: User) -> Correction:
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


def _line(locked: Case, item: dict[str, str]) -> dict[str, str]:
    """The item as the notice prints it: the field's or paper's name, and what is wrong."""
    return {"label": locked.rules.label(item.get("target", "")), "text": item["text"]}


@verb
def extend_correction(case: Case, *, days: int, reason: str, by: User) -> None:
    """Give the applicant ``days`` more working days for a good reason, once (domain 0.6).

    Raises ``ExtensionTooLong`` beyond what the edition allows, ``ExtendedAlready`` the second time.
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
        limit = calendar().add(correction.due, days)
        correction.due, correction.due_provisional = limit.day, limit.provisional
        correction.save(update_fields=["due", "due_provisional"])
        Task.objects.filter(case=locked, node="correction", finished=None).update(due=limit.day)
        event = audit.record(
            locked, "correction_extended", by=by, reason=reason, due=limit.day.isoformat()
        )
    deadlines.watch(locked, "abandon", limit.day, key=limit.day.isoformat())
    messages.tell(locked, "correction_extended", event=event, due=limit.day.isoformat())


@verb
def abandon(case: Case) -> None:
    """No correction came in time: the case is closed and may be filed again (domain 0.5).

    Called by the timer; raises ``NotYetDue`` before the correction's due day has passed.
    """
    with lawfully(case) as locked:
        if locked.state != State.RETURNED:
            raise StageClosed
        if clock.now() < clock.end_of(locked.correction.due):
            raise NotYetDue(not_before=clock.end_of(locked.correction.due))
        locked.abandon()
        locked.outcome, locked.decided = "abandoned", clock.now()
        event = audit.record(locked, "abandoned", by=None, due=str(locked.correction.due))
    release(locked, "correction")
    messages.tell(locked, "abandoned", event=event)


@verb
def refuse_acceptance(case: Case, *, reason: str, text: str, by: User, competent: str = "") -> None:
    """Refuse to take the case in hand: coded ``reason``, the words, and the competent office."""
    if not text.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        entitled(by, "window", scope=locked.district)
        separate(locked, "accept", by)
        locked.refuse_acceptance()
        locked.outcome, locked.decided = "not_accepted", clock.now()
        event = audit.record(
            locked,
            "not_accepted",
            by=by,
            duty="accept",
            reason=reason,
            text=text,
            competent=competent,
        )
    papers.request(
        locked,
        "refusal_of_acceptance",
        lists={"items": [{"label": "理由", "text": text}]},
        competent=competent,
    )
    release(locked, "acceptance", by=by)
    messages.tell(locked, "not_accepted", event=event)


@verb
def forward(case: Case, *, district: str, reason: str, by: User) -> None:
    """Hand the file to the desk of another district; the time already used is kept.

    Raises ``NoWindow`` for a district nobody of which could take it.
    """
    if not reason.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        entitled(by, "window", scope=locked.district)
        if locked.state != State.SUBMITTED:
            raise StageClosed
        desks = Appointment.objects.in_force().filter(role=Appointment.Role.WINDOW)
        if not desks.filter(scope=district).exists():
            raise NoWindow(district=district)
        former, locked.district = locked.district, district
        Task.objects.filter(case=locked, node="acceptance", finished=None).update(
            candidate=f"window:{district}", owner=None, status=NEW
        )
        event = audit.record(
            locked, "forwarded", by=by, reason=reason, former=former, district=district
        )
    messages.tell(locked, "forwarded", event=event, district=district)
