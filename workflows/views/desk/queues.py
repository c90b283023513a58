"""The inbox: one list over the one table of tasks, by queue, by filter, by page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Self
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.http import QueryDict

from workflows import clock
from workflows.calendar import DAY
from workflows.models import Task, User
from workflows.stages import desk
from workflows.stages.law import ASSIGNED, NEW
from workflows.views.desk import reach

PER_PAGE = 50
CAP = 99  # counts beyond are shown as "99+": nobody needs to know, and the table is large
DONE = "DONE"
SUNDAY = 6


# --- what is asked ------------------------------------------------------------------------------
@dataclass(frozen=True)
class Asked:
    """Which tasks the reader wants to see; every part of it stands in the address."""

    queue: str = "mine"
    q: str = ""
    programme: str = ""
    step: str = ""
    due: str = ""
    page: int = 1

    @classmethod
    def of(cls, given: QueryDict, queue: str = "") -> Self:
        """Read it from an address; what makes no sense there asks for nothing."""
        chosen = queue or given.get("queue", "mine")
        page = given.get("page", "1")
        return cls(
            queue=chosen if chosen in QUEUES else "mine",
            q=given.get("q", "").strip()[:60],
            programme=given.get("programme", "")[:50],
            step=given.get("step", "")[:60],
            due=given.get("due", "") if given.get("due") in DUE else "",
            page=int(page) if page.isdecimal() and 0 < int(page) <= 1000 else 1,
        )

    @property
    def narrowed(self) -> bool:
        """Whether the reader sees a part of the queue only."""
        return bool(self.q or self.programme or self.step or self.due)

    def query(self, *, without: Sequence[str] = (), **changes: object) -> str:
        """The address's query that asks the same, with ``changes``; the first page is not named."""
        asked = asdict(replace(self, **{"page": 1, **changes}))  # type: ignore[arg-type]
        kept = {key: value for key, value in asked.items() if value and key not in without}
        if kept.get("page") == 1:
            del kept["page"]
        return urlencode(kept)


# --- queues -------------------------------------------------------------------------------------
def _mine(user: User) -> Q:
    return desk.mine(user)


def _unclaimed(user: User) -> Q:
    return desk.open_to(user) & Q(status=NEW)


def _team(user: User) -> Q:
    return desk.open_to(user) & Q(status__in=[NEW, ASSIGNED])


def _done(user: User) -> Q:
    return Q(owner=user, status=DONE)


QUEUES: Mapping[str, Callable[[User], Q]] = {
    "mine": _mine,
    "unclaimed": _unclaimed,
    "team": _team,
    "done": _done,
}


def tasks(user: User, asked: Asked) -> QuerySet[Task]:
    """The tasks of a queue that are asked for, the most urgent first (the latest done first)."""
    found: QuerySet[Task] = Task.objects.filter(QUEUES[asked.queue](user), reach.in_sight(user))
    if asked.programme:
        found = found.filter(programme_key=asked.programme)
    if asked.step:
        found = found.filter(node=asked.step)
    if asked.due:
        found = found.filter(DUE[asked.due](clock.today()))
    if asked.q:
        found = found.filter(_named(asked.q))
    if asked.queue == "done":
        return found.order_by("-finished", "pk")
    return found.order_by(F("due").asc(nulls_last=True), "pk")


def _named(words: str) -> Q:
    """Company, reference or credit code, or the last characters of either number."""
    return (
        Q(applicant__icontains=words)
        | Q(reference__icontains=words)
        | Q(case__applicant__uscc__icontains=words)
    )


def end_of_week(today: date) -> date:
    """The Sunday of the week of ``today``."""
    return today + (SUNDAY - today.weekday()) * DAY


DUE: Mapping[str, Callable[[date], Q]] = {
    "overdue": lambda today: Q(due__lt=today),
    "today": lambda today: Q(due=today),
    "week": lambda today: Q(due__gt=today, due__lte=end_of_week(today)),
    "later": lambda today: Q(due__gt=end_of_week(today)) | Q(due=None),
}


def part(due: date | None, today: date) -> str:
    """Which part of the list a task due on ``due`` belongs to: a key of ``DUE``."""
    if due is None or due > end_of_week(today):
        return "later"
    if due < today:
        return "overdue"
    return "today" if due == today else "week"


# --- counting and walking -----------------------------------------------------------------------
def counts(user: User) -> dict[str, int]:
    """How much waits in the reader's own queue and in their groups', up to one beyond ``CAP``."""
    return {queue: count(tasks(user, Asked(queue))) for queue in ("mine", "unclaimed")}


def count(found: QuerySet[Task]) -> int:
    """How many there are, up to one beyond ``CAP``."""
    return found.order_by()[: CAP + 1].count()


def capped(number: int) -> str:
    """A count as it is shown."""
    return f"{CAP}+" if number > CAP else str(number)


def following(user: User, asked: Asked, task: Task) -> int | None:
    """The task that comes after ``task`` in the queue; at its end the first one, if any other."""
    keys = list(tasks(user, asked).values_list("pk", flat=True)[: 10 * PER_PAGE])
    place = keys.index(task.pk) if task.pk in keys else len(keys)
    return next(iter([*keys[place + 1 :], *keys[:place]]), None)
