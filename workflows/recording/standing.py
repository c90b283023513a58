"""What is done today with a case in hand, so that somebody has to answer it now.

Days run from what is done: a correction, a request or a refusal of some weeks ago would be over.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from workflows import demo
from workflows.models import User
from workflows.recording import acts
from workflows.recording.driver import Drive
from workflows.stages import corrections, publication, supplements


class Turn(NamedTuple):
    """What is done, and who has to answer it: a member of the cast, or of the applicant."""

    act: Callable[[Drive], None]
    words: str
    whose: Callable[[Drive], User]


def _return(drive: Drive) -> None:
    """The window returns a question, a paper and a remark on the whole."""
    items = [
        {"target": "plan_investment", "reason": "inconsistent", "text": "请核对规划投入的金额。"},
        {"target": "credit_report", "reason": "inconsistent", "text": "报告不清晰，请重新上传。"},
        {"target": "", "reason": "inconsistent", "text": "请说明实习岗位与主营业务的关系。"},
    ]  # fmt: skip
    corrections.return_once(drive.case, items=items, by=drive.cast.window)


def _ask(drive: Drive) -> None:
    """The district asks for material; the decision clock stands."""
    questions = ["请说明规划投入的资金来源。", "请补充与合作院校的实习安排。"]
    days = drive.case.procedure.supplements.days
    supplements.ask(drive.case, questions=questions, days=days, by=drive.cast.district)


def _refuse(drive: Drive) -> None:
    """The conference does not follow the proposal; the refusal is told before it is signed."""
    acts.table(drive)
    drive.read()
    acts.hold_meeting(drive)


def _object(drive: Drive) -> None:
    """The list is published, and a unit objects to the entry."""
    acts.publish(drive)
    drive.read()
    publication.file_objection(
        publication.running_entry(drive.case),
        objector="上海市职业教育行业协会（示例）",
        contact_name="方亦舟",
        phone="13800000199",
        is_unit=True,
        facts="该单位公示的实习岗位数量与本会掌握的情况不一致，请予核实。",
    )


def _signer(drive: Drive) -> User:
    return demo.signer(drive.case.applicant)


TURNS: Mapping[str, Turn] = {
    "return": Turn(_return, "returned for correction", _signer),
    "ask": Turn(_ask, "asked for supplementary material", _signer),
    "refuse": Turn(_refuse, "told of an intended refusal", _signer),
    "object": Turn(_object, "objected to", lambda drive: drive.cast.officer),
}
