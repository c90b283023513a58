"""Proposal and collective decision by the joint conference (domain 0.11)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from workflows import audit, clock, rubric
from workflows.errors import (
    DeferredTwice,
    MeetingClosed,
    MeetingNumberTaken,
    NoQuorum,
    NotEntitled,
    OutcomeClosed,
    ProposerMayNotEndorse,
    RankingStale,
    ReasonMissing,
    StageClosed,
    TabledAlready,
    VotesMissing,
    WrittenRoundNotAllowed,
)
from workflows.models import Ballot, Case, Decision, Item, Meeting, MeetingMember, User
from workflows.models.case import State
from workflows.stages import defences, grounds, messages, outcome, supplements
from workflows.stages.law import entitled, lawfully, release, separate, verb

PROPOSAL = [  # what a new proposal takes the place of
    "outcome", "grants", "finding", "reasons", "proposed", "proposed_by", "approved", "approved_by",
]  # fmt: skip


@verb
def propose(
    case: Case,
    *,
    outcome_: str,
    finding: str,
    reasons: Sequence[str],
    by: User,
    amount: Decimal | None = None,
) -> None:
    """The case officer proposes an outcome; a refusal needs reasons (行政许可法 38).

    Of a funded procedure ``amount`` is proposed in 万元, at most what the place in the ranking
    carries; without it just that. Raises ``OutcomeClosed`` for an outcome that is not
    ``outcome.possible``, and what ``grounds.check`` raises.
    """
    with lawfully(case) as locked:
        entitled(by, "case_officer")
        if locked.state != State.PROPOSAL:
            raise StageClosed
        supplements.require_none(locked)
        if outcome_ not in outcome.possible(locked):
            raise OutcomeClosed
        grants = outcome.grants(locked, outcome_)
        reasons = [reason for reason in reasons if reason.strip()]
        if not grants and not reasons:
            raise ReasonMissing
        locked.amount = grounds.check(locked, outcome_, amount)
        proposal = Decision(
            case=locked,
            outcome=outcome_,
            grants=grants,
            finding=finding,
            reasons=reasons,
            proposed=clock.now(),
            proposed_by=by,
        )
        Decision.objects.bulk_create(
            [proposal], update_conflicts=True, unique_fields=["case"], update_fields=PROPOSAL
        )
        money = {} if locked.amount is None else {"amount": str(locked.amount)}
        audit.record(
            locked, "proposed", by=by, outcome=outcome_, finding=finding, reasons=reasons, **money
        )
    release(locked, "proposal", by=by)


@verb
def endorse(case: Case, *, by: User) -> None:
    """The head of the office signs the proposal; it may now be put on an agenda."""
    with lawfully(case) as locked:
        entitled(by, "leader")
        separate(locked, "approve", by)
        decision = _proposal(locked)
        if decision.proposed_by_id == by.pk:
            raise ProposerMayNotEndorse
        decision.approved, decision.approved_by = clock.now(), by
        decision.save(update_fields=["approved", "approved_by"])
        audit.record(locked, "endorsed", by=by, duty="approve", outcome=decision.outcome)
    release(locked, "endorsement", by=by)


def _proposal(locked: Case) -> Decision:
    decision = Decision.objects.filter(case=locked).first()
    if locked.state != State.PROPOSAL or decision is None:
        raise StageClosed
    return decision


# --- the meeting --------------------------------------------------------------------------------
@verb
def convene(
    *,
    number: str,
    title: str,
    held: datetime,
    members: Sequence[tuple[User, str]],
    convenor: User,
    by: User,
    written: bool = False,
) -> Meeting:
    """Call a meeting (or a written round) of the conference with its voting members.

    Raises ``MeetingNumberTaken`` when a meeting of this number has been called already.
    """
    entitled(by, "case_officer", "convenor")
    for user, _ in members:
        entitled(user, "member", "convenor")
    entitled(convenor, "convenor")
    meeting, new = Meeting.objects.get_or_create(
        number=number,
        defaults={"title": title, "held": held, "written": written, "convenor": convenor},
    )
    if not new:
        raise MeetingNumberTaken(number=number)
    MeetingMember.objects.bulk_create(
        MeetingMember(meeting=meeting, user=user, unit=unit, present=written)
        for user, unit in members
    )
    audit.record_system(
        "meetings",
        "convened",
        by=by,
        number=number,
        written=written,
        members=[user.username for user, _ in members],
    )
    return meeting


@verb
def attend(meeting: Meeting, *, users: Sequence[User], by: User) -> None:
    """Note who is present; only they vote."""
    entitled(by, "convenor", "case_officer")
    _hold(meeting)
    meeting.members.filter(user__in=users).update(present=True)
    audit.record_system(
        "meetings",
        "attended",
        by=by,
        number=meeting.number,
        present=[user.username for user in users],
    )


@verb
def table(case: Case, *, meeting: Meeting, by: User) -> Item:
    """Put the endorsed proposal on the agenda of ``meeting``; a deferred one waits for the next."""
    with lawfully(case) as locked:
        entitled(by, "case_officer")
        decision = _proposal(locked)
        _hold(meeting)  # two cases tabled at the same moment get two places
        if meeting.written and not locked.procedure.vote.written_round:
            raise WrittenRoundNotAllowed
        if meeting.items.filter(case=locked).exists():
            raise TabledAlready
        locked.table()
        item = Item.objects.create(
            meeting=meeting,
            case=locked,
            position=meeting.items.count() + 1,
            proposal=decision.outcome,
        )
        event = audit.record(
            locked, "tabled", by=by, meeting=meeting.number, position=item.position
        )
    release(locked, "tabling", by=by)
    messages.tell(locked, "meeting_called", event=event, audience=f"meeting:{meeting.pk}")
    return item


def voters(case: Case) -> list[str]:
    """Branches of the members summoned for the case's open item."""
    item = open_item(case)
    return [str(pk) for pk in item.meeting.members.order_by("pk").values_list("user", flat=True)]


