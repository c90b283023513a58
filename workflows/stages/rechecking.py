"""An applicant asks that its own mark be checked again (复核): arithmetic and procedure only (X30).

Nobody scores anew: the mark is computed once more from the sheets, or from the figures of the whole
group, as they were locked.
"""

from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction

from workflows import audit, clock, rubric
from workflows.errors import NotEntitled, ReasonMissing, RecheckLate, StageClosed
from workflows.models import Case, ReviewRequest, User
from workflows.models.case import State
from workflows.stages import deadlines, merits, messages, standings
from workflows.stages.law import acts_for, entitled, lawfully, verb

LIMIT = "reconsideration"


def last_day(case: Case) -> date | None:
    """The last day to ask, from the delivery of the decision; None before it is delivered."""
    decision = getattr(case, "decision", None)
    if decision is None or decision.delivered is None:
        return None
    return deadlines.due(case, LIMIT, start=clock.local(decision.delivered).date()).day


def may_ask(case: Case) -> bool:
    """Whether the case has a mark that its applicant knows and may still question."""
    if case.score is None or open_request(case) is not None:
        return False
    last = last_day(case)
    return case.state == State.NOTICE or (last is not None and clock.today() <= last)


def open_request(case: Case) -> ReviewRequest | None:
    """The request that waits for an answer."""
    return case.review_requests.filter(result=ReviewRequest.Result.OPEN).first()


@verb
def ask(case: Case, *, reason: str, by: User, signed_with: str = "") -> ReviewRequest:
    """Ask for a review of the mark, while the list is public or within the limit after delivery.

    Raises ``RecheckLate`` after the last day and ``StageClosed`` where there is no mark to review,
    or a request waits already.
    """
    if not reason.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        acts_for(by, locked, signing=True)
        last = last_day(locked)
        if last is not None and clock.today() > last:
            raise RecheckLate(until=last.isoformat())
        if locked.score is None or (last is None and locked.state != State.NOTICE):
            raise StageClosed
        due = deadlines.due(locked, LIMIT).day
        request = _enter(
            ReviewRequest(case=locked, requested=clock.now(), by=by, reason=reason, due=due)
        )
        event = audit.record(
            locked,
            "review_requested",
            by=by,
            reason=reason,
            due=due.isoformat(),
            signed_with=signed_with,
        )
    messages.tell(
        locked,
        "review_requested",
        event=event,
        audience="group:case_officer",
        due=due.isoformat(),
    )
    return request


def _enter(request: ReviewRequest) -> ReviewRequest:
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as twice:
        raise StageClosed from twice
    return request


@verb
def answer(request: ReviewRequest, *, text: str, by: User) -> ReviewRequest:
    """The office answers with the mark computed once more; a different one takes its place.

    Nobody who sat on the case answers (``NotEntitled``); a group whose mark changed is to be ranked
    again.
    """
    if not text.strip():
        raise ReasonMissing
    with lawfully(request.case) as locked:
        entitled(by, "case_officer")
        if locked.seats.filter(expert=by).exists():
            raise NotEntitled
        waiting = open_request(locked)
        if waiting is None or waiting.pk != request.pk:
            raise StageClosed
        former, found = locked.score, computed(locked)
        stands = found == former
        waiting.result = ReviewRequest.Result.STANDS if stands else ReviewRequest.Result.CORRECTED
        waiting.answer, waiting.former, waiting.found = text, former, found
        waiting.answered, waiting.answered_by = clock.now(), by
        waiting.save()
        locked.score = found
        event = audit.record(
            locked,
            "review_answered",
            by=by,
            answer=text,
            result=str(waiting.result),
            former=str(former),
            score=str(found),
        )
    messages.tell(locked, "review_answered", event=event)
    return waiting


def computed(case: Case) -> Decimal:
    """The mark as the locked sheets, or the confirmed figures of the group, give it."""
    if case.procedure.index is not None:
        return _of_the_group(case)
    rules = case.procedure.evaluation
    seats = case.seats.filter(round=case.evaluation_round, void=None).exclude(total=None)
    totals = [seat.total for seat in seats if seat.total is not None]
    return rubric.panel_score(totals, trim_from=rules.trim_from, quorum=rules.quorum)


def _of_the_group(case: Case) -> Decimal:
    standing = standings.standing_of(case)
    if standing is None:
        raise StageClosed
    cases = list(Case.objects.filter(standings__ranking=standing.ranking).order_by("pk"))
    found = merits.weigh(standings.group_of(case), cases)
    return next(entry.mark for entry in found.entries if entry.key == case.pk)
