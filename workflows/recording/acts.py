"""Ordinary acts: what each person does on an ordinary day when a case waits for them."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from workflows import clock, demo, rubric
from workflows.documents import rendering
from workflows.models import Ballot, Decision, Document, Meeting, Opinion, Seat, Task
from workflows.recording.reader import Sheet
from workflows.stages import (
    acceptance,
    countersign,
    deliberation,
    evaluation,
    issuance,
    outcome,
    publication,
    review,
    submission,
)

if TYPE_CHECKING:
    from workflows.recording.driver import Drive


# --- the applicant ------------------------------------------------------------------------------
def submit(drive: "Drive") -> None:
    """The clerk fills the draft and attaches the papers; the signer files it."""
    fill(drive, drive.application.form)
    attach(drive, [paper.code for paper in drive.application.attachments if paper.provided])
    submission.submit(drive.case, by=demo.signer(drive.case.applicant))


def fill(drive: "Drive", answers: Mapping[str, Any]) -> None:
    """Save ``answers`` over the draft."""
    case = drive.case
    case.refresh_from_db(fields=["draft", "draft_revision"])
    known = case.rules.form.names()
    filled = {**case.draft, **{key: as_answer(answers[key]) for key in answers if key in known}}
    clerk = demo.clerk(drive.case.applicant)
    drive.case = submission.save(case, answers=filled, revision=case.draft_revision, by=clerk)


def as_answer(value: Any) -> Any:
    """The way a form keeps a recorded value: numbers that are not whole are text."""
    if isinstance(value, float):
        return format(Decimal(str(value)), "f")
    if isinstance(value, list):
        return [as_answer(row) for row in value]
    if isinstance(value, dict):
        return {key: as_answer(cell) for key, cell in value.items()}
    return value


def attach(drive: "Drive", codes: list[str]) -> None:
    """Attach one sample page for each of ``codes``."""
    clerk = demo.clerk(drive.case.applicant)
    titles = {paper.code: paper.zh for paper in drive.case.rules.form.attachments}
    for code in codes:
        if code in titles:
            submission.attach(
                drive.case, code=code, name=f"{code}.pdf", data=sample(titles[code]), by=clerk
            )


@cache
def sample(title: str) -> bytes:
    """One page that says which evidence would lie here."""
    lines = ((28, 120, title), (14, 150, "示例材料，内容为演示数据"))
    words = "".join(
        f'<text x="105" y="{y}" font-size="{size / 3}" text-anchor="middle">{text}</text>'
        for size, y, text in lines
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 297">{words}</svg>'
    return rendering.picture(svg, width=210, height=297)


def acknowledge(drive: "Drive") -> None:
    """The signer confirms receipt of a delivered decision."""
    decision = Decision.objects.filter(case=drive.case).first()
    if decision is not None and decision.delivered is not None:
        issuance.acknowledge(drive.case, by=demo.signer(drive.case.applicant))


# --- the desk -----------------------------------------------------------------------------------
def accept(drive: "Drive") -> None:
    """The window finds the material complete."""
    acceptance.accept(drive.case, by=drive.cast.window)


def recommend(drive: "Drive") -> None:
    """The district recommends."""
    review.recommend(
        drive.case,
        favourable=True,
        text="材料与条件相符，同意推荐。",
        by=drive.cast.district,
    )


def answer_for_departments(drive: "Drive") -> None:
    """Every department still asked has no objection."""
    open_units = Task.objects.filter(case=drive.case, node="opinion", finished=None)
    for department in list(open_units.values_list("unit", flat=True)):
        countersign.give_opinion(
            drive.case,
            department=department,
            verdict=Opinion.Verdict.NO_OBJECTION,
            text="",
            by=drive.cast.departments[department],
        )


def conclude(drive: "Drive") -> None:
    """The officer sends a clean case to evaluation and stops one with a standing objection."""
    objections = countersign.objections(drive.case)
    verdict = "stop" if objections else "evaluate"
    text = "；".join(opinion.text for opinion in objections)
    review.conclude(drive.case, verdict=verdict, text=text, by=drive.cast.officer)


# --- evaluation ---------------------------------------------------------------------------------
def form_panel(drive: "Drive") -> None:
    """Seat the recorded panel, or the two reviewers of a pool entry."""
    rules, case = drive.case.procedure.evaluation, drive.case
    if rules.kind == "checks":
        evaluation.form_panel(
            case, experts=drive.cast.checkers[: rules.size], by=drive.cast.officer
        )
        return
    sheets = sheets_of(drive)
    evaluation.form_panel(
        case,
        experts=drive.cast.experts[: len(sheets)],
        by=drive.cast.agency,
    )


def sheets_of(drive: "Drive") -> list[Sheet]:
    """The recorded sheets, in the order of the seats."""
    recorded = drive.application.evaluation
    return list(recorded.panel) if recorded else []


def fill_sheets(drive: "Drive") -> None:
    """Every seat declares and locks its sheet; late conflicts void theirs afterwards."""
    seats = list(
        Seat.objects.filter(
            case=drive.case, round=drive.case.evaluation_round, void=None, locked=None
        ).select_related("case", "expert")
    )
    for seat in seats:
        evaluation.declare(seat, by=seat.expert)
        if drive.case.procedure.evaluation.kind == "checks":
            evaluation.check(seat, verdict="pass", text="材料真实，条件成立。", by=seat.expert)
        else:
            _score(drive, seat)
    _void_late_conflicts(drive)


def _score(drive: "Drive", seat: Seat) -> None:
    sheets = sheets_of(drive)
    sheet = sheets[(seat.number - 1) % len(sheets)]
    parts = evaluation.parts(drive.case.procedure.evaluation)
    computed = evaluation.computed_points(drive.case)
    points = rubric.split(sheet.score, [(part.code, part.maximum) for part in parts], computed)
    remarks = {code: "按现场核查情况评定。" for code in computed if points[code] != computed[code]}
    evaluation.score(seat, points=points, remarks=remarks, by=seat.expert, comment=sheet.expert)


def _void_late_conflicts(drive: "Drive") -> None:
    recorded = drive.application.evaluation
    for name in recorded.withdrawn_after_scoring if recorded else []:
        seat = Seat.objects.select_related("case").get(
            case=drive.case, round=drive.case.evaluation_round, comment=name
        )
        evaluation.void_seat(seat, reason="三年内曾任申报单位顾问", by=drive.cast.agency)


# --- decision -----------------------------------------------------------------------------------
def propose(drive: "Drive") -> None:
    """The officer proposes what the decision rule says."""
    proposed = outcome.proposed(drive.case)
    granted = outcome.grants(drive.case, proposed)
    deliberation.propose(
        drive.case,
        outcome_=proposed,
        finding=finding(drive),
        reasons=[] if granted else reasons(drive, proposed),
        by=drive.cast.officer,
    )


def finding(drive: "Drive") -> str:
    """What the office found, in one sentence."""
    filed = drive.case.filed.assessment
    met = f"满足产教融合条件{len(filed['conditions'])}项"
    score = f"，评估得分{drive.case.score}分" if drive.case.score is not None else ""
    return f"{met}{score}。"


def reasons(drive: "Drive", proposed: str) -> list[str]:
    """Why not: the departments' facts, or the mark and its band."""
    objections = [opinion.text for opinion in countersign.objections(drive.case)]
    stops = drive.case.opinions.filter(verdict=Opinion.Verdict.BLOCKED)
    found = objections or [opinion.text for opinion in stops]
    if found:
        return found
    if drive.case.score is not None:
        band = drive.case.procedure.outcome(drive.case.score)
        return [f"评估得分{drive.case.score}分：{band.title.zh}。"]
    return [drive.case.procedure.reasons["conditions_short"].zh]


