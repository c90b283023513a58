"""The task book (任务书): signed by every party through its own account, or the funding lapses.

The decision is sealed and the approval issued; the grant takes effect with the last signature.
Source: domain 2.4.4 step 9, X37.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from workflows import audit, clock
from workflows.errors import NotEntitled, NotYetDue, ReasonMissing, StageClosed, TaskBookOver
from workflows.models import (
    Case,
    Document,
    Event,
    Membership,
    Partner,
    Task,
    TaskBookSignature,
    User,
)
from workflows.models.case import State
from workflows.procedure import RESULT
from workflows.stages import award, deadlines, delivery, messages, numbers, papers, partners
from workflows.stages.law import (
    close_branch,
    lawfully,
    open_branches,
    release,
    separate,
    verb,
)

NODE = "task_book"
ISSUER = "issuer"
LAPSED = "lapsed"


@dataclass(frozen=True)
class Party:
    """One party to the task book; ``unit`` names its branch of the flow."""

    unit: str
    name: str
    organisation: int | None  # None: the office that grants

    def signs(self, user: User) -> bool:
        """Whether ``user`` may sign for this party today."""
        if self.organisation is None:
            return user.holds(ISSUER)
        return any(
            mandate.organisation_id == self.organisation and mandate.role == Membership.Role.SIGNER
            for mandate in user.mandates
        )


# --- who signs ------------------------------------------------------------------------------------
def parties(case: Case) -> list[Party]:
    """The lead, every partner in force, and the office."""
    return [
        Party(str(case.applicant_id), case.applicant.name, case.applicant_id),
        *(
            Party(str(each.organisation_id), each.name, each.organisation_id)
            for each in partners.active(case)
        ),
        Party(ISSUER, case.rules.issuer.name.zh, None),
    ]


def signatories(case: Case) -> list[str]:
    """Branches of the parties to the task book."""
    return [party.unit for party in parties(case)]


def unsigned(case: Case) -> list[Party]:
    """The parties whose signature is still missing."""
    given = TaskBookSignature.objects.filter(case=case, declined=None)
    signed = set(given.values_list("organisation", flat=True))
    return [party for party in parties(case) if party.organisation not in signed]


def is_over(case: Case) -> bool:
    """Whether nobody has to sign any more: all have, or the funding lapsed."""
    return case.state != State.SIGNING or not (unsigned(case) or _missed(case))


def _missed(case: Case) -> list[Partner]:
    """The partners that left and whose place nobody has taken yet (X36)."""
    gone = case.partners.exclude(left=None).exclude(successors__approved__isnull=False)
    return [each for each in gone if each.replaces_id is None or each.approved is not None]


def awaited(case: Case) -> list[str]:
    """Branches of the parties that have still to sign, and of the places to be filled."""
    return [party.unit for party in unsigned(case)] + [
        str(each.organisation_id) for each in _missed(case)
    ]


def is_open(case: Case) -> bool:
    """Whether the parties are signing at this moment."""
    return _branches(case).exists()


def due(case: Case) -> date | None:
    """The last day to sign, or None where nothing is to be signed.

    It is never earlier than it was told, and later once a year's holidays are known (X23). An empty
    place is kept open as long as it may be filled.
    """
    first = _branches(case).order_by("due", "pk").first()
    if first is None or first.due is None:
        return None
    return max(first.due, deadlines.due(case, NODE, start=_opened(case, first.unit)).day)


def _opened(case: Case, unit: str) -> date:
    """The day the limit of one party began: the approval's delivery, or a substitute's own."""
    approved = case.partners.exclude(approved=None).values_list("organisation", "approved")
    own = {str(organisation): moment for organisation, moment in approved}
    began = own.get(unit) or case.decision.delivered
    assert began is not None, "the approval was handed over"
    return clock.local(began).date()


def _branches(case: Case) -> QuerySet[Task]:
    found: QuerySet[Task] = Task.objects.filter(case=case, node=NODE, finished=None)
    return found


# --- signing --------------------------------------------------------------------------------------
def begin(locked: Case) -> None:
    """The approval is issued and handed over: every party has a branch, and the limit runs.

    The decision clock stands until they have signed: the time is the parties' (行政许可法 45).
    """
    deadlines.pause(locked, NODE)
    delivery.hand_over(locked)
    last = deadlines.due(locked, NODE).day
    names = [party.name for party in parties(locked)]
    event = audit.record(locked, "task_book_opened", by=None, parties=names, due=last.isoformat())
    release(locked, "issuing")
    deadlines.watch(locked, "lapse_task_book", last, key="1")
    for party in parties(locked):
        audience = f"organisation:{party.organisation}" if party.organisation else f"group:{ISSUER}"
        messages.tell(
            locked, "task_book_opened", event=event, audience=audience, due=last.isoformat()
        )


@verb
def sign(case: Case, *, by: User, signed_with: str = "") -> list[str]:
    """Sign the task book for every party ``by`` signs for; the last signature binds all.

    Gives the names signed for. Raises ``NotEntitled`` for anybody who signs for none,
    ``TaskBookOver`` after the last day, and ``StageClosed`` when nothing waits for this signature.
    """
    with lawfully(case) as locked:
        own = _own(locked, by)
        if any(party.organisation is None for party in own):
            separate(locked, "sign", by)
        TaskBookSignature.objects.bulk_create(
            TaskBookSignature(
                case=locked,
                organisation_id=party.organisation,
                party=party.name,
                by=by,
                signed=clock.now(),
            )
            for party in own
        )
        names = [party.name for party in own]
        audit.record(locked, "task_book_signed", by=by, parties=names, signed_with=signed_with)
        if bound := is_over(locked):
            deadlines.unpause(locked)
            _print(locked)
    for party in own:
        release(locked, NODE, unit=party.unit, by=by)
        if bound:
            break  # the join has closed every other branch
    return names


def _own(locked: Case, by: User) -> list[Party]:
    """The parties ``by`` may sign for now, in time."""
    theirs = [party for party in parties(locked) if party.signs(by)]
    if not theirs:
        raise NotEntitled
    waiting = set(_branches(locked).values_list("unit", flat=True))
    own = [party for party in unsigned(locked) if party in theirs and party.unit in waiting]
    if locked.state != State.SIGNING or not own:
        raise StageClosed
    last = due(locked)
    if last is not None and clock.now() > clock.end_of(last):
        raise TaskBookOver(until=last.isoformat())
    return own


def _print(locked: Case) -> None:
    """Ask for the task book itself, with what was agreed and everybody's signature in it."""
    rules = locked.procedure.task_book
    assert rules is not None, "only a procedure with a task book opens one"
    approval = _approval(locked)
    names = [each.name for each in partners.active(locked)]
    agreed = papers.facts(approval)[award.TERMS] | {"partners": names}
    signed = [_signed(each) for each in signatures(locked) if each.signed is not None]
    said = award.lists(agreed, [*(each.zh for each in rules.duties), *agreed["conditions"]])
    said["tables"].append(
        {
            "caption": "签署",
            "heads": ["签署方", "签署人", "签署日期"],
            "rows": [list(each.values()) for each in signed],
        }
    )
    words: dict[str, Any] = award.places(locked, agreed)
    papers.request(
        locked,
        NODE,
        number=approval.number,
        lists={**said, "signatures": signed, award.TERMS: agreed},
        **words,
    )


