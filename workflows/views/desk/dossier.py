"""A case with what was filed in it; whatever several parts of a page need is read once."""

from functools import cached_property

from workflows.models import Case, Submission
from workflows.views.desk import evidence
from workflows.views.desk.evidence import Paper


class Dossier:
    """One case, its newest submission, and the papers filed with it."""

    def __init__(self, case: Case) -> None:
        """Keep the case; nothing is looked up yet."""
        self.case = case

    @cached_property
    def filed(self) -> Submission:
        """The newest submission."""
        return self.case.filed

    @cached_property
    def papers(self) -> list[Paper]:
        """The papers of the newest submission."""
        return evidence.papers(self.case, self.filed)
