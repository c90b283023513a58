"""Who may act, and who may not."""

from workflows.errors.refusal import CaseError


class NotEntitled(CaseError):
    """This step belongs to another office."""

    status = 403


class ClaimedByAnother(CaseError):
    """%(name)s has already taken this task."""


class PartyMayNotAct(CaseError):
    """You act for the applicant or a partner of this case, so someone else must handle it."""

    status = 403


class AccepterMayNotDecide(CaseError):
    """You accepted this case, so someone else must evaluate or approve it."""

    status = 403


class EvaluatorMayNotDecide(CaseError):
    """You evaluated this case, so someone else must accept or approve it."""

    status = 403


class ApproverMayNotAct(CaseError):
    """You approved this case, so someone else must accept or evaluate it."""

    status = 403


class IssuerMayNotSeal(CaseError):
    """You signed this decision, so someone else must apply the seal."""

    status = 403


class ConflictOfInterest(CaseError):
    """You have declared an interest in this case, so someone else must act."""

    status = 403


class NotDeclared(CaseError):
    """Please declare first whether you have an interest in this case."""

    status = 403


class AbsenceOver(CaseError):
    """%(name)s is back, so you no longer act for them. Nothing was changed."""


class SubstituteUnfit(CaseError):
    """%(name)s holds none of these offices and does not serve at the same desk."""

    status = 422


class SubstituteAway(CaseError):
    """%(name)s is away in that time too."""

    status = 422


class AbsentAlready(CaseError):
    """For that time there is a substitute already: %(name)s."""


class AbsenceReversed(CaseError):
    """The absence has to end on or after its first day, and not in the past."""

    status = 422


class AssigneeUnfit(CaseError):
    """%(name)s may not do this task."""

    status = 422


class AssigneeAway(CaseError):
    """%(name)s is away today."""

    status = 422


class NotYourTask(CaseError):
    """This task is nobody's yet. Claim it first."""


class NobodyChosen(CaseError):
    """Choose who is to do it."""

    status = 422