def endorse(drive: "Drive") -> None:
    """The head of the office signs the proposal."""
    deliberation.endorse(drive.case, by=drive.cast.leader)


def table(drive: "Drive") -> None:
    """A meeting is called for the case, and it is put on the agenda."""
    cast, case = drive.cast, drive.case
    number = f"{clock.today().year}-{Meeting.objects.count() + 1:02d}"
    meeting = deliberation.convene(
        number=number,
        title=f"联席会议第{number}次会议",
        held=clock.now(),
        members=cast.members,
        convenor=cast.convenor,
        written=case.procedure.vote.written_round,
        by=cast.officer,
    )
    deliberation.table(case, meeting=meeting, by=cast.officer)


def hold_meeting(drive: "Drive") -> None:
    """The members attend and vote as recorded (all agree unless told); the convenor closes."""
    case, convenor = drive.case, drive.cast.convenor
    meeting = deliberation.open_item(case).meeting
    members = [member.user for member in meeting.members.select_related("user").order_by("pk")]
    deliberation.attend(meeting, users=members, by=convenor)
    for member, choice in zip(members, choices(drive, len(members)), strict=True):
        reason = "" if choice in (Ballot.Choice.AGREE, Ballot.Choice.ABSTAIN) else "见会议发言。"
        deliberation.vote(case, choice=choice, reason=reason, by=member)
    deliberation.resolve(case, by=convenor)
    deliberation.close_meeting(meeting, minutes="会议纪要见表决记录。", by=convenor)


def choices(drive: "Drive", members: int) -> list[Ballot.Choice]:
    """One choice a member: those the recording names first, then agreement."""
    named = [
        choice
        for choice in (Ballot.Choice.DISAGREE, Ballot.Choice.ABSTAIN, Ballot.Choice.RECUSED)
        for _ in range(drive.application.votes.get(choice, 0))
    ]
    return (named + [Ballot.Choice.AGREE] * members)[:members]


def publish(drive: "Drive") -> None:
    """The officer publishes the list."""
    publication.publish([drive.case], by=drive.cast.officer)


def answer_objections(drive: "Drive") -> None:
    """The officer finds the open objections without ground."""
    for objection in publication.open_objections(drive.case):
        publication.answer_objection(
            objection, result="not_upheld", answer="经核查，异议不成立。", by=drive.cast.officer
        )


def sign(drive: "Drive") -> None:
    """The issuer signs."""
    issuance.sign(drive.case, by=drive.cast.issuer)


def seal(drive: "Drive") -> None:
    """The seal keeper seals."""
    issuance.seal(drive.case, by=drive.cast.seal)


ORDINARY: Mapping[str, Callable[["Drive"], None]] = {
    "acceptance": accept,
    "district_review": recommend,
    "opinion": answer_for_departments,
    "department_review": conclude,
    "panel": form_panel,
    "sheet": fill_sheets,
    "proposal": propose,
    "endorsement": endorse,
    "tabling": table,
    "resolution": hold_meeting,
    "publication": publish,
    "objection": answer_objections,
    "signing": sign,
    "sealing": seal,
}


def papers(drive: "Drive") -> list[Document]:
    """The issued papers of the case, oldest first."""
    issued = Document.objects.filter(case=drive.case, state=Document.State.ISSUED)
    return list(issued.order_by("pk"))
