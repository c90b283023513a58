"""Invitations by letter: the address in it opens one door, once, for seven days."""

from datetime import timedelta

from django.core import signing
from django.db import transaction

from workflows import clock
from workflows.errors import InvitationElsewhere, InvitationSpent
from workflows.models import Invitation, User

LASTING = timedelta(days=7)  # from the moment it is sent
SALT = "heng.invitation"


def token(invitation: Invitation) -> str:
    """What the address in the letter ends with; nobody can make one up."""
    return signing.Signer(salt=SALT).sign_object(invitation.pk)


def invited(key: str) -> Invitation:
    """The open invitation behind a token; ``InvitationSpent`` for any other."""
    try:
        pk = signing.Signer(salt=SALT).unsign_object(key)
    except signing.BadSignature as forged:
        raise InvitationSpent from forged
    found = Invitation.objects.select_related("organisation", "by").filter(pk=pk).first()
    if found is None or not standing(found):
        raise InvitationSpent
    return found


def standing(invitation: Invitation) -> bool:
    """Whether an invitation can still be used."""
    unused = invitation.accepted is None and invitation.withdrawn is None
    return unused and clock.now() < invitation.sent + LASTING


@transaction.atomic
def take(invitation: Invitation, *, by: User) -> Invitation:
    """Use up an invitation, once; it is for the address it was sent to and for no other."""
    held = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if not standing(held):
        raise InvitationSpent
    if by.email.lower() != held.email.lower():
        raise InvitationElsewhere
    held.accepted, held.accepted_by = clock.now(), by
    held.save(update_fields=["accepted", "accepted_by"])
    return held
