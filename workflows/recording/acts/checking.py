"""What an index asks of agency and applicant on an ordinary day: figures checked and confirmed."""

from collections.abc import Mapping
from typing import Any

from workflows import demo
from workflows.recording.acts.weighing import seats
from workflows.recording.driver import Drive
from workflows.stages import confirmation, figures, panel, verification

NODE = verification.NODE
SETTLED = "经复核佐证材料，维持核验结果。"


def assign(drive: Drive) -> None:
    """The agency gives the figures to as many people as the edition asks."""
    rules = drive.case.procedure.verification
    assert rules is not None, "only checked figures wait here"
    checkers = drive.cast.checkers[: rules.size]
    verification.assign(drive.case, checkers=checkers, by=drive.cast.agency)


def check_figures(drive: Drive) -> None:
    """Everybody declares and finds the figures as recorded: as filed unless told otherwise."""
    found = findings(drive)
    for seat in seats(drive, NODE):
        panel.declare(seat, by=seat.expert)
        verification.check_figures(seat, findings=found, by=seat.expert)


def findings(drive: Drive) -> dict[str, dict[str, Any]]:
    """What the recording says the check found, by indicator."""
    recorded = drive.application.evaluation
    told: Mapping[str, Mapping[str, Any]] = recorded.findings if recorded else {}
    return {code: finding(each) for code, each in told.items()}


def finding(told: Mapping[str, Any]) -> dict[str, Any]:
    """One finding as told: corrected where a value is given, unproven without."""
    usual = "corrected" if "value" in told else "unproven"
    found = {"finding": usual, "reason": "与佐证材料不一致，按核实数填列。", **told}
    return found | ({"value": str(told["value"])} if "value" in told else {})


def confirm(drive: Drive) -> None:
    """The applicant's signer agrees to the checked figures."""
    confirmation.confirm(drive.case, by=demo.signer(drive.case.applicant))


def settle(drive: Drive) -> None:
    """The agency keeps what it found of every contested figure."""
    checked = figures.newest(drive.case)
    assert checked is not None, "something was contested"
    kept = {code: {**checked.values[code], "reason": SETTLED} for code in checked.contested}
    confirmation.settle_contest(drive.case, decisions=kept, by=drive.cast.agency)
