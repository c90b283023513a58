"""What stands around a list of tasks: chips and views to narrow it, buttons for ticked rows."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflows.models import SavedView, User
from workflows.stages import saved_views
from workflows.views.desk import queues
from workflows.views.desk.asked import NEAR, Asked

BACK = "corrected"  # the mark of an application whose correction came in
OPEN = ("mine", "unclaimed", "team")  # whose rows are work to be done
SORTS: dict[str, str | Promise] = {
    "": _("Most urgent first"),
    "newest": _("Newest first"),
    "oldest": _("Oldest first"),
}
DONE_SORTS: dict[str, str | Promise] = {"": _("Latest first"), "oldest": _("Earliest first")}
BULK: dict[str, tuple[str, ...]] = {  # what may be done with several rows of a queue
    "mine": ("assign", "accept", "snooze", "release"),
    "unclaimed": ("claim", "assign"),
    "team": ("claim", "assign"),
}
BUTTONS: dict[str, tuple[str | Promise, str]] = {
    "accept": (_("Let them go on"), "check"),
    "assign": (_("Assign"), "users"),
    "snooze": (_("Put off"), "pause"),
    "claim": (_("Claim"), "user"),
    "release": (_("Give back"), ""),
}
HEAD = "leader"  # who assigns


# --- chips ----------------------------------------------------------------------------------------
def counted(asked: Asked) -> dict[str, Asked]:
    """The lists whose lengths the rail and the chips of ``asked`` tell."""
    told = {"near": Asked("team", due=NEAR)}
    if asked.queue in OPEN:
        told |= {"due": Asked(asked.queue, due=NEAR), "back": Asked(asked.queue, tag=BACK)}
    return told


def chips(asked: Asked, numbers: Mapping[str, int], *, filtering: bool) -> list[dict[str, Any]]:
    """All, what is near, what came back, and the way to the form with everything else."""
    form = _filter_chip(asked, filtering=filtering)
    if asked.queue not in OPEN:
        return [form]
    whole = not asked.narrowed and not asked.view
    everything = address(asked.queue, Asked(sort=asked.sort).query(without=("queue",)))
    found = [{"title": _("All"), "url": everything, "current": whole}]
    if numbers["due"] or asked.due == NEAR:
        found.append(_chip(_("Near"), numbers["due"], asked, due=NEAR))
    if numbers["back"] or asked.tag == BACK:
        found.append(_chip(_("Correction is back"), numbers["back"], asked, tag=BACK))
    return [*found, form]


def _chip(title: object, count: int, asked: Asked, **narrowing: str) -> dict[str, Any]:
    """Narrows the list, or widens it again where it is narrowed so."""
    current = all(getattr(asked, name) == value for name, value in narrowing.items())
    changed = dict.fromkeys(narrowing, "") if current else narrowing
    query = asked.query(without=("queue",), view=0, **changed)
    url = address(asked.queue, query)
    return {"title": title, "url": url, "current": current, "count": queues.capped(count)}


def _filter_chip(asked: Asked, *, filtering: bool) -> dict[str, Any]:
    """Opens the form, or closes it; says how many of its fields narrow the list."""
    told = [asked.q, asked.programme, asked.step, asked.round, *asked.answers]
    told += [asked.due if asked.due != NEAR else ""]
    told += [asked.tag if asked.tag != BACK else ""]
    number = sum(1 for each in told if each)
    query = asked.query(without=("queue",))
    opening = "" if filtering else "&filter=1" if query else "filter=1"
    return {
        "title": _("Filter"),
        "url": address(asked.queue, f"{query}{opening}"),
        "current": filtering or number > 0,
        "count": number or None,
        "icon": "filter",
    }


def sorts(asked: Asked) -> list[dict[str, Any]]:
    """The orders the list may be read in, the present one marked."""
    words = DONE_SORTS if asked.queue == "done" else SORTS
    return [
        {
            "title": title,
            "url": address(asked.queue, asked.query(without=("queue",), sort=code)),
            "current": code == (asked.sort if asked.sort in words else ""),
        }
        for code, title in words.items()
    ]


def views(user: User, asked: Asked) -> list[dict[str, Any]]:
    """The views kept for this queue, the present one marked."""
    found = saved_views.usable_by(user).filter(queue=asked.queue)
    return [
        {"title": each.name, "url": of_view(each), "current": each.pk == asked.view}
        for each in found[: saved_views.MOST]
    ]


def buttons(user: User, asked: Asked) -> list[tuple[str, str, str]]:
    """What may be done with the rows that are ticked."""
    offered = BULK.get(asked.queue, ())
    return [
        (do, str(BUTTONS[do][0]), BUTTONS[do][1])
        for do in offered
        if do != "assign" or user.holds(HEAD)
    ]


# --- where lists stand ----------------------------------------------------------------------------
def address(queue: str, query: str = "") -> str:
    """Where the list of ``queue`` stands."""
    place = reverse("tasks") if queue == "mine" else reverse("tasks_queue", args=[queue])
    return f"{place}?{query}" if query else place


def of_view(view: SavedView) -> str:
    """Where a view that was kept stands."""
    return address(view.queue, "&".join(filter(None, [view.query, f"view={view.pk}"])))
