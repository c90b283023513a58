"""What lies in the accounts: an invitation, a registration and a paper of each side."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.authorization.world import PAPER, Side
from workflows import clock, store
from workflows.models import Evidence, Invitation, Membership, Registration
from workflows.stages import invitations

Parts = dict[str, Any]


def settle(owner: Side) -> None:
    """For the applicant of the draft somebody is invited, and one asks; a paper is kept."""
    applicant = owner.cases["draft"].applicant
    licence = f"%PDF- {owner.mark} {applicant.uscc}".encode()
    Invitation.objects.create(
        organisation=applicant,
        email=f"newcomer@{owner.district}.example",
        role="clerk",
        basis="owner",
        language="zh-hans",
        by=owner.signer,
        sent=clock.now(),
    )
    Registration.objects.create(
        kind=Registration.Kind.NAME,
        organisation=applicant,
        user=owner.signer,
        name=f"上海{owner.mark}新名有限公司",
        basis="owner",
        licence_name=f"{owner.mark}.pdf",
        licence_sha256=store.store().put(licence),
        filed=clock.now(),
    )
    Evidence.objects.create(
        organisation=applicant,
        title=f"{owner.mark}审计报告",
        name=f"{owner.mark}.pdf",
        kind="pdf",
        sha256=store.store().put(f"%PDF- library {owner.mark}".encode()),
        size=1,
        uploaded=clock.now(),
        by=owner.clerk,
    )


def _invitation(world: Any, name: str, by: Any) -> Parts:
    return {"pk": Invitation.objects.get(organisation=world.case(name).applicant).pk}


def _token(world: Any, name: str, by: Any) -> Parts:
    invitation = Invitation.objects.get(organisation=world.case(name).applicant)
    return {"token": invitations.token(invitation)}


def _registration(world: Any, name: str, by: Any) -> Parts:
    return {"pk": Registration.objects.get(organisation=world.case(name).applicant).pk}


def _member(world: Any, name: str, by: Any) -> Parts:
    clerks = Membership.objects.filter(role=Membership.Role.CLERK)
    return {"pk": clerks.get(organisation=world.case(name).applicant).pk}


def _kept(world: Any, name: str, by: Any) -> Parts:
    return {"pk": Evidence.objects.get(organisation=world.case(name).applicant).pk}


def _reused(world: Any, name: str, by: Any) -> Parts:
    case = world.case(name)
    return {"reference": case.reference, "code": PAPER, **_kept(world, name, by)}


THERE: Mapping[str, Callable[[Any, str, Any], Parts]] = {
    "invitation": _invitation,
    "token": _token,
    "registration": _registration,
    "evidence": lambda world, name, by: _registration(world, name, by) | {"paper": "licence"},
    "member": _member,
    "kept": _kept,
    "reused": _reused,
}
