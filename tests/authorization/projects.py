"""A project of our side whose task book waits to be signed."""

import pytest

from tests.authorization.world import Side, code_of
from tests.stages import course, projects
from workflows import clock, demo
from workflows.models import Membership, Organisation

DISTRICT = "310115"  # whose desk takes in what ``tests.stages.projects`` files


def settle(owner: Side) -> None:
    """Add the case to ``owner``: ``task_book``."""
    call = projects.call()
    case = projects.marked(call, 88, lead=school(owner))
    projects.ranked(call)
    with pytest.MonkeyPatch.context() as patched:
        course.plain_papers(patched)
        owner.cases["task_book"] = projects.approved(case)


def school(owner: Side) -> Organisation:
    """A school whose clerk and signer are those of ``owner``."""
    code = code_of(DISTRICT, Organisation.objects.count() + 1)
    found = Organisation.objects.create(
        name=f"{owner.mark}项目学院",
        uscc=code,
        kind="higher_vocational",
        district=DISTRICT,
        profile={**projects.organisation("higher_vocational").profile, "uscc": code},
        registered=clock.now(),
    )
    for person, role in zip((owner.clerk, owner.signer), ("clerk", "signer"), strict=True):
        Membership.objects.create(user=person, organisation=found, role=role, valid_from=demo.SINCE)
    return found
