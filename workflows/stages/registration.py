"""How an organisation comes to an account, a signer and a new name: what is filed, with evidence.

Nobody signs for an organisation before the window, or whoever enters accounts, has looked. An
organisation this house has never heard of may draft at once; for one it knows, nothing is given
before the window confirms it, whatever the person says. Entries of the chain ``sys:registrations``.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from forms.fields import credit_code
from workflows import audit, clock
from workflows.errors import (
    AlreadyMember,
    NotEntitled,
    RegistrationWaits,
    SameName,
    TooManyRegistrations,
)
from workflows.models import Invitation, Membership, Organisation, Registration, User
from workflows.stages import invitations, letters, membership, messages, people
from workflows.stages.identity import fault
from workflows.stages.proofs import NONE, Proof

CHAIN = "registrations"
Kind, Role, Basis = Registration.Kind, Membership.Role, Membership.Basis
LETTERS_A_DAY = 3  # to one address that asks for an account
FORGOTTEN = timedelta(days=30)  # then an address that never answered is not kept any longer
WAITING = 5  # registrations of one person


@dataclass(frozen=True)
class Standing:
    """On what ground a person is to sign, and how they are identified (行政许可法 29)."""

    basis: str = Basis.OWNER
    letter: Proof = NONE
    valid_to: date | None = None
    paper: str = ""
    paper_number: str = ""

    def fields(self) -> dict[str, object]:
        """The columns it fills in a registration."""
        told = asdict(self)
        del told["letter"]
        return told | {"letter_name": self.letter.name, "letter_sha256": self.letter.sha256}


# --- an account for a person --------------------------------------------------------------------
@transaction.atomic
def knock(email: str, *, language: str) -> None:
    """Send the address a letter with which its reader may open an account.

    The same happens whether an account has this address or not; only the letter differs, and no
    more than three go to one address a day. Raises ``ValidationError`` for what is no address.
    """
    email = email.strip()
    validate_email(email)
    doors, moment = Invitation.objects.filter(organisation=None), clock.now()
    doors.filter(accepted=None, sent__lt=moment - FORGOTTEN).delete()
    lately = doors.filter(email__iexact=email, sent__gte=moment - timedelta(days=1))
    if lately.count() >= LETTERS_A_DAY:
        return
    invitation = Invitation.objects.create(
        email=email,
        role=Role.OWNER,
        basis=Basis.OWNER,
        language=language,
        sent=clock.now(),
    )
    letters.invite(invitation)


@transaction.atomic
def open_account(invitation: Invitation, *, username: str, name: str, password: str) -> User:
    """Open the account of whoever has read the letter; its address is proven by that.

    Raises ``ValidationError``, for each field, and ``InvitationSpent``.
    """
    user = people.register(username, name=name, password=password, email=invitation.email, by=None)
    user.language = invitation.language
    user.save(update_fields=["language"])
    if invitation.organisation_id is None:
        invitations.take(invitation, by=user)
    return user


# --- filing ---------------------------------------------------------------------------------------
@transaction.atomic
def file(
    *,
    uscc: str,
    name: str,
    kind: str,
    district: str,
    signs: bool,
    standing: Standing,
    licence: Proof,
    by: User,
) -> Registration:
    """Ask the window for the account of an organisation, as its owner and, if ``signs``, signer.

    One that is new here may be drafted for at once. Raises ``ValidationError``, for each field,
    ``AlreadyMember``, ``RegistrationWaits`` and ``TooManyRegistrations``.
    """
    code, name = credit_code.normal(uscc), _legal(name)
    if sentence := credit_code.fault(code):
        raise ValidationError({"uscc": sentence})
    _evidenced(licence, signs, standing)
    if Registration.objects.filter(user=by, decided=None).count() >= WAITING:
        raise TooManyRegistrations(most=WAITING)
    organisation, new = _found(code, name, kind, district)
    if not new and membership.manages(by, organisation):
        raise AlreadyMember
    filed = _enter(Kind.ACCOUNT, organisation, by, name, standing, licence, signs=signs)
    if new:
        people.enrol(
            organisation, user=by, role=Role.OWNER, by=by, basis=standing.basis, provisional=True
        )
    else:
        _warn(organisation, filed, by)
    return filed


def _legal(name: str) -> str:
    """A legal name with the brackets of the registry (domain 2.0 org_name)."""
    return " ".join(name.split()).translate(str.maketrans("()", "（）"))


def _found(uscc: str, name: str, kind: str, district: str) -> tuple[Organisation, bool]:
    """The organisation with this code, and whether it was entered just now."""
    told = {"org_name": name, "uscc": uscc, "org_kind": kind, "district_code": district}
    facts = {
        "name": name,
        "kind": kind,
        "district": district,
        "registered": clock.now(),
        "profile": {code: value for code, value in told.items() if value},
    }
    return Organisation.objects.get_or_create(uscc=uscc, defaults=facts)


def _evidenced(licence: Proof, signs: bool, standing: Standing) -> None:
    if not licence.sha256:
        raise ValidationError({"licence": _("Add the business licence or registration paper.")})
    if standing.basis not in (Basis.LEGAL, Basis.LETTER):
        raise ValidationError({"basis": _("Say on what ground you act for the organisation.")})
    membership.grounded(signs, standing.basis, standing.letter, standing.valid_to)
    _identified(signs, standing)


def _identified(signs: bool, standing: Standing) -> None:
    if signs and (sentence := fault(standing.paper, standing.paper_number)):
        raise ValidationError({"paper_number": sentence})


def _warn(organisation: Organisation, filed: Registration, by: User) -> None:
    """Tell the owners of a known organisation that somebody asks for its account."""
    owners = [each.user for each in membership.in_force(organisation) if each.role == Role.OWNER]
    for owner in owners:
        letters.tell(owner, "asked", about=filed.pk, organisation=organisation.name, person=str(by))


@transaction.atomic
def ask_to_sign(invitation: Invitation, *, paper: str, paper_number: str, by: User) -> Registration:
    """Answer an invitation as signer: the window looks at the power of attorney first."""
    held = invitations.take(invitation, by=by)
    if held.organisation is None or held.role != Role.SIGNER:
        raise NotEntitled
    proof = Proof(held.letter_name, held.letter_sha256)
    standing = Standing(held.basis, proof, held.valid_to, paper, paper_number)
    _identified(True, standing)
    return _enter(
        Kind.SIGNER, held.organisation, by, held.organisation.name, standing, NONE, signs=True
    )


@transaction.atomic
def report_name(organisation: Organisation, *, name: str, licence: Proof, by: User) -> Registration:
    """Report a new legal name with the new licence; the window confirms it (X7)."""
    held = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not membership.manages(by, held):
        raise NotEntitled
    if not licence.sha256:
        raise ValidationError({"licence": _("Add the business licence with the new name.")})
    name = _legal(name)
    if name == held.name:
        raise SameName
    return _enter(Kind.NAME, held, by, name, Standing(), licence)


def _enter(
    kind: str,
    organisation: Organisation,
    by: User,
    name: str,
    standing: Standing,
    licence: Proof,
    *,
    signs: bool = False,
) -> Registration:
    filed = Registration(
        kind=kind,
        organisation=organisation,
        user=by,
        name=name,
        signs=signs,
        licence_name=licence.name,
        licence_sha256=licence.sha256,
        filed=clock.now(),
        **standing.fields(),
    )
    filed.clean_fields(exclude=["decided", "decided_by", "valid_to"])
    try:
        with transaction.atomic():
            filed.save(force_insert=True)
    except IntegrityError as twice:
        raise RegistrationWaits from twice
    told(filed, "registration_filed", by)
    _ring(filed)
    return filed


def _ring(filed: Registration) -> None:
    """Tell the window of the organisation's district that evidence waits to be looked at."""
    messages.remind(
        "registration_waits",
        origin=f"registration:{filed.pk}",
        audience=f"group:window:{filed.organisation.district}",
        organisation=filed.name,
    )


def told(filed: Registration, kind: str, by: User) -> None:
    """Write it down; what identifies a person privately stays out of the chain."""
    audit.record_system(
        CHAIN,
        kind,
        by=by,
        registration=filed.pk,
        asks=filed.kind,
        organisation=filed.organisation.uscc,
        name=filed.name,
        username=filed.user.username,
        signs=filed.signs,
        licence=filed.licence_sha256,
        letter=filed.letter_sha256,
        reason=filed.reason,
    )
