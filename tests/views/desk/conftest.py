"""The world of the desk: cases of several organisations, each waiting at a step of its own."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest

from tests import vouchers
from tests.conftest import recording
from tests.stages import projects
from tests.views.public.world import world
from workflows import demo, jobs, store
from workflows.models import Case, Job, Organisation, Task
from workflows.recording import house
from workflows.recording.reader import Application, Recording

FILED = date(2026, 9, 24)  # the day every case of this world is filed
At = Callable[..., Task]


@pytest.fixture(scope="module")
def _world(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with world(django_db_blocker):
        demo.load()
        yield


@pytest.fixture(scope="module")
def _waiting(_world: None, request: pytest.FixtureRequest) -> dict[str, int]:
    """What the module's ``WAITING`` asks for: the case that waits at each step."""
    steps: Sequence[str] = request.module.WAITING
    known = Organisation.objects.filter(kind="enterprise").exclude(district="").order_by("pk")
    more = range(len(steps) - known.count())
    applicants = [*known, *(projects.organisation("enterprise") for _ in more)]
    finish = jobs._handlers["issue_document"].finish
    with patch.dict(jobs._handlers, issue_document=jobs.Handler(finish, made)):
        return {
            step: filed(organisation, step).pk
            for step, organisation in zip(steps, applicants[: len(steps)], strict=True)
        }


def made(job: Job) -> dict[str, str]:
    """A paper of a few bytes: how papers look is asked elsewhere, and typesetting takes long."""
    sha256 = store.store().put(f"%PDF- {job.pk}".encode())
    return {"unsigned_sha256": "0" * 64, "sha256": sha256, "signer": "nobody"}


def filed(organisation: Organisation, step: str) -> Case:
    """An application of ``organisation`` carried by the real verbs until ``step`` waits.

    ``step`` may say which recording is filed again: ``P1-001:panel``.
    """
    name, _, node = step.rpartition(":")
    known = next(each for each in recording().applications if each.id == (name or "P1-002"))
    record = known.model_dump(mode="json")
    form = {**record["form"], **organisation.profile, "org_name": organisation.name}
    form |= vouchers.own(form, organisation.pk)
    if form.get("pool_no"):
        form["pool_no"] = f"{form['pool_no'][:-5]}{organisation.pk:04d}号"
    papers = [{**paper, "provided": True} for paper in record["attachments"]]
    changes = {"form": form, "attachments": papers, "timeline": [], "expected": {}}
    application = Application.model_validate(
        {**record, **changes, "submitted_on": FILED.isoformat()}
    )
    whole = Recording.model_validate(
        {
            "rounds": [each.model_dump(mode="json") for each in recording().rounds],
            "applications": [application.model_dump(mode="json")],
        }
    )
    (result,) = house.carry(whole, lambda words: None, until=node.partition("/")[0])
    return Case.objects.get(reference=result.case)


@pytest.fixture
def at(_waiting: dict[str, int], db: None) -> At:
    """The open task of the case that waits at a step; ``unit`` names a branch."""

    def task(step: str, *, unit: str = "") -> Task:
        node = step.rpartition(":")[2].partition("/")[0]
        found = Task.objects.filter(case=_waiting[step], node=node, finished=None)
        branch = found.filter(unit__startswith=unit).order_by("pk")
        return branch.select_related("case__edition", "case__applicant")[0]

    return task


@pytest.fixture
def cast(_world: None, db: None) -> demo.Cast:
    """Who plays which part; one desk serves every district of the demonstration."""
    return demo.cast("310115")
