"""What an applicant handed in, and with whom."""

from workflows.errors.refusal import CaseError


class Incomplete(CaseError):
    """Some answers are missing or need correction."""

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


class ChallengeClosed(CaseError):
    """Challenge %(number)s is not open for bids."""

    status = 422


class BidExists(CaseError):
    """%(unit)s has already bid for challenge %(number)s, in %(case)s; a unit may bid once."""


class PartnerOfAnotherKind(CaseError):
    """%(name)s leaves a place of another kind; the substitute must be of the same kind."""

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


class AlreadyReturned(CaseError):
    """This case was returned for correction once already; everything had to be named then."""


class FileRefused(CaseError):
    """%(reason)s"""

    status = 422


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
