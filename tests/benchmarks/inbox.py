"""Lists, counts and search over a million tasks, beside stock viewflow over the same rows.

Alone, on a PostgreSQL of its own: ``tools/cluster.sh .venv/bin/python -m tests.benchmarks inbox``
(``CROWD=10000`` for a tenth of the cases). Each act is a median of eleven; what the database did is
told by EXPLAIN ANALYZE of the statements the act sent. Nothing is asserted about time.
"""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from viewflow.workflow.models import Task as StockTask

from tests.benchmarks import crowd
from tests.benchmarks.crowd import Crowd
from tests.benchmarks.flows import StockFlow
from tests.benchmarks.measuring import entry
from workflows import search
from workflows.models import Case, User
from workflows.views.desk import queues, reach
from workflows.views.desk.queues import Asked

CASES = int(os.environ.get("CROWD", crowd.CASES))
SMALL = crowd.HUNDREDTH  # cases of the house that the growth is told from
TIMES = 11
STOCK_PAGE = 25  # viewflow's own
DEEP = 1_000  # the row a reader pages down to
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Act = Callable[[], object]
Sent = list[tuple[str, Any]]


@dataclass
class Cost:
    """What an act cost: milliseconds of the whole and in the database, buffers, statements."""

    whole: float
    inside: float
    buffers: int
    statements: int


# --- what is done ---------------------------------------------------------------------------------
def ours(people: Crowd) -> dict[str, Act]:
    """The acts of a reader at the desk."""
    busy, few, nobody = people.busy, people.few, people.nobody
    deep = _deep(busy)
    some = Case.objects.filter(begun_with__startswith="crowd").select_related("applicant")[7]
    acts: dict[str, Act] = {
        "inbox page 1": lambda: queues.page_of(busy, Asked("mine")),
        "queue page 1, busy": lambda: queues.page_of(busy, Asked("unclaimed")),
        "queue page 1, few": lambda: queues.page_of(few, Asked("unclaimed")),
        "queue page 1, none": lambda: queues.page_of(nobody, Asked("unclaimed")),
        f"queue row {DEEP}": lambda: queues.page_of(busy, Asked("unclaimed", after=deep)),
        "done page 1": lambda: queues.page_of(busy, Asked("done")),
        "menu counts, busy": lambda: queues.counts(busy),
        "menu counts, few": lambda: queues.counts(few),
        "queue by an answer, few": lambda: queues.page_of(
            few, Asked("unclaimed", answers=(("industry", "C39"),))
        ),
        "search number": lambda: search.page(some.reference, reach.cases(busy)),
        "search company": lambda: search.page(some.applicant.name, reach.cases(busy)),
    }
    return acts


def stock(people: Crowd) -> dict[str, Act]:
    """The same as viewflow's own views ask for it: a page of 25, and the count of the pager."""
    sort = StockTask.objects.order_by("-created")
    assert sort is not None

    def queue(user: User, start: int = 0) -> Act:
        found = StockTask.objects.queue([StockFlow], user).order_by("-created")
        return lambda: list(found.all()[start : start + STOCK_PAGE])

    mine = StockTask.objects.inbox([StockFlow], people.busy).order_by("-created")
    archive = StockTask.objects.archive([StockFlow], people.busy).order_by("-created")
    return {
        "inbox page 1": lambda: list(mine.all()[:STOCK_PAGE]),
        "queue page 1, busy": queue(people.busy),
        "queue page 1, few": queue(people.few),
        "queue page 1, none": queue(people.nobody),
        f"queue row {DEEP}": queue(people.busy, DEEP),
        "done page 1": lambda: list(archive.all()[:STOCK_PAGE]),
        "menu counts, busy": lambda: (
            StockTask.objects.inbox([StockFlow], people.busy).count(),
            StockTask.objects.queue([StockFlow], people.busy).count(),
        ),
        "menu counts, few": lambda: (
            StockTask.objects.inbox([StockFlow], people.few).count(),
            StockTask.objects.queue([StockFlow], people.few).count(),
        ),
    }


