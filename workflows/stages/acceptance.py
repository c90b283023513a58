"""The completeness check at the window (行政许可法 32)."""

from collections.abc import Sequence

from workflows import audit, clock
from workflows.errors import (
    ItemsUnanswered,
    NotYetDue,
    NoWindow,
    ReasonMissing,
    ReturnFirst,
    StageClosed,
)
from workflows.models import Appointment, Case, Task, User
from workflows.models.case import State
from workflows.stages import corrections, deadlines, messages, papers
from workflows.stages.findings import Finding, facts
from workflows.stages.law import NEW, entitled, lawfully, release, separate, verb


@verb
def accept(
    case: Case,
    *,
    by: User,
    note: str = "",
    findings: Sequence[Finding] = (),
    lacking: Sequence[str] = (),
) -> None:
    """The material is complete: the decision clock starts and the notice is issued.

    Something not essential may be missing (容缺受理, X20): items of the correction notice left
    open, or ``lacking``, the titles of checks not met. That needs a note, which the applicant
    reads (``ItemsUnanswered``); before the one return the window returns instead
    (``ReturnFirst``). 《上海市优化营商环境条例》第24条. The trail keeps the ``findings`` of the
    completeness check.
    """
    with lawfully(case) as locked:
        entitled(by, "window", scope=locked.district)
        separate(locked, "accept", by)
        missing = [*_left_open(locked), *lacking]
        if lacking and not locked.corrected:
            raise ReturnFirst
        if missing and not note.strip():
            raise ItemsUnanswered(items="；".join(missing))
        _accept(locked)
        event = audit.record(
            locked,
            "accepted",
            by=by,
            duty="accept",
            note=note,
            missing=missing or None,
            findings=facts(findings),
            due=str(locked.due),
        )
    _notify(locked, missing, note)
    release(locked, "acceptance", by=by)
    messages.tell(locked, "accepted", event=event, due=str(locked.due))


def _left_open(locked: Case) -> list[str]:
    """What the applicant left open of the correction notice, as the notice calls it."""
    return [item.text for item in corrections.unanswered(locked)] if locked.corrected else []


def _accept(locked: Case) -> None:
    locked.accept()
    locked.accepted = clock.now()
    deadlines.count(locked, [])


def _notify(locked: Case, missing: Sequence[str] = (), note: str = "") -> None:
    total = locked.procedure.total
    items = [{"label": "容缺", "text": text} for text in missing]
    if items:
        items.append({"label": "说明", "text": note})
    papers.request(
        locked,
        "acceptance_notice",
        due_on=locked.due,
        days=total.days,
        extension=total.extension,
        lists={"items": items},
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
