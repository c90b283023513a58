"""The service itself: what an applicant thinks of it, and what people choose to be told."""

from workflows.errors.refusal import CaseError


class AlreadyRated(CaseError):
    """This contact has been rated already; a rating is given once."""


class RatingAnswered(CaseError):
    """This rating has been answered already."""


class AnswerMissing(CaseError):
    """Please write the answer."""

    status = 422
