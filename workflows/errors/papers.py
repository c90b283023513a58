"""Papers and titles, and the law they rest on."""

from workflows.errors.refusal import CaseError


class RareCharacter(CaseError):
    """The paper cannot be printed yet: no font holds %(characters)s. The case waits for it."""

    status = 422


class PaperBroken(CaseError):
    """The signed paper did not pass its own check (%(problems)s); it was not issued."""

    status = 500


class PaperNotReady(CaseError):
    """The paper is being prepared. Please try again in a moment."""


class StoreFull(CaseError):
    """The file store is full, so nothing was changed. Please try again later."""

    status = 507


class FileDamaged(CaseError):
    """The stored file is damaged, so it is not sent. Please tell the office."""

    status = 500


class EditionUnfit(CaseError):
    """%(edition)s is not a newer edition of the same programme with the same course."""

    status = 422


class TermFixed(CaseError):
    """The term of this title does not hang on another registration, so it is not extended."""

    status = 422


class TermOutOfReach(CaseError):
    """This title runs until %(ends)s; it can be extended until %(last)s at the latest."""

    status = 422
