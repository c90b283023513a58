"""The city's working calendar, read from the table the office maintains."""

from time import monotonic

from workflows.calendar import WorkCalendar
from workflows.models import DayOverride

FRESH_FOR = 60.0  # seconds; other processes see a change of the table after so long
OCTOBER = 10
_read: tuple[float, WorkCalendar] | None = None


def calendar() -> WorkCalendar:
    """The calendar as entered so far; read at most once a minute in each process."""
    global _read
    if _read is None or monotonic() - _read[0] > FRESH_FOR:
        _read = (monotonic(), entered())
    return _read[1]


def entered() -> WorkCalendar:
    """The calendar as the table holds it at this moment, past every cache.

    Every yearly notice names the days of the National Day holiday, so a year is known once its
    October is entered; a lone day entered by hand does not make a year known.
    """
    overrides = dict(DayOverride.objects.values_list("date", "is_workday"))
    years = {day.year for day, works in overrides.items() if day.month == OCTOBER and not works}
    return WorkCalendar(overrides, frozenset(years))


def forget() -> None:
    """Let the next question read the table again."""
    global _read
    _read = None
