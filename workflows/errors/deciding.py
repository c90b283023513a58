"""Evaluating, deciding and publishing."""

from workflows.errors.refusal import CaseError


class SecondVisitor(CaseError):
    """%(name)s cannot be the second person of this check: it takes two who may both visit."""

    status = 422


class VisitDay(CaseError):
    """The day of the visit must lie between %(first)s, when it was ordered, and %(last)s, today."""

    status = 422


class PhotoMissing(CaseError):
    """An on-site check needs a note and at least one photo."""

    status = 422


class PanelMakeUp(CaseError):
    """The panel needs at least %(needed)s from %(background)s."""

    status = 422


class ReasonMissing(CaseError):
    """Please give the reason."""

    status = 422


class BadScore(CaseError):
    """The score for “%(criterion)s” must lie between 0 and %(maximum)s."""

    status = 422


class ScoreUnexplained(CaseError):
    """Please say why the score for “%(criterion)s” differs from the computed %(computed)s."""

    status = 422


class BadPanel(CaseError):
    """The panel needs %(size)s different experts; %(given)s were named."""

    status = 422


class PanelShort(CaseError):
    """Fewer than %(quorum)s valid sheets remain; appoint a substitute first."""


class NoQuorum(CaseError):
    """Only %(present)s of %(members)s members are present; %(needed)s are needed for a vote."""


class VotesMissing(CaseError):
    """%(missing)s members present have not voted yet."""


class MeetingClosed(CaseError):
    """The minutes of this meeting are signed; nothing can be changed any more."""


class WrittenRoundNotAllowed(CaseError):
    """This procedure must be decided in a meeting, not in writing."""


class RefusalNotTold(CaseError):
    """Tell the applicant first what is intended and why; it may defend itself."""


class DefenceOpen(CaseError):
    """The applicant may answer until %(until)s; sign from noon of the next working day on."""


class DefenceUnanswered(CaseError):
    """The applicant has stated its defence; answer it before the refusal is signed."""


class RepliedAlready(CaseError):
    """Your organisation has replied to this objection already."""


class DeferredTwice(CaseError):
    """This item was deferred once already and must be decided now."""


class ObjectionLate(CaseError):
    """The notice ended on %(closes)s; objections could be filed until then."""


class ObjectionIncomplete(CaseError):
    """An objection needs a real name, a way to reach you, and facts."""

    status = 422


class OutcomeClosed(CaseError):
    """This outcome cannot be proposed for this case: a blocking finding stands against it."""

    status = 422


class ProposerMayNotEndorse(CaseError):
    """You made this proposal, so someone else must endorse it."""

    status = 403


class NotSeatable(CaseError):
    """%(name)s holds no office today from which this seat can be filled."""

    status = 422


class NotImpartial(CaseError):
    """%(name)s works or acts for the applicant or a partner, so somebody else must be seated."""

    status = 422


class TabledAlready(CaseError):
    """This case is on the agenda of this meeting already."""


class MeetingNumberTaken(CaseError):
    """There is a meeting %(number)s already; please choose another number."""


class AlreadyDecided(CaseError):
    """%(name)s decided this at %(at)s already; it takes effect unless it is taken back."""


class TooLateToTakeBack(CaseError):
    """This took effect at %(at)s, so it can no longer be taken back."""


class NothingWaits(CaseError):
    """There is nothing left to take back here."""


class NoLongerFits(CaseError):
    """What was decided does not fit the case any more: %(reason)s"""

    status = 422


class NeedsOwnLook(CaseError):
    """This one needs a look of its own: %(reason)s"""

    status = 422


class SignedOutSince(CaseError):
    """Your session was ended before this took effect, so nothing was done."""

    status = 403


class Faulted(CaseError):
    """A fault of the service kept this from being carried out; nothing was changed."""

    status = 500