def chair(case: Case) -> list[str]:
    """Branch of the convenor who resolves the case's open item."""
    return [str(open_item(case).meeting.convenor_id)]


def open_item(case: Case) -> Item:
    """The agenda item that is not resolved yet; raises ``StageClosed`` when there is none."""
    item = case.items.filter(result="").select_related("meeting").first()
    if item is None:
        raise StageClosed
    return item


@verb
def vote(case: Case, *, choice: str, reason: str, by: User) -> Ballot:
    """Cast one member's ballot; final. Disagreement and recusal need words."""
    if choice in (Ballot.Choice.DISAGREE, Ballot.Choice.RECUSED) and not reason.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        item = _item_in_session(locked)
        member = item.meeting.members.filter(user=by, present=True).first()
        if member is None:
            raise NotEntitled
        if choice != Ballot.Choice.RECUSED:
            separate(locked, "approve", by)
        try:
            with transaction.atomic():
                ballot = Ballot.objects.create(
                    item=item, member=member, choice=choice, reason=reason, cast=clock.now()
                )
        except IntegrityError as twice:
            raise StageClosed from twice
        secret = locked.procedure.vote.secret
        audit.record(
            locked,
            "voted",
            by=by,
            duty="" if choice == Ballot.Choice.RECUSED else "approve",
            meeting=item.meeting.number,
            choice=None if secret else choice,
            reason=None if secret else reason,
        )
    release(locked, "ballot", unit=str(by.pk), by=by)
    return ballot


