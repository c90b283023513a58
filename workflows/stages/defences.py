"""An intended refusal is told with its grounds, and heard, before it is signed (行政许可法 7, 36).

Whoever applied may state and defend within the days of the edition's limit ``defence`` (model:
行政处罚法 44, 45); an edition without the limit tells of no refusal beforehand. The days count
towards the decision: the law lists no statement among what stands still (行政许可法 45).
"""

from workflows import audit, clock
from workflows.errors import (
    AlreadySubmitted,
    DefenceOpen,
    DefenceUnanswered,
    NothingToSend,
    ReasonMissing,
    RefusalNotTold,
    StageClosed,
)
from workflows.models import Case, Decision, Defence, File, Task, User
from workflows.models.case import State
from workflows.stages import deadlines, indexing, messages, papers
from workflows.stages.fingerprint import digest
from workflows.stages.law import acts_for, entitled, lawfully, release, verb
from workflows.stages.standings import REGISTERED

Closed = Defence.Closed
LIMIT, LETTER = "defence", "intended_refusal"


# --- telling --------------------------------------------------------------------------------------
def is_owed(case: Case) -> bool:
    """Whether what waits for the issuer is a refusal that must be told beforehand."""
    decision: Decision | None = getattr(case, "decision", None)
    if decision is None or case.stands != State.SIGNING or decision.signed is not None:
        return False
    # whoever waits in the project register has lost nothing yet
    adverse = not decision.grants and decision.outcome != REGISTERED
    return adverse and LIMIT in case.procedure.limits


def begin(locked: Case, *, by: User | None = None) -> None:
    """Tell the applicant of the refusal that the conference resolved, with its grounds."""
    if not is_owed(locked):
        return
    limit, reasons = deadlines.due(locked, LIMIT), locked.decision.reasons
    defence = Defence.objects.create(
        case=locked,
        number=locked.defences.count() + 1,
        reasons=reasons,
        told=clock.now(),
        days=locked.procedure.limits[LIMIT].days,
        due=limit.day,
        due_provisional=limit.provisional,
    )
    day = limit.day.isoformat()
    event = audit.record(locked, "refusal_intended", by=by, reasons=reasons, due=day)
    papers.request(
        locked,
        LETTER,
        revision=defence.number,
        days=defence.days,
        due_on=limit.day,
        lists={"items": [{"label": "理由", "text": each} for each in reasons]},
    )
    _watch(locked, defence, key=str(defence.number))
    messages.tell(locked, "refusal_intended", event=event, due=day)


@verb
def tell(case: Case, *, by: User) -> None:
    """Tell of a refusal that came before its edition asked for it; ``StageClosed`` if told."""
    with lawfully(case) as locked:
        entitled(by, "case_officer")
        if locked.state != State.SIGNING or not untold(locked):
            raise StageClosed
        begin(locked, by=by)


def untold(case: Case) -> bool:
    """Whether a refusal waits for the issuer that the applicant was not told of."""
    return is_owed(case) and newest(case) is None


def newest(case: Case) -> Defence | None:
    """The intended refusal that was told last and is still intended."""
    return case.defences.filter(recalled=None).order_by("-number").first()


def require_heard(locked: Case) -> None:
    """Refuse to sign a refusal before the applicant was heard.

    Raises ``RefusalNotTold``, ``DefenceOpen`` until the applicant's days are closed, and
    ``DefenceUnanswered`` while the office owes an answer.
    """
    if not is_owed(locked):
        return
    defence = newest(locked)
    if defence is None:
        raise RefusalNotTold
    if defence.closed is None:  # by whoever spoke, or by the timer: not by a clock nobody watched
        raise DefenceOpen(until=defence.due.isoformat())
    if defence.closed_as == Closed.STATED and defence.answered is None:
        raise DefenceUnanswered


# --- the applicant --------------------------------------------------------------------------------
def waiting(case: Case) -> Defence | None:
    """The intended refusal the applicant may still speak to, if there is one."""
    return case.defences.filter(closed=None, recalled=None).first() if case.is_open else None


@verb
def keep(case: Case, *, text: str, by: User) -> None:
    """Keep half-written words for whoever signs them; the office sees none of them before.

    Raises what ``state`` does where nothing can be said any more.
    """
    with lawfully(case) as locked:
        acts_for(by, locked)
        defence = _open(locked)
        if text == defence.text:
            return
        defence.text = text
        defence.save(update_fields=["text"])
        audit.record(locked, "defence_kept", by=by, content=digest({"text": text}))


