"""Signing, sealing, issuing and delivering the decision (domain 0.13, 2.1.7)."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from workflows import audit, calendar, clock, jobs
from workflows.documents import codes
from workflows.errors import PaperNotReady, ReasonMissing, StageClosed
from workflows.models import Case, Certificate, Decision, Document, Job, Number, User
from workflows.models.case import State
from workflows.procedure import Grant
from workflows.stages import messages, numbers, papers
from workflows.stages.law import acts_for, entitled, lawfully, release, separate, verb

DAY = timedelta(days=1)


@verb
def sign(case: Case, *, by: User) -> Decision:
    """The issuer signs the decision; it still needs the seal."""
    with lawfully(case) as locked:
        entitled(by, "issuer")
        separate(locked, "sign", by)
        decision = _unsealed(locked)
        if decision.signed is not None:
            raise StageClosed
        decision.signed, decision.signed_by = clock.now(), by
        decision.save(update_fields=["signed", "signed_by"])
        audit.record(locked, "signed", by=by, duty="sign", outcome=decision.outcome)
    release(locked, "signing", by=by)
    return decision


@verb
def seal(case: Case, *, by: User) -> Decision:
    """The seal keeper applies the seal: numbers are given now, and the papers are asked for."""
    with lawfully(case) as locked:
        entitled(by, "seal_keeper")
        separate(locked, "seal", by)
        decision = _unsealed(locked)
        if decision.signed is None:
            raise StageClosed
        grant = locked.procedure.grant
        patterns = (
            [grant.decision_number, grant.number] if decision.grants else [grant.decision_number]
        )
        given = numbers.give(locked, *patterns)
        decision.number = given[0].text
        decision.sealed, decision.sealed_by = clock.now(), by
        decision.save(update_fields=["number", "sealed", "sealed_by"])
        audit.record(locked, "sealed", by=by, duty="seal", number=decision.number)
        _request_papers(locked, decision, given[-1])
    release(locked, "sealing", by=by)
    return decision


def _unsealed(locked: Case) -> Decision:
    if locked.state != State.SIGNING or locked.decision.sealed is not None:
        raise StageClosed
    return locked.decision


def _request_papers(locked: Case, decision: Decision, number: Number) -> None:
    facts: dict[str, Any] = {
        "finding": decision.finding,
        "outcome": decision.outcome,
        **_history(locked),
    }
    if not decision.grants:
        continued = decision.outcome == "continue_cultivation"
        papers.request(
            locked,
            "decision_continued" if continued else "decision_refused",
            number=decision.number,
            lists={"items": [{"label": "理由", "text": reason} for reason in decision.reasons]},
            **facts,
        )
        return
    papers.request(locked, "decision_granted", number=decision.number, **facts)
    grant = locked.procedure.grant
    papers.request(
        locked,
        paper_of(grant),
        number=number.text,
        identifier=_identifier(locked, number),
        level=grant.level.zh,
        name_of_title=grant.title.zh,
        decision_number=decision.number,
        lists={
            "items": [
                {"label": f"第{place}项", "text": duty.zh}
                for place, duty in enumerate(grant.obligations, 1)
            ],
            "term": _term(grant),
        },
        **facts,
        **_in_words(_term(grant)),
    )


def paper_of(grant: Grant) -> str:
    """The kind of paper that shows the title."""
    return {"pool_entry": "pool_notice", "certificate": "certificate"}[grant.kind]


def _history(locked: Case) -> dict[str, str]:
    item = locked.items.exclude(result="").select_related("meeting").order_by("-pk").first()
    entry = locked.entries.exclude(closed=None).select_related("notice").order_by("-pk").first()
    return {
        "meeting": item.meeting.title if item else "",
        "notice_from": papers.in_words(entry.notice.opens) if entry else "",
        "notice_to": papers.in_words(entry.notice.closes) if entry else "",
        "conditions": "、".join(locked.weighed["conditions"]),
    }


def _term(grant: Grant) -> dict[str, str]:
    """First and last day of the title, and the first day the next procedure may begin, as ISO."""
    today = clock.today()
    last = calendar.months_after(today, 12 * grant.term_years) - DAY if grant.term_years else None
    following = (
        calendar.months_after(today, 12 * grant.earliest_next) if grant.earliest_next else None
    )
    days = {"valid_from": today, "valid_to": last, "earliest": following}
    return {key: day.isoformat() if day else "" for key, day in days.items()}


def _in_words(term: dict[str, str]) -> dict[str, Any]:
    words = {
        key: papers.in_words(date.fromisoformat(day)) if day else "" for key, day in term.items()
    }
    return {
        "valid_from": words["valid_from"],
        "valid_to": words["valid_to"],
        "granted_on": words["valid_from"],
        "entered_on": words["valid_from"],
        "earliest_on": words["earliest"],
    }


def _identifier(locked: Case, number: Number) -> str:
    serial = f"{clock.today().year}{number.serial:07d}"
    return codes.certificate_identifier(
        locked.procedure.grant.type_code, locked.rules.issuer.uscc, serial, 1
    )


# --- the job's end ------------------------------------------------------------------------------
@jobs.handler("issue_document", work=papers.make)
def issue(job: Job, made: Mapping[str, str]) -> None:
    """Register a made paper; the last paper of a decision ends the case."""
    document = papers.register(job, made)
    with lawfully(document.case) as locked:
        if locked.state != State.SIGNING or locked.decision.sealed is None:
            return
        if locked.documents.filter(state=Document.State.REQUESTED).exists():
            return
        _finish(locked)


def _finish(locked: Case) -> None:
    decision = locked.decision
    locked.outcome, locked.decided = decision.outcome, clock.now()
    if decision.grants:
        locked.grant()
        title = _register_title(locked)
        audit.record(locked, "granted", by=None, outcome=decision.outcome, title=title.number)
    else:
        locked.refuse()
        audit.record(locked, "refused", by=None, outcome=decision.outcome)
    release(locked, "issuing")
    jobs.enqueue("timer", case=locked, key=f"deliver:{locked.pk}", payload={"verb": "deliver"})


def _register_title(locked: Case) -> Certificate:
    grant = locked.procedure.grant
    document = locked.documents.get(kind=paper_of(grant), state=Document.State.ISSUED)
    facts = papers.facts(document)
    term = facts["term"]
    return Certificate.objects.create(
        holder=locked.applicant,
        holder_name=locked.applicant.name,
        programme_key=locked.programme_key,
        kind=grant.kind,
        title=str(grant.title),
        level=str(grant.level),
        number=document.number,
        identifier=facts["identifier"],
        valid_from=term["valid_from"],
        valid_to=term["valid_to"] or None,
        facts={"earliest_next": term["earliest"]},
        case=locked,
        document=document,
        registered=clock.now(),
    )


# --- delivery -----------------------------------------------------------------------------------
@verb
def deliver(case: Case) -> None:
    """Hand the issued papers to the applicant's account and tell its people; for the timer."""
    with lawfully(case) as locked:
        if locked.is_open:
            raise PaperNotReady
        decision = locked.decision
        if decision.delivered is not None:
            raise StageClosed
        decision.delivered = clock.now()
        decision.save(update_fields=["delivered"])
        event = audit.record(locked, "delivered", by=None, number=decision.number)
    release(locked, "delivery")
    messages.tell(locked, "decided", event=event, number=decision.number)


@verb
def acknowledge(case: Case, *, by: User) -> None:
    """The applicant's signer confirms receipt (送达回证)."""
    with lawfully(case) as locked:
        acts_for(by, locked)
        decision = getattr(locked, "decision", None)
        if decision is None or decision.delivered is None:
            raise PaperNotReady
        if decision.acknowledged is None:
            decision.acknowledged = clock.now()
            decision.save(update_fields=["acknowledged"])
            audit.record(locked, "receipt_confirmed", by=by, number=decision.number)


@verb
def hold(case: Case, *, reason: str, by: User) -> None:
    """A new integrity finding before sealing sends the case back to the proposal (X47)."""
    if not reason.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        entitled(by, "issuer", "seal_keeper")
        decision = _unsealed(locked)
        node = "sealing" if decision.signed else "signing"
        decision.signed = decision.signed_by = None
        decision.save(update_fields=["signed", "signed_by"])
        locked.hold_for_integrity()
        audit.record(locked, "held", by=by, reason=reason)
    release(locked, node, by=by)
