"""Putting a group in order: freezing, marks, places, money, ties and smaller amounts.

Domain 2.2.6, 2.3.4 steps 6 and 7, 2.4.6. Whatever changes afterwards, the whole group is put in
order again: a new revision, never a corrected row, and each revision needs a second signature.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import QuerySet

from workflows import audit, clock
from workflows.errors import (
    AlreadyFrozen,
    GroupNotReady,
    GroupTooSmall,
    MeetingUnknown,
    NotEntitled,
    NotYetDue,
    OrderIncomplete,
    RankingMissing,
    ReasonMissing,
    StageClosed,
)
from workflows.models import Case, Meeting, Ranking, Round, Standing, User, rows
from workflows.models.case import State
from workflows.stages import following, messages, ordering, standings
from workflows.stages.law import acts_for, entitled, verb
from workflows.stages.ordering import Order
from workflows.stages.standings import Group, Status
from workflows.stages.together import lawfully_all, release_all
from workflows.working_days import calendar

CHAIN = "rankings"
NAMED = 20  # how many cases a refusal names


@verb
def rank(round_: Round, *, procedure_key: str, group: str, by: User) -> Ranking:
    """Freeze the data of a group and put its cases in order; they go on (2.3.4, steps 6 and 7).

    Raises ``GroupNotReady`` naming the cases that are still checked, ``GroupTooSmall`` below the
    edition's minimum (X56), and ``AlreadyFrozen`` once the group was ranked. The second signature
    is ``approve``.
    """
    entitled(by, "case_officer")
    return _rank(Group(round_, procedure_key, group), None, by=by)


@verb
def rerank(round_: Round, *, procedure_key: str, group: str, reason: str, by: User) -> Ranking:
    """Put the whole group in order again after a correction, a withdrawal or a removal (3.3).

    Published entries whose facts changed are published again for a full period (0.12); a case that
    lost its place goes back to the proposal.
    """
    entitled(by, "case_officer")
    if not reason.strip():
        raise ReasonMissing
    found = Group(round_, procedure_key, group)
    former = found.newest
    if former is None:
        raise RankingMissing
    return _rank(found, former, by=by, reason=reason)


@verb
def break_tie(ranking: Ranking, *, order: Sequence[str], meeting: str, by: User) -> Ranking:
    """Order equal cases at the cut as the joint conference did in ``meeting`` (X31).

    ``order`` holds the references of all of them, best first. Raises ``OrderIncomplete`` and
    ``MeetingUnknown``; ``StageClosed`` when the ranking is not the newest or nothing is tied.
    """
    entitled(by, "case_officer")
    found = _newest(ranking)
    tied = ranking.standings.filter(status=Status.TIED).order_by("place", "case")
    known = list(tied.values_list("case__reference", flat=True))
    if not known:
        raise StageClosed
    if sorted(order) != sorted(known):
        raise OrderIncomplete(cases=_named(known))
    if not Meeting.objects.filter(number=meeting).exists():
        raise MeetingUnknown(number=meeting)
    settled = [each for each in ranking.order if each not in order]
    return _rank(
        found,
        ranking,
        by=by,
        reason=f"{meeting}: {' > '.join(order)}",
        put=[*settled, *order],
        meeting=meeting,
    )


@verb
def approve(ranking: Ranking, *, by: User) -> None:
    """Countersign the newest ranking: the head of the office, or finance where money is given.

    From then on cases may be proposed, applicants see their place, and whoever is offered a smaller
    amount is asked. Nobody countersigns their own ranking.
    """
    found = _newest(ranking)
    entitled(by, countersigner(found))
    if ranking.by_id == by.pk:
        raise NotEntitled
    signed = Ranking.objects.filter(pk=ranking.pk, approved=None)
    if not signed.update(approved=clock.now(), approved_by=by):
        raise StageClosed
    facts = {"round": found.round.key, "procedure": found.procedure_key, "group": found.code}
    audit.record_system(
        CHAIN,
        "ranking_approved",
        by=by,
        revision=ranking.revision,
        digest=ranking.digest,
        **facts,
    )
    _ask(ranking, by)


def countersigner(group: Group) -> str:
    """The role whose signature a ranking needs beside the case officer's."""
    return "finance" if group.procedure.funding else "leader"


def _ask(ranking: Ranking, by: User) -> None:
    """Everybody who may have a smaller amount is told of it, and until when to answer."""
    amounts = dict(offered(ranking).values_list("case", "amount"))
    with lawfully_all(Case.objects.filter(pk__in=list(amounts))) as held:
        for each in held:
            amount = str(amounts[each.pk])
            due = _offer_ends(each, clock.today()).isoformat()
            event = audit.record(each, "amount_offered", by=by, amount=amount, due=due)
            messages.tell(each, "amount_offered", event=event, amount=amount, due=due)


def offered(ranking: Ranking) -> QuerySet[Standing]:
    """The places that hold a smaller amount nobody has answered."""
    found: QuerySet[Standing] = ranking.standings.filter(status=Status.OFFERED, answered=None)
    return found


def offer_ends(standing: Standing) -> date | None:
    """The last day to answer a smaller amount; None before the ranking is countersigned."""
    asked = standing.ranking.approved
    if asked is None:
        return None
    return _offer_ends(standing.case, clock.local(asked).date())


def _offer_ends(case: Case, asked: date) -> date:
    assert case.procedure.funding is not None, "only money is offered"
    return calendar().add(asked, case.procedure.funding.offer_days).day


