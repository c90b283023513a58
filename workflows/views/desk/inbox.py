"""The inbox: the list of a queue, with its first task beside it on a wide screen."""

from collections.abc import Callable, Iterator

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from workflows.errors import CaseBusy, CaseError
from workflows.models import Task, User
from workflows.stages import assigning, desk
from workflows.views.desk import filtering, places, queues, reach
from workflows.views.desk.asked import Asked
from workflows.views.desk.chips import address
from workflows.views.desk.listing import Listing, listing
from workflows.views.guards import KnownRequest, office


@office(*reach.DESK)
@require_safe
def tasks(request: KnownRequest) -> HttpResponse:
    """The reader's own tasks; another queue is at an address of its own."""
    asked = Asked.of(request.GET)
    if asked.queue != "mine":
        return redirect(address(asked.queue, asked.query(without=("queue",))))
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
    values = {"list": shown, "counts": shown.counts, "misread": _misread(request.GET, shown)}
    if filtering_now:
        values["filter"] = filtering.fields(asked, request.GET.get("ask", ""))
    return render(request, "workflows/desk/tasks.html", values)


def _misread(given: QueryDict, shown: Listing) -> list[str]:
    """What the address asks for and the list does not know, so that nobody is misled by it."""
    asked = shown.asked
    names = {"due": gettext("due day"), "tag": gettext("tag"), "sort": gettext("order")}
    lost = [names[name] for name in names if given.get(name) and not getattr(asked, name)]
    told = []
    if lost:
        words = gettext("The address asks for something unknown, which was left out: %(names)s.")
        told.append(words % {"names": gettext(", ").join(lost)})
    if asked.after and places.read(asked.after, queues.order_of(asked)) is None:
        told.append(gettext("That place in the list is unknown; this is its top."))
    if asked.view and not any(each["current"] for each in shown.views):
        told.append(gettext("The saved view is no longer there; its filter still applies."))
    return told


# --- the next one ---------------------------------------------------------------------------------
@office(*reach.DESK)
@require_POST
def task_claim_next(request: KnownRequest) -> HttpResponse:
    """Take the most urgent unclaimed task of the reader's groups, and open it."""
    taken = claim_next(request.user)
    if taken is None:
        messages.warning(request, gettext("Nothing is left to claim."))
        return reach.see_other("tasks")
    messages.success(request, gettext("%(name)s: claimed.") % {"name": taken.applicant})
    return reach.see_other("task", taken.pk, query="queue=mine")


def claim_next(user: User) -> Task | None:
    """The most urgent task that could still be claimed; one a colleague took meanwhile is passed.

    So are cases that stand still, and those the reader may not go on with after their own part.
    What somebody else is acting on is waited for only where nothing else is left.
    """
    return _first(user, desk.claim_at_once) or _first(user, desk.claim)


def _first(user: User, claim: Callable[..., Task | None]) -> Task | None:
    for task in _claimable(user):
        try:
            taken = claim(task, by=user)
        except CaseBusy:  # nobody knows yet whether it is left
            raise
        except CaseError:  # taken or finished a moment ago
            continue
        if taken is not None:
            return taken
    return None


def _claimable(user: User) -> Iterator[Task]:
    """The unclaimed tasks ``user`` may take, the most urgent first, page after page."""
    page = queues.page_of(user, Asked("unclaimed"))
    while page.rows:
        found = [row for row in page.rows if not row.paused]
        barred = assigning.bars(found)
        for pk in [row.pk for row in found if user.pk not in barred[row.pk]]:
            waiting = Task.objects.select_related("case__edition", "case__applicant")
            task = waiting.filter(pk=pk, owner=None).first()
            if task is not None:
                yield task
        if not page.following:
            return
        page = queues.page_of(user, Asked("unclaimed", after=page.following))
