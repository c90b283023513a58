"""One task with its case on one screen: look, claim, decide, go on to the next."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from workflows.errors import CaseError, ClaimedByAnother, StageClosed
from workflows.models import Item, Task, User
from workflows.models.case import State
from workflows.stages import desk
from workflows.views import nodes
from workflows.views.desk import queues, reach
from workflows.views.desk.contents import contents
from workflows.views.desk.decisions import offered
from workflows.views.desk.decisions.form import Decision, outcomes
from workflows.views.desk.dossier import Dossier
from workflows.views.desk.listing import light, listing
from workflows.views.desk.queues import Asked
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence

FIRST_TAB = {"acceptance": "files"}  # where the eyes go first; elsewhere the answers


@office(*reach.DESK)
@require_safe
@vary_on_headers("HX-Request")
def task(request: KnownRequest, pk: int) -> HttpResponse:
    """The case a task belongs to, with what may be decided."""
    found = _task(request.user, pk)
    if nodes.is_elsewhere(found) and found.owner_id == request.user.pk:
        return _elsewhere(found)
    return _page(request, _with_case(request.user, found))


@office(*reach.DESK)
@require_POST
def task_claim(request: KnownRequest, pk: int) -> HttpResponse:
    """Take the task; the first one wins."""
    found = _with_case(request.user, _task(request.user, pk))
    try:
        desk.claim(found, by=request.user)
    except CaseError as error:
        return _page(request, found, refusal=error)
    return reach.see_other("task", pk, query="queue=mine")


@office(*reach.DESK)
@require_POST
def task_give_back(request: KnownRequest, pk: int) -> HttpResponse:
    """Put the task back into its group's queue, and go on to the next."""
    found = _with_case(request.user, _task(request.user, pk))
    asked = Asked.of(request.GET)
    following = queues.following(request.user, asked, found)
    try:
        desk.give_back(found, by=request.user)
    except CaseError as error:
        return _page(request, found, refusal=error)
    messages.success(request, gettext("%(name)s: given back.") % {"name": found.applicant})
    return _on(asked, following)


@office(*reach.DESK)
@require_POST
def task_decide(request: KnownRequest, pk: int) -> HttpResponse:
    """Decide, and go on to the next task; what is refused comes back with the words kept."""
    found = _with_case(request.user, _task(request.user, pk))
    kind = offered.named(offered.for_task(found), request.POST.get("do", ""))
    if kind is None:
        raise Http404
    form = kind(Dossier(found.case), desk.acting(request.user, found), request.POST, task=found)
    turned = form.turn()
    if turned is not None:
        return _page(request, found, turned)
    asked = Asked.of(request.GET)
    following = queues.following(request.user, asked, found)
    try:
        _still_mine(found, form.by)
        if not form.is_valid():
            return _page(request, found, form)
        form.act()
    except CaseError as error:
        return _page(request, found, form, refusal=error)
    messages.success(request, _done(form))
    kept = Task.objects.filter(pk=pk, owner=request.user, finished=None)
    return _on(asked, pk if kept.exists() else following)  # kept: another objection is open


def _task(user: User, pk: int) -> Task:
    own = Q(owner=user) | desk.open_to(user)
    found: Task = get_object_or_404(Task.objects.filter(own).select_related("owner"), pk=pk)
    return found


def _with_case(user: User, found: Task) -> Task:
    """The task with its case; one the reader may not read does not exist."""
    related = ("edition", "applicant", "round", "agency", "correction", "decision")
    found.case = get_object_or_404(reach.cases(user).select_related(*related), pk=found.case_id)
    return found


def _elsewhere(found: Task) -> HttpResponse:
    """The page of its own where the task is done."""
    if found.node in nodes.SEATED:
        return redirect("evaluation", nodes.seat_code(found))
    if found.node == "visit":
        return redirect("visit", found.reference)
    items = Item.objects.filter(case=found.case_id).select_related("meeting").order_by("-pk")
    item = get_object_or_404(items[:1])
    if found.node == "resolution":
        return redirect("meeting", item.meeting.number)
    return redirect("commission_item", item.meeting.number, found.reference)


