"""Ordinary acts: what each person does on an ordinary day when a case waits for them."""

from collections.abc import Callable, Mapping

from workflows.models import Standing
from workflows.recording.acts.binding import call_up, sign_task_book
from workflows.recording.acts.checking import assign, check_figures, confirm, settle
from workflows.recording.acts.deciding import (
    answer_objections,
    endorse,
    hold_meeting,
    propose,
    publish,
    seal,
    sign,
    table,
)
from workflows.recording.acts.filing import (
    acknowledge,
    agree,
    as_answer,
    attach,
    fill,
    sample,
    staffed,
    submit,
)
from workflows.recording.acts.reviewing import (
    accept,
    answer_for_departments,
    conclude,
    conclude_with,
    recommend,
)
from workflows.recording.acts.visiting import visit
from workflows.recording.acts.weighing import fill_sheets, form_panel
from workflows.recording.driver import Drive
from workflows.stages import outcome, standings

__all__ = [
    "ORDINARY", "accept", "acknowledge", "agree", "answer_objections", "as_answer", "attach",
    "conclude_with", "fill", "hold_meeting", "may", "publish", "recommend", "sample", "staffed",
    "submit", "table",
]  # fmt: skip

ORDINARY: Mapping[str, Callable[[Drive], None]] = {
    "acceptance": accept,
    "screening": conclude,
    "district_review": recommend,
    "opinion": answer_for_departments,
    "department_review": conclude,
    "data_check": assign,
    "data_sheet": check_figures,
    "confirmation": confirm,
    "settlement": settle,
    "panel": form_panel,
    "sheet": fill_sheets,
    "visit": visit,
    "proposal": propose,
    "endorsement": endorse,
    "tabling": table,
    "resolution": hold_meeting,
    "publication": publish,
    "objection": answer_objections,
    "signing": sign,
    "sealing": seal,
    "task_book": sign_task_book,
    "standby": call_up,
}


def may(act: Callable[[Drive], None], drive: Drive) -> bool:
    """Whether an ordinary act may happen now, for all the others of the group have done.

    A proposal waits until the group is in order, and one to refuse for rank until no place above
    can fall free any more; a project of the register waits for money.
    """
    if act not in (propose, call_up):
        return True
    drive.read()
    if outcome.stopped(drive.case):
        return True
    standing = standings.standing_of(drive.case)
    if standing is None or standing.ranking.approved is None or standings.stale(standing.ranking):
        return False
    if standing.status == Standing.Status.SELECTED:
        return True
    waits = standing.status == Standing.Status.WAITING
    return act is propose and (waits or standings.refusals_may_go(drive.case))
