"""The people of an organisation's account: invited, joined, handed over to, gone.

An owner manages people and does a clerk's work; signing is a mandate of its own, which the window
confirms. Where the office entered an organisation without an owner, its signers manage it.
Every change is an entry of the chain ``sys:roles``.
"""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from workflows import audit, clock
from workflows.errors import (
    AlreadyMember,
    InvitationSpent,
    LastOwner,
    NotConfirmedYet,
    NotEntitled,
    NotMember,
)
from workflows.models import Invitation, Membership, Organisation, User
from workflows.models.organisation import MembershipQuerySet
from workflows.stages import erasure, invitations, letters, people
from workflows.stages.proofs import NONE, Proof

Role, Basis = Membership.Role, Membership.Basis


# --- who manages ----------------------------------------------------------------------------------
def in_force(organisation: Organisation) -> list[Membership]:
    """Every mandate for ``organisation`` that is in force today."""
    held = Membership.objects.in_force().filter(organisation=organisation)
    return list(held.select_related("user").order_by("user", "pk"))


def manages(by: User, organisation: Organisation) -> bool:
    """Whether ``by`` manages the people of ``organisation``: an owner, or a signer of one without.

    Nobody does as long as the window has not confirmed it.
    """
    held = in_force(organisation)
    roles = {each.role for each in held if each.user_id == by.pk and not each.provisional}
    if any(each.role == Role.OWNER for each in held):
        return Role.OWNER in roles
    return Role.SIGNER in roles


def _managing(by: User, organisation: Organisation) -> Organisation:
    """Lock the organisation, so that two owners who leave at once leave one behind."""
    held = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if manages(by, held):
        return held
    if any(each.user_id == by.pk and each.provisional for each in in_force(held)):
        raise NotConfirmedYet
    raise NotEntitled


# --- inviting -------------------------------------------------------------------------------------
@transaction.atomic
def invite(
    organisation: Organisation,
    *,
    email: str,
    role: str,
    by: User,
    basis: str = Basis.OWNER,
    letter: Proof = NONE,
    valid_to: date | None = None,
) -> Invitation:
    """Send a letter with which its reader may join ``organisation``; it lasts seven days.

    A signer acts as legal representative or by a power of attorney with its last day. Raises
    ``ValidationError``, for each field, ``NotEntitled``, and ``NotConfirmedYet``.
    """
    held = _managing(by, organisation)
    grounded(role == Role.SIGNER, basis, letter, valid_to)
    invitation = Invitation(
        organisation=held,
        email=email.strip(),
        role=role,
        basis=basis,
        letter_name=letter.name,
        letter_sha256=letter.sha256,
        valid_to=valid_to,
        language=get_language() or "zh-hans",
        by=by,
        sent=clock.now(),
    )
    invitation.clean_fields(exclude=["accepted", "accepted_by", "valid_to", "withdrawn"])
    invitation.save(force_insert=True)
    letters.invite(invitation)
    audit.record_system(
        people.CHAIN, "invited", by=by, organisation=held.uscc, role=role, invitation=invitation.pk
    )
    return invitation


def grounded(signs: bool, basis: str, letter: Proof, valid_to: date | None) -> None:
    """Refuse with ``ValidationError`` a mandate that does not stand on its own ground.

    Source: 行政许可法 29 (an agent shows a power of attorney).
    """
    if signs and basis not in (Basis.LEGAL, Basis.LETTER):
        raise ValidationError({"basis": _("Say on what ground this person signs.")})
    if basis == Basis.LETTER and not letter.sha256:
        raise ValidationError({"letter": _("Add the power of attorney.")})
    if basis == Basis.LETTER and valid_to is None:
        raise ValidationError({"valid_to": _("Say until when the power of attorney is valid.")})
    if valid_to is not None and valid_to < clock.today():
        raise ValidationError({"valid_to": _("This day has passed.")})


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> None:
    """Take an invitation back that nobody has used yet."""
    organisation = invitation.organisation
    if organisation is None:
        raise NotEntitled
    _managing(by, organisation)
    open_ = Invitation.objects.filter(pk=invitation.pk, accepted=None, withdrawn=None)
    if not open_.update(withdrawn=clock.now()):
        raise InvitationSpent
    audit.record_system(
        people.CHAIN,
        "invitation_withdrawn",
        by=by,
        organisation=organisation.uscc,
        invitation=invitation.pk,
    )


