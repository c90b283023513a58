"""What a person of the office finds at the desk: cases they may read, tasks they may take."""

from django.db.models import Q, QuerySet
from django.http import HttpResponseRedirect
from django.urls import reverse

from workflows.models import Ballot, Case, Task, User
from workflows.models.case import CaseQuerySet, State
from workflows.views.context import CONFERENCE, OFFICE

DESK = tuple(sorted({*OFFICE, *CONFERENCE, "expert", "checker"}))  # whoever may have a task
READERS = tuple(sorted({*OFFICE, *CONFERENCE, "auditor"}))  # who may open a case file
INSIDERS = ("agency_manager", "case_officer", "auditor")  # who knows the evaluators by name


def cases(user: User) -> CaseQuerySet:
    """The cases ``user`` may read at the desk.

    Drafts are the applicant's own. Whoever evaluates a case reads it on the evaluator's pages
    only, and whoever recused themselves from it reads nothing of it any more.
    """
    recused = Ballot.objects.filter(choice=Ballot.Choice.RECUSED, member__user=user)
    readable = (
        Case.objects.visible_to(user)
        .exclude(state=State.DRAFT)
        .exclude(seats__expert=user)
        .exclude(pk__in=recused.values("item__case"))
    )
    return Case.objects.filter(pk__in=readable.values("pk"))


def groups(user: User) -> list[str]:
    """The inbox groups of the offices ``user`` holds today."""
    return sorted({office.candidacy for office in user.offices})


def tasks(user: User) -> QuerySet[Task]:
    """Every task that is or was ``user``'s or their groups' to do, on cases they may read."""
    own = Q(owner=user) | Q(candidate__in=groups(user))
    found: QuerySet[Task] = Task.objects.filter(own, case__in=cases(user))
    return found


def see_other(name: str, *args: object, query: str = "") -> HttpResponseRedirect:
    """Send the browser on after a POST (303)."""
    response = HttpResponseRedirect(reverse(name, args=args) + (f"?{query}" if query else ""))
    response.status_code = 303
    return response
