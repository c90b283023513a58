"""Second opinions on the arithmetic of the domain, for the tests that compare.

The plain ones here always speak; the research's own ``reference.py`` speaks as well where it lies
next to the repository.
"""

import sys
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

REFERENCE = Path(__file__).resolve().parents[2] / "shared" / "data" / "reference.py"
DAY = timedelta(days=1)
Pauses = Sequence[tuple[date, date | None]]


class Listed:
    """A calendar that writes every day down and counts on its fingers."""

    def __init__(self, overrides: dict[date, bool], known_years: set[int]) -> None:
        self.overrides, self.known_years = overrides, known_years

    def works(self, day: date) -> bool:
        return self.overrides[day] if day in self.overrides else day.isoweekday() < 6

    def after(self, start: date, end: date) -> list[date]:
        return [start + DAY * n for n in range(1, (end - start).days + 1)]

    def add(self, start: date, days: int) -> tuple[date, bool]:
        counted = [
            day for day in self.after(start, start + DAY * (days * 7 + 30)) if self.works(day)
        ]
        last = counted[days - 1] if days else start
        return last, any(
            day.year not in self.known_years for day in [start, *self.after(start, last)]
        )

    def count(self, start: date, end: date) -> int:
        return len([day for day in self.after(start, end) if self.works(day)])

    def elapsed(self, start: date, until: date, pauses: Pauses) -> int:
        stood = {day for a, b in pauses for day in self.after(a, b or until)}
        return len([d for d in self.after(start, until) if self.works(d) and d not in stood])


class Referred(Listed):
    """The calendar of the research."""

    def __init__(self, overrides: dict[date, bool], known_years: set[int]) -> None:
        super().__init__(overrides, known_years)
        self.calendar = reference().WorkCalendar(overrides, known_years)

    def add(self, start: date, days: int) -> tuple[date, bool]:
        return self.calendar.add(start, days)

    def count(self, start: date, end: date) -> int:
        return self.calendar.count(start, end)

    def elapsed(self, start: date, until: date, pauses: Pauses) -> int:
        return reference().elapsed_workdays(self.calendar, start, until, list(pauses))


def plain_panel_score(totals: Sequence[Decimal], trim_from: int, quorum: int) -> Decimal:
    """Add up hundredths as whole numbers and round by hand."""
    hundredths = sorted(int(mark * 100) for mark in totals)
    if len(hundredths) >= trim_from:
        hundredths = hundredths[1:-1]
    mean, rest = divmod(sum(hundredths), len(hundredths))
    return Decimal(mean + (2 * rest >= len(hundredths))).scaleb(-2).quantize(Decimal("0.01"))


def referred_panel_score(totals: Sequence[Decimal], trim_from: int, quorum: int) -> Decimal:
    """Ask the research."""
    score = reference().panel_score(list(totals), trim_from, quorum)
    return Decimal(score).quantize(Decimal("0.01"), ROUND_HALF_UP)


Values = dict[str, dict[str, Decimal]]
NotApplicable = dict[str, set[str]]


def plain_relative_marks(
    values: Values, weights: dict[str, Decimal], skipped: NotApplicable
) -> dict[str, Fraction]:
    """Divide and add up fractions, school by school; nothing is rounded."""
    found = {}
    for school, figures in values.items():
        counted = [each for each in weights if each not in skipped.get(school, ())]
        points = Fraction(0)
        for each in counted:
            others = [
                Fraction(row[each])
                for name, row in values.items()
                if each not in skipped.get(name, ())
            ]
            if max(others) > 0:
                points += Fraction(weights[each]) * Fraction(figures[each]) / max(others)
        whole = sum((Fraction(weights[each]) for each in counted), Fraction(0))
        found[school] = points * 100 / whole if whole else Fraction(0)
    return found


def referred_relative_marks(
    values: Values, weights: dict[str, Decimal], skipped: NotApplicable
) -> dict[str, Fraction]:
    """Ask the research; it has rounded."""
    scores = reference().relative_scores(values, weights, skipped)
    return {school: Fraction(score) for school, score in scores.items()}


def reference() -> ModuleType:
    """Load the research's module once."""
    if "reference" not in sys.modules:
        spec = spec_from_file_location("reference", REFERENCE)
        assert spec
        assert spec.loader
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        sys.modules["reference"] = module
    return sys.modules["reference"]


CALENDARS = [Listed, Referred] if REFERENCE.exists() else [Listed]
PANEL_SCORES = (
    [plain_panel_score, referred_panel_score] if REFERENCE.exists() else [plain_panel_score]
)
RELATIVE_MARKS = (
    [plain_relative_marks, referred_relative_marks]
    if REFERENCE.exists()
    else [plain_relative_marks]
)
