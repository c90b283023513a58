"""A joint application and its return: the call, its papers, what is named and handed in again."""

import json

from tests.stages import jointly
from tests.stages.jointly import JOINT, SCHOOL
from workflows import demo, edition
from workflows.models import Case, Edition, File, Round, Submission
from workflows.recording import acts
from workflows.stages import attaching, corrections, partners

CLOSED_PAPER, PAPER = "audit_or_tax", "credit_report"
FOLLOWING = [  # papers that an answer calls for
    {"code": "majors_paper", "show": "c4_claim", "required": True},
    {"code": "leader_paper", "required": "industry_leader"},
]


def call() -> Round:
    """A round whose form asks for papers because of answers."""
    data = json.loads(edition.canonical(jointly.rules(joint=JOINT)))
    data["form"]["attachments"] += [
        {**paper, "zh": paper["code"], "en": paper["code"]} for paper in FOLLOWING
    ]
    shape = edition.Edition.model_validate(data)
    published = Edition.objects.create(
        programme=jointly.PROGRAMME,
        version="2026.900",
        digest=edition.digest(shape),
        content=edition.canonical(shape),
        published="2026-01-01T00:00:00+00:00",
    )
    return jointly.opened("R-2026", published)


def attach(case: Case, code: str, words: str) -> File:
    """The clerk adds a paper that says ``words``, and is named so."""
    return attaching.attach(
        case, code=code, name=f"{words}.pdf", data=acts.sample(words), by=demo.clerk(case.applicant)
    )


def returned(case: Case, *targets: str) -> Case:
    """``case`` once the window has named ``targets``."""
    items = [{"target": code, "reason": "inconsistent", "text": f"改：{code}"} for code in targets]
    corrections.return_once(case, items=items, by=demo.cast(case.district).window)
    return jointly.fresh(case)


def handed_in(case: Case, **answers: str) -> Submission:
    """The material filed anew; ``_1="..."`` answers the first item of the return."""
    words = {int(position.strip("_")): said for position, said in answers.items()}
    partners.confirm(case, by=demo.signer(jointly.unit(SCHOOL)))
    return corrections.resubmit(case, note="", answers=words, by=demo.signer(case.applicant))


def files_of(case: Case, code: str) -> set[str]:
    """The names of the papers that stand under ``code``."""
    held = File.objects.filter(case=case, code=code, removed=None)
    return set(held.values_list("name", flat=True))
