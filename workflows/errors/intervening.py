"""Stepping into a flow from outside."""

from workflows.errors.refusal import CaseError


class InterventionOpen(CaseError):
    """An intervention in this case waits for its decision; it has to be decided first."""


class SecondPerson(CaseError):
    """Whoever asked for it cannot decide it; it takes a second person."""

    status = 403


class StepOutOfReach(CaseError):
    """From where the case stands now the law knows no way back to this step."""


class FlowSound(CaseError):
    """The steps that wait are those that state and facts call for: there is nothing to rebuild."""
