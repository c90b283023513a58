"""A case with what was filed in it; whatever several parts of a page need is read once."""

from functools import cached_property

from workflows.assessment import Assessment
from workflows.models import Case, Submission, Task, User
from workflows.stages import submission, worksheets
from workflows.stages.worksheets import Sheet
from workflows.views.desk import evidence
from workflows.views.desk.evidence import Paper


class Dossier:
    """One case, its newest submission, and the papers filed with it."""

    def __init__(self, case: Case) -> None:
        """Keep the case; nothing is looked up yet."""
        self.case = case
        self._sheets: dict[tuple[int, int], Sheet] = {}

    @cached_property
    def filed(self) -> Submission:
        """The newest submission."""
        return self.case.filed

    @cached_property
    def papers(self) -> list[Paper]:
        """The papers of the newest submission."""
        return evidence.papers(self.case, self.filed)

    @cached_property
    def assessment(self) -> Assessment:
        """The newest answers, weighed by the edition."""
        return submission.weigh(self.case)

    def sheet(self, task: Task, by: User) -> Sheet:
        """What ``by`` has ticked and written for ``task`` so far."""
        key = (task.pk, by.pk)
        if key not in self._sheets:
            read = "sheet_kept" in vars(task)  # with the task itself, for the reader of its page
            self._sheets[key] = vars(task)["sheet_kept"] or {} if read else worksheets.of(task, by)
        return self._sheets[key]