def paper_of(case: Case) -> str:
    """The kind of paper that approves the project."""
    return RESULT[case.procedure.grant.kind]


def _approval(locked: Case) -> Document:
    return locked.documents.filter(kind=paper_of(locked)).latest("pk")


def signatures(case: Case) -> list[TaskBookSignature]:
    """Who has signed or declined, in order."""
    return list(case.signatures.select_related("by", "organisation").order_by("pk"))


def _signed(signature: TaskBookSignature) -> dict[str, str]:
    assert signature.signed is not None, "a refusal is no signature"
    day = clock.local(signature.signed).date()
    return {
        "party": signature.party,
        "by": str(signature.by),
        "signed": papers.in_words(day),
    }


def vacate(locked: Case, gone: Partner, until: date) -> None:
    """A partner left while the parties are signing: its place is kept open ``until`` it is filled.

    Whoever takes it then has the whole limit to sign (X36).
    """
    if not is_open(locked):
        return
    unit = str(gone.organisation_id)
    if not _branches(locked).filter(unit=unit).exists():  # it had signed
        open_branches(locked, NODE, [unit])
    _branches(locked).filter(unit=unit).update(candidate="", due=until)


def reseat(locked: Case, substitute: Partner) -> None:
    """A partner's place was filled while the parties are signing: its branch goes to the other."""
    if not is_open(locked) or substitute.replaces is None:
        return
    open_branches(locked, NODE, [str(substitute.organisation_id)])
    close_branch(locked, NODE, str(substitute.replaces.organisation_id))


# --- not signing ----------------------------------------------------------------------------------
@verb
def decline(case: Case, *, reason: str, by: User) -> None:
    """The lead or a partner refuses to sign: the funding lapses at once (X37)."""
    if not reason.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        own = [party for party in _own(locked, by) if party.organisation is not None]
        if not own:
            raise NotEntitled
        TaskBookSignature.objects.create(
            case=locked,
            organisation_id=own[0].organisation,
            party=own[0].name,
            by=by,
            declined=clock.now(),
            reason=reason,
        )
        event = _lapse(locked, by=by, reason=reason, party=own[0].name)
    _end(locked, event, own[0].unit)


@verb
def lapse(case: Case) -> None:
    """Not everybody signed in time: the funding lapses (X37). Called by the timer."""
    with lawfully(case) as locked:
        last = due(locked)
        if locked.state != State.SIGNING or last is None:
            raise StageClosed
        if clock.now() < clock.end_of(last):
            raise NotYetDue(not_before=clock.end_of(last))
        late = [party.name for party in unsigned(locked)]
        late += [f"{each.name}（已退出，未替补）" for each in _missed(locked)]
        event = _lapse(locked, by=None, reason=f"{last.isoformat()}前未签署：{'、'.join(late)}")
        unit = _branches(locked).order_by("pk").values_list("unit", flat=True)[0]
    _end(locked, event, unit)


def _lapse(locked: Case, *, by: User | None, reason: str, **facts: Any) -> Event:
    """Numbers and papers of the approval are void and stay visible as void.

    A letter that told of the register before stands: the project did wait there.
    """
    deadlines.unpause(locked)
    locked.lapse()
    locked.outcome, locked.decided, locked.amount = LAPSED, clock.now(), None
    void = [locked.decision.number, _approval(locked).number]
    numbers.void(void, reason)
    locked.documents.filter(number__in=void).update(state=Document.State.VOID)
    return audit.record(locked, "task_book_lapsed", by=by, reason=reason, numbers=void, **facts)


def _end(locked: Case, event: Event, unit: str) -> None:
    release(locked, NODE, unit=unit)
    for audience in ("applicant", "group:case_officer"):
        messages.tell(locked, "task_book_lapsed", event=event, audience=audience)
