"""Many tasks at once: what exactly would happen, then what happened, each task by itself."""

import re
import secrets
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from workflows import clock
from workflows.calendar import DAY
from workflows.errors import CaseError
from workflows.models import Intent, User
from workflows.stages import assigning, intents
from workflows.templatetags.undoing import tag
from workflows.views import nodes
from workflows.views.desk import deciding, plans, queues, reach
from workflows.views.desk.asked import Asked
from workflows.views.desk.assigning import title as group_title
from workflows.views.desk.chips import address
from workflows.views.desk.listing import TITLES
from workflows.views.desk.plans import Given, Plan
from workflows.views.guards import KnownRequest, office

MOST = 500  # tasks of one batch; whoever needs more sees them in two looks
CHECKED = 100  # where each is checked anew, for then a look takes some seconds
KEY = re.compile(r"\d{1,18}")


@office(*reach.DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def tasks_bulk(request: KnownRequest) -> HttpResponse:
    """Show what would become of every task chosen; a POST of what was shown does it."""
    sent = request.POST if request.method == "POST" else request.GET
    do = sent.get("do", "")
    if do not in plans.PLANNERS:
        do = "accept"
    asked = Asked.of(request.GET)
    most = CHECKED if do == "accept" else MOST
    keys = _keys(request.user, asked, sent, most)
    found = plans.chosen(request.user, do, keys[:most])
    given = _given(sent)
    pressed = request.method == "POST"
    errors = _errors(do, given, found) if pressed else []
    made = plans.plans(found, do, request.user, given)
    if pressed and not errors and made:
        return _press(request, made, asked)
    shown = [(each.rehearsed(), nodes.title(each.task)) for each in made]
    people = _people(made) if do == "assign" else []
    values = {
        "do": do,
        "title": plans.TITLES[do],
        "asked": asked,
        "query": asked.query(),
        **_origin(asked),
        "able": [pair for pair in shown if not pair[0].refusal],
        "unable": [pair for pair in shown if pair[0].refusal],
        "gone": min(len(keys), most) - len(found),
        "more": len(keys) > most,
        "most": most,
        "given": given,
        "chosen": str(given.to.pk) if given.to else _least_loaded(people),
        "people": people,
        "owned": any(each.task.owner_id for each in made),
        "tomorrow": clock.today() + DAY,
        "errors": errors,
        "seconds": int(intents.window().total_seconds()),
    }
    return render(request, "workflows/desk/bulk.html", values, status=422 if errors else 200)


def _keys(user: User, asked: Asked, sent: QueryDict, most: int) -> list[int]:
    """The tasks meant: those ticked, or all that the filter finds; one beyond ``most`` at most."""
    if sent.get("all") == "1":
        return list(queues.tasks(user, asked).values_list("pk", flat=True)[: most + 1])
    ticked = dict.fromkeys(sent.getlist("task"))
    return [int(key) for key in ticked if KEY.fullmatch(key)][: most + 1]


def _given(sent: QueryDict) -> Given:
    to = sent.get("to", "")
    person = User.objects.filter(pk=to).first() if KEY.fullmatch(to) else None
    try:
        until = parse_date(sent.get("until", ""))
    except ValueError:  # looks like a day, but no calendar has it
        until = None
    seen = {
        int(name[5:]): int(owner) if KEY.fullmatch(owner) else None
        for name, owner in ((name, sent.get(name, "")) for name in sent)
        if name.startswith("seen-") and KEY.fullmatch(name[5:])
    }
    return Given(to=person, until=until, reason=sent.get("reason", "").strip()[:200], seen=seen)


def _errors(do: str, given: Given, found: Sequence[Any]) -> list[tuple[str, str]]:
    """What is missing before anything can be done, by the field it is about."""
    if not found:
        return [("", gettext("Choose at least one task."))]
    if do == "assign" and given.to is None:
        return [("people", gettext("Choose who is to do it."))]
    if do == "assign" and not given.reason and any(task.owner_id for task in found):
        return [("reason", gettext("Please give the reason."))]
    if do == "snooze" and given.until is None:
        return [("until", gettext("Choose a day."))]
    return []


def _least_loaded(people: Sequence[dict[str, Any]]) -> str:
    """Who is proposed: whoever has least to do and is here."""
    here = (each["load"].person.pk for each in people if not each["away"])
    return str(next(here, ""))


def _people(made: Sequence[Plan]) -> list[dict[str, Any]]:
    """Whoever serves the groups of these tasks, with what is on their desks; least load first."""
    groups = sorted({each.task.candidate for each in made if not each.refusal})
    found: dict[int, dict[str, Any]] = {}
    for group in groups:
        for load in assigning.loads(group):
            person = found.setdefault(load.person.pk, {"load": load, "groups": []})
            person["groups"].append(group_title(group))
            tasks = [each.task for each in made if each.task.candidate == group]
            person["away"] = all(load.is_away(task) for task in tasks)
    return sorted(found.values(), key=lambda each: (each["load"].effort, each["load"].person.pk))


def _press(request: KnownRequest, made: Sequence[Plan], asked: Asked) -> HttpResponse:
    """Press the button for each task by itself: one that is refused keeps none from the rest."""
    batch = secrets.token_hex(8)
    session = deciding.session_of(request)
    pressed = [each.press(request.user, batch, session) for each in made]
    counts = Counter(each.state for each in pressed)
    waiting = [each for each in pressed if each.state == Intent.State.WAITING]
    said = _summary(counts)
    query = asked.query()
    due = int(waiting[0].due.timestamp()) if waiting else 0
    messages.success(request, said, extra_tags=tag("batch", batch, due, query))
    return reach.see_other("tasks_batch", batch, query=query)


def _summary(counts: Counter[str]) -> str:
    parts = []
    if waits := counts[Intent.State.WAITING]:
        words = ngettext("%(count)s task on its way", "%(count)s tasks on their way", waits)
        parts.append(words % {"count": waits})
    if done := counts[Intent.State.DONE]:
        words = ngettext("%(count)s task done", "%(count)s tasks done", done)
        parts.append(words % {"count": done})
    if refused := counts[Intent.State.REFUSED]:
        words = ngettext("%(count)s refused", "%(count)s refused", refused)
        parts.append(words % {"count": refused})
    return gettext("; ").join(parts)


def _origin(asked: Asked) -> dict[str, object]:
    """The list the tasks were chosen in, and where it stands."""
    query = asked.query(without=("queue",))
    return {"origin": TITLES[asked.queue], "back": address(asked.queue, query)}


# --- afterwards -----------------------------------------------------------------------------------
@office(*reach.DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def tasks_batch(request: KnownRequest, batch: str) -> HttpResponse:
    """What became of each task of a batch; a POST takes back whatever still waits."""
    own = Intent.objects.filter(by=request.user, batch=batch).exclude(batch="")
    found = list(own.select_related("task").order_by("pk"))
    if not found:
        raise Http404
    asked = Asked.of(request.GET)
    if request.method == "POST":
        _take_back(request, batch, found)
        return reach.see_other("tasks_batch", batch, query=asked.query())
    late = [each for each in found if each.state == "waiting" and each.due <= clock.now()]
    values = {
        "batch": batch,
        "rows": [(each, nodes.title(each.task)) for each in found],
        "waiting": sum(each.state == Intent.State.WAITING for each in found),
        "late": late,
        "due": next((each.due for each in found if each.state == "waiting"), None),
        "query": asked.query(),
        **_origin(asked),
    }
    return render(request, "workflows/desk/batch.html", values)


def _take_back(request: KnownRequest, batch: str, found: Sequence[Intent]) -> None:
    taken = 0
    for each in found:
        if each.state == Intent.State.WAITING:
            try:
                intents.take_back(each, by=request.user)
            except CaseError:  # it took effect a moment ago; the page says so
                continue
            taken += 1
    deciding.forget(request, f"batch-{batch}-")
    words = ngettext("%(count)s task taken back.", "%(count)s tasks taken back.", taken)
    messages.success(request, words % {"count": taken})
