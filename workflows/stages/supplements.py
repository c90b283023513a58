"""Supplementary material after acceptance (补充材料, domain 0.5): asked for, given, or not in time.

The decision clock stands from the request to the answer (model: 《行政复议法实施条例》第29条); the
applicant's own days run meanwhile (X19). Silence decides nothing: the office goes on with what is
there. Whoever asked waits for the answer, so the case does not leave their hands before.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from workflows import audit, clock
from workflows.errors import (
    AlreadySubmitted,
    ExtensionTooLong,
    NothingAsked,
    NothingToSend,
    NotRenewed,
    ReasonMissing,
    StageClosed,
    SupplementsUsed,
    SupplementWaiting,
)
from workflows.models import Case, File, Supplement, SupplementItem, User
from workflows.models.case import State
from workflows.stages import deadlines, indexing, messages, papers, verification
from workflows.stages.fingerprint import digest
from workflows.stages.law import acts_for, entitled, lawfully, tell_whether_it_stands, verb
from workflows.working_days import calendar

Closed = Supplement.Closed
LETTER = "supplement_notice"
LAPSING: Mapping[str, str] = {  # the timer that ends a request nobody answered
    Supplement.Ground.MATERIAL: "lapse_supplement",
    Supplement.Ground.LICENCE: "lapse_renewal",
}
AGENCY = "agency_manager"
OFFICES: Mapping[str, Sequence[str]] = {  # who weighs the case, and may ask
    State.ACCEPTED: ("district_reviewer", "case_officer"),
    State.REVIEWING: ("case_officer",),
    State.EVALUATING: (AGENCY, "case_officer"),
}
# what was asked during the evaluation may still wait when the case has left it
RECALLING = {**OFFICES, State.PROPOSAL: ("case_officer",)}


# --- the office -----------------------------------------------------------------------------------
@verb
def ask(case: Case, *, questions: Sequence[str], days: int, by: User) -> Supplement:
    """Ask the applicant for what is needed to decide, to be answered within ``days`` working days.

    Raises ``NothingAsked`` without a question, ``SupplementWaiting`` while another request is
    open, ``SupplementsUsed`` once there were as many as the edition allows, ``ExtensionTooLong``
    for more days than it allows.
    """
    questions = [question.strip() for question in questions if question.strip()]
    if not questions:
        raise NothingAsked
    with lawfully(case) as locked:
        _may_ask(locked, by)
        rules = locked.procedure.supplements
        if not 0 < days <= rules.longest:
            raise ExtensionTooLong(days=rules.longest)
        supplement = open_for(locked, questions, days, by)
        if not locked.segments.filter(resumed=None).exists():  # an evaluation has stopped it
            deadlines.pause(locked, "supplement")
        event = audit.record(
            locked,
            "supplement_asked",
            by=by,
            number=supplement.number,
            questions=questions,
            due=supplement.due.isoformat(),
        )
    announce(locked, supplement, questions)
    messages.tell(locked, "supplement_asked", event=event, due=supplement.due.isoformat())
    return supplement


def announce(locked: Case, supplement: Supplement, questions: Sequence[str]) -> None:
    """Ask for the paper of a request, where the edition has one, and watch its last day."""
    listed = [{"label": f"第{n}项", "text": text} for n, text in enumerate(questions, 1)]
    if LETTER in locked.procedure.letters:
        papers.request(
            locked,
            LETTER,
            revision=supplement.number,
            days=supplement.days,
            due_on=supplement.due,
            lists={"items": listed},
        )
    _watch(locked, supplement, key=str(supplement.number))


def _may_ask(locked: Case, by: User) -> None:
    _handles(locked, by, OFFICES)
    if LETTER not in locked.procedure.letters:
        raise StageClosed
    require_none(locked)
    if used(locked) >= (most := locked.procedure.supplements.most):
        raise SupplementsUsed(most=most)


def _handles(locked: Case, by: User, offices: Mapping[str, Sequence[str]]) -> None:
    if locked.state not in offices:
        raise StageClosed
    entitled(by, *offices[locked.state], scope=locked.district)
    if not by.holds(*set(offices[locked.state]) - {AGENCY}):
        verification.manages(by, locked)


def open_for(
    locked: Case,
    questions: Sequence[str],
    days: int,
    by: User,
    ground: str = Supplement.Ground.MATERIAL,
) -> Supplement:
    """Enter a request of a held case, its last day ``days`` working days from today."""
    limit = calendar().add(clock.today(), days)
    supplement = Supplement.objects.create(
        case=locked,
        number=locked.supplements.count() + 1,
        ground=ground,
        asked=clock.now(),
        by=by,
        days=days,
        due=limit.day,
        due_provisional=limit.provisional,
    )
    SupplementItem.objects.bulk_create(
        SupplementItem(supplement=supplement, position=position, text=text)
        for position, text in enumerate(questions, 1)
    )
    locked.asked_since = clock.today()
    tell_whether_it_stands(locked)
    return supplement


@verb
def recall(case: Case, *, reason: str, by: User) -> None:
    """The office needs the material no longer, and says why; the clock goes on."""
    if not reason.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        _handles(locked, by, RECALLING)
        supplement = _waiting(locked)
        supplement.note = reason
        close(locked, supplement, Closed.RECALLED)
        event = audit.record(
            locked, "supplement_recalled", by=by, number=supplement.number, reason=reason
        )
    messages.tell(locked, "supplement_recalled", event=event, reason=reason)


def may_be_asked(case: Case) -> bool:
    """Whether material may be asked for as the case stands."""
    left = used(case) < case.procedure.supplements.most
    known = LETTER in case.procedure.letters
    return case.state in OFFICES and known and left and waiting(case) is None


def may_be_recalled(case: Case) -> bool:
    """Whether a request waits that the office may take back."""
    return case.state in RECALLING and waiting(case) is not None


def used(case: Case) -> int:
    """How often the office asked; a licence that ended is nobody's question."""
    return case.supplements.filter(ground=Supplement.Ground.MATERIAL).count()


