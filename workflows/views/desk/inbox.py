"""The inbox: the list of a queue, with its first task beside it on a wide screen."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from workflows.errors import CaseError
from workflows.models import Task, User
from workflows.stages import assigning, desk
from workflows.views.desk import filtering, queues, reach
from workflows.views.desk.asked import Asked
from workflows.views.desk.listing import listing
from workflows.views.guards import KnownRequest, office


@office(*reach.DESK)
@require_safe
def tasks(request: KnownRequest) -> HttpResponse:
    """The reader's own tasks."""
    return _list(request, "mine")


@office(*reach.DESK)
@require_safe
def tasks_queue(request: KnownRequest, queue: str) -> HttpResponse:
    """The tasks of another queue."""
    if queue not in queues.QUEUES:
        raise Http404
    return _list(request, queue)


def _list(request: KnownRequest, queue: str) -> HttpResponse:
    asked = Asked.of(request.GET, queue)
    filtering_now = request.GET.get("filter") == "1"
    shown = listing(request.user, asked, filtering=filtering_now)
    values = {"list": shown, "counts": shown.counts}
    if filtering_now:
        values["filter"] = filtering.fields(asked, request.GET.get("ask", ""))
    return render(request, "workflows/desk/tasks.html", values)


# --- the next one ---------------------------------------------------------------------------------
@office(*reach.DESK)
@require_POST
def task_claim_next(request: KnownRequest) -> HttpResponse:
    """Take the most urgent unclaimed task of the reader's groups, and open it."""
    taken = claim_next(request.user)
    if taken is None:
        messages.warning(request, gettext("Nothing is left to claim."))
        return reach.see_other("tasks")
    return reach.see_other("task", taken.pk, query="queue=mine")


def claim_next(user: User) -> Task | None:
    """The most urgent task that could still be claimed; one a colleague took meanwhile is passed.

    So are cases that stand still, and those the reader may not go on with after their own part.
    """
    found = [row for row in queues.page_of(user, Asked("unclaimed")).rows if not row.paused]
    barred = assigning.bars(found)
    for row in found:
        if user.pk in barred[row.pk]:
            continue
        task = Task.objects.select_related("case__edition", "case__applicant").get(pk=row.pk)
        try:
            return desk.claim(task, by=user)
        except CaseError:  # taken, finished or busy a moment ago
            continue
    return None
