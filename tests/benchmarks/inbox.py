"""Lists, counts and search over a million tasks, beside stock viewflow over the same rows.

Alone, on a PostgreSQL of its own: ``tools/cluster.sh .venv/bin/python -m tests.benchmarks inbox``
(``CROWD=10000`` for a tenth of the cases). Each act is a median of 21; what the database did is
told by EXPLAIN ANALYZE of the statements the act sent. Growth is the work of processors, in yards
of the same moment, beside that in a house of a thousand cases, which stands in a database of its
own: both are asked act by act in turn, since a machine may be half as fast some minutes later.
Nothing is asserted about time.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from viewflow.workflow.models import Task as StockTask

from tests.benchmarks import crowd
from tests.benchmarks.crowd import Crowd
from tests.benchmarks.flows import StockFlow
from tests.benchmarks.measuring import entry
from workflows import clock, search
from workflows.models import Case, User
from workflows.views.desk import queues, reach
from workflows.views.desk.asked import Asked

CASES = int(os.environ.get("CROWD", crowd.CASES))
SMALL = crowd.HUNDREDTH  # cases of the house that the growth is told from
BESIDE = "_small"  # what the name of its database ends with
TIMES = 21  # of which the median is told
STOCK_PAGE = 25  # viewflow's own
DEEP = 1_000  # the row a reader pages down to
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
Act = Callable[[], object]
Sent = list[tuple[str, Any]]


@dataclass
class Cost:
    """What an act cost: milliseconds of the whole and in the database, buffers, statements."""

    whole: float
    work: float  # of processors, ours and the database's, in yards
    inside: float
    least: float  # the quickest in the database
    buffers: int
    statements: int


Costs = dict[str, Cost]  # by the name of the act


# --- what is done ---------------------------------------------------------------------------------
def ours(people: Crowd) -> dict[str, Act]:
    """The acts of readers at the desk; what grows is told of the one whose desk does not."""
    busy, steady, few, nobody = people.busy, people.steady, people.few, people.nobody
    deep = _deep(busy)

    def listed(reader: User, queue: str, **asked: Any) -> Act:
        return lambda: queues.page_of(reader, Asked(queue, **asked))

    return {
        "inbox page 1": listed(busy, "mine"),
        "inbox page 1, steady": listed(steady, "mine"),
        "queue page 1, busy": listed(busy, "unclaimed"),
        "queue page 1, steady": listed(steady, "unclaimed"),
        "queue page 1, few": listed(few, "unclaimed"),
        "queue page 1, none": listed(nobody, "unclaimed"),
        "queue newest first, busy": listed(busy, "unclaimed", sort="newest"),
        f"queue row {DEEP}": listed(busy, "unclaimed", after=deep),
        "done page 1": listed(busy, "done"),
        "done page 1, steady": listed(steady, "done"),
        "menu counts, busy": lambda: queues.counts(busy),
        "menu counts, steady": lambda: queues.counts(steady),
        "menu counts, few": lambda: queues.counts(few),
        "queue by an answer, few": listed(few, "unclaimed", answers=COMMON),
        "queue by an answer, busy": listed(busy, "unclaimed", answers=COMMON),
        "queue by no answer, busy": listed(busy, "unclaimed", answers=SELDOM),
        "queue by a rare word, busy": listed(busy, "unclaimed", q=crowd.ONCE),
        "queue by a word, steady": listed(steady, "unclaimed", q="智能制造"),
        **_searches(people),
    }


COMMON, SELDOM = (("industry", "C39"),), (("industry", "Z99"),)  # every sixth case; none


def _searches(people: Crowd) -> dict[str, Act]:
    """The search as the window of the whole city asks it, and one that reads a sixteenth."""
    some = Case.objects.filter(begun_with__startswith="crowd").select_related("applicant")[7]
    asked = {
        "number": some.reference,
        "end of a code": some.applicant.uscc[-6:],
        "company": some.applicant.name,
        "part of a name": some.applicant.name[2:5],
        "words of every name": "有限公司",
        "frequent word": "智能制造",
        "one Han character": "人",
        "year in the numbers": str(clock.today().year),
        "year in the answers": "2019",
        "seldom word": "鹤槿",
        "rare word in answers": crowd.ONCE,
        "nothing": "不存在的词语",
        "two words": f"智能制造 {crowd.ONCE}",
        "two frequent words": "智能制造 产业学院",
    }
    asks = {f"search {name}": (words, people.busy) for name, words in asked.items()}
    for name in ("frequent word", "one Han character", "seldom word"):
        asks[f"search {name}, district"] = (asked[name], people.steady)
    acts: dict[str, Act] = {
        name: partial(_search, words, reader) for name, (words, reader) in asks.items()
    }
    # a district of the small house has one case that says it: as much of an answer in both
    one = partial(_search, asked["seldom word"], people.steady, most=1)
    return {**acts, "search seldom word, district, one": one}


def _search(words: str, reader: User, most: int = search.PER_PAGE) -> object:
    return search.page(words, reach.cases(reader), most=most)


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
        "queue page 1, steady": queue(people.steady),
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


def page(reader: User) -> Act:
    """The whole page of the inbox as ``reader`` opens it."""
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(reader, backend=BACKEND)

    def open_it() -> None:
        answer = browser.get(reverse("tasks"))
        assert answer.status_code == 200, "the inbox can be read"

    return open_it


# --- measuring ------------------------------------------------------------------------------------
def cost(act: Act) -> Cost:
    """What one act costs; the first two times do not count."""
    act()
    sent = _sent(act)
    times, work = [], []
    for _ in range(TIMES):
        begun, spent = perf_counter(), _spent()
        act()
        times.append((perf_counter() - begun) * 1000)
        acted = _spent()
        _yard()
        work.append((acted - spent) / (_spent() - acted))
    plans = [_explained(*each) for each in sent if each[0].lstrip("( \n").startswith("SELECT")]
    told = [[each[0] for each in known] for known in plans]
    return Cost(
        whole=median(times),
        work=median(work),
        inside=sum(map(median, told)),
        least=sum(map(min, told)),
        buffers=sum(known[0][1] for known in plans),
        statements=len(sent),
    )


def _yard() -> None:
    """As much work in a house of any size: ten accounts are read."""
    for key in range(1, 11):
        User.objects.filter(pk=key).first()


def _spent() -> float:
    """Milliseconds that processors worked for us until now, in this process and in the database.

    Where the database is on another machine, or no Linux: those of the clock.
    """
    info: Any = connection.connection.info
    try:
        server = Path(f"/proc/{info.backend_pid}/schedstat").read_text(encoding="ascii")
    except OSError:
        return perf_counter() * 1000
    return process_time() * 1000 + int(server.split()[0]) / 1e6


def _sent(act: Act) -> Sent:
    found: Sent = []

    def note(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        act()
    return found


def _explained(sql: str, values: Any) -> list[tuple[float, int]]:
    """Milliseconds and buffers of a statement, each time."""
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
    for reader in (people.busy, people.steady, people.few, people.nobody):
        assert reader.offices, "they hold an office"
        assert reader.stand_ins == []
        reader.organisations()
        reader.get_all_permissions()


def acts(people: Crowd) -> dict[str, Act]:
    """All of ours, in the house that is asked now."""
    known(people)
    pages = {
        "whole inbox page": page(people.busy),
        "whole inbox page, steady": page(people.steady),
    }
    return {**ours(people), **pages}


def measured(of_small: Crowd, of_whole: Crowd) -> tuple[Costs, Costs, Costs]:
    """What our acts cost in the small house and in the whole one, and stock viewflow's there."""
    with small_house():
        small = acts(of_small)
    whole, theirs = acts(of_whole), stock(of_whole)
    found: tuple[Costs, Costs, Costs] = ({}, {}, {})
    for name, act in whole.items():
        with small_house():
            found[0][name] = cost(small[name])
        found[1][name] = cost(act)
        if name in theirs:
            found[2][name] = cost(theirs[name])
    return found


