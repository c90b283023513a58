"""The inbox: one list over the one table of tasks, by queue, by filter, by place."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)

from workflows import clock, search
from workflows.calendar import DAY
from workflows.models import Intent, Submission, Task, User, Watch
from workflows.models.case import State
from workflows.models.process import OPEN
from workflows.stages import desk
from workflows.stages.law import DONE, NEW
from workflows.views.desk import places, reach
from workflows.views.desk.asked import Asked
from workflows.views.desk.places import Order, Part, Place
from workflows.working_days import calendar

PER_PAGE = 50
CAP = 99  # counts beyond are shown as "99+": nobody needs to know, and the table is large
MOST_WATCHED = 500  # the latest
SUNDAY = 6
SOON = 2  # working days to the end of what is near
Parts = list[tuple[Sequence[str], Q]]  # groups and what narrows them; they share no task


# --- queues -------------------------------------------------------------------------------------
def _mine(user: User) -> Parts:
    awake = Q(snoozed=None) | Q(snoozed__lte=clock.today())
    return [((), part & awake) for part in desk.held(user)]


def _snoozed(user: User) -> Parts:
    return [((), part & Q(snoozed__gt=clock.today())) for part in desk.held(user)]


def _unclaimed(user: User) -> Parts:
    return [(groups, part & Q(status=NEW)) for groups, part in desk.served(user)]


def _team(user: User) -> Parts:
    return [(groups, part & Q(status__in=OPEN)) for groups, part in desk.served(user)]


def _watching(user: User) -> Parts:
    """One task of each watched case: an open one, whoever has it, or else the last."""
    found = Task.objects.filter(case=OuterRef("case"))
    newest = found.order_by(F("finished").desc(nulls_first=True), "pk")
    watched = Watch.objects.filter(user=user).annotate(task=Subquery(newest.values("pk")[:1]))
    return [((), Q(places.one_of(watched.order_by("-since").values("task")[:MOST_WATCHED])))]


def _done(user: User) -> Parts:
    return [((), Q(owner=user, status=DONE))]


QUEUES: Mapping[str, Callable[[User], Parts]] = {
    "mine": _mine,
    "unclaimed": _unclaimed,
    "team": _team,
    "watching": _watching,
    "snoozed": _snoozed,
    "done": _done,
}
OWN = ("mine", "snoozed", "done")  # queues of what is in one's own hands
COUNTED = ("mine", "unclaimed", "watching", "snoozed", "team")


def order_of(asked: Asked) -> Order:
    """What a list is sorted by: unless asked otherwise the most urgent first; the latest done."""
    return (DONE_BY if asked.queue == "done" else SORTED_BY)[asked.sort]


SORTED_BY = {"": places.OPEN_ONES, "newest": places.NEWEST, "oldest": places.OLDEST}
DONE_BY = {
    "": places.FINISHED_ONES,
    "newest": places.FINISHED_ONES,
    "oldest": places.FINISHED_FIRST,
}


def tasks(user: User, asked: Asked) -> QuerySet[Task]:
    """The tasks of a queue that are asked for, in its order; to act on, not to page or to count.

    A list of hundreds is read by ``page_of``, which does not sort the whole queue first.
    """
    parts = QUEUES[asked.queue](user)
    whole = [Q(candidate__in=groups) & part if groups else part for groups, part in parts]
    found = _narrowed(user, asked).filter(reduce(or_, whole, Q(pk__in=[])))
    return found.filter(_in_sight(user, asked)).order_by(*order_of(asked).by())


def _parts(user: User, asked: Asked) -> list[Part]:
    """The same in parts that share no task, whatever the reader may see of them."""
    narrowed = _narrowed(user, asked)
    return [Part(narrowed.filter(part), groups) for groups, part in QUEUES[asked.queue](user)]


def _in_sight(user: User, asked: Asked) -> Q:
    return reach.in_sight(user) if asked.queue in OWN else reach.readable(user)


# --- filters --------------------------------------------------------------------------------------
DECIDED = Intent.objects.filter(state=Intent.State.WAITING).values("task")  # may be taken back
PLAIN = {"programme": "programme_key", "step": "node", "round": "case__round__key"}


def _narrowed(user: User, asked: Asked) -> QuerySet[Task]:
    """The tasks asked for, of whatever queue."""
    found: QuerySet[Task] = Task.objects.all()
    if asked.queue != "done":
        found = found.filter(places.one_of(DECIDED, within=False))
    plain = {PLAIN[name]: value for name in PLAIN if (value := getattr(asked, name))}
    found = found.filter(**plain)
    if asked.due:
        found = found.filter(DUE[asked.due](clock.today()))
    if asked.tag:
        found = found.filter(TAGS[asked.tag](user))
    if asked.q:
        found = found.filter(_named(asked.q))
    if asked.answers:
        found = found.filter(_answered(asked.answers))
    if asked.queue in OWN and (asked.q or asked.answers):
        # a blind sheet is not found by what its reader may not know
        found = found.filter(reach.readable(user))
    return found


def _named(words: str) -> Q:
    """Any part of the company, reference or credit code; or words of what was filed."""
    named = Q(applicant__icontains=words) | Q(reference__icontains=words)
    if words.isascii():  # as every credit code is: GB 32100-2015
        named |= Q(case__applicant__uscc__icontains=words)
    return named | search.said_of("case", words)


def _answered(answers: Sequence[tuple[str, str]]) -> Any:
    """Whether the newest submission of the case gives these answers."""
    newest = Submission.objects.filter(case=OuterRef("case_id")).order_by("-number")
    told = reduce(and_, (Q(answers__told=each) for each in answers))
    so = newest.annotate(so=ExpressionWrapper(told, BooleanField())).values("so")
    return Subquery(so[:1], output_field=BooleanField())


def _in_stead(user: User) -> Q:
    """Those the reader finds in a colleague's stead only."""
    own = Q(owner=user) | Q(owner=None, candidate__in=desk.names(user.offices))
    return ~own


