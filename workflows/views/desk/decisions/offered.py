"""Which decisions a task asks for, and which are open on a case outside its tasks.

The page offers; the law decides: every verb asks again under the case's lock.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from workflows.models import Case, Task, User
from workflows.models.case import PAUSABLE, State
from workflows.stages import (
    confirmation,
    defences,
    figures,
    likeness,
    partners,
    rechecking,
    standby,
    substitution,
    supplements,
    withdrawal,
)
from workflows.views.desk.decisions.acceptance import Accept, Forward, RefuseAcceptance
from workflows.views.desk.decisions.companions import (
    ApproveSubstitute,
    JudgeLikeness,
    RecordLeaving,
    pending,
)
from workflows.views.desk.decisions.conference import Endorse, Propose, Table
from workflows.views.desk.decisions.correction import ExtendCorrection, ReturnOnce
from workflows.views.desk.decisions.course import (
    AnswerReview,
    AnswerWithdrawal,
    Extend,
    Resume,
    Suspend,
    Terminate,
)
from workflows.views.desk.decisions.defence import AnswerDefence, TellRefusal
from workflows.views.desk.decisions.figures import (
    AssignCheckers,
    CorrectFigure,
    OrderCorrection,
    Screen,
    SeatChecker,
    SettleContest,
)
from workflows.views.desk.decisions.form import Decision
from workflows.views.desk.decisions.law import ApplyNewer, ExtendTerm, has_newer, may_extend
from workflows.views.desk.decisions.money import CallUp, SignTaskBook
from workflows.views.desk.decisions.notice import AnswerObjection, Publish
from workflows.views.desk.decisions.panel import FormPanel, Substitute, VoidSeat
from workflows.views.desk.decisions.review import Conclude, GiveOpinion, Recommend
from workflows.views.desk.decisions.signing import Hold, Seal, Sign
from workflows.views.desk.decisions.supplement import AskSupplement, RecallSupplement

Forms = Sequence[type[Decision]]
BY_NODE: Mapping[str, Forms] = {
    "acceptance": (Accept, RefuseAcceptance, Forward, ReturnOnce),
    "district_review": (Recommend,),
    "opinion": (GiveOpinion,),
    "department_review": (Conclude,),
    "screening": (Screen,),
    "data_check": (AssignCheckers,),
    "data_sheet": (SeatChecker,),
    "settlement": (SettleContest,),
    "panel": (FormPanel,),
    "sheet": (Substitute,),
    "proposal": (Propose,),
    "endorsement": (Endorse,),
    "tabling": (Table,),
    "publication": (Publish,),
    "objection": (AnswerObjection,),
    "signing": (Sign, Hold),
    "sealing": (Seal, Hold),
    "task_book": (SignTaskBook,),
}
EVALUATED = (State.EVALUATING, State.PROPOSAL)


@dataclass(frozen=True)
class Offer:
    """A form that is open on a case outside its tasks: for which offices, and in what position.

    What the form asks may be secret from everybody else (it may name evaluators), so it is built
    for these offices only.
    """

    form: type[Decision]
    offices: Sequence[str]
    is_open: Callable[[Case], bool]


OFFERS = (
    Offer(
        AnswerWithdrawal,
        withdrawal.OFFICE,
        lambda case: case.withdrawal_asked is not None and case.is_open,
    ),
    Offer(AnswerReview, ["case_officer"], lambda case: rechecking.open_request(case) is not None),
    Offer(TellRefusal, ["case_officer"], defences.untold),
    Offer(AnswerDefence, ["case_officer"], lambda case: defences.unanswered(case) is not None),
    Offer(
        JudgeLikeness,
        ["case_officer"],
        lambda case: case.is_open and bool(likeness.undecided(case)),
    ),
    Offer(ApproveSubstitute, ["case_officer"], lambda case: pending(case.partners.all()).exists()),
    Offer(
        RecordLeaving,
        ["case_officer"],
        lambda case: case.state in substitution.HELD and partners.active(case).exists(),
    ),
    Offer(CallUp, ["case_officer"], standby.may_be_called_up),
    Offer(
        AskSupplement,
        ["district_reviewer", "case_officer", "agency_manager"],
        supplements.may_be_asked,
    ),
    Offer(
        RecallSupplement,
        ["district_reviewer", "case_officer", "agency_manager"],
        supplements.may_be_recalled,
    ),
    Offer(ExtendCorrection, ["window"], lambda case: case.state == State.RETURNED),
    Offer(
        CorrectFigure,
        ["case_officer"],
        lambda case: confirmation.may_correct(case) and figures.ready(case),
    ),
    Offer(
        OrderCorrection,
        ["leader"],
        lambda case: confirmation.may_correct(case) and not figures.ready(case),
    ),
    Offer(Suspend, ["leader"], lambda case: case.state in PAUSABLE),
    Offer(Resume, ["leader"], lambda case: case.state == State.SUSPENDED),
    Offer(
        Extend,
        ["leader"],
        lambda case: case.accepted is not None and not case.extended and case.is_open,
    ),
    Offer(Terminate, ["leader"], lambda case: case.is_open and case.state != State.DRAFT),
    Offer(ApplyNewer, ["leader"], has_newer),
    Offer(ExtendTerm, ["case_officer"], may_extend),
    Offer(VoidSeat, ["agency_manager", "case_officer"], lambda case: case.state in EVALUATED),
)


def for_task(task: Task) -> Forms:
    """What may be decided on ``task``; the first form is the ordinary one."""
    return BY_NODE.get(task.node, ())


def to_office(by: User) -> Forms:
    """What the offices of ``by`` may do with a case, in whatever position it is."""
    return [offer.form for offer in OFFERS if by.holds(*offer.offices)]


def on_case(case: Case, by: User) -> Forms:
    """What ``by`` may do with ``case`` outside its tasks."""
    return [offer.form for offer in OFFERS if by.holds(*offer.offices) and offer.is_open(case)]


def named(forms: Forms, code: str) -> type[Decision] | None:
    """The form called ``code``."""
    return next((form for form in forms if form.code == code), None)
