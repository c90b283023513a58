"""Partners of a joint application: who they are, and their own word for it (domain 2.2.4, P4.F).

The table of partners in the answers says who they are; their own accounts say that they agree. A
confirmation counts for the answers it was given to and for no others.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet

from forms.fields import credit_code
from workflows import audit, clock
from workflows.assessment import Assessment
from workflows.errors import (
    NotEntitled,
    PartnerNotConfirmed,
    PartnersMissing,
    PartnerUnknown,
    ReasonMissing,
    StageClosed,
)
from workflows.models import Case, Membership, Organisation, Partner, User
from workflows.models.case import State
from workflows.stages import messages
from workflows.stages.fingerprint import digest
from workflows.stages.law import acts_for, lawfully, verb

OPEN = (State.DRAFT, State.RETURNED)  # while the answers may still change


# --- who they are ---------------------------------------------------------------------------------
def active(case: Case) -> "QuerySet[Partner]":
    """The partners in force: whoever has not left, and substitutes once they are approved."""
    return case.partners.filter(Q(replaces=None) | ~Q(approved=None), left=None)


def unconfirmed(case: Case) -> list[Partner]:
    """The partners whose word for the application as it now stands is still missing."""
    return [each for each in active(case) if not stands(each, case)]


def stands(partner: Partner, case: Case) -> bool:
    """Whether the partner's yes was given to the answers as they are now."""
    return partner.confirmed is not None and partner.digest == digest(case.draft)


def sync(locked: Case, answers: Mapping[str, Any]) -> None:
    """Let the partners be those of the table in ``answers``; a row with a wrong code waits.

    A unit this house does not know yet is entered with its name and code; its people come later.
    """
    joint = locked.procedure.joint
    if joint is None:
        return
    rows = _rows(answers.get(joint.field), besides=locked.applicant.uscc)
    units = _organisations(rows)
    standing = {each.organisation.uscc: each for each in _standing(locked)}
    for uscc in standing.keys() - rows.keys():
        standing[uscc].delete()
    for position, (uscc, (name, role)) in enumerate(rows.items(), 1):
        facts = {"name": name, "role": role, "position": position}
        if (partner := standing.get(uscc)) is None:
            Partner.objects.create(case=locked, organisation=units[uscc], **facts)
        elif any(getattr(partner, key) != value for key, value in facts.items()):
            Partner.objects.filter(pk=partner.pk).update(**facts)


def _standing(locked: Case) -> "QuerySet[Partner]":
    return locked.partners.filter(left=None).select_related("organisation")


def _rows(table: object, *, besides: str) -> dict[str, tuple[str, str]]:
    """Code -> name and role of every row that can be read; a draft may hold anything."""
    found: dict[str, tuple[str, str]] = {}
    for row in table if isinstance(table, list) else []:
        if not isinstance(row, Mapping):
            continue
        uscc, name, role = (str(row.get(key) or "").strip() for key in ("uscc", "org_name", "role"))
        uscc = credit_code.normal(uscc)
        if name and role and uscc != besides and not credit_code.fault(uscc):
            found.setdefault(uscc, (name[:100], role[:30]))
    return found


def _organisations(rows: Mapping[str, tuple[str, str]]) -> dict[str, Organisation]:
    known = {each.uscc: each for each in Organisation.objects.filter(uscc__in=rows)}
    missing = [uscc for uscc in rows if uscc not in known]
    if missing:
        Organisation.objects.bulk_create(
            (entered(rows[uscc][0], uscc, rows[uscc][1]) for uscc in missing), ignore_conflicts=True
        )
        known |= {each.uscc: each for each in Organisation.objects.filter(uscc__in=missing)}
    return known


def entered(name: str, uscc: str, kind: str) -> Organisation:
    """A unit as it is entered from what its partner wrote of it, not saved yet."""
    district = uscc[2:8]
    return Organisation(name=name, uscc=uscc, kind=kind, district=district, registered=clock.now())


