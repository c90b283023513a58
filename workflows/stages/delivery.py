"""Handing a decision over (送达): from then on its applicant knows it, and limits run."""

from workflows import audit, clock
from workflows.models import Case, Event


def hand_over(locked: Case) -> Event:
    """Give the issued papers of the decision to the applicant's account."""
    decision = locked.decision
    decision.delivered = clock.now()
    decision.save(update_fields=["delivered"])
    return audit.record(locked, "delivered", by=None, number=decision.number)