@verb
def state(case: Case, *, text: str, by: User, signed_with: str = "") -> Defence:
    """The applicant's signer states its defence, once, with the files attached to it.

    Raises ``AlreadySubmitted`` when nothing is intended any more, ``NothingToSend`` without a
    word and a file, and ``LastDayOver`` after the last day.
    """
    with lawfully(case) as locked:
        acts_for(by, locked, signing=True)
        defence = _open(locked)
        deadlines.require_running(defence.due)
        held = File.objects.filter(case=locked, code=defence.code, removed=None).order_by("pk")
        defence.files = list(held.values("code", "name", "sha256", "size", "pages"))
        if not (text.strip() or defence.files):
            raise NothingToSend
        defence.text, defence.by = text, by
        _close(defence, Closed.STATED)
        event = audit.record(
            locked,
            "defence_stated",
            by=by,
            text=text,
            files=len(defence.files),
            content=digest({"text": text, "files": defence.files}),
            signed_with=signed_with,
        )
    indexing.ask(locked, f"defence:{defence.number}")
    messages.tell(locked, "defence_stated", event=event, audience="group:case_officer")
    return defence


def _open(locked: Case) -> Defence:
    """The intended refusal whose answer the applicant may write, until its days are closed."""
    if locked.state == State.SUSPENDED:
        raise StageClosed
    defence = waiting(locked)
    if defence is None:
        raise AlreadySubmitted
    return defence


# --- the office's answer --------------------------------------------------------------------------
def unanswered(case: Case) -> Defence | None:
    """The defence that was stated and not answered yet."""
    if case.state != State.SIGNING:
        return None
    return case.defences.filter(closed_as=Closed.STATED, answered=None, recalled=None).first()


@verb
def answer(case: Case, *, text: str, convinced: bool, by: User) -> Defence:
    """Answer the defence; the decision repeats the answer, or the case is proposed anew.

    Raises ``StageClosed`` where none waits for an answer.
    """
    if not text.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        entitled(by, "case_officer")
        defence = unanswered(locked)
        if defence is None:
            raise StageClosed
        defence.answer, defence.answered, defence.answered_by = text, clock.now(), by
        defence.save(update_fields=["answer", "answered", "answered_by"])
        if convinced:
            locked.hold_for_integrity()
            recall(locked)
        else:
            _let_sign(locked)
        event = audit.record(locked, "defence_answered", by=by, answer=text, convinced=convinced)
    if convinced:
        release(locked, "signing", by=by)
    messages.tell(locked, "defence_answered", event=event)
    return defence


def said(case: Case) -> list[dict[str, str]]:
    """What a decision lists of the defence that preceded it: the office's answer."""
    defence = newest(case)
    if defence is None or defence.answered is None:
        return []
    return [{"label": "对陈述申辩的答复", "text": defence.answer}]


def recall(locked: Case) -> None:
    """The case goes back to the proposal: what was told is no longer intended."""
    locked.defences.filter(recalled=None).update(recalled=clock.now())


# --- its time -------------------------------------------------------------------------------------
@verb
def lapse(case: Case, *, number: int) -> None:
    """Nothing was said in time: the refusal may be signed.

    Called by the timer; raises ``NotYetDue`` before the closing of the applicant's last day.
    """
    with lawfully(case) as locked:
        defence = waiting(locked)
        if locked.state != State.SIGNING or defence is None or defence.number != number:
            raise StageClosed
        deadlines.require_closing(defence.due)
        _close(defence, Closed.LAPSED)
        _let_sign(locked)
        audit.record(locked, "defence_lapsed", by=None, due=defence.due.isoformat())


def watch_again(locked: Case, *, key: str) -> None:
    """The case was suspended while the applicant's days ran: all of them run afresh."""
    defence = waiting(locked)
    if defence is None:
        return
    limit = deadlines.due(locked, LIMIT)
    defence.due, defence.due_provisional = limit.day, limit.provisional
    defence.save(update_fields=["due", "due_provisional"])
    _watch(locked, defence, key=key)


def _watch(locked: Case, defence: Defence, *, key: str) -> None:
    deadlines.watch_closing(locked, "lapse_defence", defence.due, key=key, number=defence.number)


def _let_sign(locked: Case) -> None:
    """The issuer's own days run from now: before, nothing could be signed."""
    waiting = Task.objects.filter(case=locked, node="signing", finished=None)
    waiting.update(due=deadlines.due(locked, "signing").day)


def _close(defence: Defence, how: str) -> None:
    defence.closed, defence.closed_as = clock.now(), how
    defence.save()
