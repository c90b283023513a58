"""Figures about work: durations, ages, lights and shares, computed from counted rows.

Nothing here asks the database. Days are working days; a percentile is the nearest rank, so it is
always a number of days that some case really took.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from workflows.calendar import ALLOWANCE_ON_YELLOW, DAY, Pause, WorkCalendar

FEW = 5  # below so many cases a distribution says nothing, and may tell on one person (4.6)
AGES = (5, 10, 20)  # working days: the last of each class; what is older is the fourth
SUNDAY = 6
MEDIAN, NINETIETH = 50, 90


class Span(NamedTuple):
    """Tasks alike: of one step of one procedure, given, due and finished on the same days."""

    programme: str
    procedure: str
    edition: int  # by key: the one the cases run under
    node: str
    given: date
    due: date | None
    finished: date | None
    done: bool  # by somebody; a finished one that is not done was cancelled
    still: bool  # it is open, and time stands still for it now
    office: bool  # the office's own work: neither the applicant's nor the system's
    stood: int  # working days by which ``due`` was moved, during an evaluation as well
    number: int
    pauses: tuple[Pause, ...] = ()


class Ruler:
    """Working days between any two days from ``first`` to ``last``, each by one subtraction."""

    def __init__(self, calendar: WorkCalendar, first: date, last: date) -> None:
        """Count the working days of the whole stretch once."""
        days = [first + DAY * passed for passed in range((last - first).days + 1)]
        self.first = first
        self.workdays = [day for day in days if calendar.is_workday(day)]
        self._passed = list(accumulate(calendar.is_workday(day) for day in days))
        self._yellow: dict[tuple[date, date, tuple[Pause, ...], int], date] = {}

    @classmethod
    def over(cls, calendar: WorkCalendar, days: Iterable[date | None], *more: date) -> "Ruler":
        """A ruler that is long enough for all of ``days``."""
        known = [*more, *(day for day in days if day is not None)]
        return cls(calendar, min(known), max(known))

    def passed(self, day: date) -> int:
        """Working days from the first day of the ruler to ``day``, both included."""
        return self._passed[(day - self.first).days]

    def between(self, start: date, end: date) -> int:
        """Count the working days after ``start`` up to and including ``end``."""
        return self.passed(end) - self.passed(start) if end > start else 0

    def used(self, start: date, end: date, pauses: Sequence[Pause] = (), stood: int = 0) -> int:
        """Count as ``between``, the days of ``pauses`` left out, as the clock account does.

        Where the clock stood for an evaluation there are no pauses of it: ``stood`` days are known.
        """
        known = sum(
            self.between(max(paused, start), min(resumed or end, end)) for paused, resumed in pauses
        )
        return self.between(start, end) - max(known, stood)

    def yellow_from(
        self, given: date, due: date, pauses: tuple[Pause, ...] = (), stood: int = 0
    ) -> date:
        """The first day on which no more than a fifth of the allowance is left."""
        found = self._yellow.get((given, due, pauses, stood))
        if found is None:
            spared = self.used(given, due, pauses, stood) // ALLOWANCE_ON_YELLOW
            needed = self.passed(due) - spared
            found = given if needed <= self.passed(given) else self.workdays[needed - 1]
            self._yellow[given, due, pauses, stood] = found
        return found


# --- distributions --------------------------------------------------------------------------------
def percentile(counts: Mapping[int, int], percent: int) -> int:
    """The least number of days that at least ``percent`` of the cases do not exceed.

    ``counts`` says how many cases took how many days; it must not be empty.
    """
    rank = max(1, -(-sum(counts.values()) * percent // 100))
    seen = 0
    for days in sorted(counts):
        seen += counts[days]
        if seen >= rank:
            return days
    raise ValueError("nothing was counted")


@dataclass(frozen=True, slots=True)
class Duration:
    """How long something took, over so many cases, and how many of those kept their day."""

    cases: int
    median: int
    ninetieth: int
    measured: int  # of the cases, those that had a last day
    kept: int

    @property
    def share(self) -> int | None:
        """Percent of the measured ones that kept their day; None where none had one."""
        return 100 * self.kept // self.measured if self.measured else None


def duration(counts: Mapping[int, int], measured: int, kept: int) -> Duration:
    """The figures of one distribution, which must not be empty."""
    cases = sum(counts.values())
    return Duration(
        cases, percentile(counts, MEDIAN), percentile(counts, NINETIETH), measured, kept
    )


class _Tally:
    """One distribution while it is being counted."""

    def __init__(self) -> None:
        self.days: Counter[int] = Counter()
        self.measured = self.kept = 0

    def add(self, span: Span, days: int, late: bool) -> None:
        self.days[days] += span.number
        if span.due is not None:
            self.measured += span.number
            self.kept += 0 if late else span.number

    @property
    def duration(self) -> Duration | None:
        return duration(self.days, self.measured, self.kept) if +self.days else None


def steps(spans: Iterable[Span], ruler: Ruler, since: date, until: date) -> dict[str, Duration]:
    """How long each step took, by node, over the tasks done from ``since`` to ``until``."""
    tallies: dict[str, _Tally] = {}
    for span in spans:
        if span.done and span.finished is not None and since <= span.finished <= until:
            days = ruler.used(span.given, span.finished, span.pauses, span.stood)
            late = is_late(span, span.finished)
            tallies.setdefault(span.node, _Tally()).add(span, days, late)
    found = {node: tally.duration for node, tally in tallies.items()}
    return {node: each for node, each in found.items() if each is not None}


# --- what is open ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Lights:
    """How many open tasks showed which light at the end of a day."""

    day: date
    red: int
    yellow: int
    green: int
    still: int = 0  # time stands for them: no light


@dataclass(frozen=True, slots=True)
class Ages:
    """Open tasks by age in working days, those that stand still apart."""

    classes: tuple[int, int, int, int]
    still: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.classes) + self.still


def ages(spans: Iterable[Span], ruler: Ruler, today: date) -> Ages:
    """How long the open tasks have waited: up to each of ``AGES`` days, longer, or standing."""
    classes, still = [0, 0, 0, 0], 0
    for span in spans:
        if span.finished is not None:
            continue
        if span.still:
            still += span.number
        else:
            age = ruler.used(span.given, today, span.pauses, span.stood)
            classes[bisect_left(AGES, age)] += span.number
    return Ages((classes[0], classes[1], classes[2], classes[3]), still)


def is_late(span: Span, day: date) -> bool:
    """Whether ``day`` lies after the last day of ``span``."""
    return span.due is not None and day > span.due


def colour(span: Span, day: date, ruler: Ruler) -> str:
    """The light of an open task on ``day``; empty where it has no limit."""
    if span.due is None:
        return ""
    if day > span.due:
        return "red"
    turns = ruler.yellow_from(span.given, span.due, span.pauses, span.stood)
    return "yellow" if day >= turns else "green"


def lights_now(spans: Iterable[Span], ruler: Ruler, today: date) -> Lights:
    """The lights of what is open at this moment."""
    counts: Counter[str] = Counter()
    for span in spans:
        if span.finished is None:
            counts["still" if span.still else colour(span, today, ruler)] += span.number
    return Lights(today, counts["red"], counts["yellow"], counts["green"], counts["still"])


def trend(spans: Iterable[Span], ruler: Ruler, days: Sequence[date]) -> list[Lights]:
    """The lights that were on at the end of each of ``days``, which rise.

    A task shows none on a day on which its case was suspended or waited for the applicant.
    """
    steps_: dict[str, list[int]] = {
        each: [0] * (len(days) + 1) for each in ("red", "yellow", "green")
    }
    for span in spans:
        for light, first, last in _shown(span, ruler, days[-1]):
            line = steps_[light]
            line[bisect_left(days, first)] += span.number
            line[bisect_right(days, last)] -= span.number
            for paused, resumed in span.pauses:  # from its evening to the evening before it ends
                start, end = max(first, paused), min(last, (resumed or days[-1] + DAY) - DAY)
                if start <= end:
                    line[bisect_left(days, start)] -= span.number
                    line[bisect_right(days, end)] += span.number
    red, yellow, green = (list(accumulate(line)) for line in steps_.values())
    return [Lights(day, red[place], yellow[place], green[place]) for place, day in enumerate(days)]


def _shown(span: Span, ruler: Ruler, last: date) -> list[tuple[str, date, date]]:
    """Which light shows from which day to which, both evenings included, up to ``last``."""
    if span.due is None:
        return []
    end = last if span.finished is None else min(last, span.finished - DAY)
    turns = max(span.given, ruler.yellow_from(span.given, span.due, span.pauses, span.stood))
    parts = (
        ("green", span.given, turns - DAY),
        ("yellow", turns, span.due),
        ("red", max(span.given, span.due + DAY), end),
    )
    return [
        (light, first, min(until, end)) for light, first, until in parts if first <= min(until, end)
    ]


def weeks(since: date, until: date) -> list[date]:
    """The Sundays from ``since`` on, and ``until`` for the week that is not over."""
    first = since + DAY * (SUNDAY - since.weekday())
    sundays = [first + DAY * 7 * week for week in range(max(0, (until - first).days // 7 + 1))]
    return sundays if sundays and sundays[-1] == until else [*sundays, until]


# --- people ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Load:
    """What one person, or nobody yet, has of one group."""

    group: str
    person: str
    open: int
    overdue: int
    done: int


def loads(parts: Iterable[Load]) -> list[Load]:
    """One line for each person of each group, in the order of groups and names."""
    sums: dict[tuple[str, str], tuple[int, int, int]] = {}
    for each in parts:
        opened, overdue, done = sums.get((each.group, each.person), (0, 0, 0))
        sums[each.group, each.person] = (
            opened + each.open, overdue + each.overdue, done + each.done
        )  # fmt: skip
    return [Load(*key, *sums[key]) for key in sorted(sums)]


def of_groups(lines: Iterable[Load]) -> list[Load]:
    """The sum of every group, the one with the most open work first."""
    whole = loads(Load(each.group, "", each.open, each.overdue, each.done) for each in lines)
    return sorted(whole, key=lambda each: (-each.open, -each.done, each.group))
