"""Projects that ask for money, taken along by the real verbs, each by whoever does it in the house.

``filed`` and ``marked`` leave single cases; ``ranked`` puts a group in order; ``to_signing``,
``sealed`` and ``approved`` carry a selected one on until its task book waits.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any

from forms.fields import credit_code
from workflows import clock, demo, jobs, programme, rubric
from workflows.edition import load
from workflows.models import Case, Membership, Organisation, Ranking, Round, Seat, User
from workflows.recording.acts.deciding import convene
from workflows.stages import (
    acceptance,
    deliberation,
    drafting,
    evaluation,
    issuance,
    likeness,
    outcome,
    panel,
    partners,
    publication,
    ranking,
    review,
    rounds,
    submission,
)

PROGRAMME, PROCEDURE, LINE = "project_funding", "funding", "training_base"
DAY = timedelta(days=1)
BUDGETS = {LINE: "1000", "talent_urgent": "600", "demo_base": "3000"}
FULL = Decimal(100)
_numbers = count(1)


# --- who ------------------------------------------------------------------------------------------
def cast() -> demo.Cast:
    """The people of the house."""
    return demo.cast("310115")


def organisation(kind: str, name: str = "") -> Organisation:
    """A unit with a clerk and a signer."""
    number = next(_numbers)
    department = "91" if kind == "enterprise" else "12"
    body = f"MC{number:06d}"
    first = f"{department}310115{body}{credit_code.organisation_check(body)}"
    return demo.organisation(
        {
            "org_name": name or f"示例{'企业' if kind == 'enterprise' else '学院'}{number}",
            "uscc": first + credit_code.check_character(first),
            "org_kind": kind,
            "legal_rep": "示例甲",
            "established_on": "2005-09-01",
            "district_code": "310115",
            "address": "示例市示例区示例路1号",
            "licence_valid_to": "9999-12-31",
            "contact_name": "示例乙",
            "contact_phone": "13800000201",
            "contact_email": "office@sample.example",
        }
    )


def signer(unit: Organisation) -> User:
    """Who signs for ``unit``."""
    return unit.memberships.select_related("user").get(role=Membership.Role.SIGNER).user


# --- filing ---------------------------------------------------------------------------------------
def call(budgets: Mapping[str, str] | None = None) -> Round:
    """A round that opened yesterday."""
    return rounds.open_round(
        programme=PROGRAMME,
        title="2026年度产教融合专项资金",
        opens=clock.now() - DAY,
        closes=clock.now() + 90 * DAY,
        budgets=dict(budgets or BUDGETS),
        by=cast().officer,
    )


@cache
def form() -> dict[str, Any]:
    """Answers that are in order: those of the edition's first sample."""
    sample = load(programme.get(PROGRAMME).edition_path).samples[0]
    return dict(sample.answers)


def money(request: object) -> dict[str, Any]:
    """The budget of a project that asks for ``request``, two rows of it, and brings as much."""
    asked = Decimal(str(request))
    first = (asked / 2).quantize(Decimal("0.01"))
    row = {"category": "equipment", "year": 2027, "basis": "三家询价"}
    return {
        "total_budget": f"{asked * 2:.2f}",
        "fiscal_request": f"{asked:.2f}",
        "self_funds": "0.00",
        "enterprise_funds": f"{asked:.2f}",
        "other_funds": "0.00",
        "budget_lines": [
            {**row, "item": "实训平台", "source": "fiscal", "amount": f"{first:.2f}"},
            {**row, "item": "实训台", "source": "enterprise", "amount": f"{asked:.2f}"},
            {**row, "item": "课程开发", "source": "fiscal", "amount": f"{asked - first:.2f}"},
        ],
    }


def drafted(
    round_: Round, lead: Organisation, others: Sequence[Organisation], **answers: Any
) -> Case:
    """A draft of ``lead`` with ``others`` as partners, complete and unsigned."""
    clerk = demo.clerk(lead)
    case = drafting.draft(round_, procedure=PROCEDURE, organisation=lead, by=clerk)
    role = {"enterprise": "enterprise"}
    table = [
        {
            "org_name": each.name,
            "uscc": each.uscc,
            "role": role.get(each.kind, "school"),
            "contribution": "设备与师傅",
        }
        for each in others
    ]
    own = {code: form()[code] for code in form() if code not in lead.profile}
    told = {**own, "data_share_consent": True, "partners": table, **answers}
    name = f"{lead.name}实训基地建设"
    return drafting.save(
        case,
        answers={**case.draft, **told, "project_name": answers.get("project_name", name)},
        revision=case.draft_revision,
        by=clerk,
    )


