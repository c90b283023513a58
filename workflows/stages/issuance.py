"""Signing, sealing, issuing and delivering the decision (domain 0.13, 2.1.7)."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Subquery

from forms.schema import Text
from workflows import audit, calendar, clock, jobs
from workflows.documents import codes
from workflows.errors import PaperNotReady, ReasonMissing, StageClosed
from workflows.models import Case, Certificate, Decision, Document, Job, Number, Task, User
from workflows.models.case import State
from workflows.procedure import RESULT, Grant
from workflows.stages import (
    award,
    deadlines,
    defences,
    delivery,
    marks,
    messages,
    numbers,
    papers,
    renewals,
    supplements,
    task_book,
)
from workflows.stages.law import acts_for, entitled, lawfully, release, separate, verb

AGAINST = {  # the letter that tells of an outcome without a title
    "continue_cultivation": "decision_continued",
    "registered": "decision_registered",
}


@verb
def sign(case: Case, *, by: User) -> Decision:
    """The issuer signs the decision; it still needs the seal.

    A refusal is signed once the applicant was heard: raises what ``defences.require_heard`` does.
    Where the applicant's licence has ended it is asked for the renewed one at once (X4).
    """
    with lawfully(case) as locked:
        entitled(by, "issuer")
        separate(locked, "sign", by)
        decision = _unsealed(locked)
        if decision.signed is not None:
            raise StageClosed
        defences.require_heard(locked)
        decision.signed, decision.signed_by = clock.now(), by
        decision.save(update_fields=["signed", "signed_by"])
        audit.record(locked, "signed", by=by, duty="sign", outcome=decision.outcome)
        renewals.begin(locked, by=by)
    release(locked, "signing", by=by)
    return decision


def seal(case: Case, *, by: User) -> Decision:
    """The seal keeper applies the seal: numbers are given now, and the papers are asked for.

    A licence that has ended holds the seal until the renewed one is here (X4): the applicant is
    asked for it, which outlives the refusal ``SupplementWaiting``.
    """
    try:
        return _seal(case, by=by)
    except LicenceEnded:
        renewals.ask(case, by=by)
        return _seal(case, by=by)


class LicenceEnded(Exception):
    """The licence has ended, and nobody has asked for the renewed one yet."""


@verb
def _seal(case: Case, *, by: User) -> Decision:
    with lawfully(case) as locked:
        entitled(by, "seal_keeper")
        separate(locked, "seal", by)
        decision = _unsealed(locked)
        if decision.signed is None:
            raise StageClosed
        supplements.require_none(locked)
        if decision.grants and renewals.has_ended(locked):
            raise LicenceEnded
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
    marks.request(locked)
    facts = {"finding": decision.finding, "outcome": decision.outcome, **_history(locked)}
    if decision.grants:
        asked = _granting(locked, decision, number, facts)
    else:
        asked = [_refusing(locked, decision, facts)]
    issued = Counter(locked.documents.values_list("kind", flat=True))
    for paper in asked:
        paper.revision = issued[paper.kind] + 1  # a project called up again gets a further one
    papers.ask_for(*asked)


def _refusing(locked: Case, decision: Decision, facts: Mapping[str, Any]) -> Document:
    """The letter of a decision without a title."""
    return papers.drawn_up(
        locked,
        AGAINST.get(decision.outcome, "decision_refused"),
        number=decision.number,
        line=award.line(locked, locked.group),
        lists={"items": [*_reasons(decision), *defences.said(locked)]},
        **facts,
    )


def _granting(
    locked: Case, decision: Decision, number: Number, facts: Mapping[str, Any]
) -> list[Document]:
    """The letter of a decision that gives a title, and the paper that shows the title."""
    grant, term = locked.procedure.grant, _term(locked)
    lists, promised = _promised(locked)
    spoken: dict[str, Any] = {**facts, **promised, **_in_words(term)}
    letter = papers.drawn_up(locked, "decision_granted", number=decision.number, **facts)
    title = papers.drawn_up(
        locked,
        paper_of(grant),
        number=number.text,
        identifier=_identifier(locked, number),
        level=_level(locked).zh,
        name_of_title=grant.title.zh,
        decision_number=decision.number,
        lists={**lists, "term": term},
        **spoken,
    )
    return [letter, title]


def _reasons(decision: Decision) -> list[dict[str, str]]:
    return [{"label": "理由", "text": reason} for reason in decision.reasons]


def _promised(locked: Case) -> tuple[dict[str, Any], dict[str, str]]:
    """What the paper of a title lists, and what it says of money."""
    duties = [duty.zh for duty in locked.procedure.grant.obligations]
    if locked.procedure.funding is None:
        items = [{"label": f"第{place}项", "text": duty} for place, duty in enumerate(duties, 1)]
        return {"items": items}, {}
    agreed = award.terms(locked)
    lists = {**award.lists(agreed, duties), award.TERMS: agreed}
    return lists, award.places(locked, agreed)


def paper_of(grant: Grant) -> str:
    """The kind of paper that shows the title."""
    return RESULT[grant.kind]


def _level(locked: Case) -> Text:
    """The level the title has: the one applied for, where applicants choose."""
    grant = locked.procedure.grant
    if grant.level_from is None:
        return grant.level
    code = grant.level_from
    zh, en = (
        papers.answers(locked, [code], language=language)[code] for language in ("zh-hans", "en")
    )
    return Text(zh=zh, en=en)


def _registered(locked: Case) -> dict[str, Any]:
    """The answers the register keeps with the title, as stored."""
    given = {**locked.filed.answers, **locked.filed.derived}
    return {code: given[code] for code in locked.procedure.grant.registers if code in given}


def _history(locked: Case) -> dict[str, str]:
    """How the case came to its decision: the conference, the notice, the conditions met."""
    items = locked.items.exclude(result="").order_by("-pk")
    notices = locked.entries.exclude(closed=None).order_by("-pk")
    filed = locked.submissions.order_by("-number")
    title, opened, closed, weighed = Case.objects.values_list(
        Subquery(items.values("meeting__title")[:1]),
        Subquery(notices.values("notice__opens")[:1]),
        Subquery(notices.values("notice__closes")[:1]),
        Subquery(filed.values("assessment")[:1]),
    ).get(pk=locked.pk)
    return {
        "meeting": title or "",
        "notice_from": papers.in_words(opened) if opened else "",
        "notice_to": papers.in_words(closed) if closed else "",
        "conditions": "、".join(weighed["conditions"]),
    }


def _term(locked: Case) -> dict[str, str]:
    """First and last day of the title, and the first day the next procedure may begin, as ISO.

    Nothing runs beyond the date the edition names among the answers (X48).
    """
    grant, today = locked.procedure.grant, clock.today()
    ends = [calendar.last_day_of_term(today, grant.term_years)] if grant.term_years else []
    if grant.term_ends_with:
        ends.append(_end_named(locked, grant.term_ends_with))
    following = calendar.years_after(today, grant.earliest_next) if grant.earliest_next else None
    days = {"valid_from": today, "valid_to": min(ends, default=None), "earliest": following}
    return {key: day.isoformat() if day else "" for key, day in days.items()}


def _end_named(locked: Case, code: str) -> date:
    """The day an answer names; of a licence that was renewed since, its new one."""
    renewed = renewals.last_day(locked) if code == renewals.LICENCE else None
    return renewed or date.fromisoformat(locked.filed.answers[code])


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
    """Register a made paper; the last paper of a decision ends the case, or opens the task book."""
    document = papers.register(job, made)
    with lawfully(document.case) as locked:
        if locked.state != State.SIGNING or locked.decision.sealed is None:
            return
        if locked.documents.filter(state=Document.State.REQUESTED).exists():
            return
        _go_on(locked)


def _go_on(locked: Case) -> None:
    """Every paper asked for is there: what the case waits for tells what comes next."""
    waiting = Task.objects.filter(case=locked, node__in=("issuing", "binding"), finished=None)
    node = waiting.values_list("node", flat=True).first()
    if node == "issuing" and locked.decision.grants and locked.procedure.task_book:
        task_book.begin(locked)
    elif node:
        _finish(locked, node)


def _finish(locked: Case, node: str) -> None:
    decision = locked.decision
    locked.outcome, locked.decided = decision.outcome, clock.now()
    if decision.grants:
        _grant(locked)
    elif decision.outcome == "registered":
        locked.register()
        deadlines.pause(locked, "register")
        audit.record(locked, "registered", by=None, outcome=decision.outcome)
    else:
        locked.refuse()
        audit.record(locked, "refused", by=None, outcome=decision.outcome)
    release(locked, node)
    key = f"deliver:{locked.pk}:{decision.number}"
    jobs.enqueue("timer", case=locked, key=key, payload={"verb": "deliver"})


def _grant(locked: Case) -> None:
    locked.grant()
    title = _register_title(locked)
    if locked.procedure.funding:
        kind = task_book.NODE if locked.procedure.task_book else paper_of(locked.procedure.grant)
        award.make(locked, locked.documents.get(kind=kind, state=Document.State.ISSUED))
    audit.record(locked, "granted", by=None, outcome=locked.decision.outcome, title=title.number)


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
        title=grant.title.zh,
        title_en=grant.title.en,
        level=facts["level"],
        level_en=_level(locked).en,
        number=document.number,
        identifier=facts["identifier"],
        valid_from=term["valid_from"],
        valid_to=term["valid_to"] or None,
        facts={"earliest_next": term["earliest"], "answers": _registered(locked)},
        case=locked,
        document=document,
        registered=clock.now(),
    )


# --- delivery -----------------------------------------------------------------------------------
@verb
def deliver(case: Case) -> None:
    """Hand the issued papers to the applicant's account and tell its people; for the timer.

    A decision that was handed over before its task book was signed is only told of.
    """
    with lawfully(case) as locked:
        if locked.is_open:
            raise PaperNotReady
        decision = locked.decision
        if decision.delivered is None:
            event = delivery.hand_over(locked)
        else:
            event = audit.record(locked, "task_book_delivered", by=None, number=decision.number)
    release(locked, "delivery")
    messages.tell(locked, "decided", event=event, number=decision.number)


@verb
def acknowledge(case: Case, *, by: User, signed_with: str = "") -> None:
    """The applicant's signer confirms receipt (送达回证)."""
    with lawfully(case) as locked:
        acts_for(by, locked, signing=True)
        decision = getattr(locked, "decision", None)
        if decision is None or decision.delivered is None:
            raise PaperNotReady
        if decision.acknowledged is None:
            decision.acknowledged = clock.now()
            decision.save(update_fields=["acknowledged"])
            audit.record(
                locked,
                "receipt_confirmed",
                by=by,
                number=decision.number,
                signed_with=signed_with,
            )


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
        defences.recall(locked)
        renewals.recall(locked)
        audit.record(locked, "held", by=by, reason=reason)
    release(locked, node, by=by)
