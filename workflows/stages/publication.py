"""Public notice, objections, and the end of the notice (domain 0.12)."""

from collections.abc import Sequence

from workflows import audit, clock
from workflows.errors import (
    NotEntitled,
    NotYetDue,
    ObjectionIncomplete,
    ObjectionLate,
    ReasonMissing,
    StageClosed,
)
from workflows.models import Case, Item, NoticeEntry, Objection, PublicNotice, User
from workflows.models.case import State
from workflows.stages import deadlines, messages, numbers, papers
from workflows.stages.law import entitled, lawfully, release, verb
from workflows.working_days import calendar


@verb
def publish(cases: Sequence[Case], *, by: User) -> PublicNotice:
    """Publish one list of ``cases`` of one procedure; the publication day counts.

    Every case must have passed the conference and not be on a running notice (``StageClosed``).
    """
    entitled(by, "case_officer")
    first = cases[0]
    passed = first.items.filter(result=Item.Result.PASSED).select_related("meeting")
    item = passed.order_by("-pk").first()
    if item is None:
        raise StageClosed
    rules = first.procedure.notice
    last = calendar().notice_end(clock.today(), rules.days, rules.unit, rules.counts_first_day)
    words = {
        "procedure": first.procedure.title.zh,
        "office": first.rules.issuer.name.zh,
        "issuer": first.rules.issuer.name.zh,
        "notice_from": papers.in_words(clock.today()),
        "notice_to": papers.in_words(last.day),
        "days": rules.days,
        "meeting": item.meeting.title,
    }
    notice = PublicNotice.objects.create(
        slug=_slug(),
        programme_key=first.programme_key,
        title=rules.title.zh.format_map(words),
        body=rules.body.zh.format_map(words),
        opens=clock.today(),
        closes=last.day,
        days=rules.days,
        unit=rules.unit,
        provisional=last.provisional,
        published=clock.now(),
        by=by,
    )
    for position, case in enumerate(sorted(cases, key=lambda each: each.pk), 1):
        if case.procedure_key != first.procedure_key or case.edition_id != first.edition_id:
            raise StageClosed
        _enter(notice, position, case, by)
    return notice


def _slug() -> str:
    year = clock.today().year
    (series,) = numbers.advance(f"notice:{year}")
    return f"{year}-{series.last:03d}"


def _enter(notice: PublicNotice, position: int, case: Case, by: User) -> None:
    with lawfully(case) as locked:
        if (
            locked.state != State.NOTICE
            or locked.entries.filter(closed=None, removed=None).exists()
        ):
            raise StageClosed
        NoticeEntry.objects.create(
            notice=notice, case=locked, position=position, facts=_facts(locked)
        )
        event = audit.record(
            locked,
            "notice_opened",
            by=by,
            notice=notice.slug,
            opens=notice.opens.isoformat(),
            closes=notice.closes.isoformat(),
        )
    release(locked, "publication", by=by)
    deadlines.watch(locked, "close_notice", notice.closes, key=notice.slug)
    messages.tell(locked, "notice_opened", event=event, closes=notice.closes.isoformat())


def _facts(locked: Case) -> dict[str, str]:
    """What the public reads of the case: the answers the edition publishes, and the outcome."""
    answers = locked.filed.answers
    facts = {code: str(answers[code]) for code in locked.procedure.notice.publishes}
    return {**facts, "name": locked.applicant.name, "outcome": locked.decision.outcome}


def running_entry(case: Case) -> NoticeEntry:
    """The case's entry on a notice that has not closed; ``StageClosed`` when there is none."""
    entry = (
        case.entries.filter(closed=None, removed=None)
        .select_related("notice")
        .order_by("-pk")
        .first()
    )
    if entry is None:
        raise StageClosed
    return entry


@verb
def close_notice(case: Case) -> None:
    """The notice ran its full days without an open objection: the decision may be signed.

    Called by the timer; raises ``NotYetDue`` before the last day has ended.
    """
    with lawfully(case) as locked:
        if locked.state != State.NOTICE:
            raise StageClosed
        entry = running_entry(locked)
        if clock.now() < clock.end_of(entry.notice.closes):
            raise NotYetDue(not_before=clock.end_of(entry.notice.closes))
        _close(locked, entry)
        event = audit.record(
            locked, "notice_closed", by=None, notice=entry.notice.slug, objections=0
        )
    release(locked, "notice")
    messages.tell(locked, "notice_closed", event=event)


