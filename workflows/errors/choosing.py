"""Choosing among many: figures, groups, places and money."""

from workflows.errors.refusal import CaseError
from workflows.errors.standing import NotYetDue


class GroupNotReady(CaseError):
    """The group cannot be ranked while these cases are still being checked: %(cases)s."""


class GroupTooSmall(CaseError):
    """A group of %(size)s cannot be ranked: it takes %(least)s. It joins the next round."""


class GroupLargeEnough(CaseError):
    """A group of %(size)s can be ranked, it takes %(least)s; it stays in its round."""


class RoundUnlike(CaseError):
    """The group cannot go on in “%(round)s”: other figures are compared there, or none."""

    status = 422


class RankingMissing(CaseError):
    """The group of this case has not been ranked yet."""


class RankingUnsigned(CaseError):
    """The ranking of this group has not been countersigned yet."""


class RankingStale(CaseError):
    """The group of this case has changed since it was ranked; it must be ranked again first."""


class GroupUnsettled(NotYetDue):
    """The group of this case is being ranked again; its notice ends after that."""


class PlaceTooLow(CaseError):
    """The place of this case in its group does not allow this outcome."""

    status = 422


class OrderIncomplete(CaseError):
    """Please put exactly these equal cases in order: %(cases)s."""

    status = 422


class MeetingUnknown(CaseError):
    """No meeting has the number “%(number)s”."""

    status = 422


class TieUnbroken(CaseError):
    """These cases are equal at the cut, and the joint conference has to order them: %(cases)s."""


class RankStillOpen(CaseError):
    """A place above this case can still fall free, so it cannot be refused for its place yet."""


class BudgetExceeded(CaseError):
    """The amounts for %(line)s come to %(sum)s 万元, more than its budget of %(budget)s 万元."""


class OfferPending(CaseError):
    """%(case)s has not yet answered the smaller amount it was offered."""


class FiguresOpen(CaseError):
    """The figures of this case have not been confirmed yet."""


class AlreadyFrozen(CaseError):
    """The data of this group are frozen; a correction needs the head of the office."""


class BadFigure(CaseError):
    """The value of “%(indicator)s” must be %(allowed)s."""

    status = 422


class FigureUnexplained(CaseError):
    """Please say why the value of “%(indicator)s” differs from what was reported."""

    status = 422


class FigureUnknown(CaseError):
    """There is no indicator “%(code)s” to be settled here."""

    status = 422


class CutTooHigh(CaseError):
    """The amount for “%(item)s” must lie between 0 and %(maximum)s 万元."""

    status = 422


class CutUnexplained(CaseError):
    """Please say why “%(item)s” is lowered."""

    status = 422


class NoMoneyFree(CaseError):
    """No money is free for this project yet; it stays in the project register."""


class TaskBookOver(CaseError):
    """The task book could be signed until %(until)s; the funding has lapsed."""


class AmountTooHigh(CaseError):
    """The amount must lie between 0 and %(maximum)s 万元."""

    status = 422


class RecheckLate(CaseError):
    """A review of the mark could be requested until %(until)s."""
