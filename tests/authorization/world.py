"""A small world to knock on every door of: two sides that must know nothing of one another.

*Ours* and *theirs* are two groups of organisations in two districts, each with one clerk and one
signer, their cases carried by the real verbs to every step somebody waits at. Whatever *theirs*
wrote carries a mark, so that a leak is seen wherever it surfaces.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from forms import gate
from forms.fields import credit_code
from workflows import clock, demo, jobs, store
from workflows.models import Case, Job, Membership, Organisation, Round, User
from workflows.recording import acts, reader
from workflows.recording.driver import Drive
from workflows.stages import register, submission

MARK = "沉舟侧畔"  # in everything theirs wrote
DRAFT_MARK = "千帆过尽"  # in what theirs has not filed yet
PAPER = "business_licence"
MODELS = {each.id: each for each in reader.read(demo.RECORDING).applications}
# step a case waits at -> (recorded application it copies, days it takes to get there)
WAYS = {
    "draft": ("P1-002", 1),
    "correction": ("P1-002", 3),
    "acceptance": ("P1-002", 1),
    "district_review": ("P1-002", 3),
    "opinion": ("P1-002", 5),
    "department_review": ("P1-002", 8),
    "panel": ("P1-001", 10),
    "sheet": ("P1-001", 12),
    "check": ("P1-002", 12),
    "proposal": ("P1-002", 14),
    "endorsement": ("P1-002", 15),
    "tabling": ("P1-002", 16),
    "publication": ("P1-002", 22),
    "notice": ("P1-002", 24),
    "signing": ("P1-002", 32),
    "sealing": ("P1-002", 33),
    "granted": ("P1-002", 60),
}
FLOW_NODE = {"check": "sheet", "granted": "never"}  # where the name says more than the node


@dataclass
class Side:
    """One group of organisations with its people and its cases, by the step each waits at."""

    district: str
    mark: str
    clerk: User
    signer: User
    cases: dict[str, Case] = field(default_factory=dict)


def side(district: str, name: str, mark: str) -> Side:
    """Two people who act for every organisation of one side."""
    clerk, signer = (
        User.objects.create(username=f"{name}.{role}", name=f"{mark}{role}")
        for role in Membership.Role.values
    )
    return Side(district, mark, clerk, signer)


def organisation(owner: Side) -> Organisation:
    """One more organisation of a side; a credit code of its own, and nothing on file."""
    number = Organisation.objects.count() + 1
    found = Organisation.objects.create(
        name=f"上海{owner.mark}装备制造第{number}有限公司",
        uscc=code_of(owner.district, number),
        kind="enterprise",
        district=owner.district,
        registered=clock.now(),
    )
    for person, role in zip((owner.clerk, owner.signer), Membership.Role.values, strict=True):
        Membership.objects.create(
            user=person, organisation=found, role=role, valid_from=demo.SINCE
        )
    return found


def code_of(district: str, number: int) -> str:
    """A credit code with both check characters right."""
    body = f"MA{number:06d}"
    first = f"91{district}{body}{credit_code.organisation_check(body)}"
    return first + credit_code.check_character(first)


# --- cases --------------------------------------------------------------------------------------
def settle(owner: Side, call: Round, *steps: str) -> None:
    """Carry one case of ``owner`` to each of ``steps``."""
    for step in steps:
        owner.cases[step] = carried(owner, call, step)


def carried(owner: Side, call: Round, step: str) -> Case:
    """One case of a new organisation, carried by the real verbs until it waits at ``step``."""
    model, days = WAYS[step]
    applicant = organisation(owner)
    application = _application(model, applicant, owner.mark, days)

    def begin(drive: Drive) -> Case:
        return submission.draft(
            call,
            procedure=application.form["stage"],
            organisation=applicant,
            by=demo.clerk(applicant),
        )

    drive = Drive(application, begin, until=FLOW_NODE.get(step, step))
    with without_typesetting():
        case = drive.run()
        print(drive.refusal, getattr(drive.refusal,"facts",""))
    return Case.objects.select_related("applicant", "edition").get(pk=case.pk)


def _application(model: str, applicant: Organisation, mark: str, days: int) -> reader.Application:
    told = MODELS[model].model_dump(mode="json")
    form = told["form"] | {
        "org_name": applicant.name,
        "uscc": applicant.uscc,
        "district_code": applicant.district,
        "legal_rep": f"{mark}人",
        "contact_name": f"{mark}友",
        "address": f"上海市{mark}路1号",
        "plan_goals": f"{mark}：{told['form']['plan_goals']}",
    }
    submitted = clock.today() - timedelta(days=days)
    return reader.Application.model_validate(
        told
        | {"submitted_on": submitted, "form": form, "timeline": [], "attachments": [], "expected": {}}
    )


class without_typesetting:  # noqa: N801 -- reads as the sentence it is
    """Papers and files are bytes of no content: who may have them is asked, not how they look."""

    def __enter__(self):
        finish = jobs._handlers["issue_document"].finish
        self.patch = patch.dict(
            jobs._handlers, issue_document=jobs.Handler(finish, _made)
        )
        self.patch.start()

    def __exit__(self, *failure: object) -> None:
        self.patch.stop()


def _made(job: Job) -> dict[str, str]:
    sha256 = store.store().put(f"%PDF- {job.pk}".encode())
    return {"unsigned_sha256": "0" * 64, "sha256": sha256, "signer": "nobody"}
