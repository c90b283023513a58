"""Public notice, objections, and the end of the notice (domain 0.12)."""

from collections.abc import Sequence

from workflows import audit, clock
from workflows.errors import (
    GroupUnsettled,
    NotYetDue,
    ObjectionIncomplete,
    ObjectionLate,
    ReasonMissing,
    StageClosed,
)
from workflows.models import Case, NoticeEntry, Objection, PublicNotice, User
from workflows.models.case import State
from workflows.stages import deadlines, grounds, messages, notices
from workflows.stages.law import entitled, lawfully, release, verb, wait_again

ANSWERS = (
    Objection.Result.INADMISSIBLE,
    Objection.Result.NOT_UPHELD,
    Objection.Result.UPHELD,
)  # what the office may say of an objection


@verb
def publish(cases: Sequence[Case], *, by: User) -> PublicNotice:
    """Publish one list of ``cases`` of one procedure; the publication day counts.

    Every case must have passed the conference and not be on a running notice (``StageClosed``);
    a list beyond the budget of its line is refused (``BudgetExceeded``, X33), and so is one that
    rests on a ranking that is unsigned or no longer holds (``RankingUnsigned``, ``RankingStale``).
    """
    entitled(by, "case_officer")
    if not cases:
        raise ValueError("a list names at least one case")
    first = cases[0]
    grounds.fit(cases)
    notice = notices.opened(first, by)
    for position, case in enumerate(sorted(cases, key=lambda each: each.pk), 1):
        if case.procedure_key != first.procedure_key or case.edition_id != first.edition_id:
            raise StageClosed
        _enter(notice, position, case, by)
    return notice


def _enter(notice: PublicNotice, position: int, case: Case, by: User) -> None:
    with lawfully(case) as locked:
        if (
            locked.state != State.NOTICE
            or locked.entries.filter(closed=None, removed=None).exists()
        ):
            raise StageClosed
        notices.enter(notice, position, locked, by)
    release(locked, "publication", by=by)


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

    Called by the timer; raises ``NotYetDue`` before the last day has ended, and ``GroupUnsettled``
    while the group has to be ranked again, which may change what the list says.
    """
    with lawfully(case) as locked:
        if locked.state != State.NOTICE:
            raise StageClosed
        entry = running_entry(locked)
        if clock.now() < clock.end_of(entry.notice.closes):
            raise NotYetDue(not_before=clock.end_of(entry.notice.closes))
        if notices.is_unsettled(locked):
            raise GroupUnsettled(not_before=clock.end_of(clock.today()))
        if lost := notices.has_lost(locked):  # while it was suspended
            take_off(locked)
            locked.reconsider()
        else:
            _close(locked, entry)
        event = audit.record(
            locked, "notice_closed", by=None, notice=entry.notice.slug, objections=0
        )
    if lost:
        wait_again(locked, "proposal")
        return
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
    author stays secret from the applicant. The list stays public while the case is suspended: it
    then resumes as one that is objected to.
    """
    if not (objector.strip() and contact_name.strip() and phone.strip() and facts.strip()):
        raise ObjectionIncomplete
    with lawfully(entry.case) as locked:
        notice = entry.notice
        if clock.now() > clock.end_of(notice.closes):
            raise ObjectionLate(closes=notice.closes.isoformat())
        if locked.stands not in (State.NOTICE, State.OBJECTION) or running_entry(locked) != entry:
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
        elif locked.state == State.SUSPENDED:
            locked.former_state = State.OBJECTION
        event = audit.record(locked, "objected", by=None, objection=objection.number)
    if held:
        release(locked, "notice")
    messages.tell(locked, "objected", event=event)
    due, officers = objection.due.isoformat(), "group:case_officer"
    messages.tell(locked, "objection_filed", event=event, audience=officers, due=due)
    return objection


@verb
def answer_objection(
    objection: Objection, *, result: str, answer: str, by: User, effect: str = ""
) -> None:
    """Answer an objection in writing; upheld, the entry is removed or weighed again.

    ``result`` is ``inadmissible``, ``not_upheld`` or ``upheld``; ``effect`` of an upheld one is
    ``remove`` or ``evaluate`` (``ValueError``) and settles the others with it. Otherwise the entry
    stays held while another objection is open.
    """
    if not answer.strip():
        raise ReasonMissing
    if (result == Objection.Result.UPHELD) != (effect in ("remove", "evaluate")):
        raise ValueError(f"an objection {result} has no effect “{effect}”")
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
        settled = []
        if result == Objection.Result.UPHELD:
            settled = _follow(locked, effect, by)
        elif not waiting:
            _let_go(locked, entry, by)
        event = audit.record(
            locked,
            "objection_answered",
            by=by,
            objection=objection.number,
            result=result,
            answer=answer,
            effect=effect,
            settled=settled,
        )
    if moves:
        release(locked, "objection", by=by)
    messages.tell(locked, "objection_answered", event=event)


def _let_go(locked: Case, entry: NoticeEntry, by: User) -> None:
    """The entry is free again; a new ranking made meanwhile has its effect now."""
    deadlines.unpause(locked)
    if notices.has_lost(locked):
        take_off(locked)
        locked.reconsider()
    elif notices.has_changed(locked, entry):
        locked.resume_notice()
        notices.publish_again([locked], by)
    elif clock.now() > clock.end_of(entry.notice.closes) and not notices.is_unsettled(locked):
        _close(locked, entry)
    else:
        locked.resume_notice()
        deadlines.watch(locked, "close_notice", entry.notice.closes, key=clock.now().isoformat())


def _follow(locked: Case, effect: str, by: User) -> list[str]:
    """Take the entry off its list; give the numbers of the objections settled with this one."""
    settled = take_off(locked, by=by)
    deadlines.unpause(locked)
    if effect == "evaluate":
        locked.evaluate_again()
        locked.evaluation_round += 1
        deadlines.pause(locked, "evaluation")
    else:
        locked.reconsider()
    return settled


def take_off(locked: Case, *, by: User | None = None) -> list[str]:
    """The case leaves the list it stands on; the rest of the list goes on.

    Objections to it that are still open are settled thereby; give their numbers.
    """
    left = locked.entries.filter(closed=None, removed=None)
    waiting = Objection.objects.filter(entry__in=left, result=Objection.Result.OPEN)
    settled = list(waiting.order_by("pk").values_list("number", flat=True))
    if settled:
        waiting.update(result=Objection.Result.SETTLED, answered=clock.now(), answered_by=by)
    left.update(removed=clock.now())
    return settled


def open_objections(case: Case) -> list[Objection]:
    """Objections to the case's running entry that wait for an answer."""
    return list(Objection.objects.filter(entry__case=case, result=Objection.Result.OPEN))
