"""The window looks at the evidence of a registration, and confirms or refuses it."""

from django.db import transaction
from django.db.models import Q, QuerySet

from workflows import clock
from workflows.errors import ConflictOfInterest, NotEntitled, ReasonMissing, RegistrationDecided
from workflows.models import Membership, Registration, User
from workflows.models.organisation import MembershipQuerySet
from workflows.stages import erasure, letters, names, people, registration

DESKS = ("window", "case_officer")
Kind, Role = Registration.Kind, Membership.Role


def readable(user: User) -> "QuerySet[Registration]":
    """What ``user`` may look at: registrations of their districts, or of the whole city."""
    scopes = [each.scope for each in user.offices if each.role in DESKS]
    if not scopes:
        return Registration.objects.none()
    found = Registration.objects.select_related("organisation", "user", "decided_by")
    if "" in scopes:
        return found
    served = Q(organisation__district__in=scopes)
    return found.filter(served)


@transaction.atomic
def confirm(asked: Registration, *, by: User) -> None:
    """The evidence holds: the mandates begin, or the organisation bears its new name."""
    held = _deciding(asked, by)
    if held.kind != Kind.SIGNER and held.name != held.organisation.name:
        names.change(held.organisation, name=held.name, by=by)
    if held.kind == Kind.ACCOUNT:
        _open(held, by)
    if held.signs:
        _grant(held, Role.SIGNER, by)
    _decide(held, by, confirmed=True)
    letters.tell(
        held.user,
        f"confirmed_{held.kind}",
        about=held.pk,
        organisation=held.organisation.name,
    )


@transaction.atomic
def refuse(asked: Registration, *, reason: str, by: User) -> None:
    """The evidence does not hold: nothing is given, and the person reads why."""
    if not reason.strip():
        raise ReasonMissing
    held = _deciding(asked, by)
    if held.kind == Kind.ACCOUNT:
        for each in _provisional(held):
            people.release(each, by=by)
        erasure.follow(held.user)
    held.reason, held.paper_number = reason.strip(), ""
    _decide(held, by, confirmed=False)
    letters.tell(
        held.user,
        "refused",
        about=held.pk,
        organisation=held.organisation.name,
        reason=held.reason,
    )


def _deciding(asked: Registration, by: User) -> Registration:
    if not readable(by).filter(pk=asked.pk).exists():
        raise NotEntitled
    held = Registration.objects.select_for_update(of=("self",)).get(pk=asked.pk)
    if held.decided is not None:
        raise RegistrationDecided
    if held.user_id == by.pk or held.organisation_id in by.organisations():
        raise ConflictOfInterest
    return held


def _open(held: Registration, by: User) -> None:
    """The account is the person's: their provisional mandate holds, or begins now."""
    waiting = list(_provisional(held))
    for each in waiting:
        each.provisional = False
        each.save(update_fields=["provisional"])
    if not waiting:
        _grant(held, Role.OWNER, by)


def _provisional(held: Registration) -> MembershipQuerySet:
    return (
        Membership.objects.in_force()
        .filter(user=held.user, organisation=held.organisation, provisional=True)
        .select_related("user", "organisation")
    )


def _grant(held: Registration, role: str, by: User) -> None:
    already = Membership.objects.in_force().filter(
        user=held.user, organisation=held.organisation, role=role
    )
    for each in already:  # a new power of attorney takes the place of the old one
        people.release(each, by=by)
    people.enrol(
        held.organisation,
        user=held.user,
        role=role,
        by=by,
        valid_to=held.valid_to,
        basis=held.basis,
        letter_name=held.letter_name,
        letter_sha256=held.letter_sha256,
        paper=held.paper if role == Role.SIGNER else "",
        paper_number=held.paper_number if role == Role.SIGNER else "",
    )


def _decide(held: Registration, by: User, *, confirmed: bool) -> None:
    held.decided, held.decided_by, held.confirmed = clock.now(), by, confirmed
    held.save(update_fields=["decided", "decided_by", "confirmed", "reason", "paper_number"])
    registration.told(held, "registration_confirmed" if confirmed else "registration_refused", by)
