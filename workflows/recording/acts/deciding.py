"""What the office, the conference and the issuer do on an ordinary day: propose to seal."""

from workflows import clock
from workflows.demo import Cast
from workflows.models import Ballot, Meeting, Opinion
from workflows.recording.driver import Drive
from workflows.stages import (
    countersign,
    deliberation,
    issuance,
    outcome,
    publication,
    standings,
)


def propose(drive: Drive) -> None:
    """The officer proposes what the decision rule says."""
    proposed = outcome.proposed(drive.case)
    granted = outcome.grants(drive.case, proposed)
    deliberation.propose(
        drive.case,
        outcome_=proposed,
        finding=finding(drive),
        reasons=[] if granted else reasons(drive),
        by=drive.cast.officer,
    )


def finding(drive: Drive) -> str:
    """What the office found, in one sentence."""
    case = drive.case
    met = case.filed.assessment["conditions"]
    said = f"满足产教融合条件{len(met)}项" if met else "申报材料齐全，符合申报条件"
    score = f"，评估得分{case.score}分" if case.score is not None else ""
    return f"{said}{score}。"


def reasons(drive: Drive) -> list[str]:
    """Why not: the departments' facts, the place in the group, or the mark and its band."""
    case = drive.case
    objections = [opinion.text for opinion in countersign.objections(case)]
    stops = case.opinions.filter(verdict=Opinion.Verdict.BLOCKED)
    if found := objections or [opinion.text for opinion in stops]:
        return found
    if case.group and (standing := standings.standing_of(case)):
        return [f"得分{standing.mark}分，名次第{standing.place}：{standing.get_status_display()}。"]
    if case.score is not None:
        return [f"评估得分{case.score}分：{outcome.band(case).title.zh}。"]
    given = (each.zh for each in case.procedure.reasons.values() if "refusal" in each.papers)
    return [next(given)]


def endorse(drive: Drive) -> None:
    """The head of the office signs the proposal."""
    deliberation.endorse(drive.case, by=drive.cast.leader)


def convene(cast: Cast, *, written: bool = False) -> Meeting:
    """A meeting of the conference is called for now."""
    number = f"{clock.today().year}-{Meeting.objects.count() + 1:02d}"
    return deliberation.convene(
        number=number,
        title=f"联席会议第{number}次会议",
        held=clock.now(),
        members=cast.members,
        convenor=cast.convenor,
        written=written,
        by=cast.officer,
    )


def table(drive: Drive) -> None:
    """A meeting is called for the case, and it is put on the agenda."""
    meeting = convene(drive.cast, written=drive.case.procedure.vote.written_round)
    deliberation.table(drive.case, meeting=meeting, by=drive.cast.officer)


def close(cast: Cast, meeting: Meeting) -> None:
    """Everybody summoned attends, and the convenor signs the minutes."""
    members = [user for user, _ in cast.members]
    deliberation.attend(meeting, users=members, by=cast.convenor)
    deliberation.close_meeting(meeting, minutes="会议纪要见表决记录。", by=cast.convenor)


def hold_meeting(drive: Drive) -> None:
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


def choices(drive: Drive, members: int) -> list[Ballot.Choice]:
    """One choice a member: those the recording names first, then agreement."""
    named = [
        choice
        for choice in (Ballot.Choice.DISAGREE, Ballot.Choice.ABSTAIN, Ballot.Choice.RECUSED)
        for _ in range(drive.application.votes.get(choice, 0))
    ]
    return (named + [Ballot.Choice.AGREE] * members)[:members]


def publish(drive: Drive) -> None:
    """The officer publishes the list."""
    publication.publish([drive.case], by=drive.cast.officer)


def answer_objections(drive: Drive) -> None:
    """The officer finds the open objections without ground."""
    for objection in publication.open_objections(drive.case):
        publication.answer_objection(
            objection, result="not_upheld", answer="经核查，异议不成立。", by=drive.cast.officer
        )


def sign(drive: Drive) -> None:
    """The issuer signs."""
    issuance.sign(drive.case, by=drive.cast.issuer)


def seal(drive: Drive) -> None:
    """The seal keeper seals."""
    issuance.seal(drive.case, by=drive.cast.seal)
