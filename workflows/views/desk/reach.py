"""What a person of the office finds at the desk: cases they may read, tasks they may take."""

from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponseRedirect
from django.urls import reverse

from workflows.models import Ballot, Case, User
from workflows.models.case import CaseQuerySet
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
    return Case.objects.filter(pk__in=_readable(user).values("pk"))


def in_sight(user: User) -> Q:
    """The tasks on cases ``user`` may read, and their own sheets, which name no applicant.

    One lookup by key for each task looked at, so that a page of a long queue stays cheap.
    """
    sheets = Q(owner=user, node__in=nodes.SEATED)
    return Exists(_readable(user).filter(pk=OuterRef("case_id"))) | sheets


def _readable(user: User) -> CaseQuerySet:
    recused = Ballot.objects.filter(choice=Ballot.Choice.RECUSED, member__user=user)
    return (
        Case.objects.visible_to(user)
        .filed()
        .exclude(seats__expert=user)
        .exclude(pk__in=recused.values("item__case"))
    )


def see_other(name: str, *args: object, query: str = "") -> HttpResponseRedirect:
    """Send the browser on after a POST (303)."""
    response = HttpResponseRedirect(reverse(name, args=args) + (f"?{query}" if query else ""))
    response.status_code = 303
    return response
