"""The legal positions of a case, and what is true of each (domain 0.4)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a case stands in law (domain 0.4)."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned for correction")
    ACCEPTED = "accepted", _("Accepted")
    REVIEWING = "reviewing", _("Under review")
    COUNTERSIGN = "countersign", _("With the departments")
    EVALUATING = "evaluating", _("Third-party evaluation")
    PROPOSAL = "proposal", _("Proposal")
    MEETING = "meeting", _("Joint conference")
    NOTICE = "notice", _("Public notice")
    OBJECTION = "objection", _("Objection under review")
    SIGNING = "signing", _("Signing and sealing")
    GRANTED = "granted", _("Granted")
    REGISTERED = "registered", _("In the project register")
    REFUSED = "refused", _("Refused")
    NOT_ACCEPTED = "not_accepted", _("Not accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ABANDONED = "abandoned", _("Abandoned")
    TERMINATED = "terminated", _("Terminated")
    SUSPENDED = "suspended", _("Suspended")


CLOSED = (
    State.GRANTED,
    State.REGISTERED,
    State.REFUSED,
    State.NOT_ACCEPTED,
    State.WITHDRAWN,
    State.ABANDONED,
    State.TERMINATED,
)
DECIDED = (State.GRANTED, State.REFUSED)
STANDING_STILL = (State.EVALUATING, State.OBJECTION, State.SUSPENDED)  # as the decision clock does
BEFORE_DECISION = (
    State.SUBMITTED,
    State.RETURNED,
    State.ACCEPTED,
    State.REVIEWING,
    State.COUNTERSIGN,
    State.EVALUATING,
    State.PROPOSAL,
    State.MEETING,
    State.NOTICE,
    State.OBJECTION,
)
IN_HAND = (*BEFORE_DECISION, State.SIGNING)
PAUSABLE = tuple(state for state in IN_HAND if state not in (State.SUBMITTED, State.RETURNED))
