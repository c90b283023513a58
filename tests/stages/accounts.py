"""Accounts of organisations for tests: people with addresses, papers, and the window's answer."""

from datetime import date, timedelta
from typing import Any

from tests import rows
from workflows import clock
from workflows.models import Appointment, Invitation, Membership, Organisation, Registration, User
from workflows.stages import people, registration
from workflows.stages.proofs import Proof

CODE = "91310115MAYY1A0104"
OTHER_CODE = "91310112MAYY1A045B"
LICENCE = Proof("营业执照.pdf", "a" * 64)
LETTER = Proof("授权委托书.pdf", "b" * 64)
SINCE = date(2020, 1, 1)
CARD = "11010519491231002X"  # the sample number of GB 11643-1999
PASSWORD = "a-long-and-quiet-password"


def person(username: str) -> User:
    """Somebody with an account and an address."""
    return rows.person(username=username, email=f"{username}@example.com")


def again(user: User) -> User:
    """The same person, read again: mandates are read once per loaded account."""
    return User.objects.get(pk=user.pk)


def window(district: str = "310115") -> User:
    """Somebody at the acceptance window of a district."""
    found = rows.person()
    Appointment.objects.create(user=found, role="window", scope=district, valid_from=SINCE)
    return found


def company(uscc: str = CODE, **given: Any) -> Organisation:
    """An organisation of Pudong that the house knows."""
    return rows.organisation(uscc=uscc, district="310115", **given)


def acting(organisation: Organisation, username: str, *roles: str) -> User:
    """Somebody who acts for ``organisation`` since long ago."""
    user = person(username)
    for role in roles:
        people.enrol(organisation, user=user, role=role, by=None, valid_from=SINCE)
    return again(user)


def in_a_year() -> date:
    """A last day that lies ahead."""
    return clock.today() + timedelta(days=365)


def as_agent(**given: Any) -> registration.Standing:
    """The ground of an agent with a power of attorney and a passport (X57)."""
    told = {
        "basis": "letter",
        "letter": LETTER,
        "valid_to": in_a_year(),
        "paper": "passport",
        "paper_number": "E12345678",
    }
    return registration.Standing(**told | given)


def filed(by: User, **given: Any) -> Registration:
    """An organisation asked for by ``by``, who also signs for it, as an agent."""
    told: dict[str, Any] = {
        "uscc": CODE,
        "name": "上海相向装备有限公司",
        "kind": "enterprise",
        "district": "310115",
        "signs": True,
        "standing": as_agent(),
        "licence": LICENCE,
    }
    return registration.file(by=by, **told | given)


def roles(user: User, organisation: Organisation) -> list[str]:
    """What somebody may do for ``organisation`` today."""
    held = Membership.objects.in_force().filter(user=user, organisation=organisation)
    return sorted(held.values_list("role", flat=True))


def letter() -> Invitation:
    """The invitation sent last."""
    return Invitation.objects.latest("pk")