@transaction.atomic
def join(invitation: Invitation, *, by: User) -> Membership:
    """Give ``by`` the clerk's or owner's mandate they were invited to.

    A signer's goes by ``registration.ask_to_sign``: the window looks at it first.
    """
    held = invitations.take(invitation, by=by)
    if held.organisation is None or held.role == Role.SIGNER:
        raise NotEntitled
    if _holds(by, held.organisation, held.role):
        raise AlreadyMember
    return people.enrol(
        held.organisation,
        user=by,
        role=held.role,
        by=held.by,
        valid_to=held.valid_to,
        basis=held.basis,
        letter_name=held.letter_name,
        letter_sha256=held.letter_sha256,
    )


def _holds(user: User, organisation: Organisation, role: str) -> bool:
    held = Membership.objects.in_force().filter(user=user, organisation=organisation, role=role)
    return held.exists()


# --- going ----------------------------------------------------------------------------------------
@transaction.atomic
def hand_over(organisation: Organisation, *, to: User, by: User) -> None:
    """Make ``to`` the owner in the place of ``by``, who goes on as a clerk.

    Raises ``NotMember`` for somebody who does not act for the organisation today.
    """
    held = _managing(by, organisation)
    if to.pk == by.pk or not _acts(to, held):
        raise NotMember
    if not _holds(to, held, Role.OWNER):
        people.enrol(held, user=to, role=Role.OWNER, by=by, basis=Basis.OWNER)
    _end(_mandates(by, held).filter(role=Role.OWNER), by)
    if not _acts(by, held):
        people.enrol(held, user=by, role=Role.CLERK, by=by, basis=Basis.OWNER)
    letters.tell(to, "handed_over", about=_moment(), organisation=held.name, person=str(by))


@transaction.atomic
def leave(organisation: Organisation, *, by: User) -> None:
    """Give up every mandate for ``organisation``; raises ``LastOwner`` and ``NotMember``."""
    held = Organisation.objects.select_for_update().get(pk=organisation.pk)
    mandates = _mandates(by, held)
    if not mandates:
        raise NotMember
    _keep_an_owner(held, mandates)
    _end(mandates, by)
    erasure.follow(by)


@transaction.atomic
def remove(membership: Membership, *, by: User) -> None:
    """End somebody's mandate at once; raises ``LastOwner``, ``NotMember``, ``NotEntitled``."""
    held = _managing(by, membership.organisation)
    mandates = _mandates(membership.user, held).filter(pk=membership.pk)
    if not mandates:
        raise NotMember
    _keep_an_owner(held, mandates)
    _end(mandates, by)
    erasure.follow(membership.user)
    if membership.user_id != by.pk:
        role = Role(membership.role).value
        letters.tell(membership.user, "removed", about=_moment(), organisation=held.name, role=role)


def _moment() -> str:
    """What tells two letters of one kind apart; the Message-ID takes it, and no space with it."""
    return clock.now().isoformat()


def _keep_an_owner(organisation: Organisation, ending: Iterable[Membership]) -> None:
    owners = {each.pk for each in in_force(organisation) if each.role == Role.OWNER}
    if owners and owners <= {each.pk for each in ending}:
        raise LastOwner


def _end(mandates: Iterable[Membership], by: User) -> None:
    for each in mandates:
        people.release(each, by=by)


def _acts(user: User, organisation: Organisation) -> bool:
    return _mandates(user, organisation).filter(provisional=False).exists()


def _mandates(user: User, organisation: Organisation) -> MembershipQuerySet:
    held = Membership.objects.in_force().filter(user=user, organisation=organisation)
    return held.select_related("user", "organisation")