def filed(
    round_: Round,
    *,
    request: object = 480,
    partners_: int = 1,
    lead: Organisation | None = None,
    **answers: Any,
) -> Case:
    """A filed application of a new school with new enterprises, all of which confirmed."""
    lead = lead or organisation("higher_vocational")
    others = [organisation("enterprise") for _ in range(partners_)]
    case = drafted(round_, lead, others, **{**money(request), **answers})
    for each in others:
        partners.confirm(case, by=signer(each))
    submission.submit(fresh(case), by=signer(lead))
    return fresh(case)


def fresh(case: Case) -> Case:
    """``case`` as the database has it now."""
    return Case.objects.select_related("edition", "applicant", "round").get(pk=case.pk)


# --- weighing -------------------------------------------------------------------------------------
def screened(round_: Round, **answers: Any) -> Case:
    """A filed application that was accepted and sent to the panel."""
    case = filed(round_, **answers)
    acceptance.accept(case, by=cast().window)
    for each in likeness.undecided(case):
        likeness.decide(each, verdict="different", text="建设内容不同。", by=cast().officer)
    review.screen(fresh(case), verdict="evaluate", text="", by=cast().officer)
    return fresh(case)


def seated(case: Case, size: int = 5) -> list[Seat]:
    """The first experts of the house on the panel, their declarations given."""
    panel.form_panel(case, experts=cast().experts[:size], by=cast().agency)
    seats = list(Seat.objects.filter(case=case).select_related("case", "expert").order_by("number"))
    for seat in seats:
        panel.declare(seat, by=seat.expert)
    return [Seat.objects.select_related("case", "expert").get(pk=seat.pk) for seat in seats]


def locked(seat: Seat, mark: object, cuts: Mapping[int, object] | None = None) -> Seat:
    """One sheet with ``mark`` spread over its parts, and what is left of rows of the budget."""
    rules = seat.case.procedure.evaluation
    room = [(part.code, part.maximum) for part in evaluation.parts(rules)]
    left = {place: Decimal(str(amount)) for place, amount in (cuts or {}).items()}
    return evaluation.score(
        seat,
        points=rubric.split(Decimal(str(mark)), room),
        remarks={f"line-{place}": "单价偏高" for place in left},
        cuts=left,
        comment="总体可行。",
        by=seat.expert,
    )


def marked(round_: Round, mark: object, **answers: Any) -> Case:
    """A project that five experts give the same mark; it waits for its group."""
    case = screened(round_, **answers)
    for seat in seated(case):
        locked(seat, mark)
    return fresh(case)


# --- deciding -------------------------------------------------------------------------------------
def ranked(round_: Round, line: str = LINE) -> Ranking:
    """The line in order, signed by the case officer and by finance."""
    made = ranking.rank(round_, procedure_key=PROCEDURE, group=line, by=cast().officer)
    ranking.approve(made, by=cast().finance)
    return made


def reranked(round_: Round, line: str = LINE) -> Ranking:
    """The line in order again."""
    made = ranking.rerank(
        round_, procedure_key=PROCEDURE, group=line, reason="名单有变化", by=cast().officer
    )
    ranking.approve(made, by=cast().finance)
    return made


def proposed(case: Case) -> Case:
    """What the place carries is proposed and signed by the head of the office."""
    case = fresh(case)
    word = outcome.proposed(case)
    deliberation.propose(
        case,
        outcome_=word,
        finding="",
        reasons=[] if outcome.grants(case, word) else ["资金额度已经排满。"],
        by=cast().officer,
    )
    deliberation.endorse(fresh(case), by=cast().leader)
    return fresh(case)


def to_signing(case: Case) -> Case:
    """Everybody agrees in the conference; a notice runs its course without an objection."""
    case = proposed(case)
    people = cast()
    meeting = convene(people)
    deliberation.table(case, meeting=meeting, by=people.officer)
    deliberation.attend(meeting, users=[user for user, _ in people.members], by=people.convenor)
    for member, _ in people.members:
        deliberation.vote(case, choice="agree", reason="", by=member)
    deliberation.resolve(fresh(case), by=people.convenor)
    if fresh(case).state == Case.State.NOTICE:
        notice = publication.publish([fresh(case)], by=people.officer)
        with clock.at(clock.end_of(notice.closes) + DAY):
            publication.close_notice(fresh(case))
    return fresh(case)


def sealed(case: Case) -> Case:
    """Signed and sealed; the papers are asked for, not made."""
    case = to_signing(case)
    issuance.sign(case, by=cast().issuer)
    issuance.seal(fresh(case), by=cast().seal)
    return fresh(case)


def approved(case: Case) -> Case:
    """The approval is issued, and the task book waits for its parties."""
    case = sealed(case)
    papers()
    return fresh(case)


def papers() -> None:
    """Whatever is due by now happens: papers are made."""
    jobs.run_due()
