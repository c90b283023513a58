"""Accounts, offices and mandates: who may act, since when, and by whose will.

Every change is an entry of the chain ``sys:roles``.
"""

from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from workflows import audit, clock
from workflows.calendar import DAY
from workflows.models import Appointment, Membership, Organisation, Task, User
from workflows.stages import erasure
from workflows.stages.desk import put_back
from workflows.stages.groups import queues
from workflows.stages.law import lawfully

CHAIN = "roles"
NO_GROUND = {  # of a mandate that lives again, what it rested on before is gone
    "basis": Membership.Basis.OFFICE,
    "letter_name": "",
    "letter_sha256": "",
    "paper": "",
    "paper_number": "",
    "provisional": False,
}


@transaction.atomic
def register(username: str, *, name: str, password: str, by: User | None, email: str = "") -> User:
    """Open an account; there is no other way in. Raises ``ValidationError``, for each field."""
    user = User(username=username, name=name, email=email)
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    audit.record_system(CHAIN, "registered", by=by, username=username, name=name)
    return user


@transaction.atomic
def appoint(
    user: User,
    *,
    role: str,
    by: User | None,
    scope: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    organisation: Organisation | None = None,
    background: str = "",
) -> Appointment:
    """Give ``user`` an office from one day to another (from today on unless told).

    ``scope`` is a district or department code; empty means the whole city. Raises
    ``ValidationError`` for an unknown role, reversed dates, or an office already held.
    """
    office = Appointment(
        user=user,
        role=role,
        scope=scope,
        organisation=organisation,
        background=background,
        valid_from=valid_from or clock.today(),
        valid_to=valid_to,
    )
    _check(office, Appointment.objects.filter(user=user, role=role, scope=scope))
    office.save(force_insert=True)
    audit.record_system(
        CHAIN, "appointed", by=by, username=user.username, role=role, scope=scope, **_term(office)
    )
    return office


@transaction.atomic
def dismiss(appointment: Appointment, *, by: User | None) -> None:
    """Take an office away at once; what the person had claimed for it goes back to the queue."""
    appointment.valid_to = clock.today() - DAY
    appointment.save(update_fields=["valid_to"])
    claimed = Task.objects.filter(queues([appointment]), owner=appointment.user, finished=None)
    for task in claimed.select_related("case", "owner").order_by("case"):
        with lawfully(task.case) as locked:
            put_back(locked, task, by=by)
    audit.record_system(
        CHAIN,
        "dismissed",
        by=by,
        username=appointment.user.username,
        role=appointment.role,
        scope=appointment.scope,
    )
    erasure.follow(appointment.user)


@transaction.atomic
def enrol(
    organisation: Organisation,
    *,
    user: User,
    role: str,
    by: User | None,
    valid_from: date | None = None,
    valid_to: date | None = None,
    **ground: Any,
) -> Membership:
    """Let ``user`` act for ``organisation`` as clerk, signer or owner; see ``appoint``.

    ``ground`` is what the mandate rests on: ``basis``, ``letter_name``, ``letter_sha256``,
    ``paper``, ``paper_number``, and whether it is ``provisional``.
    """
    same = Membership.objects.filter(user=user, organisation=organisation, role=role)
    first = valid_from or clock.today()
    # One that ended on the day it began lives again; two cannot begin on one day.
    mandate = same.filter(valid_from=first, valid_to__lt=first).first() or Membership(
        user=user, organisation=organisation, role=role, valid_from=first
    )
    mandate.valid_to = valid_to
    for name, value in (NO_GROUND | ground).items():
        setattr(mandate, name, value)
    _check(mandate, same.exclude(pk=mandate.pk))
    mandate.save()
    audit.record_system(
        CHAIN,
        "enrolled",
        by=by,
        username=user.username,
        role=role,
        organisation=organisation.uscc,
        **_term(mandate),
        **({"letter": mandate.letter_sha256} if mandate.letter_sha256 else {}),
    )
    return mandate


@transaction.atomic
def release(membership: Membership, *, by: User | None) -> None:
    """End a mandate at once."""
    membership.valid_to = clock.today() - DAY
    membership.save(update_fields=["valid_to"])
    audit.record_system(
        CHAIN,
        "released",
        by=by,
        username=membership.user.username,
        role=membership.role,
        organisation=membership.organisation.uscc,
    )


def _check(
    held: Appointment | Membership, same: QuerySet[Appointment] | QuerySet[Membership]
) -> None:
    """Refuse a term that ends before it begins, or overlaps one of the same kind."""
    if held.valid_to is not None and held.valid_to < held.valid_from:
        raise ValidationError({"valid_to": _("The last day lies before the first.")})
    held.full_clean(
        exclude=["organisation", "valid_to"] if held.valid_to is None else ["organisation"]
    )
    still = same.exclude(valid_to__lt=held.valid_from)
    if held.valid_to is not None:
        still = still.exclude(valid_from__gt=held.valid_to)
    if still.exists():
        raise ValidationError(_("This person holds that office in this time already."))


def _term(held: Appointment | Membership) -> dict[str, str]:
    last = held.valid_to.isoformat() if held.valid_to else ""
    return {"valid_from": held.valid_from.isoformat(), "valid_to": last}
