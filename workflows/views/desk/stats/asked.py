"""What the reader of the statistics asks for, and which cases they may count."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Self
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from django.utils.dateparse import parse_date

from workflows import clock, programme
from workflows.models import User
from workflows.models.case import CaseQuerySet
from workflows.views.desk import reach

READERS = ("auditor", "case_officer", "leader")
QUARTER = timedelta(weeks=13)
EARLIEST = date(2000, 1, 1)  # before anything this house knows of
LONGEST = timedelta(days=3 * 366)  # a period is cut to so much, counted from its end


@dataclass(frozen=True)
class Asked:
    """Programme, round, district and period; every part stands in the address."""

    programme: str
    round: str
    district: str
    since: date
    until: date
    flow: str  # whose diagram is drawn: programme:procedure

    @classmethod
    def of(cls, given: QueryDict) -> Self:
        """Read it from an address; what makes no sense there asks for nothing.

        Without a period it is the thirteen weeks up to this one.
        """
        today = clock.today()
        until = max(min(_day(given.get("until", "")) or today, today), EARLIEST)
        since = _day(given.get("since", "")) or _monday(until - QUARTER)
        known = {each.key for each in programme.all_()}
        chosen = given.get("programme", "")
        return cls(
            programme=chosen if chosen in known else "",
            round=given.get("round", "")[:40],
            district=given.get("district", "")[:6],
            since=max(min(since, until), until - LONGEST),
            until=until,
            flow=given.get("flow", "")[:81],
        )

    @property
    def query(self) -> str:
        """The address's query that asks the same."""
        return urlencode({key: str(value) for key, value in asdict(self).items() if value})

    @property
    def narrow(self) -> str:
        """The same without the diagram, to which links put their own."""
        told = {key: str(value) for key, value in asdict(self).items() if value and key != "flow"}
        return urlencode(told)

    def cases(self, user: User) -> CaseQuerySet:
        """The cases that are asked for, of those ``user`` may count."""
        exact = {
            "programme_key": self.programme, "round__key": self.round, "district": self.district,
        }  # fmt: skip
        found = reach.cases(user).filter(**{key: value for key, value in exact.items() if value})
        own = scopes(user)
        return found if "" in own else found.filter(Q(district__in=own))


def scopes(user: User) -> set[str]:
    """The districts whose work ``user`` oversees; ``""`` is the whole city.

    The head of a district oversees it alone, whatever else they may read at the desk.
    """
    return {office.scope for office in user.offices if office.role in READERS}


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:  # looks like a day, but no calendar has it
        return None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
