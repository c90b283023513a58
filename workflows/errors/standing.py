"""Where the case stands: what can no longer be done, or not yet."""

from workflows.errors.refusal import CaseError


class StageClosed(CaseError):
    """This step is already finished, so nothing was changed."""


class OutageImpossible(CaseError):
    """An outage ends after it began, and has ended when it is certified."""

    status = 422


class CaseSuspended(StageClosed):
    """This case stands still since %(since)s; this can be done once it is resumed."""


class CaseClosed(CaseError):
    """This case is closed; nothing more can be done on it."""


class CaseBusy(CaseError):
    """Someone else is working on this case at this moment. Please try again."""


class NotYetDue(CaseError):
    """The time limit has not run out yet."""


class StaleForm(CaseError):
    """Someone else saved this form after you opened it. Please look at the newer version first."""


class SectionTaken(CaseError):
    """%(name)s is filling in this section."""

    status = 423


class AlreadySubmitted(CaseError):
    """This application has already been submitted; there is nothing left to send."""


class OpenCaseExists(CaseError):
    """Your organisation already has an open application of this kind: %(reference)s."""


class TitleHeld(CaseError):
    """Your organisation already holds %(number)s, so it cannot apply for the same again."""
