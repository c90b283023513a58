"""How often an applicant may file what: the limits of a round, at submission (X1, X3, B13, F10).

Nothing of this depends on who files first by a hair: where two would break a limit at the same
moment, a constraint of the database refuses the second, and the first is named.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Q

from workflows import clock
from workflows.alikeness import plain
from workflows.assessment import Assessment
from workflows.errors import (
    AboveCap,
    BidExists,
    CaseError,
    ChallengeUnknown,
    OpenCaseExists,
    OtherGroup,
    TitleHeld,
    ValueUsed,
)
from workflows.models import Case, Certificate, Challenge, Claim, Organisation
from workflows.models.case import State
from workflows.selection import Funding, Unique
from workflows.stages import rounds
from workflows.stages.law import settle

LIVE = (Certificate.State.ACTIVE, Certificate.State.WARNING, Certificate.State.PAUSED)
GIVEN_BACK = (
    State.NOT_ACCEPTED,
    State.WITHDRAWN,
    State.ABANDONED,
    State.TERMINATED,
    State.REFUSED,
)  # what such a case had taken can be had again
BID = "bid"


class Wanted(NamedTuple):
    """A claim a case is about to make, and how it is called in a refusal."""

    what: str
    unit: str
    value: str
    title: str
    shown: str


def hold(locked: Case, found: Assessment) -> None:
    """Take everything the filed answers claim, or refuse the filing; the case's lock is held.

    Sets the case's ``subject`` and ``group``. Raises ``OtherGroup``, ``OpenCaseExists``,
    ``TitleHeld``, ``ChallengeUnknown``, ``ChallengeClosed``, ``AboveCap``, ``BidExists`` or
    ``ValueUsed``, each naming what stands in the way.
    """
    _group(locked, found)
    _subject(locked, found)
    funding = locked.procedure.funding
    wanted = list(_values(locked, found))
    if funding is not None and (number := _challenge_number(found, funding)):
        _challenge(locked, found, funding, number)
        wanted += _bids(locked, found, number)
    _claim(locked, wanted)


# --- group and subject ---------------------------------------------------------------------------
def _group(locked: Case, found: Assessment) -> None:
    selection, call = locked.procedure.selection, locked.round
    locked.group = "" if selection is None else str(found.value(selection.group))
    if call.group and locked.group != call.group:
        raise OtherGroup(group=rounds.groups(locked.edition).get(call.group, call.group))


def _subject(locked: Case, found: Assessment) -> None:
    """An applicant has one open case and one live title of each subject (X1)."""
    one_per = locked.procedure.one_per
    locked.subject = "" if one_per is None else str(found.value(one_per))[:100]
    if number := _title(locked):
        raise TitleHeld(number=number)
    try:
        with transaction.atomic():
            settle(locked)
    except IntegrityError as twice:
        raise OpenCaseExists(reference=_rival(locked)) from twice


def _rival(locked: Case) -> str:
    rivals = Case.objects.open().filter(
        applicant=locked.applicant,
        programme_key=locked.programme_key,
        procedure_key=locked.procedure_key,
        subject=locked.subject,
    )
    return rivals.exclude(pk=locked.pk).values_list("reference", flat=True).first() or ""


def _title(locked: Case) -> str:
    """The number of a live title of the same subject; one older than this house has no subject."""
    same = Q(case__procedure_key=locked.procedure_key, case__subject=locked.subject)
    if not locked.subject:
        same |= Q(case=None)
    titles = Certificate.objects.filter(
        same,
        Q(valid_to=None) | Q(valid_to__gte=clock.today()),
        holder=locked.applicant,
        programme_key=locked.programme_key,
        kind=locked.procedure.grant.kind,
        state__in=LIVE,
    )
    return titles.values_list("number", flat=True).first() or ""


# --- values that count once ----------------------------------------------------------------------
def _values(locked: Case, found: Assessment) -> Iterator[Wanted]:
    for unique in locked.procedure.unique:
        unit = locked.applicant.uscc if unique.within == "lead" else ""
        called = _called(found, unique)
        for value in dict.fromkeys(_answers(found, unique)):
            shown = called.get(value, value)
            yield Wanted(unique.code, unit, plain(value)[:200] or value, str(unique), shown)


def _called(found: Assessment, unique: Unique) -> dict[str, str]:
    """What the form calls the choices of a question, if it offers any."""
    asked = found.edition.form.field(unique.field)
    asked = asked.column(unique.column) if unique.column else asked
    return {choice.value: str(choice) for choice in asked.choices}


def _answers(found: Assessment, unique: Unique) -> Iterator[str]:
    answer = found.bound.answers.get(unique.field)
    rows = answer if unique.column and isinstance(answer, list) else [{unique.column: answer}]
    for row in rows:
        if (value := row.get(unique.column)) not in (None, ""):
            yield str(value)


# --- open bidding (揭榜挂帅) ---------------------------------------------------------------------
def _challenge_number(found: Assessment, funding: Funding) -> str:
    return str(found.bound.answers.get(funding.challenge or "") or "").strip()


def _challenge(locked: Case, found: Assessment, funding: Funding, number: str) -> None:
    """The challenge is one of this round and of the line asked for, open, and pays as much."""
    challenge = Challenge.objects.filter(round=locked.round, number=number).first()
    if challenge is None or challenge.line != found.bound.answers.get(funding.line):
        raise ChallengeUnknown(number=number)
    if locked.state == State.DRAFT and not challenge.opens <= clock.now() <= challenge.closes:
        raise rounds.bidding_over(challenge)  # a bid once made may be corrected later
    asked = Decimal(str(found.bound.answers[funding.request]))
    if challenge.cap is not None and asked > challenge.cap:
        raise AboveCap(number=number, cap=f"{challenge.cap:.2f}", asked=f"{asked:.2f}")


def _bids(locked: Case, found: Assessment, number: str) -> Iterator[Wanted]:
    """One bid a unit, whether it leads or takes part (F10)."""
    units = {locked.applicant.uscc: locked.applicant.name}
    joint = locked.procedure.joint
    for row in found.bound.answers.get(joint.field, []) if joint else []:
        units.setdefault(str(row["uscc"]), str(row["org_name"]))
    for uscc, name in units.items():
        yield Wanted(BID, uscc, number, name, number)


def take_over(locked: Case, former: Organisation, successor: Organisation) -> None:
    """The bid of a partner that left is its substitute's, which may not have bid itself (F10).

    Raises ``BidExists``.
    """
    for bid in Claim.objects.filter(case=locked, what=BID, unit=former.uscc):
        wanted = Wanted(BID, successor.uscc, bid.value, successor.name, bid.value)
        _refuse_taken(locked, {(wanted.what, wanted.unit, wanted.value): wanted})
        Claim.objects.filter(pk=bid.pk).update(unit=successor.uscc)


# --- claims --------------------------------------------------------------------------------------
def _claim(locked: Case, wanted: list[Wanted]) -> None:
    """Give back what the case held before, then take ``wanted``; in one order, so nobody waits."""
    Claim.objects.filter(case=locked).delete()
    by_key = {(each.what, each.unit, each.value): each for each in sorted(wanted)}
    _refuse_taken(locked, by_key)
    try:
        with transaction.atomic():
            Claim.objects.bulk_create(
                Claim(round=locked.round, case=locked, what=what, unit=unit, value=value)
                for what, unit, value in by_key
            )
    except IntegrityError:
        _refuse_taken(locked, by_key)
        raise


def _refuse_taken(locked: Case, by_key: dict[tuple[str, str, str], Wanted]) -> None:
    """Refuse the first value another case has; what a case had that ended for nothing is free."""
    values = {value for _what, _unit, value in by_key}
    held = Claim.objects.filter(round=locked.round, value__in=values).select_related("case")
    freed = []
    for claim in held.order_by("pk"):
        if (each := by_key.get((claim.what, claim.unit, claim.value))) is None:
            continue
        if claim.case.state not in GIVEN_BACK:
            raise _refusal(each, claim.case.reference)
        freed.append(claim.pk)
    Claim.objects.filter(pk__in=freed).delete()


def _refusal(each: Wanted, reference: str) -> CaseError:
    if each.what == BID:
        return BidExists(unit=each.title, number=each.shown, case=reference)
    return ValueUsed(what=each.title, value=each.shown, case=reference)