def answered(case: Case) -> list[Supplement]:
    """What the applicant added to its file, for those who weigh it; the oldest first."""
    found = Supplement.objects.filter(
        case=case, ground=Supplement.Ground.MATERIAL, closed_as=Closed.ANSWERED
    )
    return list(found.order_by("number").prefetch_related("items"))


# --- the applicant --------------------------------------------------------------------------------
def waiting(case: Case) -> Supplement | None:
    """The request that waits for the applicant, if there is one."""
    return Supplement.objects.filter(case=case, closed=None).first() if case.is_open else None


@verb
def keep(
    case: Case,
    *,
    answers: Mapping[int, str],
    by: User,
    note: str = "",
    valid_to: date | None = None,
) -> None:
    """Keep half-written answers, by the position of the question; the office sees none of them."""
    with lawfully(case) as locked:
        acts_for(by, locked)
        supplement = _waiting(locked)
        _write(supplement, answers)
        supplement.note, supplement.valid_to = note, valid_to
        supplement.save(update_fields=["note", "valid_to"])
        audit.record(locked, "supplement_kept", by=by, number=supplement.number)


@verb
def answer(
    case: Case,
    *,
    answers: Mapping[int, str],
    note: str,
    by: User,
    signed_with: str = "",
    valid_to: date | None = None,
) -> Supplement:
    """Answer the request with words and the files attached to it; the clock goes on.

    Raises ``AlreadySubmitted`` when none is open, ``LastDayOver`` after the last day,
    ``NothingToSend`` without a word and a file, and where a licence has ended ``NotRenewed``
    without its file or a last day (``valid_to``) ahead.
    """
    with lawfully(case) as locked:
        acts_for(by, locked, signing=True)
        supplement = _waiting(locked)
        deadlines.require_running(supplement.due)
        said = _write(supplement, answers)
        supplement.files = _files(locked, supplement)
        if not (note.strip() or supplement.files or any(said)):
            raise NothingToSend
        if supplement.ground == Supplement.Ground.LICENCE:
            if not supplement.files or valid_to is None or valid_to < clock.today():
                raise NotRenewed
            supplement.valid_to = valid_to
        supplement.note, supplement.answered_by = note, by
        close(locked, supplement, Closed.ANSWERED)
        event = audit.record(
            locked,
            "supplement_answered",
            by=by,
            number=supplement.number,
            files=len(supplement.files),
            signed_with=signed_with,
            content=digest({"answers": said, "note": note, "files": supplement.files}),
        )
    indexing.ask(locked, f"supplement:{supplement.number}")
    messages.tell(locked, "supplement_answered", event=event, audience=handler(supplement))
    return supplement


