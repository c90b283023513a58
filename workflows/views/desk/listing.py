"""The list of tasks as the page shows it: groups of rows with lights, chips, filters, pages."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import F
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflows import clock, programme
from workflows.models import Edition, Task, User
from workflows.models.case import State
from workflows.status_words import Light, time_light
from workflows.views import nodes
from workflows.views.desk import queues
from workflows.views.desk.queues import Asked
from workflows.working_days import calendar

TITLES: dict[str, str | Promise] = {
    "mine": _("My tasks"),
    "unclaimed": _("Unclaimed"),
    "team": _("All of my groups"),
    "done": _("Finished tasks"),
}
PARTS: dict[str, str | Promise] = {
    "overdue": _("Overdue"),
    "today": _("Due today"),
    "week": _("Due this week"),
    "later": _("Due later"),
}


@dataclass(frozen=True)
class Row:
    """One task in the list."""

    id: int
    url: str
    name: str
    what: str
    number: str
    light: Light | None
    tags: list[tuple[str, str]]
    open: bool
    here: bool  # done at the desk, not on a page of experts or of the conference


@dataclass(frozen=True)
class Listing:
    """Everything the list shows."""

    asked: Asked
    title: str
    total: str
    groups: list[dict[str, Any]]
    rows: list[Row]
    chips: list[dict[str, Any]]
    empty: dict[str, str]
    more: bool  # whether there is a next page
    programmes: list[tuple[str, str]]  # to filter by
    counts: dict[str, str]  # for the rail

    @property
    def place(self) -> int:
        """Where the open task stands on this page, from 1; 0 when it is not on it."""
        return next((number for number, row in enumerate(self.rows, 1) if row.open), 0)

    @property
    def before(self) -> str:
        """The address of the task before the open one."""
        return self.rows[self.place - 2].url if self.place > 1 else ""

    @property
    def after(self) -> str:
        """The address of the task after the open one."""
        return self.rows[self.place].url if 0 < self.place < len(self.rows) else ""

    @property
    def address(self) -> str:
        """Where the list stands by itself, asking the same."""
        query = self.asked.query(without=("queue",), page=self.asked.page)
        return _address(self.asked.queue) + (f"?{query}" if query else "")

    @property
    def last_page(self) -> str:
        """The query of the page before; empty on the first."""
        return self._turned(-1) if self.asked.page > 1 else ""

    @property
    def next_page(self) -> str:
        """The query of the page after; empty on the last."""
        return self._turned(1) if self.more else ""

    def _turned(self, pages: int) -> str:
        return self.asked.query(without=("queue",), page=self.asked.page + pages)

    @property
    def steps(self) -> dict[str, str | Promise]:
        """The steps one may filter by."""
        return nodes.WORDS


def listing(user: User, asked: Asked, task: Task | None = None) -> Listing:
    """The list of ``asked``; ``task`` is the one that is open beside it."""
    found = queues.tasks(user, asked)
    first = (asked.page - 1) * queues.PER_PAGE
    page = list(
        found.annotate(
            state=F("case__state"), corrected=F("case__corrected"), holder=F("owner__name")
        )[first : first + queues.PER_PAGE + 1]
    )
    waiting = queues.counts(user)
    known = None if asked.narrowed else waiting.get(asked.queue)
    total = queues.count(found) if known is None else known
    shown = page[: queues.PER_PAGE]
    opened = task or (shown[0] if shown else None)  # the list alone opens its first
    rows = [_row(each, asked, opened, user) for each in shown]
    return Listing(
        asked=asked,
        title=str(TITLES[asked.queue]),
        total=queues.capped(total),
        groups=_groups(shown, rows, asked),
        rows=rows,
        chips=_chips(asked),
        empty=_empty(asked, waiting),
        more=len(page) > queues.PER_PAGE,
        programmes=_programmes(),
        counts={queue: queues.capped(number) for queue, number in waiting.items()},
    )


def _programmes() -> list[tuple[str, str]]:
    """The programmes one may filter by; a house with one has nothing to choose."""
    known = [each.key for each in programme.all_()]
    if len(known) == 1:
        return []
    editions = Edition.objects.filter(programme__in=known).order_by("published")
    newest = {edition.programme: edition for edition in editions}
    return [(key, str(newest[key].shape.title)) for key in known if key in newest]


def _groups(tasks: list[Task], rows: list[Row], asked: Asked) -> list[dict[str, Any]]:
    if asked.queue == "done":
        return [{"title": TITLES["done"], "rows": rows}] if rows else []
    today = clock.today()
    paired = zip((queues.part(task.due, today) for task in tasks), rows, strict=True)
    return [
        {"title": PARTS[key], "rows": [row for _key, row in members]}
        for key, members in groupby(paired, key=lambda pair: pair[0])
    ]


def _row(task: Any, asked: Asked, opened: Task | None, user: User) -> Row:
    blind = nodes.is_elsewhere(task) and task.node in nodes.SEATED
    return Row(
        id=task.pk,
        url=f"{reverse('task', args=[task.pk])}?{asked.query(page=asked.page)}",
        name=nodes.seat_code(task) if blind else task.applicant,
        what=nodes.title(task),
        number="" if blind else task.reference,
        light=light(task, paused=task.state == State.SUSPENDED),
        tags=_tags(task, asked, user),
        open=opened is not None and task.pk == opened.pk,
        here=not nodes.is_elsewhere(task),
    )


def light(task: Task, *, paused: bool = False) -> Light | None:
    """The light of a task's own time limit, counted from the day it was given."""
    if task.due is None:
        return None
    given = clock.local(task.created).date()
    until = clock.local(task.finished).date() if task.finished else clock.today()
    return time_light(
        calendar().left(task.due, until),
        calendar().count(given, task.due),
        paused=paused,
        finished=task.finished is not None,
    )


