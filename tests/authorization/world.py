"""A small world to knock on every door of: two sides that must know nothing of one another.

*Ours* and *theirs* are two groups of organisations in two districts, each with one clerk and one
signer, reviewers and a meeting of its own. The real verbs carry a case of each to every
step somebody waits at. Whatever *theirs* wrote bears a mark, so that a leak is seen wherever it
surfaces.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Any
from unittest.mock import patch

from PIL import Image

from forms import gate
from forms.fields import credit_code
from tests import vouchers
from workflows import clock, demo, jobs, store
from workflows.models import Case, Job, Meeting, Membership, Organisation, Round, SiteVisit, User
from workflows.recording import acts, reader
from workflows.recording.convoy import Convoy
from workflows.recording.driver import Drive
from workflows.stages import deliberation, drafting, publication, register, supplements, uploading

MARK = "沉舟侧畔"  # in everything theirs wrote
DRAFT_MARK = "千帆过尽"  # in what theirs has not filed yet
NOTE_MARK = "只在局内说"  # in every note of the office, beside our cases and theirs
PAPER = "business_licence"
NEVER = "never"  # a step no flow has: the case goes on to its end
MODELS = {each.id: each for each in reader.read(demo.RECORDING).applications}


@dataclass(frozen=True)
class Way:
    """How a case comes to a step: which recording it copies, since when, where it stops."""

    model: str
    days: int
    until: str
    timeline: tuple[str, ...] = ()


WAYS = {
    "correction": Way("P1-002", 3, "correction", ("return_for_correction",)),
    "acceptance": Way("P1-002", 1, "acceptance"),
    "district_review": Way("P1-002", 3, "district_review"),
    "opinion": Way("P1-002", 5, "opinion"),
    "department_review": Way(
        "P1-002", 8, "department_review", ("return_for_correction", "resubmit")
    ),
    "panel": Way("P1-001", 10, "panel"),
    "sheet": Way("P1-001", 12, "sheet"),
    "check": Way("P1-002", 12, "sheet"),
    "endorsement": Way("P1-002", 15, "endorsement"),
    "meeting": Way("P1-002", 16, "tabling"),
    "notice": Way("P1-002", 20, "notice"),
    "objection": Way("P1-002", 20, "notice"),
    "signing": Way("P1-002", 32, "signing"),
    "sealing": Way("P1-002", 33, "sealing"),
    "granted": Way("P1-002", 60, NEVER),
}


@dataclass
class Side:
    """One group of organisations: its people, those who handle its cases, its cases by step."""

    district: str
    mark: str
    draft_mark: str
    cast: demo.Cast
    call: Round
    clerk: User
    signer: User
    cases: dict[str, Case] = field(default_factory=dict)
    meeting: Meeting | None = None


# --- two sides ----------------------------------------------------------------------------------
def ours(call: Round) -> Side:
    """The side whose people knock: first experts, reviewers and members of the cast."""
    cast = demo.cast("310101")
    cast = replace(cast, experts=cast.experts[:7], checkers=cast.checkers[:2])
    cast = replace(cast, members=cast.members[:5])
    found = _side("ours", call, cast, "310101", "相向而行", "相向而行")
    settle(found, *WAYS)
    object_to(found.cases["objection"])
    send_out(found.cases["sheet"], found.mark)
    ask_for_more(found)
    return found


def theirs(call: Round) -> Side:
    """The side that must stay unseen."""
    cast = demo.cast("310106")
    cast = replace(cast, experts=cast.experts[2:], checkers=cast.checkers[1:])
    cast = replace(cast, members=cast.members[1:6])
    found = _side("theirs", call, cast, "310106", MARK, DRAFT_MARK)
    settle(found, "correction", "acceptance", "check", "meeting")
    send_out(found.cases["check"], found.mark)
    return found


def _side(
    name: str, call: Round, cast: demo.Cast, district: str, mark: str, draft_mark: str
) -> Side:
    clerk, signer = (
        User.objects.create(username=f"{name}.{role}", name=f"{mark}{role}")
        for role in ("clerk", "signer")
    )
    return Side(district, mark, draft_mark, cast, call, clerk, signer)


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
    for person, role in zip((owner.clerk, owner.signer), ("clerk", "signer"), strict=True):
        Membership.objects.create(user=person, organisation=found, role=role, valid_from=demo.SINCE)
    return found


def code_of(district: str, number: int) -> str:
    """A credit code with both check characters right."""
    body = f"MA{number:06d}"
    first = f"91{district}{body}{credit_code.organisation_check(body)}"
    return first + credit_code.check_character(first)


# --- their cases --------------------------------------------------------------------------------
def settle(owner: Side, *steps: str) -> None:
    """Carry one case of ``owner`` to each of ``steps``; one stays a draft, one is thrown away."""
    with without_typesetting(owner.mark):
        owner.cases["draft"] = drafted(owner)
        owner.cases["discarded"] = discarded(owner)
        for step in steps:
            owner.cases[step] = carried(owner, WAYS[step])
    owner.meeting = met(owner)
    owner.cases = {step: _fresh(case) for step, case in owner.cases.items()}


def _fresh(case: Case) -> Case:
    return Case.objects.select_related("applicant", "edition").get(pk=case.pk)


def drafted(owner: Side) -> Case:
    """A draft filled in with one paper attached and one on its way, never filed."""
    drive = _drive(owner, WAYS["acceptance"], owner.draft_mark)
    drive.case = drive.begin(drive)
    acts.fill(drive, drive.application.form)
    acts.attach(drive, [PAPER])
    name = f"{owner.draft_mark}.pdf"
    uploading.begin(
        drive.case, code=PAPER, name=name, size=10, sha256="", by=demo.clerk(drive.case.applicant)
    )
    return drive.case


def discarded(owner: Side) -> Case:
    """A draft like the other one that was thrown away: closed, and never filed."""
    case = drafted(owner)
    drafting.discard(case, by=demo.clerk(case.applicant))
    return case


def carried(owner: Side, way: Way) -> Case:
    """One case of a new organisation, carried by the real verbs until it waits."""
    drive = _drive(owner, way, owner.mark)
    Convoy([drive]).run()
    assert drive.refusal is None, drive.refusal.facts
    return drive.case


def _drive(owner: Side, way: Way, mark: str) -> Drive:
    applicant = organisation(owner)
    told = MODELS[way.model].model_dump(mode="json")
    day = clock.today() - timedelta(days=way.days)
    known = told | {
        "submitted_on": day,
        "form": told["form"] | _answers(applicant, mark) | vouchers.own(told["form"], applicant.pk),
        "attachments": [{"code": PAPER}],
        "timeline": [{"day": day, "event": event, "reason": mark} for event in way.timeline],
        "expected": {},
    }
    drive = Drive(
        reader.Application.model_validate(known), _begin(owner.call, applicant), way.until
    )
    drive.casts[owner.district] = owner.cast
    return drive


def _answers(applicant: Organisation, mark: str) -> dict[str, Any]:
    return {
        "org_name": applicant.name,
        "uscc": applicant.uscc,
        "district_code": applicant.district,
        "legal_rep": f"{mark}人",
        "contact_name": f"{mark}友",
        "address": f"上海市{mark}路1号",
        "plan_goals": f"{mark}。" * 120,
        "pool_no": f"沪产教培库〔2025〕{applicant.pk:04d}号",
    }


def _begin(call: Round, applicant: Organisation) -> Any:
    def begin(drive: Drive) -> Case:
        form = drive.application.form
        if form.get("pool_entered_on"):
            register.import_title(
                applicant,
                programme_key=call.programme,
                kind="pool_entry",
                title="产教融合型企业培育库",
                number=form["pool_no"],
                granted=date.fromisoformat(form["pool_entered_on"]),
                by=drive.casts[applicant.district].officer,
            )
        return drafting.draft(
            call,
            procedure=form["stage"],
            organisation=applicant,
            by=demo.clerk(applicant),
        )

    return begin


def met(owner: Side) -> Meeting:
    """A meeting of a few members with one case on its agenda; everybody summoned is present."""
    officer, convenor = owner.cast.officer, owner.cast.convenor
    number = f"2026-{Meeting.objects.count() + 90}"
    meeting = deliberation.convene(
        number=number,
        title=f"{owner.mark}会议",
        held=clock.now(),
        members=owner.cast.members,
        convenor=convenor,
        by=officer,
    )
    deliberation.table(owner.cases["meeting"], meeting=meeting, by=officer)
    deliberation.attend(meeting, users=[user for user, _ in owner.cast.members], by=convenor)
    return meeting


def ask_for_more(owner: Side) -> None:
    """The agency needs more material of the case its panel reads."""
    supplements.ask(
        owner.cases["sheet"], questions=[f"{owner.mark}：请补充"], days=10, by=owner.cast.agency
    )


def object_to(case: Case) -> None:
    """Somebody objects to the published case, with a piece of evidence."""
    publication.file_objection(
        publication.running_entry(case),
        objector="示例单位",
        contact_name="示例联系人",
        phone="13800000000",
        is_unit=True,
        facts="对公示内容有异议。",
        evidence=[{"name": "evidence.pdf", "sha256": store.store().put(b"%PDF- evidence")}],
    )


def send_out(case: Case, mark: str) -> None:
    """The place of the case is to be visited; one photo lies there already."""
    photo = {"name": f"{mark}.png", "kind": "png", "sha256": store.store().put(picture(mark))}
    SiteVisit.objects.create(
        case=case,
        round=case.evaluation_round,
        ground=SiteVisit.Ground.SAMPLE,
        ordered=clock.now(),
        place=f"{mark}路1号",
        photos=[photo],
    )


def picture(words: str) -> bytes:
    """A small picture of its own for each of ``words``."""
    written = io.BytesIO()
    Image.new("RGB", (8, 8), f"#{words.encode().hex()[:6]}").save(written, "PNG")
    return written.getvalue()


# --- bytes instead of pages ---------------------------------------------------------------------
@contextmanager
def without_typesetting(mark: str) -> Iterator[None]:
    """Papers and files hold a mark and nothing else: who may have them is asked, not their look."""
    finish = jobs._handlers["issue_document"].finish
    with (
        patch.dict(jobs._handlers, issue_document=jobs.Handler(finish, partial(_made, mark))),
        patch.object(acts.filing, "sample", lambda title: f"%PDF- {mark}".encode()),
        patch.object(gate, "_look_inside", lambda *file: 1),
    ):
        yield


def _made(mark: str, job: Job) -> dict[str, str]:
    sha256 = store.store().put(f"%PDF- {mark} {job.pk}".encode())
    return {"unsigned_sha256": "0" * 64, "sha256": sha256, "signer": "nobody"}
