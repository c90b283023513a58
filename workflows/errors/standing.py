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


class LastDayOver(StageClosed):
    """The last day was %(due)s, so this can no longer be sent. If the service failed for more than
    two hours that day, please tell the office before noon of the next working day: once it has
    certified the failure, you have one working day more.
    """


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


class ViewUnnamed(CaseError):
    """Give the view a name."""

    status = 422


class ViewNameTaken(CaseError):
    """You already have a view called “%(name)s”."""

    status = 422


class ViewTooLong(CaseError):
    """The filter is too long to be kept; look for fewer words."""

    status = 422


class TooManyViews(CaseError):
    """You have %(most)s views already. Delete one first."""

    status = 422


class SnoozedToThePast(CaseError):
    """A task can be put off until tomorrow at the earliest."""

    status = 422


class SnoozedBeyondDue(CaseError):
    """This task is due on %(due)s, so it cannot be put off beyond that day."""

    status = 422
