"""The inbox: the list of a queue, with its first task beside it on a wide screen."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from workflows.views.desk import queues, reach
from workflows.views.desk.listing import listing
from workflows.views.desk.queues import Asked
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
    shown = listing(request.user, Asked.of(request.GET, queue))
    return render(request, "workflows/desk/tasks.html", {"list": shown, "counts": shown.counts})