@contextmanager
def small_house() -> Iterator[None]:
    """Ask the small house's database instead of the whole one's."""
    name = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name + BESIDE
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name


def set_aside() -> None:
    """Copy the house as it is now; the copy is the small one."""
    name = connection.settings_dict["NAME"]
    connection.close()  # nobody may be in a database that is copied
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}{BESIDE}"')
        cursor.execute(f'CREATE DATABASE "{name}{BESIDE}" TEMPLATE "{name}"')


def forget() -> None:
    """Take both houses down."""
    crowd.disperse()
    name = connection.settings_dict["NAME"]
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}{BESIDE}"')


def figures() -> list[dict[str, object]]:
    """Gather a small house, then the whole one; print the table; the lines of var/bench.json."""
    begun = perf_counter()
    of_small = crowd.gather(SMALL)
    set_aside()
    found = measured(of_small, crowd.gather(CASES))
    sys.stdout.write(f"{perf_counter() - begun:.0f} s, the writing of the rows included\n")
    sys.stdout.write(table(*found))
    forget()
    return lines(*found)


def table(small: Costs, whole: Costs, theirs: Costs) -> str:
    """One row an act: ours, stock viewflow's, and how ours grew from the small house."""
    head = (
        "",
        "ms",
        "database",
        "least",
        "buffers",
        "SQL",
        "stock ms",
        "buffers",
        "stock/ours",
        "growth",
    )
    rows = [f"{head[0]:32}" + "".join(f"{each:>11}" for each in head[1:])]
    for name, own in whole.items():
        told = [f"{own.whole:.2f}", f"{own.inside:.2f}", f"{own.least:.2f}"]
        told += [f"{own.buffers}", f"{own.statements}"]
        if other := theirs.get(name):
            ratio = other.inside / own.inside
            told += [f"{other.inside:.2f}", f"{other.buffers}", f"{ratio:.1f}"]
        else:
            told += ["", "", ""]
        told.append(f"{own.work / small[name].work:.2f}")
        rows.append(f"{name:32}" + "".join(f"{each:>11}" for each in told))
    return "\n".join(rows) + "\n"


def lines(small: Costs, whole: Costs, theirs: Costs) -> list[dict[str, object]]:
    """Milliseconds beside the small house's, and in the database beside stock viewflow's."""
    found = []
    for name, own in whole.items():
        key = f"crowd.{name}"
        growth = own.work / small[name].work
        found.append(entry(key, own.whole, "ms", growth, f"{SMALL * crowd.STEPS} tasks"))
        if other := theirs.get(name):
            ratio = own.inside / other.inside
            found.append(entry(f"{key}.database", own.inside, "ms", ratio, "stock viewflow"))
    return found