def _deep(user: User) -> str:
    """The place before row 1,000 of the queue, page by page as a reader goes there."""
    after = ""
    for _page in range(DEEP // queues.PER_PAGE):
        following = queues.page_of(user, Asked("unclaimed", after=after)).following
        if not following:
            break
        after = following
    return after


def page(people: Crowd) -> Act:
    """The whole page of the inbox as the busy reader opens it."""
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(people.busy, backend=BACKEND)

    def open_it() -> None:
        answer = browser.get(reverse("tasks"))
        assert answer.status_code == 200, "the inbox can be read"

    return open_it


# --- measuring ------------------------------------------------------------------------------------
def cost(act: Act) -> Cost:
    """What one act costs; the first two times do not count."""
    act()
    sent = _sent(act)
    times = []
    for _ in range(TIMES):
        begun = perf_counter()
        act()
        times.append((perf_counter() - begun) * 1000)
    plans = [_explained(*each) for each in sent if each[0].lstrip("( ").startswith("SELECT")]
    inside = sum(median(each[0] for each in known) for known in plans)
    return Cost(median(times), inside, sum(known[0][1] for known in plans), len(sent))


def _sent(act: Act) -> Sent:
    found: Sent = []

    def note(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        act()
    return found


def _explained(sql: str, values: Any) -> list[tuple[float, int]]:
    """Milliseconds and buffers of a statement, eleven times."""
    found = []
    with connection.cursor() as cursor:
        for _ in range(TIMES):
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}", values)
            told = cursor.fetchone()[0]
            plan = (json.loads(told) if isinstance(told, str) else told)[0]
            buffers = plan["Plan"]["Shared Hit Blocks"] + plan["Plan"]["Shared Read Blocks"]
            found.append((plan["Execution Time"] + plan["Planning Time"], buffers))
    return found


def known(people: Crowd) -> None:
    """Let the readers know what a request has read for the page's own navigation."""
    for reader in (people.busy, people.few, people.nobody):
        assert reader.offices, "they hold an office"
        assert reader.stand_ins == []
        reader.organisations()
        reader.get_all_permissions()


def measured(people: Crowd) -> tuple[dict[str, Cost], dict[str, Cost]]:
    """The costs of our acts and of stock viewflow's, act by act in turn."""
    known(people)
    mine, theirs = ours(people), stock(people)
    found: tuple[dict[str, Cost], dict[str, Cost]] = ({}, {})
    for name, act in mine.items():
        found[0][name] = cost(act)
        if name in theirs:
            found[1][name] = cost(theirs[name])
    found[0]["whole inbox page"] = cost(page(people))
    return found


def figures() -> list[dict[str, object]]:
    """Gather a small house, then the whole one; print the table; the lines of var/bench.json."""
    begun = perf_counter()
    small, _ = measured(crowd.gather(SMALL))
    crowd.disperse()
    whole = measured(crowd.gather(CASES))
    sys.stdout.write(f"{perf_counter() - begun:.0f} s, the writing of the rows included\n")
    sys.stdout.write(table(small, *whole))
    crowd.disperse()
    return lines(small, *whole)


def table(small: dict[str, Cost], whole: dict[str, Cost], theirs: dict[str, Cost]) -> str:
    """One row an act: ours, stock viewflow's, and how ours grew from the small house."""
    head = ("", "ms", "database", "buffers", "SQL", "stock ms", "buffers", "stock/ours", "growth")
    rows = [f"{head[0]:26}" + "".join(f"{each:>12}" for each in head[1:])]
    for name, own in whole.items():
        told = [f"{own.whole:.2f}", f"{own.inside:.2f}", f"{own.buffers}", f"{own.statements}"]
        if other := theirs.get(name):
            ratio = other.inside / own.inside
            told += [f"{other.inside:.2f}", f"{other.buffers}", f"{ratio:.1f}"]
        else:
            told += ["", "", ""]
        told.append(f"{own.whole / small[name].whole:.2f}")
        rows.append(f"{name:26}" + "".join(f"{each:>12}" for each in told))
    return "\n".join(rows) + "\n"


def lines(
    small: dict[str, Cost], whole: dict[str, Cost], theirs: dict[str, Cost]
) -> list[dict[str, object]]:
    """Milliseconds beside the small house's, and in the database beside stock viewflow's."""
    found = []
    for name, own in whole.items():
        key = f"crowd.{name}"
        before = small[name].whole
        found.append(
            entry(key, own.whole, "ms", own.whole / before, f"{SMALL * crowd.STEPS} tasks")
        )
        if other := theirs.get(name):
            ratio = own.inside / other.inside
            found.append(entry(f"{key}.database", own.inside, "ms", ratio, "stock viewflow"))
    return found
