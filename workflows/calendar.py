"""Working days: which days count, and on which day a period ends (domain 0.7)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Pause = tuple[date, date | None]
Unit = Literal["working", "calendar"]
Colour = Literal["green", "yellow", "red", "pause"]

DAY = timedelta(days=1)
FRIDAY = 4
ALLOWANCE_ON_YELLOW = 5  # yellow once no more than a fifth is left (interface 4.4)


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a period; provisional while the yearly notice of a year it crosses lacks."""

    day: date
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The days that differ from Monday to Friday, and the years whose notice has been entered.

    A year that has not been entered never raises: Monday to Friday is assumed and the answer is
    marked provisional.
    """

    overrides: Mapping[date, bool]
    known_years: frozenset[int]

    def is_workday(self, day: date) -> bool:
        """Say whether offices work on ``day``, make-up Saturdays and Sundays included."""
        return self.overrides.get(day, day.weekday() <= FRIDAY)

    def add(self, start: date, days: int) -> Due:
        """Give the last of ``days`` working days; the start day does not count (民法典 201)."""
        return self.due(start, days)

    def add_calendar(self, start: date, days: int) -> Due:
        """Give the last of ``days`` calendar days; a holiday moves it on (民法典 201, 203)."""
        return self.due(start, days, "calendar")

    def notice_end(
        self, start: date, days: int, unit: Unit = "working", counts_first_day: bool = True
    ) -> Due:
        """Give the last day of a notice published on ``start``.

        A notice counts the day it is published when that is a working day (domain 0.12).
        """
        return self.due(start - DAY if counts_first_day else start, days, unit)

    def due(
        self, start: date, days: int, unit: Unit = "working", pauses: Sequence[Pause] = ()
    ) -> Due:
        """Give the last day of a clock of ``days`` that stands still during ``pauses``.

        A pause that is still open counts for nothing: the answer is then the earliest possible.
        """
        closed = [(paused, resumed) for paused, resumed in pauses if resumed]
        last, left = start, days
        while left > 0:
            last += DAY
            counts = unit == "calendar" or self.is_workday(last)
            left -= counts and not _paused(last, closed)
        if unit == "working":
            return Due(last, self._is_provisional(start, last))
        return self._moved(last)

    def count(self, start: date, end: date) -> int:
        """Count the working days after ``start`` up to and including ``end``."""
        return self.elapsed(start, end)

    def elapsed(self, start: date, until: date, pauses: Sequence[Pause] = ()) -> int:
        """Count the working days used after ``start`` up to ``until``, those of pauses left out.

        A pause begins at the end of its first day and ends at the end of its last (domain 0.7).
        """
        days = (start + DAY * passed for passed in range(1, (until - start).days + 1))
        closed = [(paused, resumed or until) for paused, resumed in pauses]
        return sum(self.is_workday(day) and not _paused(day, closed) for day in days)

    def left(self, due: date, today: date) -> int:
        """Count the working days left: 0 on the last day, negative once it has passed."""
        if today > due:
            return -max(1, self.count(due, today))
        return self.count(today, due)

    def light(self, start: date, due: date, today: date, pauses: Sequence[Pause] = ()) -> Colour:
        """Give the light of a clock: the share of its allowance that is left (interface 4.4)."""
        if any(resumed is None for _, resumed in pauses):
            return "pause"
        left = self.left(due, today)
        if left < 0:
            return "red"
        allowance = self.elapsed(start, due, pauses)
        return "yellow" if left * ALLOWANCE_ON_YELLOW <= allowance else "green"

    def _moved(self, last: date) -> Due:
        """Give the first working day from ``last`` on (民法典 203)."""
        day = last
        while not self.is_workday(day):
            day += DAY
        return Due(day, self._is_provisional(last, day))

    def _is_provisional(self, first: date, last: date) -> bool:
        return not self.known_years.issuperset(range(first.year, last.year + 1))


def months_after(day: date, months: int) -> date:
    """Give the corresponding day ``months`` later, or the end of a shorter month (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, _days_of(year, month + 1)))


def years_after(day: date, years: int) -> date:
    """Give the corresponding day ``years`` later; 29 February ends on the 28th (X60)."""
    return months_after(day, 12 * years)


def last_day_of_term(first: date, years: int) -> date:
    """Give the last day of a term of ``years`` whose first day counts: 20 August to 19 August."""
    corresponding = years_after(first, years)
    return corresponding - DAY if corresponding.day == first.day else corresponding


def _days_of(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - DAY).day


def _paused(day: date, pauses: Collection[tuple[date, date]]) -> bool:
    return any(paused < day <= resumed for paused, resumed in pauses)