@verb
def answer_offer(standing: Standing, *, accepted: bool, by: User, signed_with: str = "") -> Ranking:
    """The applicant's signer takes the smaller amount or waits; the line is allotted again (2.4.6).

    Raises ``StageClosed`` unless the offer stands in the newest ranking, is signed and unanswered.
    """
    acts_for(by, standing.case, signing=True)
    return _answered(standing, "offer_answered", accepted=accepted, by=by, signed_with=signed_with)


@verb
def lapse_offer(standing: Standing, *, by: User) -> Ranking:
    """No answer came in time: the project waits for more, and the line goes on (domain 2.4.6).

    Raises ``NotYetDue`` on the last day still, and ``StageClosed`` as ``answer_offer`` does.
    """
    entitled(by, "case_officer")
    last = offer_ends(standing)
    if last is not None and clock.now() <= clock.end_of(last):
        raise NotYetDue(not_before=clock.end_of(last))
    return _answered(standing, "offer_lapsed", accepted=False, by=by)


def _answered(standing: Standing, kind: str, *, accepted: bool, by: User, **facts: str) -> Ranking:
    found = _newest(standing.ranking)
    if standing.ranking.approved is None:
        raise StageClosed
    waiting = offered(standing.ranking).filter(pk=standing.pk)
    with lawfully_all(found.cases) as held:
        if not waiting.update(accepted=accepted, answered=clock.now()):
            raise StageClosed
        (case,) = (each for each in held if each.pk == standing.case_id)
        audit.record(case, kind, by=by, accepted=accepted, amount=str(standing.amount), **facts)
    said = f"{standing.case.reference}: {'+' if accepted else '-'}"
    return _rank(found, standing.ranking, by=by, reason=said)


# --- the one way to rank --------------------------------------------------------------------------
def _newest(ranking: Ranking) -> Group:
    """The group of ``ranking``; ``StageClosed`` when it has been ranked again since."""
    found = Group(ranking.round, ranking.procedure_key, ranking.group)
    if found.newest != ranking:
        raise StageClosed
    return found


def _rank(
    group: Group,
    former: Ranking | None,
    *,
    by: User,
    reason: str = "",
    put: Sequence[str] | None = None,
    meeting: str = "",
) -> Ranking:
    """Lock the group, weigh it, write the revision and what it means for every case.

    Whoever ranks it must have seen the ``former`` revision: of two at once, one is refused.
    """
    with lawfully_all(group.cases) as held:
        if group.newest != former:
            raise StageClosed if former else AlreadyFrozen
        waiting = group.nodes()
        cases = _participants(group, former, held, waiting)
        order = ordering.ordered(group, cases, former, put)
        ranking, places = _write(group, order, former, by=by, reason=reason, meeting=meeting)
        audit.record_system(CHAIN, "ranked", by=by, **_told(group, ranking, len(places)))
        moved = following.follow(group, ranking, places, former, cases, waiting, by=by)
    going = [each for each in cases if each.state != State.SUSPENDED]
    for node in standings.NODES:
        release_all([each for each in going if waiting.get(each.pk) == node], node, by=by)
    following.begin_again(moved)
    return ranking


def _participants(
    group: Group, former: Ranking | None, held: Sequence[Case], waiting: Mapping[int, str]
) -> list[Case]:
    """Who is put in order: whoever waits, and whoever was and has not left."""
    if early := list(group.unready.order_by("reference").values_list("reference", flat=True)):
        raise GroupNotReady(cases=_named(early))
    keys = set(waiting)
    if former is not None:
        placed = former.standings.exclude(case__in=standings.gone(former))
        keys |= set(placed.values_list("case", flat=True))
    cases = [each for each in held if each.pk in keys]
    least = group.selection.minimum if former is None else 1
    if len(cases) < least:
        raise GroupTooSmall(size=len(cases), least=least)
    return cases


def _write(
    group: Group, order: Order, former: Ranking | None, *, by: User, reason: str, meeting: str
) -> tuple[Ranking, list[Standing]]:
    ranking = Ranking.objects.create(
        round=group.round,
        procedure_key=group.procedure_key,
        group=group.code,
        revision=former.revision + 1 if former else 1,
        rules=order.rules,
        digest=order.digest,
        reason=reason,
        order=order.put,
        meeting=meeting or (former.meeting if former and order.put else ""),
        made=clock.now(),
        by=by,
    )
    places = [
        Standing(
            ranking=ranking,
            case_id=each.key,
            place=each.place,
            mark=order.marks[each.key],
            parts=order.parts[each.key],
            status=each.status,
            amount=each.amount,
            **(order.said.get(each.key, {}) if each.status != "offered" else {}),
        )
        for each in order.places
    ]
    rows.insert_long(places)
    return ranking, places


def _told(group: Group, ranking: Ranking, participants: int) -> dict[str, Any]:
    return {
        "round": group.round.key,
        "procedure": group.procedure_key,
        "group": group.code,
        "revision": ranking.revision,
        "digest": ranking.digest,
        "participants": participants,
        "rules": ranking.rules,
        "reason": ranking.reason,
        "order": ranking.order,
        "meeting": ranking.meeting,
    }


def _named(references: Sequence[str]) -> str:
    """A few of many references, as a refusal says them."""
    words = ", ".join(references[:NAMED])
    return words if len(references) <= NAMED else f"{words} …"
