"""What the steps of a flow are called at the desk."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflows.models import Task

WORDS: dict[str, str | Promise] = {
    "acceptance": _("Acceptance"),
    "district_review": _("District review"),
    "opinion": _("Department opinion"),
    "department_review": _("Department review"),
    "screening": _("Screening"),
    "data_check": _("Check of the figures"),
    "data_sheet": _("Figures to check"),
    "confirmation": _("Confirmation by the school"),
    "settlement": _("Contested figures"),
    "panel": _("Formation of the panel"),
    "sheet": _("Evaluation sheet"),
    "visit": _("On-site check"),
    "freezing": _("Waiting for the freeze of the group"),
    "ranking": _("Waiting for the ranking of the group"),
    "proposal": _("Proposal"),
    "endorsement": _("Endorsement of the proposal"),
    "tabling": _("Tabling"),
    "ballot": _("Vote"),
    "resolution": _("Resolution"),
    "publication": _("Publication of the notice"),
    "objection": _("Objection"),
    "signing": _("Signing"),
    "sealing": _("Sealing"),
    "task_book": _("Task book"),
}
SEATED = ("sheet", "data_sheet")  # whose holders stay unnamed
ELSEWHERE = (*SEATED, "visit", "ballot", "resolution")  # done on pages of their own


def title(task: Task) -> str:
    """What the task asks for; an empty seat of the panel asks for a substitute."""
    if task.node in SEATED and task.candidate:
        return gettext("Substitute for an empty seat")
    return str(WORDS.get(task.node, task.node))


def is_elsewhere(task: Task) -> bool:
    """Whether the task is done on a page of its own, not at the desk."""
    return task.node in ELSEWHERE and not (task.node in SEATED and task.candidate)


def seat_code(task: Task) -> str:
    """The seat that a sheet's task belongs to."""
    return task.unit.rpartition("-")[0]
