"""What a reader marks for themselves: a task put off until a day, a case they want to follow."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from workflows import clock
from workflows.calendar import DAY
from workflows.errors import CaseError
from workflows.models import Task
from workflows.stages import snoozing, watching
from workflows.views import nodes
from workflows.views.desk import deciding, queues, reach
from workflows.views.desk.asked import Asked
from workflows.views.desk.listing import light
from workflows.views.guards import KnownRequest, office
from workflows.views.preferences import way_back
from workflows.views.refusals import sentence
from workflows.working_days import calendar

WEEK = timedelta(days=7)


# --- putting off ----------------------------------------------------------------------------------
@office(*reach.DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def task_snooze(request: KnownRequest, pk: int) -> HttpResponse:
    """Put one's own task off until a day, or take it up again."""
    found = deciding.opened(request.user, pk)
    asked = Asked.of(request.GET)
    if request.method != "POST":
        return _page(request, found, asked)
    try:
        if request.POST.get("do") == "wake":
            snoozing.wake(found, by=request.user)
            return reach.see_other("task", pk, query="queue=mine")
        return _put_off(request, found, asked)
    except CaseError as error:
        return _page(request, found, asked, refusal=error)


def _put_off(request: KnownRequest, found: Task, asked: Asked) -> HttpResponse:
    """Put the task off, and go on to the next one of the list."""
    following = queues.following(request.user, asked, found)
    until = _day(request.POST.get("until") or request.POST.get("day", ""))
    reason = request.POST.get("reason", "")
    snoozing.snooze(found, until=until, by=request.user, reason=reason)
    said = gettext("%(name)s: put off until %(day)s.")
    words = {"name": _name(found), "day": date_format(until, "MONTH_DAY_FORMAT")}
    messages.success(request, said % words)
    if following is not None:
        return reach.see_other("task", following, query=asked.query())
    query = asked.query(without=("queue",))
    if asked.queue == "mine":
        return reach.see_other("tasks", query=query)
    return reach.see_other("tasks_queue", asked.queue, query=query)


def _day(given: str) -> date:
    """The day that was chosen; what is no day is none to come."""
    try:
        return parse_date(given) or date.min
    except ValueError:  # looks like a day, but no calendar has it
        return date.min


def _page(
    request: KnownRequest, found: Task, asked: Asked, *, refusal: CaseError | None = None
) -> HttpResponse:
    last = None if found.paused else found.due  # a day that will move holds nobody
    values = {
        "task": found,
        "name": _name(found),
        "step": nodes.title(found),
        "light": light(found),
        "last": last,
        "days": days(last),
        "possible": last is None or last > clock.today(),
        "tomorrow": clock.today() + DAY,
        "asleep": found.snoozed is not None and found.snoozed > clock.today(),
        "back": f"{reverse('task', args=[found.pk])}?{asked.query()}",
        "query": asked.query(),
        "refusal": sentence(refusal) if refusal else "",
        "reason": request.POST.get("reason", ""),
        "day": request.POST.get("day", ""),
        "longest": snoozing.REASON,
    }
    status = refusal.status if refusal else 200
    return render(request, "workflows/desk/snooze.html", values, status=status)


def days(due: date | None) -> list[dict[str, Any]]:
    """The days one may choose with one press, the nearest first, none beyond ``due``."""
    today = clock.today()
    offered = {calendar().add(today, 1).day: gettext("Next working day")}
    offered.setdefault(today + (7 - today.weekday()) * DAY, gettext("Next Monday"))
    offered.setdefault(today + WEEK, gettext("In a week"))
    if due is not None:
        offered = {day: words for day, words in offered.items() if day <= due}
        if due > today:
            offered.setdefault(due, gettext("On its last day"))
    return [{"day": day, "words": words} for day, words in sorted(offered.items())]


def _name(found: Task) -> str:
    """What the task is called in the list: a sheet by its seat, never by the company."""
    blind = nodes.is_elsewhere(found) and found.node in nodes.SEATED
    return nodes.seat_code(found) if blind else found.applicant


# --- following ------------------------------------------------------------------------------------
@office(*reach.READERS)
@require_POST
def case_watch(request: KnownRequest, reference: str) -> HttpResponse:
    """Follow the case from now on, or (``do=unwatch``) no more; back to the page one came from."""
    case = get_object_or_404(reach.cases(request.user), reference=reference)
    if request.POST.get("do") == "unwatch":
        watching.unwatch(case, by=request.user)
        messages.success(request, gettext("You no longer watch this case."))
    else:
        watching.watch(case, by=request.user)
        messages.success(
            request, gettext("You watch this case now. You are told when it moves on.")
        )
    if request.POST.get("next"):
        return HttpResponseRedirect(way_back(request))
    return reach.see_other("case_file", reference)
