"""Taking an application back: freely before the public notice, with the office's consent during it.

Domain 0.5, X55. A request that the office has not answered stands for as long as the case is open;
once the decision is being signed it can only be refused.
"""

from workflows import audit, clock
from workflows.errors import ConsentNeeded, ReasonMissing, StageClosed
from workflows.models import Case, User
from workflows.models.case import State
from workflows.stages import messages, publication
from workflows.stages.law import acts_for, cancel, entitled, lawfully, verb

OFFICE = ("case_officer", "leader")


def needs_consent(case: Case) -> bool:
    """Whether the public has been told, so that the office must agree."""
    return case.stands in (State.NOTICE, State.OBJECTION)


@verb
def withdraw(case: Case, *, reason: str, by: User, signed_with: str = "") -> None:
    """Take the application back before the decision; no ban follows (domain 0.5).

    Raises ``ConsentNeeded`` during the public notice: then ``ask`` first. A suspended case is taken
    back as from where it stands.
    """
    if not reason.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        acts_for(by, locked, signing=True)
        if needs_consent(locked):
            raise ConsentNeeded
        _end(locked)
        event = audit.record(locked, "withdrawn", by=by, reason=reason, signed_with=signed_with)
    _leave(locked)
    messages.tell(locked, "withdrawn", event=event)


@verb
def ask(case: Case, *, reason: str, by: User, signed_with: str = "") -> None:
    """Ask the office to let the application go during the public notice (X55); the notice runs on.

    Raises ``StageClosed`` where nothing needs consent, or the office has been asked already.
    """
    if not reason.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        acts_for(by, locked, signing=True)
        if not needs_consent(locked) or locked.withdrawal_asked is not None:
            raise StageClosed
        locked.withdrawal_asked, locked.withdrawal_reason = clock.now(), reason
        event = audit.record(
            locked, "withdrawal_asked", by=by, reason=reason, signed_with=signed_with
        )
    messages.tell(locked, "withdrawal_asked", event=event, audience="group:case_officer")


@verb
def consent(case: Case, *, by: User) -> None:
    """Let the application go, as its signer asked; its entry leaves the public list."""
    with lawfully(case) as locked:
        _asked(locked, by)
        reason = locked.withdrawal_reason
        _end(locked)
        event = audit.record(locked, "withdrawn", by=by, reason=reason, consent=by.username)
    _leave(locked)
    messages.tell(locked, "withdrawn", event=event)


@verb
def refuse(case: Case, *, reason: str, by: User) -> None:
    """Keep the application where it stands; its signer reads why and may ask again."""
    if not reason.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        _asked(locked, by)
        _answer(locked)
        event = audit.record(locked, "withdrawal_refused", by=by, reason=reason)
    messages.tell(locked, "withdrawal_refused", event=event, reason=reason)


def _asked(locked: Case, by: User) -> None:
    """Only the office answers, and only what was asked."""
    entitled(by, *OFFICE)
    if locked.withdrawal_asked is None or not locked.is_open:
        raise StageClosed


def _answer(locked: Case) -> None:
    locked.withdrawal_asked, locked.withdrawal_reason = None, ""


def _end(locked: Case) -> None:
    """The law lets the case go, unless it is a draft or being signed."""
    if locked.stands in (State.DRAFT, State.SIGNING):
        raise StageClosed
    if locked.state == State.SUSPENDED:
        locked.withdraw_suspended()
    else:
        locked.withdraw()
    locked.outcome, locked.decided = "withdrawn", clock.now()
    _answer(locked)


def _leave(locked: Case) -> None:
    """The flow ends where it stands, and the rest of a public list goes on."""
    cancel(locked)
    publication.take_off(locked)
