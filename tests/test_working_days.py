"""The office's calendar: read from its table, filled from the library, corrected by hand."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from workflows import working_days
from workflows.calendar import Due, WorkCalendar
from workflows.models import DayOverride, Event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def an_empty_table():
    """Every test enters its own days; nothing is remembered from the test before."""
    DayOverride.objects.all().delete()
    working_days.forget()
    yield
    working_days.forget()


def load(*years: int) -> str:
    """Run the command and give what it prints."""
    out = StringIO()
    call_command("load_working_days", *years, stdout=out)
    return out.getvalue()


def test_an_empty_table_means_monday_to_friday_provisionally():
    assert working_days.calendar() == WorkCalendar({}, frozenset())
    assert working_days.calendar().add(date(2026, 9, 24), 5) == Due(date(2026, 10, 1), True)


def test_loading_a_year_enters_only_the_days_that_differ():
    printed = load(2026)

    days = DayOverride.objects.in_bulk()
    assert days[date(2026, 10, 1)].is_workday is False
    assert days[date(2026, 10, 10)].is_workday is True  # Saturday, made up
    assert date(2026, 10, 3) not in days  # Saturday, off anyway
    assert {day.year for day in days} == {2026}
    assert printed.startswith(f"2026: {len(days)} days differ")


def test_the_loaded_calendar_gives_the_domains_own_dates():
    load()

    calendar = working_days.calendar()
    assert calendar.known_years == frozenset(range(2019, 2027))
    assert calendar.add(date(2026, 9, 24), 5) == Due(date(2026, 10, 9))
    assert calendar.add(date(2026, 2, 12), 20) == Due(date(2026, 3, 18))
    assert calendar.notice_end(date(2019, 3, 15), 5) == Due(date(2019, 3, 21))


def test_loading_twice_changes_nothing():
    load()
    before = list(DayOverride.objects.order_by("date").values())

    load()

    assert list(DayOverride.objects.order_by("date").values()) == before


def test_loading_keeps_what_the_office_entered_itself():
    own = DayOverride.objects.create(
        date=date(2026, 10, 8), is_workday=False, notice="市政府办公厅通知"
    )
    also = DayOverride.objects.create(
        date=date(2026, 10, 9), is_workday=False, notice="chinesecalendar: once thought so"
    )

    load(2026)

    assert DayOverride.objects.get(pk=own.pk).notice == "市政府办公厅通知"
    assert not DayOverride.objects.filter(pk=also.pk).exists()


def test_loading_leaves_an_entry_in_the_trail_when_it_changes_something():
    load(2025, 2026)
    load(2025, 2026)

    assert list(Event.objects.filter(chain="sys:calendar").values_list("kind", flat=True)) == [
        "calendar_loaded"
    ]


def test_a_year_that_is_not_published_is_refused_and_nothing_is_entered():
    with pytest.raises(CommandError, match="2099"):
        load(2026, 2099)

    assert DayOverride.objects.count() == 0


def test_one_day_entered_by_hand_does_not_make_a_year_known():
    DayOverride.objects.create(date=date(2027, 2, 20), is_workday=True, notice="内部通知")

    calendar = working_days.calendar()

    assert calendar.is_workday(date(2027, 2, 20)) is True
    assert calendar.known_years == frozenset()


def test_the_table_is_read_once_and_again_after_it_was_forgotten(django_assert_num_queries):
    with django_assert_num_queries(1):
        working_days.calendar()
        working_days.calendar()
    DayOverride.objects.create(date=date(2026, 10, 1), is_workday=False, notice="国办发明电")

    stale = working_days.calendar()
    working_days.forget()
    fresh = working_days.calendar()

    assert stale.known_years == frozenset()
    assert fresh.known_years == frozenset({2026})


def test_the_table_is_read_again_after_a_minute(monkeypatch):
    seconds = iter([0.0, 30.0, 61.0, 61.0])
    monkeypatch.setattr(working_days, "monotonic", lambda: next(seconds))
    working_days.calendar()
    DayOverride.objects.create(date=date(2026, 10, 1), is_workday=False, notice="国办发明电")

    assert working_days.calendar().known_years == frozenset()  # after 30 seconds
    assert working_days.calendar().known_years == frozenset({2026})  # after 61