def _waiting(locked: Case) -> Supplement:
    """The open request of a held case; ``AlreadySubmitted`` without one."""
    if locked.state == State.SUSPENDED:
        raise StageClosed
    supplement = waiting(locked)
    if supplement is None:
        raise AlreadySubmitted
    return supplement


def _write(supplement: Supplement, answers: Mapping[int, str]) -> list[str]:
    items = list(supplement.items.all())
    for item in items:
        item.answer = answers.get(item.position, item.answer).strip()
    SupplementItem.objects.bulk_update(items, ["answer"])
    return [item.answer for item in items]


def _files(locked: Case, supplement: Supplement) -> list[dict[str, object]]:
    held = File.objects.filter(case=locked, code=supplement.code, removed=None).order_by("pk")
    return [{**each} for each in held.values("code", "name", "sha256", "size", "pages")]


# --- its time -------------------------------------------------------------------------------------
@verb
def lapse(case: Case, *, number: int) -> None:
    """No answer came in time: the office goes on with what is there.

    Called by the timer; raises ``NotYetDue`` before the closing of the applicant's last day.
    """
    with lawfully(case) as locked:
        supplement = waiting(locked)
        if locked.state == State.SUSPENDED or supplement is None or supplement.number != number:
            raise StageClosed
        deadlines.require_closing(supplement.due)
        close(locked, supplement, Closed.LAPSED)
        event = audit.record(
            locked, "supplement_lapsed", by=None, number=number, due=str(supplement.due)
        )
    messages.tell(locked, "supplement_lapsed", event=event)
    messages.tell(locked, "supplement_unanswered", event=event, audience=handler(supplement))


def handler(supplement: Supplement) -> str:
    """Who in the office hears what became of a request."""
    return f"handler:{supplement.by_id}:case_officer"


def watch_again(locked: Case, *, key: str) -> None:
    """The case was suspended while the applicant's time ran: the whole time runs afresh."""
    supplement = waiting(locked)
    if supplement is None:
        return
    limit = calendar().add(clock.today(), supplement.days)
    supplement.due, supplement.due_provisional = limit.day, limit.provisional
    supplement.save(update_fields=["due", "due_provisional"])
    _watch(locked, supplement, key=key)


def _watch(locked: Case, supplement: Supplement, *, key: str) -> None:
    lapsing = LAPSING[supplement.ground]
    deadlines.watch_closing(locked, lapsing, supplement.due, key=key, number=supplement.number)


def close(locked: Case, supplement: Supplement, how: str) -> None:
    """End a request of a held case; the clock goes on if it stood for it.

    After silence it goes on from the applicant's last day, whenever the request was closed.
    """
    supplement.closed, supplement.closed_as = clock.now(), how
    if how == Closed.LAPSED:
        supplement.note = ""  # kept for an answer that never came; the office reads the note
    supplement.save()
    locked.asked_since = None
    tell_whether_it_stands(locked)
    last = supplement.due if how == Closed.LAPSED else clock.today()
    if locked.segments.filter(resumed=None, ground="supplement").exists():
        deadlines.unpause(locked, last)
    elif locked.segments.filter(resumed=None).exists():  # an evaluation has stopped it before
        deadlines.put_off({locked.pk: (clock.local(supplement.asked).date(), last)})


def require_none(locked: Case) -> None:
    """Refuse to go on while the applicant is asked for material (``SupplementWaiting``)."""
    if locked.asked_since and (asked := waiting(locked)) is not None:
        raise SupplementWaiting(due=asked.due.isoformat())
