"""What the groups of the office are called: their office, and their district or department."""

from collections.abc import Iterable

from workflows import districts
from workflows.models import Appointment

ROLES = dict(Appointment.Role.choices)


def title(group: str) -> str:
    """What one group (``window:310115``) is called."""
    role, _, scope = group.partition(":")
    where = districts.called(scope) if scope in districts.NAMES else ""
    return f"{ROLES.get(role, role)} {where}".strip()


def only(offices: Iterable[Appointment]) -> str:
    """What the one group of ``offices`` is called; its office where it serves several districts.

    Empty where there are several offices.
    """
    held = {(office.role, office.scope) for office in offices}
    roles = {role for role, _scope in held}
    if len(roles) != 1:
        return ""
    scopes = {scope for _role, scope in held}
    (role,) = roles
    return title(f"{role}:{scopes.pop()}" if len(scopes) == 1 else role)
