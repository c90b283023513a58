"""The one door to the present moment.

Recorded cases and tests move it; nothing else asks the machine for the time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
_moment: ContextVar[datetime | None] = ContextVar("moment", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _moment.get() or datetime.now(UTC)


def today() -> date:
    """The present day in the city's own time zone."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """``moment`` on the city's clock."""
    return moment.astimezone(LOCAL)


def start_of(day: date) -> datetime:
    """The first moment of ``day`` in the city."""
    return datetime.combine(day, datetime.min.time(), LOCAL)


def end_of(day: date) -> datetime:
    """The last moment of ``day`` in the city: a period ends at 24:00 (民法典 201)."""
    return datetime.combine(day, datetime.max.time(), LOCAL)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be ``moment`` inside the block; for driving recorded cases and for tests."""
    token = _moment.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _moment.reset(token)
