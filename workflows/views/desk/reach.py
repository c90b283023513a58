"""What a person of the office finds at the desk: cases they may read, tasks they may take."""

from django.db.models import Q
from django.http import HttpResponseRedirect
from django.urls import reverse

from workflows.models import User
from workflows.models.case import CaseQuerySet
from workflows.stages import sight
from workflows.views import nodes
from workflows.views.context import CONFERENCE, OFFICE
from workflows.views.context import DESK as WORKERS

DESK = tuple(sorted(WORKERS))
READERS = tuple(sorted({*OFFICE, *CONFERENCE, "auditor"}))  # who may open a case file
VISITORS = ("agency_manager", "case_officer", "district_reviewer")  # who goes on site
INSIDERS = ("agency_manager", "case_officer", "auditor")  # who knows the evaluators by name


def cases(user: User) -> CaseQuerySet:
    """The cases ``user`` may read at the desk.

    Drafts are the applicant's own. Whoever evaluates a case reads it on the evaluator's pages
    only, and whoever recused themselves from it reads nothing of it any more.
    """
    return sight.readable(user)


def in_sight(user: User) -> Q:
    """The tasks on cases ``user`` may read, and their own sheets, which name no applicant."""
    return readable(user) | sheets(user)


def readable(user: User) -> Q:
    """The tasks on cases ``user`` may read."""
    return sight.rows_on_readable(user)


def sheets(user: User) -> Q:
    """The sheets of ``user``, who may not read the case; an empty seat's task is a group's."""
    return Q(owner=user, node__in=nodes.SEATED, candidate="")


def see_other(name: str, *args: object, query: str = "") -> HttpResponseRedirect:
    """Send the browser on after a POST (303)."""
    response = HttpResponseRedirect(reverse(name, args=args) + (f"?{query}" if query else ""))
    response.status_code = 303
    return response
