"""What may happen where files are compared, figures checked, partners bound and money granted."""

from typing import Any

from workflows import demo
from workflows.models import Partner, Seat
from workflows.recording import acts
from workflows.recording.acts import checking, visiting, weighing
from workflows.recording.driver import Drive
from workflows.recording.reader import BadRecording, Occurrence
from workflows.stages import (
    confirmation,
    evaluation,
    likeness,
    panel,
    partners,
    substitution,
    task_book,
)


def likeness_same(drive: Drive, entry: Occurrence) -> None:
    """The officer finds that another file speaks of the same matter, and stops the case."""
    text = entry.fact("reason", "text", "note", default="与另一申报属于同一项目。")
    for each in likeness.undecided(drive.case):
        likeness.decide(each, verdict="same", text=text, by=drive.cast.officer)
    acts.conclude_with(drive, "stop", text)


# --- figures --------------------------------------------------------------------------------------
def contest_figures(drive: Drive, entry: Occurrence) -> None:
    """The applicant contests checked figures: ``figures`` maps indicators to words."""
    words = {code: str(said) for code, said in _table(entry, "figures").items()}
    confirmation.contest(drive.case, objections=words, by=demo.signer(drive.case.applicant))


def settle_contest(drive: Drive, entry: Occurrence) -> None:
    """The agency answers what was contested: ``figures`` maps indicators to value and reason."""
    told = _table(entry, "figures")
    decisions = {code: checking.finding(each) for code, each in told.items()}
    confirmation.settle_contest(drive.case, decisions=decisions, by=drive.cast.agency)


def correct_figure(drive: Drive, entry: Occurrence) -> None:
    """The officer asks for a correction after the freeze, and the head of the office orders it."""
    confirmation.correct(
        drive.case,
        code=entry.fact("indicator", "code"),
        value=entry.fact("value", "to"),
        reason=entry.fact("reason", "note", default="异议核查中发现填报数有误。"),
        by=drive.cast.officer,
    )
    confirmation.order(drive.case, by=drive.cast.leader)


def check_failed(drive: Drive, entry: Occurrence) -> None:
    """Everybody who reads or checks the file finds that it does not hold."""
    text = entry.fact("reason", "note", default="材料与实际情况不一致。")
    for seat in weighing.seats(drive, "sheet"):
        _check(seat, text)


def _check(seat: Seat, text: str) -> None:
    panel.declare(seat, by=seat.expert)
    evaluation.check(seat, verdict="fail", text=text, by=seat.expert)


def visit_differences(drive: Drive, entry: Occurrence) -> None:
    """The visitors list what differs from what was stated."""
    told = (entry.model_extra or {}).get("differences") or [entry.fact("reason", "note")]
    visiting.visit(drive, differences=[str(each) for each in told])


# --- partners and the task book -------------------------------------------------------------------
def decline_task_book(drive: Drive, entry: Occurrence) -> None:
    """A party refuses to sign: the lead, or the ``partner`` named."""
    named = entry.fact("partner", "by")
    unit = acts.staffed(_partner(drive, named)) if named else drive.case.applicant
    reason = entry.fact("reason", "note", default="配套资金不能按期到位。")
    task_book.decline(drive.case, reason=reason, by=demo.signer(unit))


def partner_leaves(drive: Drive, entry: Occurrence) -> None:
    """The signer of ``partner`` says that it leaves."""
    leaving = _partner(drive, entry.fact("partner", "uscc"))
    reason = entry.fact("reason", "note", default="单位经营安排调整。")
    substitution.leave(drive.case, reason=reason, by=demo.signer(acts.staffed(leaving)))


def replace_partner(drive: Drive, entry: Occurrence) -> None:
    """The lead names a substitute, which confirms, and the officer approves it."""
    leaving = drive.case.partners.exclude(left=None).order_by("-left").first()
    if leaving is None:
        raise BadRecording("no partner has left")
    profile = {
        "org_name": entry.fact("org_name"),
        "uscc": entry.fact("uscc"),
        "org_kind": entry.fact("org_kind", default=leaving.organisation.kind),
        "district_code": entry.fact("district_code", default=leaving.organisation.district),
    }
    unit = demo.organisation(profile)
    substitute = substitution.replace(
        drive.case,
        leaving=leaving,
        organisation=unit,
        role=leaving.role,
        by=demo.signer(drive.case.applicant),
    )
    partners.confirm(drive.case, by=demo.signer(unit))
    substitution.approve_replacement(substitute, by=drive.cast.officer)


def _partner(drive: Drive, named: str) -> Partner:
    """The partner called or coded so; the first one where nothing is said."""
    for partner in partners.active(drive.case).select_related("organisation"):
        if named in ("", partner.name, partner.organisation.uscc):
            return partner
    raise BadRecording(f"{named} is no partner")


def _table(entry: Occurrence, name: str) -> dict[str, Any]:
    told = (entry.model_extra or {}).get(name)
    if not isinstance(told, dict):
        raise BadRecording(f"{entry.event} needs {name}: indicator -> what is said of it")
    return told
