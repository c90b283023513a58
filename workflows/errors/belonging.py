"""Accounts of organisations: who belongs to one, and what its account may do."""

from workflows.errors.refusal import CaseError


class LastOwner(CaseError):
    """You are the last owner of this account; hand it over to somebody else first."""


class NotMember(CaseError):
    """This person does not act for the organisation any more."""


class AlreadyMember(CaseError):
    """This person holds this mandate already."""


class InvitationSpent(CaseError):
    """This invitation was used, withdrawn, or has run out. Ask for a new one."""

    status = 410


class InvitationElsewhere(CaseError):
    """This invitation was sent to another address than that of your account."""

    status = 403


class NotConfirmedYet(CaseError):
    """The window has not confirmed the organisation yet; until then you may draft only."""


class RegistrationWaits(CaseError):
    """This is already with the window; it answers before you can ask again."""


class RegistrationDecided(CaseError):
    """The window has answered this already, so nothing was changed."""


class TooManyRegistrations(CaseError):
    """%(most)s registrations of yours wait for the window; file more once it has answered."""

    status = 429


class SameName(CaseError):
    """The organisation already bears this name."""

    status = 422


class EvidenceGone(CaseError):
    """This paper is no longer in the library, so nothing was changed."""

    status = 410
