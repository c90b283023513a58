"""Which decisions a task asks for, and which are open on a case outside its tasks.

The page offers; the law decides: every verb asks again under the case's lock.
"""

from collections.abc import Callable, Mapping, Sequence

from workflows.models import Case, Task, User
from workflows.models.case import CLOSED, PAUSABLE, State
from workflows.views.desk.decisions.acceptance import Accept, Forward, RefuseAcceptance
from workflows.views.desk.decisions.conference import Endorse, Propose, Table
from workflows.views.desk.decisions.correction import ExtendCorrection, ReturnOnce
from workflows.views.desk.decisions.course import Extend, Resume, Suspend, Terminate
from workflows.views.desk.decisions.form import Decision
from workflows.views.desk.decisions.notice import AnswerObjection, Publish
from workflows.views.desk.decisions.panel import FormPanel, Substitute, VoidSeat
from workflows.views.desk.decisions.review import Conclude, GiveOpinion, Recommend
from workflows.views.desk.decisions.signing import Hold, Seal, Sign

Forms = Sequence[type[Decision]]
BY_NODE: Mapping[str, Forms] = {
    "acceptance": (Accept, RefuseAcceptance, Forward, ReturnOnce),
    "district_review": (Recommend,),
    "opinion": (GiveOpinion,),
    "department_review": (Conclude,),
    "panel": (FormPanel,),
    "sheet": (Substitute,),
    "proposal": (Propose,),
    "endorsement": (Endorse,),
    "tabling": (Table,),
    "publication": (Publish,),
    "objection": (AnswerObjection,),
    "signing": (Sign, Hold),
    "sealing": (Seal, Hold),
}
EVALUATED = (State.EVALUATING, State.PROPOSAL)
OPEN_ON_CASE: Sequence[tuple[type[Decision], Callable[[Case, User], bool]]] = (
    (ExtendCorrection, lambda case, by: case.state == State.RETURNED and by.holds("window")),
    (Suspend, lambda case, by: case.state in PAUSABLE and by.holds("leader")),
    (Resume, lambda case, by: case.state == State.SUSPENDED and by.holds("leader")),
    (
        Extend,
        lambda case, by: (
            case.accepted is not None
            and not case.extended
            and case.state not in CLOSED
            and by.holds("leader")
        ),
    ),
    (
        Terminate,
        lambda case, by: case.state not in (*CLOSED, State.DRAFT) and by.holds("leader"),
    ),
    (
        VoidSeat,
        lambda case, by: case.state in EVALUATED and by.holds("agency_manager", "case_officer"),
    ),
)


def for_task(task: Task) -> Forms:
    """What may be decided on ``task``; the first form is the ordinary one."""
    return BY_NODE.get(task.node, ())


def on_case(case: Case, by: User) -> Forms:
    """What ``by`` may do with ``case`` outside its tasks."""
    return [form for form, is_open in OPEN_ON_CASE if is_open(case, by)]


def named(forms: Forms, code: str) -> type[Decision] | None:
    """The form called ``code``."""
    return next((form for form in forms if form.code == code), None)
