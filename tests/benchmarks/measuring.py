"""Milliseconds and statements of a human step, interleaved round by round.

A slow moment of the machine hits every rival alike.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from io import StringIO
from pathlib import Path
from statistics import mean, median
from time import perf_counter

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import setup_databases, teardown_databases

from tests.benchmarks import ours, rivals
from workflows import demo
from workflows.documents import authority

ROUNDS, WARM_UP = 12, 2
Step = Callable[[], object]
RESULT = Path(__file__).resolve().parents[2] / "var" / "bench.json"


def main(parts: Sequence[str] = ()) -> int:
    """Measure everything, print the figures and keep them; or only ``parts``, and print them."""
    if connection.vendor != "postgresql":
        sys.stderr.write("the benchmark runs on PostgreSQL: make bench\n")
        return 2
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        begin()
        known = [line for part in parts or PARTS for line in PARTS[part]()]
    finally:
        teardown_databases(databases, verbosity=0)
    if not parts:
        RESULT.parent.mkdir(parents=True, exist_ok=True)
        RESULT.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")
    for each in known:
        ratio = f"{each['ratio']:6.2f} x {each['to']}" if each["to"] else ""
        sys.stdout.write(f"{each['name']:28} {each['value']:8.2f} {each['unit']:10} {ratio}\n")
    if not parts:
        sys.stdout.write(f"kept in {RESULT}\n")
    return 0


def begin() -> None:
    """A house that can work: its calendar, its editions, its certificate."""
    call_command("load_working_days", stdout=StringIO())
    call_command("publish_editions", stdout=StringIO())
    authority.make(settings.HENG_VAR / "ca")


def measured() -> list[dict[str, object]]:
    """The figures of every rival, as ratios to the floor of the same round."""
    officer = demo.cast("310115").officer
    contestants: dict[str, Callable[[], Iterator[Step]]] = {
        "step.floor": lambda: rivals.floor(officer),
        "step.viewflow": lambda: rivals.stock(officer),
        "step.ours": ours.pool_entry,
    }
    times: dict[str, list[float]] = {name: [] for name in contestants}
    counts: dict[str, list[float]] = {name: [] for name in contestants}
    for round_ in range(ROUNDS + WARM_UP):
        for name, steps in contestants.items():
            spent, statements = run(steps())
            if round_ >= WARM_UP:
                times[name].append(spent)
                counts[name].append(statements)
    return figures(times, counts)


def run(steps: Iterator[Step]) -> tuple[float, float]:
    """Milliseconds and statements per step, one case through."""
    spent, statements, taken = 0.0, 0, 0
    for step in steps:
        with counting() as counted:
            begun = perf_counter()
            step()
            spent += perf_counter() - begun
        statements += len(counted)
        taken += 1
    return spent * 1000 / taken, statements / taken


@contextmanager
def counting() -> Iterator[list[str]]:
    """Every statement the block sends."""
    sent: list[str] = []

    def note(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent


def figures(
    times: dict[str, list[float]], counts: dict[str, list[float]]
) -> list[dict[str, object]]:
    """Medians, and the median of the ratios inside each round."""
    found: list[dict[str, object]] = []
    floor = times["step.floor"]
    for name, values in times.items():
        ratio = median(value / base for value, base in zip(values, floor, strict=True))
        found.append(entry(name, median(values), "ms/step", ratio, "step.floor"))
    for name, values in counts.items():
        ratio = mean(values) / mean(counts["step.floor"])
        found.append(
            entry(f"{name}.statements", mean(values), "SQL/step", ratio, "step.floor.statements")
        )
    return found


def entry(name: str, value: float, unit: str, ratio: float, to: str) -> dict[str, object]:
    """One line of var/bench.json."""
    itself = name == to
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "ratio": 1.0 if itself else round(ratio, 2),
        "to": None if itself else to,
    }


def _of(module: str) -> list[dict[str, object]]:
    """The figures of a module that needs this one."""
    known: list[dict[str, object]] = import_module(f"tests.benchmarks.{module}").figures()
    return known


PARTS: Mapping[str, Callable[[], list[dict[str, object]]]] = {
    "steps": measured,
    "inbox": partial(_of, "inbox"),
    "groups": partial(_of, "groups"),
    "visits": partial(_of, "first_visit"),
}
