"""The way of a case in the applicant's words: its stations with dates, and who has it in hand."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from workflows import clock
from workflows.models import Case, Event, Task
from workflows.models.case import State

SHORT = "m-d"


@dataclass(frozen=True)
class Station:
    """One part of the way, the states that belong to it, and the limit it usually takes."""

    name: str | Promise
    states: frozenset[str]
    limit: str = ""


STATIONS = (
    Station(_("Filed"), frozenset({State.DRAFT})),
    Station(_("Acceptance"), frozenset({State.SUBMITTED, State.RETURNED})),
    Station(_("Review"), frozenset({State.ACCEPTED, State.REVIEWING, State.COUNTERSIGN})),
    Station(_("Evaluation"), frozenset({State.EVALUATING}), "evaluation"),
    Station(_("Joint conference"), frozenset({State.PROPOSAL, State.MEETING})),
    Station(_("Public notice"), frozenset({State.NOTICE, State.OBJECTION}), "notice"),
    Station(_("Decision"), frozenset({State.SIGNING}), "signing"),
)
HELD = {
    State.RETURNED: _("waits for you"),
    State.OBJECTION: _("objection under review"),
    State.SUSPENDED: _("suspended"),
}
OFFICES = {
    "acceptance": _("Acceptance window"),
    "correction": _("You, the applicant"),
    "district_review": _("District office"),
    "opinion": _("Departments consulted"),
    "department_review": _("Case office"),
    "screening": _("Case office"),
    "data_check": _("Agency that checks the figures"),
    "data_sheet": _("Agency that checks the figures"),
    "confirmation": _("You, the applicant"),
    "settlement": _("Agency that checks the figures"),
    "freezing": _("Waits for the other schools of the group"),
    "panel": _("Office that appoints the panel"),
    "sheet": _("Expert panel"),
    "visit": _("On-site check"),
    "proposal": _("Case office"),
    "endorsement": _("Head of the office"),
    "tabling": _("Case office"),
    "ballot": _("Joint conference"),
    "resolution": _("Joint conference"),
    "publication": _("Case office"),
    "notice": _("Open to the public"),
    "objection": _("Case office"),
    "signing": _("Issuer"),
    "sealing": _("Seal keeper"),
    "issuing": _("Papers being made"),
    "ranking": _("Waits for the other projects of the line"),
    "task_book": _("Parties to the task book"),
    "binding": _("Task book being made"),
    "standby": _("Waits in the project register"),
    "delivery": _("Decision being delivered"),
}


@dataclass(frozen=True)
class Move:
    """One step from state to state, as the trail tells it."""

    at: datetime
    left: str
    reached: str


def moves(cases: Iterable[Case]) -> dict[int, list[Move]]:
    """Every move of ``cases`` in order, by the case's key; one statement."""
    found: dict[int, list[Move]] = {case.pk: [] for case in cases}
    events = Event.objects.filter(case__in=found).order_by("case", "seq")
    for case, at, body in events.values_list("case", "at", "body"):
        entry = json.loads(body)
        if entry["from"] != entry["to"]:
            found[case].append(Move(at, entry["from"], entry["to"]))
    return found


def steps(case: Case, made: Sequence[Move], due: str = "") -> list[dict[str, object]]:
    """The stations of ``case`` for the stepper; ``due`` is said of the one under way."""
    here = _position(case, made)
    return [
        {"name": station.name, **_shown(case, made, number, here, due)}
        for number, station in enumerate(STATIONS)
    ]


def _position(case: Case, made: Sequence[Move]) -> int:
    """The number of the station where the case stands, or stood when it ended."""
    state = case.stands if case.is_open or not made else made[-1].left
    if state == State.SUSPENDED:  # it ended while it stood still
        state = case.former_state
    return next(number for number, station in enumerate(STATIONS) if state in station.states)


def _shown(
    case: Case, made: Sequence[Move], number: int, here: int, due: str
) -> dict[str, str | Promise]:
    station = STATIONS[number]
    if number > here:
        return {"state": "todo", "when": _usual(case, station)}
    left = [move.at for move in made if move.left in station.states]
    if number < here:
        return {"state": "done", "when": short(left[-1])} if left else {"state": "todo", "when": ""}
    if case.is_open:
        held = HELD.get(State(case.state))
        return {"state": "held" if held else "now", "when": held or due}
    return {
        "state": "done" if case.state == State.GRANTED else "stop",
        "when": short(case.decided) if case.decided else "",
    }


def _usual(case: Case, station: Station) -> str:
    """How long a station to come usually takes; nothing where no limit speaks of it."""
    limit = case.procedure.limits.get(station.limit)
    if limit is None or not case.is_open:
        return ""
    words = (
        ngettext("%(days)s working day", "%(days)s working days", limit.days)
        if limit.unit == "working"
        else ngettext("%(days)s day", "%(days)s days", limit.days)
    )
    return words % {"days": limit.days}


def short(moment: datetime) -> str:
    """The day of ``moment`` as a stepper shows it."""
    return date_format(clock.local(moment), SHORT)


def offices(case: Case, tasks: Iterable[Task]) -> list[str]:
    """Who has ``case`` in hand, by the office's name; people's names stay inside the office."""
    waiting = list(tasks)
    asked = {task.unit for task in waiting if task.node == "opinion"}
    departments = [str(each.title) for each in case.procedure.departments if each.code in asked]
    names = []
    for node in dict.fromkeys(task.node for task in waiting):
        name = str(OFFICES.get(node, node))
        if node == "opinion" and departments:
            listed = gettext(", ").join(departments)
            name = gettext("%(office)s: %(departments)s") % {"office": name, "departments": listed}
        names.append(name)
    return list(dict.fromkeys(names))
