"""A partner leaves after the filing: a substitute of its kind is found, or the case ends (X36)."""

from datetime import date, timedelta

from workflows import audit, clock
from workflows.errors import (
    NotYetDue,
    PartnerBarred,
    PartnerNotConfirmed,
    PartnerOfAnotherKind,
    PartnerTwice,
    PartnerUnknown,
    ReasonMissing,
    StageClosed,
)
from workflows.models import Case, Membership, Organisation, Partner, User
from workflows.models.case import PAUSABLE, State
from workflows.stages import (
    deadlines,
    limits,
    messages,
    partners,
    register,
    suspension,
    task_book,
)
from workflows.stages.law import acts_for, entitled, lawfully, verb
from workflows.working_days import calendar

DAY = timedelta(days=1)
HELD = (*PAUSABLE, State.SUSPENDED)  # from acceptance on the answers stand as they were filed


@verb
def leave(
    case: Case, *, reason: str, by: User, organisation: Organisation | None = None
) -> Partner:
    """A partner leaves; the lead has the edition's calendar days to find a substitute.

    A partner's signer says so for itself; for an ``organisation`` that can or will not, the lead's
    signer or the case officer does. Raises ``PartnerUnknown`` for a unit that is no partner.
    """
    if not reason.strip():
        raise ReasonMissing
    with lawfully(case) as locked:
        if locked.state not in HELD:
            raise StageClosed
        partner = _leaving(locked, by, organisation)
        partner.left, partner.left_reason = clock.now(), reason
        partner.save(update_fields=["left", "left_reason"])
        due = _last_day(locked, partner)
        task_book.vacate(locked, partner, due)
        event = audit.record(
            locked, "partner_left", by=by, name=partner.name, reason=reason, due=due.isoformat()
        )
        if _had_its_place(partner):
            deadlines.watch(locked, "lapse_place", due, key=str(partner.pk), partner=partner.pk)
    for audience in ("applicant", "group:case_officer"):
        messages.tell(
            locked,
            "partner_left",
            event=event,
            audience=audience,
            name=partner.name,
            due=due.isoformat(),
        )
    return partner


def _leaving(locked: Case, by: User, organisation: Organisation | None) -> Partner:
    if organisation is None:
        organisation = next(
            (
                mandate.organisation
                for mandate in by.mandates
                if mandate.role == Membership.Role.SIGNER
                and locked.partners.filter(organisation=mandate.organisation_id, left=None).exists()
            ),
            None,
        )
        if organisation is None:
            entitled(by)  # nobody is: no mandate, no partner
    elif by.holds("case_officer"):
        entitled(by, "case_officer")
    else:
        acts_for(by, locked, signing=True)
    assert organisation is not None, "whoever speaks for nobody was refused"
    return partners.of(locked, organisation)


def _had_its_place(partner: Partner) -> bool:
    """Whether a place fell empty: that of a substitute never approved is empty already."""
    return partner.replaces_id is None or partner.approved is not None


@verb
def replace(
    case: Case, *, leaving: Partner, organisation: Organisation, role: str, by: User
) -> Partner:
    """The lead names a substitute of equal kind; it confirms, then the office approves it.

    Raises ``PartnerOfAnotherKind`` for another ``role`` than the one that fell empty,
    ``PartnerTwice`` for a unit that takes part already, ``PartnerBarred`` for one that is barred.
    """
    with lawfully(case) as locked:
        acts_for(by, locked, signing=True)
        leaving = locked.partners.get(pk=leaving.pk)
        if locked.state not in HELD or leaving.left is None:
            raise StageClosed
        if leaving.successors.filter(left=None).exists():
            raise StageClosed
        if role != leaving.role:
            raise PartnerOfAnotherKind(name=leaving.name)
        _fit(locked, organisation)
        if organisation.pk is None:  # a unit this house does not know yet; its people come later
            organisation.save(force_insert=True)
        substitute = Partner.objects.create(
            case=locked,
            organisation=organisation,
            name=organisation.name,
            role=role,
            position=leaving.position,
            asked=clock.now(),
            replaces=leaving,
        )
        event = audit.record(
            locked, "substitute_named", by=by, name=organisation.name, former=leaving.name
        )
    messages.tell(
        locked,
        "partner_asked",
        event=event,
        audience=f"organisation:{organisation.pk}",
        lead=locked.applicant.name,
    )
    return substitute


def _fit(locked: Case, organisation: Organisation) -> None:
    """A substitute takes part once, and in good standing like everybody it joins (domain 0.15)."""
    inside = locked.partners.filter(organisation__uscc=organisation.uscc, left=None)
    if organisation.uscc == locked.applicant.uscc or inside.exists():
        raise PartnerTwice(name=organisation.name)
    _in_good_standing(locked, organisation)


def _in_good_standing(locked: Case, organisation: Organisation) -> None:
    if organisation.uscc in register.barred_units(locked.programme_key):
        raise PartnerBarred(name=organisation.name)


@verb
def approve_replacement(partner: Partner, *, by: User) -> Partner:
    """The office approves a substitute that has confirmed what was filed; the place is filled.

    Raises ``PartnerBarred`` for one that was barred since the lead named it, ``BidExists`` for
    one that has bid for the same challenge itself.
    """
    with lawfully(partner.case) as locked:
        entitled(by, "case_officer")
        related = ("organisation", "replaces__organisation")
        substitute = locked.partners.select_related(*related).get(pk=partner.pk)
        if locked.state not in HELD or substitute.left or substitute.approved:
            raise StageClosed
        if substitute.replaces is None:
            raise PartnerUnknown(name=substitute.name, uscc=substitute.organisation.uscc)
        if substitute.confirmed is None:
            raise PartnerNotConfirmed(partners=substitute.name)
        _in_good_standing(locked, substitute.organisation)
        limits.take_over(locked, substitute.replaces.organisation, substitute.organisation)
        substitute.approved, substitute.approved_by = clock.now(), by
        substitute.save(update_fields=["approved", "approved_by"])
        task_book.reseat(locked, substitute)
        event = audit.record(
            locked,
            "partner_replaced",
            by=by,
            name=substitute.name,
            former=substitute.replaces.name,
        )
    messages.tell(locked, "partner_replaced", event=event, name=substitute.name)
    return substitute


@verb
def lapse(case: Case, *, partner: int) -> None:
    """Nobody took the place in time: the case ends (X36). Called by the timer.

    A decision that is sealed already is past stopping here; its aftercare deals with the partner.
    """
    with lawfully(case) as locked:
        gone = locked.partners.get(pk=partner)
        if gone.successors.exclude(approved=None).exists():
            return
        if locked.state not in HELD:
            raise StageClosed
        if clock.today() <= (last := _last_day(locked, gone)):
            raise NotYetDue(not_before=clock.start_of(last + DAY))
        suspension.stop(locked, _reason(locked, gone), by=None)


def _days(locked: Case) -> int:
    assert locked.procedure.joint is not None, "only a joint application loses a partner"
    return locked.procedure.joint.replacement_days


def _last_day(locked: Case, gone: Partner) -> date:
    """The last day on which a substitute may be approved; a holiday moves it on."""
    assert gone.left is not None, "the place is still held"
    return calendar().add_calendar(clock.local(gone.left).date(), _days(locked)).day


def _reason(locked: Case, gone: Partner) -> str:
    return f"共建单位{gone.name}退出后{_days(locked)}日内没有替补单位"