TAGS: Mapping[str, Callable[[User], Q]] = {
    "corrected": lambda user: Q(node="acceptance", case__corrected=True),
    "supervised": lambda user: Q(escalated__isnull=False, finished=None),
    "suspended": lambda user: Q(paused=True, case__state=State.SUSPENDED),
    "stand_in": _in_stead,
}


def end_of_week(today: date) -> date:
    """The Sunday of the week of ``today``."""
    return today + (SUNDAY - today.weekday()) * DAY


DUE: Mapping[str, Callable[[date], Q]] = {
    "overdue": lambda today: Q(paused=False, due__lt=today),
    "today": lambda today: Q(paused=False, due=today),
    "week": lambda today: Q(paused=False, due__gt=today, due__lte=end_of_week(today)),
    "later": lambda today: Q(paused=False) & (Q(due__gt=end_of_week(today)) | Q(due=None)),
    "paused": lambda today: Q(paused=True),
    "near": lambda today: Q(paused=False, due__lte=calendar().add(today, SOON).day),
}


def part(task: Task | date | None, today: date) -> str:
    """Which part of the list an open task belongs to: a key of ``DUE``."""
    if isinstance(task, Task) and task.paused:
        return "paused"
    due = task.due if isinstance(task, Task) else task
    if due is None or due > end_of_week(today):
        return "later"
    if due < today:
        return "overdue"
    return "today" if due == today else "week"


# --- pages ----------------------------------------------------------------------------------------
class Page(NamedTuple):
    """Rows of a list and where it goes on; a cursor is empty where there is nothing more."""

    rows: list[Any]  # tasks with the ``state``, ``corrected`` and ``holder`` their rows show
    following: str
    previous: str


def page_of(user: User, asked: Asked) -> Page:
    """The page of a queue at ``asked.after``: the rows, the next cursor and the previous one.

    A page back that reaches the top shows the first page whole; a place beyond the end, where
    rows went meanwhile, shows the last one.
    """
    order = order_of(asked)
    place, onwards = places.read(asked.after, order) or (None, True)
    rows = _rows(user, asked, place, onwards=onwards)
    if ended := onwards and place is not None and not rows:
        onwards, rows = False, _rows(user, asked, place, onwards=False)
    if not onwards and len(rows) <= PER_PAGE:
        place, onwards, rows = None, True, _rows(user, asked, None, onwards=True)
    shown = rows[:PER_PAGE] if onwards else rows[PER_PAGE - 1 :: -1]
    more = len(rows) > PER_PAGE if onwards else not ended
    return Page(
        shown,
        places.written(order.place(shown[-1]), onwards=True) if more else "",
        places.written(order.place(shown[0]), onwards=False) if shown and place else "",
    )


def _rows(
    user: User, asked: Asked, place: Place | None, *, onwards: bool, number: int = PER_PAGE + 1
) -> list[Any]:
    """The first rows beyond ``place`` that the reader may see.

    Almost always they may see all of their queue. So the rows are found by index alone and each
    says whether it may be seen; only where one may not, the database looks at all of them.
    """
    order, parts, in_sight = order_of(asked), _parts(user, asked), _in_sight(user, asked)
    if place is not None:
        parts = [each.filter(order.beyond(place, onwards=onwards)) for each in parts]
    found = places.first(parts, order, number, onwards=onwards).annotate(
        state=F("case__state"),
        corrected=F("case__corrected"),
        holder=F("owner__name"),
        in_sight=ExpressionWrapper(in_sight, BooleanField()),
    )
    rows = list(found)
    if all(row.in_sight for row in rows):
        return rows
    strict = places.first([each.filter(in_sight) for each in parts], order, number, onwards=onwards)
    return list(
        strict.annotate(
            state=F("case__state"), corrected=F("case__corrected"), holder=F("owner__name")
        )
    )


def following(user: User, asked: Asked, task: Task) -> int | None:
    """The task that comes after ``task`` in the queue; at its end the first one, if any other."""
    place = order_of(asked).place(task)
    beyond = [] if None in place else _rows(user, asked, place, onwards=True, number=1)
    found = beyond or _rows(user, asked, None, onwards=True, number=2)
    return next((each.pk for each in found if each.pk != task.pk), None)


# --- counting -------------------------------------------------------------------------------------
def counts(user: User) -> dict[str, int]:
    """How much waits in each queue of the rail, up to one beyond ``CAP``; one statement."""
    return numbers(user, {queue: Asked(queue) for queue in COUNTED})


def numbers(user: User, wanted: Mapping[str, Asked]) -> dict[str, int]:
    """How many tasks each list has, up to one beyond ``CAP``; one statement for all of them."""
    lists = [places.List(_parts(user, each), each.queue in OWN) for each in wanted.values()]
    found = places.numbers_in(lists, CAP + 1, reach.readable(user), reach.sheets(user))
    return {
        # some of the first hundred are not for this reader: what comes after them counts too
        key: count(tasks(user, asked)) if visible < whole > CAP else visible
        for (key, asked), (whole, visible) in zip(wanted.items(), found, strict=True)
    }


def count(found: QuerySet[Task]) -> int:
    """How many there are, up to one beyond ``CAP``."""
    return found.order_by()[: CAP + 1].count()


def capped(number: int) -> str:
    """A count as it is shown."""
    return f"{CAP}+" if number > CAP else str(number)