@verb
def resolve(case: Case, *, by: User, result: str = "", questions: str = "") -> Item:
    """The convenor closes the item: the votes decide, or it is deferred or sent back.

    Without ``result`` the ballots are counted: raises ``NoQuorum`` below the quorum and
    ``VotesMissing`` while a member present has not voted. ``deferred`` (once) and ``sent_back``
    return the case to the proposal with ``questions``.
    """
    with lawfully(case) as locked:
        item = _item_in_session(locked)
        if item.meeting.convenor_id != by.pk:
            raise NotEntitled
        separate(locked, "approve", by)
        if result:
            _send_back(locked, item, result, questions)
        elif not grounds.still_holds(locked):
            raise RankingStale
        else:
            _count(locked, item)
        item.questions, item.resolved = questions, clock.now()
        item.save(update_fields=["result", "questions", "resolved", "tally"])
        event = audit.record(
            locked,
            "resolved",
            by=by,
            duty="approve",
            meeting=item.meeting.number,
            result=item.result,
            tally=item.tally,
        )
        defences.begin(locked)
    release(locked, "resolution", unit=str(by.pk), by=by)
    messages.tell(locked, "resolved", event=event)
    return item


def _send_back(locked: Case, item: Item, result: str, questions: str) -> None:
    if not questions.strip():
        raise ReasonMissing
    if result not in (Item.Result.DEFERRED, Item.Result.SENT_BACK):
        raise ValueError(f"votes decide, nobody declares an item {result}")
    if result == Item.Result.DEFERRED:
        if locked.deferrals >= locked.procedure.vote.defer_limit:
            raise DeferredTwice
        locked.deferrals += 1
    item.result = Item.Result(result)
    locked.send_back()


def _count(locked: Case, item: Item) -> None:
    rules = locked.procedure.vote
    members = list(item.meeting.members.all())
    present = [member for member in members if member.present]
    ballots = dict(item.ballots.values_list("member", "choice"))
    tally = rubric.tally(
        list(ballots.values()),
        members=len(members),
        present=len(present),
        quorum=rules.quorum,
        pass_=rules.pass_,
        base=rules.base,
    )
    if not tally.quorate:
        raise NoQuorum(present=len(present), members=len(members), needed=tally.quorum_needed)
    if missing := sum(member.pk not in ballots for member in present):
        raise VotesMissing(missing=missing)
    item.tally = {
        "agree": tally.agree,
        "disagree": tally.disagree,
        "abstain": tally.abstain,
        "recused": tally.recused,
        "base": tally.base,
        "needed": tally.needed,
        "present": len(present),
    }
    item.result = Item.Result.PASSED if tally.passed else Item.Result.NOT_PASSED
    outcome.after_vote(locked, passed=tally.passed)


@verb
def close_meeting(meeting: Meeting, *, minutes: str, by: User) -> None:
    """The convenor signs the minutes; they are locked with everything voted (X52)."""
    if meeting.convenor_id != by.pk:
        raise NotEntitled
    if not minutes.strip():
        raise ReasonMissing
    _hold(meeting)
    if missing := meeting.items.filter(result="", case__state=State.MEETING).count():
        raise VotesMissing(missing=missing)
    Meeting.objects.filter(pk=meeting.pk).update(minutes=minutes, closed=clock.now())
    audit.record_system("meetings", "minutes_signed", by=by, number=meeting.number, minutes=minutes)


def _item_in_session(locked: Case) -> Item:
    if locked.state != State.MEETING:
        raise StageClosed
    item = open_item(locked)
    if item.meeting.closed is not None:
        raise MeetingClosed
    return item


def adjourn(locked: Case) -> str:
    """Take a suspended item off the agenda if its meeting closed meanwhile.

    Give the branch of the flow that waits for its resolution, or "" if it can still be resolved.
    """
    item = open_item(locked)
    if item.meeting.closed is None:
        return ""
    item.result, item.resolved = Item.Result.SENT_BACK, clock.now()
    item.save(update_fields=["result", "resolved"])
    return str(item.meeting.convenor_id)


def _hold(meeting: Meeting) -> None:
    """Lock the meeting's row; ``MeetingClosed`` once its minutes are signed."""
    if Meeting.objects.select_for_update().get(pk=meeting.pk).closed is not None:
        raise MeetingClosed