def _still_mine(found: Task, by: User) -> None:
    if found.finished is not None:
        raise StageClosed
    if not _in_hands(found, by):
        raise ClaimedByAnother(name=str(found.owner))


def _in_hands(found: Task, by: User) -> bool:
    """Whether nobody else holds the task: its owner may be who ``by`` stands in for."""
    absent = by.stands_for.user_id if by.stands_for else by.pk
    return found.owner_id in (None, by.pk, absent)


def _done(form: Decision) -> str:
    done = form.chosen.done if form.chosen else ""
    return str(done) % {"name": form.case.applicant.name}


def _on(asked: Asked, following: int | None) -> HttpResponse:
    """To the next task of the queue, or to the list when there is none."""
    if following is not None:
        return reach.see_other("task", following, query=asked.query())
    if asked.queue == "mine":
        return reach.see_other("tasks", query=asked.query(without=("queue",)))
    return reach.see_other("tasks_queue", asked.queue, query=asked.query(without=("queue",)))


# --- the page -----------------------------------------------------------------------------------
def _page(
    request: KnownRequest,
    found: Task,
    form: Decision | None = None,
    *,
    refusal: CaseError | None = None,
) -> HttpResponse:
    asked = Asked.of(request.GET, _queue(request, found))
    place = reverse("task", args=[found.pk])
    first = FIRST_TAB.get(found.node, "answers")
    dossier = form.dossier if form is not None else Dossier(found.case)
    values = contents(dossier, request.user, request.GET, place=place, first=first)
    values |= _decision(request, found, form, values)
    shown = listing(request.user, asked, found)
    values |= {
        "task": found,
        "list": shown,
        "counts": shown.counts,
        "step": nodes.title(found),
        "light": light(found, paused=found.case.state == State.SUSPENDED),
        "refusal": sentence(refusal) if refusal else "",
        "heading": "h2" if getattr(request, "htmx", False) else "h1",
    }
    wrong = form is not None and form.is_bound and bool(form.errors)
    status = refusal.status if refusal else 422 if wrong else 200
    return render(request, "workflows/desk/task.html", values, status=status)


def _queue(request: KnownRequest, found: Task) -> str:
    """The list beside the case: the one the reader came from, else the one the task is in."""
    if request.GET.get("queue") in queues.QUEUES:
        return str(request.GET["queue"])
    if found.finished is not None:
        return "done" if found.owner_id == request.user.pk else "mine"
    if found.owner_id is None:
        return "unclaimed"
    return "mine" if _in_hands(found, desk.acting(request.user, found)) else "team"


def _decision(
    request: KnownRequest, found: Task, form: Decision | None, page: dict[str, Any]
) -> dict[str, Any]:
    """The form to decide with, for whoever holds the task; links to the other forms."""
    kinds, place, kept = offered.for_task(found), page["place"], page["kept"]
    waits = found.finished is None and found.case.state != State.SUSPENDED
    actor = desk.acting(request.user, found)
    mine = waits and found.owner_id is not None and _in_hands(found, actor)
    if form is None and mine and kinds:
        kind = offered.named(kinds, request.GET.get("do", "")) or kinds[0]
        form = kind(page["dossier"], actor, task=found)
    if form is not None:
        form.place = f"{place}?{urlencode(kept)}&" if kept else f"{place}?"
    return {
        "form": form,
        "mine": mine,
        "own": found.owner_id == request.user.pk,
        "stands_for": actor.stands_for if waits else None,
        "claimable": waits and not mine and desk.is_free(found),
        "others": [
            {"form": kind, "url": f"{place}?{urlencode({**kept, 'do': kind.code})}"}
            for kind in kinds
            if form is not None and kind.code != form.code and kind.code != "return"
        ],
        "ordinary": form is None or not kinds or form.code == kinds[0].code,
        "action": reverse("task_decide", args=[found.pk]),
        "outcome": _outcome(found),
    }


def _outcome(found: Task) -> str:
    """What is proposed, in words."""
    decision = getattr(found.case, "decision", None)
    return dict(outcomes([decision.outcome]))[decision.outcome] if decision else ""
