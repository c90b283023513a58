"""A licence that ends before the decision (X4): the seal waits until the renewed one is here.

Applying was lawful, and the form warned of it. The applicant is asked once the decision is signed,
or before the seal at the latest, by a request as ``supplements`` makes them: the clock stands, the
answer goes the same way. Without an answer in time the decision turns into a refusal, which is told
of, heard and signed like any other.
"""

from datetime import date

from workflows import audit, clock
from workflows.errors import StageClosed
from workflows.models import Case, Supplement, User
from workflows.models.case import State
from workflows.stages import deadlines, defences, messages, papers, supplements
from workflows.stages.law import entitled, lawfully, verb, wait_again

LICENCE = "licence_valid_to"  # the question every programme asks alike (domain 2.0)
Ground, Closed = Supplement.Ground, Supplement.Closed


def last_day(case: Case) -> date | None:
    """The last day of the applicant's licence, renewed or as filed; None where none was asked."""
    renewed = case.supplements.filter(ground=Ground.LICENCE, closed_as=Closed.ANSWERED)
    newest = renewed.order_by("-number").values_list("valid_to", flat=True).first()
    return newest or _filed(case)


def _filed(case: Case) -> date | None:
    newest = case.submissions.order_by("-number")
    last = newest.values_list(f"answers__{LICENCE}", flat=True)[0]
    return date.fromisoformat(last) if last else None


def has_ended(case: Case) -> bool:
    """Whether the licence is over, so that no title may be given.

    A renewed one is looked for only when the filed one is over: before, nobody asks for it.
    """
    filed = _filed(case)
    if filed is None or filed >= clock.today():
        return False
    last = last_day(case)
    return last is not None and last < clock.today()


# --- asking -------------------------------------------------------------------------------------
def wanting(case: Case) -> bool:
    """Whether a title waits for its seal and the licence has ended."""
    return case.state == State.SIGNING and case.decision.grants and has_ended(case)


def begin(locked: Case, *, by: User) -> Supplement | None:
    """Ask for the renewed licence where one is wanting."""
    if not wanting(locked):
        return None
    if (asked := supplements.waiting(locked)) is not None:
        return asked
    ended = papers.in_words(last_day(locked) or clock.today())
    question = f"证照已于{ended}到期。请提交换证后的证照，并填写新的有效期截止日。"
    days = locked.procedure.supplements.renewal
    supplement = supplements.open_for(locked, [question], days, by, Ground.LICENCE)
    deadlines.pause(locked, "supplement", question)
    due = supplement.due.isoformat()
    event = audit.record(
        locked, "renewal_asked", by=by, number=supplement.number, questions=[question], due=due
    )
    supplements.announce(locked, supplement, [question])
    messages.tell(locked, "renewal_asked", event=event, due=due)
    return supplement


@verb
def ask(case: Case, *, by: User) -> Supplement | None:
    """Hold the signed decision before the seal, and ask; nothing where the licence is good."""
    with lawfully(case) as locked:
        entitled(by, "seal_keeper", "issuer")
        if locked.state != State.SIGNING or locked.decision.sealed is not None:
            raise StageClosed
        return begin(locked, by=by)


# --- its time -----------------------------------------------------------------------------------
@verb
def lapse(case: Case, *, number: int) -> None:
    """No renewed licence came in time: what waited for the seal is to be refused.

    Called by the timer; raises ``NotYetDue`` before the closing of the applicant's last day.
    """
    with lawfully(case) as locked:
        supplement = supplements.waiting(locked)
        if locked.state != State.SIGNING or supplement is None or supplement.number != number:
            raise StageClosed
        deadlines.require_closing(supplement.due)
        supplements.close(locked, supplement, Closed.LAPSED)
        _refuse(locked)
        due = supplement.due.isoformat()
        event = audit.record(locked, "renewal_lapsed", by=None, number=number, due=due)
        defences.begin(locked)
    wait_again(locked, "signing")
    messages.tell(locked, "renewal_lapsed", event=event)
    messages.tell(
        locked, "supplement_unanswered", event=event, audience=supplements.handler(supplement)
    )


def _refuse(locked: Case) -> None:
    """The decision becomes a refusal with its reason; the issuer has yet to sign it."""
    ended = papers.in_words(last_day(locked) or clock.today())
    decision = locked.decision
    decision.outcome, decision.grants = locked.procedure.refusal, False
    decision.reasons = [f"证照已于{ended}到期，经通知未在规定期限内提交换证后的证照。"]
    decision.signed = decision.signed_by = None
    decision.save(update_fields=["outcome", "grants", "reasons", "signed", "signed_by"])
    locked.amount = None


def recall(locked: Case) -> None:
    """The case goes back to the proposal: nobody waits for the licence any more."""
    asked = supplements.waiting(locked)
    if asked is not None and asked.ground == Ground.LICENCE:
        supplements.close(locked, asked, Closed.RECALLED)
