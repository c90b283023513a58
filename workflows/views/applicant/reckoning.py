"""How the day of decision was reached: the days that passed, less what was not counted, by name."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflows.calendar import DAY, FRIDAY
from workflows.models import DayOverride
from workflows.views.applicant.account import Account, Pause
from workflows.working_days import calendar

OCCASIONS: dict[str, str | Promise] = {  # as the calendar library and the yearly notices call them
    "New Year's Day": _("New Year's Day"),
    "Spring Festival": _("Spring Festival"),
    "Tomb-sweeping Day": _("Tomb-sweeping Day"),
    "Labour Day": _("Labour Day"),
    "Dragon Boat Festival": _("Dragon Boat Festival"),
    "National Day": _("National Day"),
    "Mid-autumn Festival": _("Mid-autumn Festival"),
}


@dataclass(frozen=True)
class Reckoning:
    """The working days of a clock: ``passed`` calendar days less ``terms`` give ``counted``."""

    first: date  # the day after which it counts
    last: date
    passed: int
    terms: list[tuple[str, int]]  # what was not counted, and how many days
    counted: int
    made_up: list[str]  # weekends on which offices worked


def reckoning(account: Account | None) -> Reckoning | None:
    """Take the clock apart, up to the due day; None where it runs in calendar days or not yet."""
    if account is None or account.due is None or account.unit != "working":
        return None
    days = [account.started + DAY * n for n in range(1, (account.due - account.started).days + 1)]
    kept_from = _kept_from(account)
    left_out = Counter(filter(None, (kept_from(day) for day in days)))
    works = calendar().is_workday
    return Reckoning(
        first=account.started,
        last=account.due,
        passed=len(days),
        terms=list(left_out.items()),
        counted=len(days) - left_out.total(),
        made_up=[
            date_format(day, "SHORT_DATE_FORMAT")
            for day in days
            if works(day) and day.weekday() > FRIDAY
        ],
    )


def _kept_from(account: Account) -> Callable[[date], str]:
    """What kept a day from counting: a weekend, a holiday by its name, a pause by its ground."""
    off = DayOverride.objects.filter(
        date__gt=account.started, date__lte=account.due, is_workday=False
    )
    notices = {each.date: _occasion(each.notice) for each in off}
    works = calendar().is_workday

    def name(day: date) -> str:
        if not works(day):
            weekend = day.weekday() > FRIDAY
            return gettext("weekends") if weekend else notices.get(day, gettext("holidays"))
        return next((p.ground for p in account.pauses if _stands(p, day)), "")

    return name


def _stands(pause: Pause, day: date) -> bool:
    """A pause that is still open counts for nothing yet: the due day is the earliest possible."""
    return pause.last is not None and pause.first < day <= pause.last


def _occasion(notice: str) -> str:
    known = notice.rpartition(": ")[2]
    return str(OCCASIONS.get(known, known or gettext("holidays")))
