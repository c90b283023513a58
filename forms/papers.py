"""The attachments an applicant is asked for, given the answers."""

from dataclasses import dataclass

from forms.bound import Bound
from forms.expressions import Failed, compile
from forms.schema import Attachment


@dataclass(frozen=True)
class Paper:
    """An attachment that is asked for; `required` when the application cannot go without it."""

    attachment: Attachment
    required: bool


def papers(bound: Bound) -> list[Paper]:
    """Give the attachments that apply to these answers, in the order of the form."""
    return [
        Paper(attachment, _holds(bound, attachment.required))
        for attachment in bound.form.attachments
        if attachment.show is None or _holds(bound, attachment.show)
    ]


def _holds(bound: Bound, condition: bool | str) -> bool:
    """Evaluate a condition; one that fails on an unfinished draft holds: better ask than forget."""
    if isinstance(condition, bool):
        return condition
    try:
        return bool(compile(condition, bound.form.names()).evaluate(bound.values))
    except Failed:
        return True