# --- their word -----------------------------------------------------------------------------------
@verb
def ask(case: Case, *, by: User) -> list[Partner]:
    """Ask every partner that has not confirmed; from now on it may read the draft.

    Raises ``PartnersMissing`` where the table names none.
    """
    with lawfully(case) as locked:
        acts_for(by, locked)
        if locked.state not in OPEN:
            raise StageClosed
        sync(locked, locked.draft)
        if not _standing(locked).exists():
            raise PartnersMissing
        asked = unconfirmed(locked)
        Partner.objects.filter(pk__in=[each.pk for each in asked]).update(
            asked=clock.now(), refused=None, refusal=""
        )
        names = [each.name for each in asked]
        event = audit.record(locked, "partners_asked", by=by, partners=names)
    for partner in asked:
        messages.tell(
            locked,
            "partner_asked",
            event=event,
            audience=f"organisation:{partner.organisation_id}",
            lead=locked.applicant.name,
        )
    return asked


@verb
def confirm(case: Case, *, by: User, signed_with: str = "") -> list[Partner]:
    """The signer of a partner says yes to the application as it now stands, through their account.

    Counts for every partner ``by`` signs for (X58). A substitute confirms what was filed.
    """
    with lawfully(case) as locked:
        theirs = _signed_for(locked, by)
        now = digest(locked.draft)
        for partner in theirs:
            partner.confirmed, partner.confirmed_by, partner.digest = clock.now(), by, now
            partner.refused, partner.refusal = None, ""
            partner.save()
        names = [each.name for each in theirs]
        event = audit.record(
            locked,
            "partner_confirmed",
            by=by,
            partners=names,
            digest=now,
            signed_with=signed_with,
        )
        complete = locked.state in OPEN and not unconfirmed(locked)
    if complete:
        messages.tell(locked, "partners_confirmed", event=event)
    return theirs


@verb
def refuse(case: Case, *, reason: str, by: User) -> list[Partner]:
    """The signer of a partner says no, with a reason the lead reads; a later yes takes it back."""
    if not reason.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        theirs = _signed_for(locked, by)
        for partner in theirs:
            partner.confirmed, partner.confirmed_by, partner.digest = None, None, ""
            partner.refused, partner.refusal = clock.now(), reason
            if locked.state not in OPEN:  # a substitute: the lead looks for another one
                partner.left, partner.left_reason = clock.now(), reason
            partner.save()
        names = [each.name for each in theirs]
        event = audit.record(locked, "partner_refused", by=by, partners=names, reason=reason)
    messages.tell(locked, "partner_refused", event=event, name=", ".join(names), reason=reason)
    return theirs


def require_all(locked: Case, found: Assessment) -> None:
    """Refuse a joint application without the roles it needs, or that not every partner confirmed.

    Raises ``PartnersMissing`` and ``PartnerNotConfirmed``, which names them. Source: domain 2.2.4
    step 1, 《宁波市职业教育校企合作促进条例》第14条.
    """
    joint = locked.procedure.joint
    if joint is None:
        return
    sync(locked, locked.draft)
    roles = {each.role for each in active(locked)} | {str(found.value(joint.lead))}
    if not roles.issuperset(joint.needs):
        raise PartnersMissing
    if late := unconfirmed(locked):
        raise PartnerNotConfirmed(partners=named(late))


def named(partners: Iterable[Partner]) -> str:
    """Several partners in one line."""
    return "、".join(each.name for each in partners)


def _signed_for(locked: Case, by: User) -> list[Partner]:
    """The partners whose word ``by`` may give now: before filing, or as a substitute to come."""
    signs = {
        mandate.organisation_id for mandate in by.mandates if mandate.role == Membership.Role.SIGNER
    }
    theirs = list(locked.partners.filter(left=None, organisation__in=signs))
    if not theirs:
        raise NotEntitled
    waiting = [
        each
        for each in theirs
        if locked.state in OPEN
        or (locked.is_open and each.replaces_id is not None and each.approved is None)
    ]
    if not waiting:
        raise StageClosed
    return waiting


def of(case: Case, organisation: Organisation) -> Partner:
    """The place ``organisation`` holds in the application; ``PartnerUnknown`` if it holds none."""
    found = case.partners.filter(organisation=organisation, left=None).first()
    if found is None:
        raise PartnerUnknown(name=organisation.name, uscc=organisation.uscc)
    return found
