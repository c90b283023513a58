"""What an applicant handed in, and with whom."""

from workflows.errors.refusal import CaseError


class Incomplete(CaseError):
    """Some answers are missing or need correction."""

    status = 422


class FormSentBefore(CaseError):
    """This form was already sent with other choices. Please choose again."""

    status = 422


class NotEligible(CaseError):
    """The conditions for applying are not met."""

    status = 422


class RoundClosed(CaseError):
    """This round was open from %(opens)s to %(closes)s."""


class OtherGroup(CaseError):
    """This round is open to another group: %(group)s."""

    status = 422


class NoEdition(CaseError):
    """%(programme)s has no published edition, so no round can be opened."""

    status = 422


class PartnerNotConfirmed(CaseError):
    """These partners have not confirmed the application as it now stands: %(partners)s."""


class PartnersMissing(CaseError):
    """The application needs at least one enterprise and one school among lead and partners."""

    status = 422


class PartnerUnknown(CaseError):
    """%(name)s (%(uscc)s) is not a partner of this application."""

    status = 422


class ValueUsed(CaseError):
    """%(what)s %(value)s is already used in %(case)s of this round; it can count only once."""


class ChallengeUnknown(CaseError):
    """This round has no challenge %(number)s for this kind of money."""

    status = 422


class ChallengeClosed(CaseError):
    """Challenge %(number)s was open for bids from %(opens)s to %(closes)s."""


class BidExists(CaseError):
    """%(unit)s has already bid for challenge %(number)s, in %(case)s; a unit may bid once."""


class PartnerOfAnotherKind(CaseError):
    """%(name)s leaves a place of another kind; the substitute must be of the same kind."""

    status = 422


class PartnerBarred(CaseError):
    """%(name)s is barred from applying, so it cannot take part."""

    status = 422


class PartnerTwice(CaseError):
    """%(name)s takes part in this application already."""

    status = 422


class RoundOpened(CaseError):
    """This round has opened, so its terms can no longer be changed."""


class AboveCap(CaseError):
    """Challenge %(number)s pays at most %(cap)s 万元; you ask for %(asked)s 万元."""

    status = 422


class DoubleFunding(CaseError):
    """%(cases)s speaks of the same project, so this case can only be stopped."""


class LikenessUndecided(CaseError):
    """Decide first whether this is the same project as %(cases)s."""


class NothingToCorrect(CaseError):
    """Name at least one item to correct."""

    status = 422


class NotReopened(CaseError):
    """The office did not ask to correct this, so it stays as it was filed: %(what)s."""


class TargetUnknown(CaseError):
    """“%(code)s” is no question and no paper of this application."""

    status = 422


class ReasonUnknown(CaseError):
    """“%(code)s” is no reason for a correction."""

    status = 422


class ItemsUnanswered(CaseError):
    """Say why the case is accepted although this is missing: %(items)s."""

    status = 422


class ReturnFirst(CaseError):
    """Return the case for correction first: what is missing can still be asked for."""


class NothingAsked(CaseError):
    """Ask for at least one thing."""

    status = 422


class NothingToSend(CaseError):
    """Answer at least one question, or attach a file."""

    status = 422


class NotRenewed(CaseError):
    """Attach the renewed licence and give its last day, which must lie ahead."""

    status = 422


class SupplementWaiting(CaseError):
    """The applicant has been asked for material until %(due)s; the case waits for it."""


class SupplementsUsed(CaseError):
    """Material can be asked for at most %(most)s times in one case."""


class AlreadyReturned(CaseError):
    """This case was returned for correction once already; everything had to be named then."""


class FileRefused(CaseError):
    """%(reason)s"""

    status = 422


class NotYetScanned(CaseError):
    """“%(name)s” is still being scanned for viruses; it can be opened after that."""


class Infected(CaseError):
    """“%(name)s” has a virus in it, so nobody can open it."""


class UploadGone(CaseError):
    """This upload is no longer open. Please choose the file again."""

    status = 410


class PieceDamaged(CaseError):
    """A piece of the file was damaged on its way; it is sent again."""


class NoWindow(CaseError):
    """District %(district)s has no acceptance window, so nothing can be forwarded to it."""

    status = 422


class ConsentNeeded(CaseError):
    """During the public notice an application can be taken back only with the office's consent."""


class ExtendedAlready(CaseError):
    """The time limit was extended once already."""


class ExtensionTooLong(CaseError):
    """At most %(days)s further working days can be given."""

    status = 422
