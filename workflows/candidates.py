"""Whose inbox a step stands in: the group that may take it, or the one person it belongs to."""

from collections.abc import Callable

from workflows.models import Case


def district(role: str) -> Callable[[Case, str], str]:
    """The ``role`` holders of the case's district."""
    return lambda case, unit: f"{role}:{case.district}"


def department(case: Case, unit: str) -> str:
    """The reviewers of the department named by the branch."""
    return f"department_reviewer:{unit}"


def applicant(case: Case, unit: str) -> str:
    """Everyone who acts for the applicant."""
    return f"applicant:{case.applicant_id}"


def person(case: Case, unit: str) -> int:
    """The one person named by the branch."""
    return int(unit.rsplit("-", 1)[-1])


def party(case: Case, unit: str) -> str:
    """Everyone who acts for the organisation named by the branch, or the office that issues."""
    return unit if unit == "issuer" else f"applicant:{unit}"