def _close(locked: Case, entry: NoticeEntry) -> None:
    entry.closed = clock.now()
    entry.save(update_fields=["closed"])
    locked.close_notice()


# --- objections ---------------------------------------------------------------------------------
@verb
def file_objection(
    entry: NoticeEntry,
    *,
    objector: str,
    contact_name: str,
    phone: str,
    is_unit: bool,
    facts: str,
    evidence: Sequence[dict[str, str]] = (),
) -> Objection:
    """Anyone objects to one published entry, in time and under a real name; it is held.

    Raises ``ObjectionLate`` after the last day, ``ObjectionIncomplete`` without a name, a way to
    reach the objector, or facts, and ``StageClosed`` for an entry that has left its list. The
    author stays secret from the applicant.
    """
    if not (objector.strip() and contact_name.strip() and phone.strip() and facts.strip()):
        raise ObjectionIncomplete
    with lawfully(entry.case) as locked:
        notice = entry.notice
        if clock.now() > clock.end_of(notice.closes):
            raise ObjectionLate(closes=notice.closes.isoformat())
        if locked.state not in (State.NOTICE, State.OBJECTION) or running_entry(locked) != entry:
            raise StageClosed
        objection = Objection.objects.create(
            entry=entry,
            number=f"YY-{notice.slug}-{entry.position}-{entry.objections.count() + 1}",
            objector=objector,
            contact_name=contact_name,
            phone=phone,
            is_unit=is_unit,
            facts=facts,
            evidence=list(evidence),
            received=clock.now(),
            due=deadlines.due(locked, "objection").day,
        )
        held = locked.state == State.NOTICE
        if held:
            locked.object()
            deadlines.pause(locked, "objection")
        event = audit.record(locked, "objected", by=None, objection=objection.number)
    if held:
        release(locked, "notice")
    messages.tell(locked, "objected", event=event)
    return objection


@verb
def answer_objection(
    objection: Objection, *, result: str, answer: str, by: User, effect: str = ""
) -> None:
    """Answer an objection in writing; upheld, the entry is removed or weighed again.

    ``result`` is ``inadmissible``, ``not_upheld`` or ``upheld``; ``effect`` of an upheld one is
    ``remove`` or ``evaluate``. The entry stays held while another objection is open.
    """
    if not answer.strip():
        raise ReasonMissing
    with lawfully(objection.entry.case) as locked:
        entitled(by, "case_officer")
        if locked.state != State.OBJECTION:
            raise StageClosed
        changed = Objection.objects.filter(pk=objection.pk, result=Objection.Result.OPEN).update(
            result=result, answer=answer, answered=clock.now(), answered_by=by
        )
        if not changed:
            raise StageClosed
        entry = running_entry(locked)
        waiting = entry.objections.filter(result=Objection.Result.OPEN).exists()
        moves = result == Objection.Result.UPHELD or not waiting
        if result == Objection.Result.UPHELD:
            _follow(locked, entry, effect)
        elif not waiting:
            _let_go(locked, entry)
        event = audit.record(
            locked,
            "objection_answered",
            by=by,
            objection=objection.number,
            result=result,
            answer=answer,
            effect=effect,
        )
    if moves:
        release(locked, "objection", by=by)
    messages.tell(locked, "objection_answered", event=event)


def _let_go(locked: Case, entry: NoticeEntry) -> None:
    deadlines.unpause(locked)
    if clock.now() > clock.end_of(entry.notice.closes):
        _close(locked, entry)
    else:
        locked.resume_notice()
        deadlines.watch(locked, "close_notice", entry.notice.closes, key=clock.now().isoformat())


def _follow(locked: Case, entry: NoticeEntry, effect: str) -> None:
    if effect not in ("remove", "evaluate"):
        raise NotEntitled
    take_off(locked)
    entry.objections.filter(result=Objection.Result.OPEN).update(
        result=Objection.Result.UPHELD, answered=clock.now()
    )
    deadlines.unpause(locked)
    if effect == "evaluate":
        locked.evaluate_again()
        locked.evaluation_round += 1
        deadlines.pause(locked, "evaluation")
    else:
        locked.reconsider()


def take_off(locked: Case) -> None:
    """The case leaves the list it stands on; the rest of the list goes on."""
    locked.entries.filter(closed=None, removed=None).update(removed=clock.now())


def open_objections(case: Case) -> list[Objection]:
    """Objections to the case's running entry that wait for an answer."""
    return list(Objection.objects.filter(entry__case=case, result=Objection.Result.OPEN))
