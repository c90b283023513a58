"""The list of tasks as the page shows it: groups of rows with lights, chips, views, buttons."""

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any
from urllib.parse import parse_qsl

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflows import clock
from workflows.models import Task, User
from workflows.models.case import State
from workflows.stages import deadlines, desk
from workflows.status_words import Light, time_light
from workflows.views import nodes
from workflows.views.desk import chips, queues
from workflows.views.desk.asked import Asked
from workflows.views.desk.chips import address
from workflows.views.desk.emptiness import Empty, empty
from workflows.working_days import calendar

TITLES: dict[str, str | Promise] = {
    "mine": _("My tasks"),
    "unclaimed": _("Unclaimed"),
    "team": _("All of my groups"),
    "watching": _("Watched cases"),
    "snoozed": _("Tasks put off"),
    "done": _("Finished tasks"),
}
PARTS: dict[str, str | Promise] = {
    "overdue": _("Overdue"),
    "today": _("Due today"),
    "week": _("Due this week"),
    "later": _("Due later"),
    "paused": _("Standing still"),
    "closed": _("Closed cases"),
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
    number: int
    groups: list[dict[str, Any]]
    rows: list[Row]
    chips: list[dict[str, Any]]
    sorts: list[dict[str, Any]]
    views: list[dict[str, Any]]  # kept under a name
    empty: Empty | None
    following: str  # the cursors of the pages beside this one
    previous: str
    buttons: list[tuple[str, str, str]]  # for the rows that are ticked: do, words, icon
    counts: dict[str, str]  # for the rail
    place: int = field(init=False)  # where the open task stands on this page; 0: not on it

    def __post_init__(self) -> None:
        """Find the open task."""
        here = next((number for number, row in enumerate(self.rows, 1) if row.open), 0)
        object.__setattr__(self, "place", here)

    @property
    def total(self) -> str:
        """How many there are, as it is shown."""
        return queues.capped(self.number)

    @property
    def sort(self) -> str:
        """The order the list is read in, in words."""
        return next(str(each["title"]) for each in self.sorts if each["current"])

    @property
    def keepable(self) -> bool:
        """Whether there is something to keep under a name."""
        return self.asked.narrowed or bool(self.asked.sort)

    @property
    def before(self) -> str:
        """The address of the task before the open one."""
        return self.rows[self.place - 2].url if self.place > 1 else ""

    @property
    def after(self) -> str:
        """The address of the task after the open one."""
        return self.rows[self.place].url if 0 < self.place < len(self.rows) else ""

    @property
    def here(self) -> str:
        """Where the queue stands by itself, nothing narrowed."""
        return address(self.asked.queue)

    @property
    def address(self) -> str:
        """Where the list stands by itself, asking the same."""
        return address(self.asked.queue, self._query(after=self.asked.after))

    @property
    def last_page(self) -> str:
        """The query of the page before; empty on the first."""
        return self._query(after=self.previous) if self.previous else ""

    @property
    def next_page(self) -> str:
        """The query of the page after; empty on the last."""
        return self._query(after=self.following) if self.following else ""

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What the list asks for, as fields of a form."""
        return parse_qsl(self.asked.query(view=0))

    @property
    def kept(self) -> str:
        """What is kept when the list is kept under a name, as fields of that page's address."""
        return self._query(view=0)

    def _query(self, **changes: object) -> str:
        return self.asked.query(without=("queue",), **changes)


def listing(
    user: User, asked: Asked, task: Task | None = None, *, filtering: bool = False
) -> Listing:
    """The list of ``asked``; ``task`` is the one that is open beside it.

    ``filtering`` says that the form to filter with is open.
    """
    page = queues.page_of(user, asked)
    if not asked.sort:  # of watched cases, closed ones last
        page.rows.sort(key=lambda task: task.finished is not None)
    numbers = _numbers(user, asked)
    opened = task or (page.rows[0] if page.rows else None)  # the list alone opens its first
    rows = [_row(each, asked, opened, user) for each in page.rows]
    return Listing(
        asked=asked,
        title=str(TITLES[asked.queue]),
        number=numbers["list"],
        groups=_groups(page.rows, rows, asked),
        rows=rows,
        chips=chips.chips(asked, numbers, filtering=filtering),
        sorts=chips.sorts(asked),
        views=chips.views(user, asked),
        empty=None if rows else empty(user, asked, numbers),
        following=page.following,
        previous=page.previous,
        buttons=chips.buttons(user, asked),
        counts={key: queues.capped(number) for key, number in numbers.items()},
    )


def _numbers(user: User, asked: Asked) -> dict[str, int]:
    """How long the list is, and what the rail and the chips tell: one statement for all of it."""
    wanted = {queue: Asked(queue) for queue in queues.COUNTED} | chips.counted(asked)
    wanted["list"] = replace(asked, sort="", view=0, after="", page=1)
    once = {each: key for key, each in wanted.items()}
    found = queues.numbers(user, {key: each for each, key in once.items()})
    return {key: found[once[each]] for key, each in wanted.items()}


# --- rows -----------------------------------------------------------------------------------------
def _groups(tasks: list[Task], rows: list[Row], asked: Asked) -> list[dict[str, Any]]:
    if asked.queue == "done":
        return [{"title": TITLES["done"], "rows": rows}] if rows else []
    if asked.sort:
        return [{"title": chips.SORTS[asked.sort], "rows": rows}] if rows else []
    today = clock.today()
    parts = ("closed" if task.finished else queues.part(task, today) for task in tasks)
    paired = zip(parts, rows, strict=True)
    return [
        {"title": PARTS[key], "rows": [row for _key, row in members]}
        for key, members in groupby(paired, key=lambda pair: pair[0])
    ]


def _row(task: Any, asked: Asked, opened: Task | None, user: User) -> Row:
    blind = nodes.is_elsewhere(task) and task.node in nodes.SEATED and task.owner_id == user.pk
    return Row(
        id=task.pk,
        url=_url(task, asked, user),
        name=nodes.seat_code(task) if blind else task.applicant,
        what=nodes.title(task),
        number="" if blind else task.reference,
        light=light(task),
        tags=_tags(task, asked, user),
        open=opened is not None and task.pk == opened.pk,
        here=not nodes.is_elsewhere(task),
    )


def _url(task: Any, asked: Asked, user: User) -> str:
    """Where a row leads: to the task, or to the case of one that is not the reader's to do."""
    if task.owner_id == user.pk or desk.may_take(user, task):
        return f"{reverse('task', args=[task.pk])}?{asked.query(after=asked.after)}"
    return reverse("case_file", args=[task.reference])


def light(task: Task) -> Light | None:
    """The light of a task's own time limit, counted from the day it was given."""
    if task.due is None:
        return None
    until = clock.local(task.finished).date() if task.finished else clock.today()
    return time_light(
        calendar().left(task.due, until),
        deadlines.allowed(task),
        paused=task.paused,
        finished=task.finished is not None,
    )


def _tags(task: Any, asked: Asked, user: User) -> list[tuple[str, str]]:
    tags = []
    if asked.sort and task.finished is None:
        came = date_format(clock.local(task.created), "MONTH_DAY_FORMAT")
        tags.append(("", gettext("came on %(day)s") % {"day": came}))
    if task.state == State.SUSPENDED:
        tags.append(("warn", gettext("Suspended")))
    elif task.paused and task.finished is None:
        tags.append(("warn", gettext("Material asked for")))
    if task.node == "acceptance" and task.corrected:
        tags.append(("info", gettext("Correction is back")))
    if task.escalated and task.finished is None:
        tags.append(("bad", gettext("Supervised")))
    if task.snoozed and task.snoozed > clock.today() and task.owner_id == user.pk:
        words = gettext("Put off until %(day)s") % {
            "day": date_format(task.snoozed, "MONTH_DAY_FORMAT")
        }
        tags.append(("", words))
    stood_in_for = asked.queue in ("mine", "snoozed") and task.owner_id != user.pk
    named = asked.queue in ("team", "watching") and task.node not in nodes.SEATED
    if (named or stood_in_for) and task.holder:
        tags.append(("", task.holder))
    return tags
