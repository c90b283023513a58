"""What people of the office write for themselves and for one another: notes and phrases."""

from workflows.errors.refusal import CaseError


class NoteEmpty(CaseError):
    """Please write the note."""

    status = 422


class NoteTooLong(CaseError):
    """A note has at most %(longest)s characters."""

    status = 422


class MentionUnknown(CaseError):
    """No colleague called “%(name)s” may read this case. Nothing was sent."""

    status = 422


class MentionAmbiguous(CaseError):
    """Several colleagues are called “%(name)s”. Please write one of these: %(names)s."""

    status = 422


class PhraseEmpty(CaseError):
    """Please write the phrase."""

    status = 422


class PhraseTooLong(CaseError):
    """A phrase has at most %(longest)s characters."""

    status = 422


class PhraseKnown(CaseError):
    """You have this phrase already."""


class PhrasesFull(CaseError):
    """You have %(most)s phrases, and more cannot be kept. Take one away first."""
