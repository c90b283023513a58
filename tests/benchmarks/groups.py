"""Groups at full size and at a tenth of it: how the work grows, and what a ranking costs.

Marking 2,000 schools by 44 indicators, putting 5,000 projects of twelve lines in order, and the
whole verbs around both, with every row, entry and lock.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from statistics import median
from time import perf_counter

from django.db import transaction

from tests import groups as made
from tests.benchmarks.measuring import counting, entry
from workflows import clock, demo, scoring
from workflows.models import Case, Figures
from workflows.scoring import Entry
from workflows.stages import ranking

SCHOOLS, PROJECTS, LINES = 2_000, 5_000, 12
TENTH = 10
ROUNDS = 5
Figure = dict[str, object]
Act = Callable[[], object]


def figures() -> list[Figure]:
    """The milliseconds of each act at full size, and how they grow from a tenth of it."""
    draw = random.Random(20261121)  # noqa: S311 -- the same numbers every time
    cast = demo.cast("310115")
    found: list[Figure] = []
    for name, act in (
        ("marks.schools", lambda size: marks(draw, size)),
        ("order.projects", lambda size: order(draw, size)),
    ):
        size = SCHOOLS if name == "marks.schools" else PROJECTS
        found += grown(name, timed(act(size)), timed(act(size // TENTH)))
    full, tenth = (again(draw, size, cast) for size in (SCHOOLS, SCHOOLS // TENTH))
    found += grown("rerank.schools", full[0], tenth[0])
    found.append(statements("rerank.schools.statements", full[1], tenth[1]))
    full, tenth = (first(draw, size, cast) for size in (PROJECTS, PROJECTS // TENTH))
    found += grown("rank.projects", full[0], tenth[0])
    found.append(statements("rank.projects.statements", full[1], tenth[1]))
    return found


def grown(name: str, full: float, tenth: float) -> list[Figure]:
    """Ten times the group may cost about ten times the time."""
    return [
        entry(f"{name}.tenth", tenth, "ms", 1.0, f"{name}.tenth"),
        entry(name, full, "ms", full / tenth, f"{name}.tenth"),
    ]


def statements(name: str, full: int, tenth: int) -> Figure:
    """Ten times the group may need some more statements, as its rows go in by the hundred."""
    return entry(name, full, "SQL", full / tenth, f"a tenth ({tenth})")


def timed(act: Act) -> float:
    """The median milliseconds of ``act``."""
    spent = []
    for _ in range(ROUNDS):
        begun = perf_counter()
        act()
        spent.append(perf_counter() - begun)
    return median(spent) * 1000


# --- arithmetic -----------------------------------------------------------------------------------
def marks(draw: random.Random, size: int) -> Act:
    """Every mark and every point of a group of schools."""
    weights = {f"I{number:02d}": Decimal(2) for number in range(1, 45)}
    values = {
        school: {code: Decimal(draw.randint(0, 99_999)).scaleb(-1) for code in weights}
        for school in range(size)
    }

    def marked() -> None:
        for sheet in scoring.relative_marks(values, weights).sheets.values():
            _ = sheet.mark, [sheet.shown(code) for code in sheet.points]

    return marked


def order(draw: random.Random, size: int) -> Act:
    """Places, cut and money of projects in twelve lines."""
    lines: list[list[Entry[int]]] = [[] for _ in range(LINES)]
    for number in range(size):
        mark, tie = Decimal(draw.randint(6_000, 10_000)).scaleb(-2), Decimal(draw.randint(0, 30))
        wanted = Decimal(draw.randint(1_000, 50_000)).scaleb(-2)
        lines[number % LINES].append(Entry(number, mark, (tie,), wanted))

    def ordered() -> None:
        for line in lines:
            classes = scoring.ordered(line)
            places = scoring.cut(classes, seats=len(line), pass_mark=Decimal(70))
            scoring.allot(classes, places, budget=Decimal(20_000), answers={})

    return ordered


# --- the whole verbs ------------------------------------------------------------------------------
@contextmanager
def undone() -> Iterator[None]:
    """Let the database forget what the block did."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def again(draw: random.Random, size: int, cast: demo.Cast) -> tuple[float, int]:
    """Rank ``size`` schools again after one figure of one was corrected."""
    edition = made.variant(made.SCHOOLS, "recognition", reading=False)
    call = made.call(made.SCHOOLS, edition=edition, quota=50)
    codes = [f"I{number:02d}" for number in range(1, 45)]
    cases = made.schools(
        call,
        {
            str(school): {code: draw.randint(0, 9_999) / 10 for code in codes}
            for school in range(size)
        },
    )
    whole = {"procedure_key": "recognition", "group": "higher", "by": cast.officer}
    ranking.rank(call, **whole)
    _correct(cases["0"])
    return _measured(lambda: ranking.rerank(call, **whole, reason="更正"))


def _correct(case: Case) -> None:
    """One figure becomes the best of the group, so that every mark changes."""
    last = Figures.objects.get(case=case)
    changed = {"I24": {**last.values["I24"], "value": "99999"}}
    Figures.objects.create(
        case=case,
        round=1,
        revision=2,
        values={**last.values, **changed},
        given=clock.now(),
        confirmed=clock.now(),
    )


def first(draw: random.Random, size: int, cast: demo.Cast) -> tuple[float, int]:
    """Rank ``size`` projects of the six lines of the edition for the first time."""
    lines = ("training_base", "talent_urgent", "curriculum", "faculty", "platform", "demo_base")
    call = made.call(made.PROJECTS, budgets=dict.fromkeys(lines, "20000"))
    made.projects(
        call,
        {
            str(number): made.Bid(
                str(Decimal(draw.randint(6_000, 10_000)).scaleb(-2)),
                draw.randint(10, 500),
                line=lines[number % len(lines)],
            )
            for number in range(size)
        },
    )
    whole = {"procedure_key": "funding", "by": cast.officer}
    return _measured(lambda: [ranking.rank(call, **whole, group=line) for line in lines])


def _measured(act: Act) -> tuple[float, int]:
    """Milliseconds of one run, and the statements it sent."""
    with undone(), counting() as sent:
        begun = perf_counter()
        act()
        spent = perf_counter() - begun
    return spent * 1000, len(sent)
