"""Views somebody keeps: a list with its filters under a name, for themselves or for a group."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from workflows.errors import CaseError
from workflows.models import SavedView
from workflows.stages import saved_views as stages
from workflows.views import posts
from workflows.views.desk import reach
from workflows.views.desk.asked import Asked
from workflows.views.desk.chips import address, of_view
from workflows.views.desk.listing import TITLES
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence

PASSING = ("queue", "view", "page", "after")  # what a view does not keep of an address


@office(*reach.DESK)
@require_safe
def saved_views(request: KnownRequest) -> HttpResponse:
    """The reader's own views and those shared with their groups."""
    rows = [
        {
            "view": each,
            "url": of_view(each),
            "list": TITLES.get(each.queue, each.queue),
            "own": each.owner_id == request.user.pk,
            "group": posts.title(each.group) if each.group else "",
        }
        for each in stages.usable_by(request.user)
    ]
    return render(request, "workflows/desk/saved_views.html", {"rows": rows})


@office(*reach.DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def saved_view_new(request: KnownRequest) -> HttpResponse:
    """Keep the list the reader has before them (``queue`` and its filters) under a name."""
    if request.method != "POST":
        return _form(request, Asked.of(request.GET))
    given = request.POST
    asked = Asked.of(QueryDict(given.get("query", "")), given.get("queue", ""))
    try:
        view = stages.keep(
            given.get("name", ""),
            queue=asked.queue,
            query=asked.query(without=PASSING),
            group=given.get("group", ""),
            by=request.user,
        )
    except CaseError as error:
        return _form(request, asked, refusal=error)
    return _kept(request, view)


@office(*reach.DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def saved_view(request: KnownRequest, pk: int) -> HttpResponse:
    """Rename a view of the reader's own, share it with a group or with none, or delete it."""
    view = get_object_or_404(SavedView.objects.filter(owner=request.user), pk=pk)
    asked = Asked.of(QueryDict(view.query), view.queue)
    if request.method != "POST":
        return _form(request, asked, view)
    given = request.POST
    if given.get("do") == "delete":
        stages.remove(view, by=request.user)
        messages.success(request, gettext("The view “%(name)s” is deleted.") % {"name": view.name})
        return reach.see_other("saved_views")
    try:
        name, group = given.get("name", ""), given.get("group", "")
        stages.change(view, name=name, group=group, by=request.user)
    except CaseError as error:
        view.refresh_from_db()
        return _form(request, asked, view, refusal=error)
    return _kept(request, view)


def _kept(request: KnownRequest, view: SavedView) -> HttpResponse:
    """To the list that was kept."""
    messages.success(request, gettext("The view “%(name)s” is kept.") % {"name": view.name})
    response = HttpResponseRedirect(of_view(view))
    response.status_code = 303
    return response


def _form(
    request: KnownRequest,
    asked: Asked,
    view: SavedView | None = None,
    *,
    refusal: CaseError | None = None,
) -> HttpResponse:
    groups = sorted({office.candidacy for office in request.user.offices})
    query = asked.query(without=PASSING)
    values = {
        "view": view,
        "asked": asked,
        "list": TITLES[asked.queue],
        "query": query,
        "back": of_view(view) if view else address(asked.queue, query),
        "name": request.POST.get("name", view.name if view else ""),
        "group": request.POST.get("group", view.group if view else ""),
        "groups": [(code, posts.title(code)) for code in groups],
        "longest": stages.LONGEST,
        "refusal": sentence(refusal) if refusal else "",
    }
    status = refusal.status if refusal else 200
    return render(request, "workflows/desk/saved_view.html", values, status=status)
