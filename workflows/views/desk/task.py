"""One task with its case on one screen: look, claim, decide, go on to the next."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from workflows import clock
from workflows.errors import CaseError, NothingWaits, SupplementWaiting
from workflows.models import Intent, Item, Task, User
from workflows.models.case import State
from workflows.stages import (
    assigning,
    desk,
    intents,
    supplements,
    viewings,
    watching,
    worksheets,
)
from workflows.views import nodes
from workflows.views.desk import beside, deciding, queues, reach
from workflows.views.desk.asked import NEAR, Asked
from workflows.views.desk.contents import contents
from workflows.views.desk.decisions import offered
from workflows.views.desk.decisions.form import Decision, outcomes
from workflows.views.desk.dossier import Dossier
from workflows.views.desk.listing import light, listing
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence


@office(*reach.DESK)
@require_safe
@vary_on_headers("HX-Request")
def task(request: KnownRequest, pk: int) -> HttpResponse:
    """The case a task belongs to, with what may be decided."""
    found = get_object_or_404(beside.asked(deciding.own(request.user), request.user), pk=pk)
    if nodes.is_elsewhere(found) and found.owner_id == request.user.pk:
        return _elsewhere(found)
    return _page(request, deciding.with_case(request.user, found))


@office(*reach.DESK)
@require_POST
def task_claim(request: KnownRequest, pk: int) -> HttpResponse:
    """Take the task; the first one wins."""
    found = deciding.opened(request.user, pk)
    try:
        desk.claim(found, by=request.user)
    except CaseError as error:
        return _page(request, found, refusal=error)
    messages.success(request, gettext("%(name)s: claimed.") % {"name": found.applicant})
    return reach.see_other("task", pk, query="queue=mine")


@office(*reach.DESK)
@require_POST
def task_give_back(request: KnownRequest, pk: int) -> HttpResponse:
    """Put the task back into its group's queue, and go on to the next."""
    found = deciding.opened(request.user, pk)
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
    found = deciding.opened(request.user, pk)
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
        deciding.still_mine(found, form.by)
        if not form.is_valid():
            deciding.still_open(found, form.by)  # told before one's own mistakes
            return _page(request, found, form)
        intent = deciding.intend(form, found, request)
    except CaseError as error:
        deciding.keep(found, request)
        found = deciding.opened(request.user, pk)  # as it stands now
        return _page(request, found, form, refusal=error)
    deciding.tell(request, intent, asked.query())
    return _on(asked, following if _is_over(intent) else pk)  # else another objection is open


def _is_over(intent: Intent) -> bool:
    """Whether nothing is left to decide on the task of ``intent``, as far as its owner knows."""
    if intent.state == Intent.State.WAITING:
        return True
    return not Task.objects.filter(pk=intent.task_id, owner=intent.by, finished=None).exists()


@office(*reach.DESK)
@require_POST
def task_undo(request: KnownRequest, pk: int) -> HttpResponse:
    """Take back what the reader has just decided, and stand before the task again."""
    own = Intent.objects.filter(task=pk, by=request.user)
    waiting = own.filter(state=Intent.State.WAITING)
    intent = waiting.first() or own.order_by("-pk").first()
    if intent is None:
        deciding.opened(request.user, pk)  # or nobody may know of it
        raise NothingWaits
    intents.take_back(intent, by=request.user)
    deciding.forget(request, f"undo-{pk}-")
    messages.success(request, gettext("Taken back; nothing was done."))
    query = Asked.of(request.GET).query()
    if intent.batch and request.POST.get("back") == intent.batch:
        return reach.see_other("tasks_batch", intent.batch, query=query)
    return reach.see_other("task", pk, query=query)


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
    dossier = form.dossier if form is not None else Dossier(found.case)
    values = contents(dossier, request.user, request.GET, place=place, task=found)
    values |= _decision(request, found, form, values)
    shown = listing(request.user, asked, found)
    values |= {
        "task": found,
        "list": shown,
        "counts": shown.counts,
        "rail": NEAR if (asked.queue, asked.due) == ("team", NEAR) else asked.queue,
        "step": nodes.title(found),
        "light": light(found),
        "lookers": _lookers(found, request.user),
        "watched": _watched(found, request.user),
        "here": request.get_full_path() if request.method == "GET" else place,
        "refusal": sentence(refusal) if refusal else "",
        "owed": _owed(found),
        "here_to_decide": _is_at_form(request, values["form"], refusal),
        "heading": "h2" if getattr(request, "htmx", False) else "h1",
    }
    wrong = form is not None and form.is_bound and bool(form.errors)
    status = refusal.status if refusal else 422 if wrong else 200
    return render(request, "workflows/desk/task.html", values, status=status)


def _owed(found: Task) -> str:
    """That the case waits for its applicant, in words, where it does."""
    asked = supplements.waiting(found.case) if found.paused else None
    return sentence(SupplementWaiting(due=asked.due.isoformat())) if asked else ""


def _is_at_form(request: KnownRequest, form: Decision | None, refusal: CaseError | None) -> bool:
    """Whether the reader came for the form itself: another one, or the same after a press."""
    if form is None or refusal is not None or form.errors:
        return False
    return request.method == "POST" or form.code == request.GET.get("do", "")


def _queue(request: KnownRequest, found: Task) -> str:
    """The list beside the case: the one the reader came from, else the one the task is in."""
    if request.GET.get("queue") in queues.QUEUES:
        return str(request.GET["queue"])
    if found.finished is not None:
        return "done" if found.owner_id == request.user.pk else "mine"
    if found.owner_id is None:
        return "unclaimed"
    return "mine" if deciding.in_hands(found, desk.acting(request.user, found)) else "team"


def _decision(
    request: KnownRequest, found: Task, form: Decision | None, page: dict[str, Any]
) -> dict[str, Any]:
    """The form to decide with, for whoever holds the task; links to the other forms."""
    kinds, place, kept = offered.for_task(found), page["place"], page["kept"]
    waiting = found.finished is None and beside.known(found, "is_pressed") is not False
    pressed = intents.waiting(found) if waiting else None
    waits = found.finished is None and pressed is None and found.case.state != State.SUSPENDED
    actor = desk.acting(request.user, found)
    mine = waits and found.owner_id is not None and deciding.in_hands(found, actor)
    if form is None and mine and kinds:
        kind = offered.named(kinds, request.GET.get("do", "")) or kinds[0]
        form = kind(page["dossier"], actor, task=found)
    if form is not None:
        form.place = f"{place}?{urlencode(kept)}&" if kept else f"{place}?"
    return {
        "form": form,
        "mine": mine,
        "own": found.owner_id == request.user.pk,
        "assignable": pressed is None and assigning.may_assign(found, request.user),
        "pressed": pressed,
        "unspent": worksheets.words(found, request.user) if found.finished else [],
        "late": pressed is not None and pressed.due <= clock.now(),
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


def _lookers(found: Task, by: User) -> list[tuple[str, int]]:
    """Who else has the task open."""
    if found.finished is not None or beside.known(found, "is_looked_at") is False:
        return []
    return viewings.look(found, by)


def _watched(found: Task, by: User) -> bool:
    """Whether the reader follows the case."""
    known = beside.known(found, "is_watched")
    return watching.is_watched(found.case, by) if known is None else bool(known)


def _outcome(found: Task) -> str:
    """What is proposed, in words."""
    decision = getattr(found.case, "decision", None)
    return dict(outcomes([decision.outcome]))[decision.outcome] if decision else ""
