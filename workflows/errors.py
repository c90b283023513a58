"""Every refusal of the house: one class a reason; the docstring is what the user reads.

Sentences are English msgids with ``%(name)s`` places for ``facts``; the pages translate them.
"""

from typing import ClassVar


class CaseError(Exception):
    """This cannot be done."""

    status: ClassVar[int] = 409

    def __init__(self, **facts: object) -> None:
        super().__init__()
        self.facts = facts

    @property
    def sentence(self) -> str:
        """The untranslated sentence, with places for facts."""
        return " ".join((type(self).__doc__ or "").split())

    def __str__(self) -> str:
        return self.sentence % self.facts if self.facts else self.sentence


# --- where the case stands ----------------------------------------------------------------------
class StageClosed(CaseError):
    """This step is already finished, so nothing was changed. Your text is kept below."""


class CaseClosed(CaseError):
    """This case is closed; nothing more can be done on it."""


class CaseBusy(CaseError):
    """Someone else is working on this case at this moment. Please try again."""


class NotYetDue(CaseError):
    """The time limit has not run out yet."""


class StaleForm(CaseError):
    """Someone else saved this form after you opened it. Please look at the newer version first."""


class AlreadySubmitted(CaseError):
    """This application has already been submitted; there is nothing left to send."""


class OpenCaseExists(CaseError):
    """Your organisation already has an open application of this kind: %(reference)s."""


# --- who may act --------------------------------------------------------------------------------
class NotEntitled(CaseError):
    """This step belongs to another office."""

    status = 403


class ClaimedByAnother(CaseError):
    """%(name)s has already taken this task."""


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


# --- what was handed in -------------------------------------------------------------------------
class Incomplete(CaseError):
    """Some answers are missing or need correction."""

    status = 422


class NotEligible(CaseError):
    """The conditions for applying are not met."""

    status = 422


class RoundClosed(CaseError):
    """This round was open from %(opens)s to %(closes)s."""


class ReasonMissing(CaseError):
    """Please give the reason."""

    status = 422


class NothingToCorrect(CaseError):
    """Name at least one item to correct."""

    status = 422


class AlreadyReturned(CaseError):
    """This case was returned for correction once already; everything had to be named then."""


class FileRefused(CaseError):
    """%(reason)s"""

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


class DeferredTwice(CaseError):
    """This item was deferred once already and must be decided now."""


class ObjectionLate(CaseError):
    """The notice ended on %(closes)s; objections could be filed until then."""


class ObjectionIncomplete(CaseError):
    """An objection needs a real name, a way to reach you, and facts."""

    status = 422


class ConsentNeeded(CaseError):
    """During the public notice an application can be taken back only with the office's consent."""


class ExtendedAlready(CaseError):
    """The time limit was extended once already."""


class ExtensionTooLong(CaseError):
    """At most %(days)s further working days can be given."""

    status = 422


# --- papers -------------------------------------------------------------------------------------
class RareCharacter(CaseError):
    """The paper cannot be printed yet: no font holds %(characters)s. The case waits for it."""

    status = 422


class PaperBroken(CaseError):
    """The signed paper did not pass its own check (%(problems)s); it was not issued."""

    status = 500


class PaperNotReady(CaseError):
    """The paper is being prepared. Please try again in a moment."""


class StoreFull(CaseError):
    """The file store is full; nothing was lost, and the work is tried again."""

    status = 507