def _tags(task: Any, asked: Asked, user: User) -> list[tuple[str, str]]:
    tags = []
    if task.state == State.SUSPENDED:
        tags.append(("warn", gettext("Suspended")))
    if task.node == "acceptance" and task.corrected:
        tags.append(("info", gettext("Correction is back")))
    if task.escalated and task.finished is None:
        tags.append(("warn", gettext("Supervised")))
    stood_in_for = asked.queue == "mine" and task.owner_id != user.pk
    if (asked.queue == "team" or stood_in_for) and task.holder:
        tags.append(("", task.holder))
    return tags


def _chips(asked: Asked) -> list[dict[str, Any]]:
    address = _address(asked.queue)

    def chip(title: object, due: str) -> dict[str, Any]:
        query = asked.query(due=due, without=("queue",))
        return {"title": title, "url": f"{address}?{query}", "current": asked.due == due}

    chips = [chip(_("All"), ""), *(chip(title, key) for key, title in PARTS.items())]
    return [] if asked.queue == "done" else chips


def _address(queue: str) -> str:
    return reverse("tasks") if queue == "mine" else reverse("tasks_queue", args=[queue])


def _empty(asked: Asked, waiting: dict[str, int]) -> dict[str, str]:
    """What an empty list says, and where to go on from it."""
    if asked.narrowed:
        return {
            "title": gettext("Nothing found"),
            "text": gettext("Try the last characters of the credit code, or the case number."),
            "action": gettext("Clear the filter"),
            "url": _address(asked.queue),
        }
    if asked.queue == "mine" and waiting["unclaimed"]:
        words = gettext("%(count)s tasks of your groups are still unclaimed.")
        return {
            "title": gettext("Your inbox is empty"),
            "text": words % {"count": queues.capped(waiting["unclaimed"])},
            "action": gettext("Show unclaimed tasks"),
            "url": reverse("tasks_queue", args=["unclaimed"]),
        }
    return {"title": gettext("Nothing waits here"), "text": "", "action": "", "url": ""}
