"""Working days: fixed vectors of domain 0.7, and second opinions on everything else."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oracles import CALENDARS, DAY
from workflows.calendar import (
    Due,
    WorkCalendar,
    last_day_of_term,
    months_after,
    years_after,
)

YEARS = range(2019, 2027)
OVERRIDES = {
    day: chinese_calendar.is_workday(day)
    for day in (
        date(2019, 1, 1) + DAY * n for n in range((date(2027, 1, 1) - date(2019, 1, 1)).days)
    )
}
CITY = WorkCalendar(OVERRIDES, frozenset(YEARS))
BARE = WorkCalendar({}, frozenset())

days_of_the_decade = st.dates(date(2019, 1, 2), date(2027, 12, 31))
lengths = st.integers(0, 60)


@st.composite
def pauses_apart(draw: st.DrawFn) -> list[tuple[date, date | None]]:
    """Pauses one after the other, as the ledger keeps them; the last may still be open."""
    marks = sorted(draw(st.lists(days_of_the_decade, max_size=8, unique=True)))
    pauses: list[tuple[date, date | None]] = [
        (marks[n], marks[n + 1]) for n in range(0, len(marks) - 1, 2)
    ]
    if len(marks) % 2:
        pauses.append((marks[-1], None))
    return pauses


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (date(2026, 9, 24), 5, date(2026, 10, 9)),
        (date(2026, 9, 29), 5, date(2026, 10, 12)),  # Saturday 10 October works
        (date(2026, 4, 30), 5, date(2026, 5, 11)),  # Saturday 9 May works
        (date(2026, 2, 12), 20, date(2026, 3, 18)),
        (date(2026, 9, 7), 5, date(2026, 9, 14)),  # P1-001
        (date(2026, 9, 29), 10, date(2026, 10, 19)),  # P1-002, correction
        (date(2026, 9, 14), 5, date(2026, 9, 20)),  # P4-001, Sunday 20 September works
    ],
)
def test_a_period_of_working_days_ends_where_the_domain_says(start, days, last):
    assert CITY.add(start, days) == Due(last)


def test_a_notice_counts_the_day_it_is_published():
    assert CITY.notice_end(date(2026, 9, 21), 5) == Due(date(2026, 9, 28))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2019, 3, 15), date(2019, 3, 21)),
        (date(2024, 10, 22), date(2024, 10, 28)),
        (date(2021, 8, 20), date(2021, 8, 26)),
    ],
)
def test_three_real_notices_of_five_working_days_end_as_printed(first, last):
    assert CITY.notice_end(first, 5) == Due(last)


def test_a_notice_need_not_count_its_first_day():
    assert CITY.notice_end(date(2026, 9, 21), 5, counts_first_day=False) == Due(date(2026, 9, 29))


def test_a_notice_of_calendar_days_counts_weekends_and_moves_off_a_holiday():
    assert CITY.notice_end(date(2026, 9, 14), 7, "calendar") == Due(date(2026, 9, 20))
    assert CITY.notice_end(date(2026, 9, 25), 7, "calendar") == Due(date(2026, 10, 8))


def test_calendar_days_count_weekends():
    assert CITY.add_calendar(date(2026, 9, 1), 60) == Due(date(2026, 11, 2))  # 31 October: Saturday
    assert CITY.add_calendar(date(2026, 9, 7), 3) == Due(date(2026, 9, 10))


def test_a_year_without_notice_makes_the_answer_provisional():
    assert CITY.add(date(2026, 12, 30), 5) == Due(date(2027, 1, 6), provisional=True)
    assert BARE.add(date(2026, 9, 24), 5) == Due(date(2026, 10, 1), provisional=True)


def test_calendar_days_are_provisional_only_for_the_year_they_end_in():
    assert CITY.add_calendar(date(2026, 12, 1), 35) == Due(date(2027, 1, 5), provisional=True)
    assert WorkCalendar({}, frozenset({2027})).add_calendar(date(2026, 12, 1), 35) == Due(
        date(2027, 1, 5)
    )


def test_a_last_day_that_moves_into_an_unknown_year_is_provisional():
    calendar = WorkCalendar({date(2026, 12, 31): False}, frozenset({2026}))

    assert calendar.add_calendar(date(2026, 12, 1), 30) == Due(date(2027, 1, 1), provisional=True)


@pytest.mark.parametrize("oracle", CALENDARS)
@given(start=days_of_the_decade, days=lengths)
def test_adding_working_days_agrees_with_the_second_opinion(oracle, start, days):
    other = oracle(OVERRIDES, set(YEARS))

    due = CITY.add(start, days)

    assert (due.day, due.provisional) == other.add(start, days)


@pytest.mark.parametrize("oracle", CALENDARS)
@given(start=days_of_the_decade, length=st.integers(-5, 120))
def test_counting_agrees_with_the_second_opinion(oracle, start, length):
    end = start + timedelta(days=length)

    assert CITY.count(start, end) == oracle(OVERRIDES, set(YEARS)).count(start, end)


@pytest.mark.parametrize("oracle", CALENDARS)
@given(start=days_of_the_decade, length=st.integers(0, 400), pauses=pauses_apart())
def test_elapsed_time_agrees_with_the_second_opinion(oracle, start, length, pauses):
    until = start + timedelta(days=length)

    assert CITY.elapsed(start, until, pauses) == oracle(OVERRIDES, set(YEARS)).elapsed(
        start, until, pauses
    )


@given(start=days_of_the_decade, days=st.integers(1, 60), pauses=pauses_apart())
def test_a_clock_has_run_out_on_its_last_day_and_not_a_day_before(start, days, pauses):
    closed = [pause for pause in pauses if pause[1]]

    last = CITY.due(start, days, pauses=pauses).day

    assert CITY.elapsed(start, last, closed) == days
    assert CITY.elapsed(start, last - DAY, closed) == days - 1


@given(start=days_of_the_decade, days=st.integers(1, 90), pauses=pauses_apart())
def test_a_pause_never_brings_the_last_day_forward(start, days, pauses):
    assert CITY.due(start, days, pauses=pauses).day >= CITY.add(start, days).day
    assert CITY.due(start, days, "calendar", pauses).day >= CITY.add_calendar(start, days).day


@given(start=days_of_the_decade, days=st.integers(1, 90))
def test_every_last_day_is_a_working_day(start, days):
    assert CITY.is_workday(CITY.add(start, days).day)
    assert CITY.is_workday(CITY.add_calendar(start, days).day)
    assert CITY.is_workday(CITY.notice_end(start, days, "calendar").day)


def test_a_pause_counts_its_first_day_and_not_its_last():
    pauses = [(date(2026, 9, 7), date(2026, 9, 14))]

    used = CITY.elapsed(date(2026, 9, 1), date(2026, 9, 30), pauses)

    assert used == CITY.count(date(2026, 9, 1), date(2026, 9, 30)) - 5


def test_days_under_two_pauses_are_left_out_once():
    pauses = [(date(2026, 9, 7), date(2026, 9, 14)), (date(2026, 9, 9), date(2026, 9, 11))]

    assert CITY.due(date(2026, 9, 1), 10, pauses=pauses) == CITY.due(
        date(2026, 9, 1), 10, pauses=pauses[:1]
    )
    assert CITY.elapsed(date(2026, 9, 1), date(2026, 9, 15), pauses) == 5


def test_an_open_pause_stops_the_count_and_leaves_the_earliest_last_day():
    pauses = [(date(2026, 9, 7), None)]

    assert CITY.elapsed(date(2026, 9, 1), date(2026, 9, 21), pauses) == 4
    assert CITY.due(date(2026, 9, 1), 10, pauses=pauses) == CITY.add(date(2026, 9, 1), 10)


@pytest.mark.parametrize(
    ("today", "left", "colour"),
    [
        (date(2026, 9, 1), 20, "green"),
        (date(2026, 9, 21), 5, "green"),
        (date(2026, 9, 22), 4, "yellow"),  # a fifth of 20
        (date(2026, 9, 29), 0, "yellow"),
        (date(2026, 9, 30), -1, "red"),
        (date(2026, 10, 1), -1, "red"),
        (date(2026, 10, 8), -2, "red"),
    ],
)
def test_the_light_turns_with_the_share_of_time_left(today, left, colour):
    start = date(2026, 8, 31)
    due = CITY.add(start, 21).day  # 29 September; 20 September works, 25 September does not

    assert due == date(2026, 9, 29)
    assert CITY.left(due, today) == left
    assert CITY.light(start, due, today) == colour


def test_a_day_past_the_last_is_overdue_even_on_a_weekend():
    assert CITY.left(date(2026, 9, 11), date(2026, 9, 12)) == -1
    assert CITY.light(date(2026, 9, 4), date(2026, 9, 11), date(2026, 9, 12)) == "red"


def test_the_light_of_a_paused_clock_is_a_pause():
    light = CITY.light(
        date(2026, 9, 1), date(2026, 9, 8), date(2026, 9, 30), [(date(2026, 9, 4), None)]
    )

    assert light == "pause"


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),  # X60
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_last_of_a_shorter_month(day, months, last):
    assert months_after(day, months) == last


def test_one_year_after_the_pool_entry_keeps_the_day():
    assert years_after(date(2025, 3, 18), 1) == date(2026, 3, 18)


def test_x60_years_from_29_february_end_on_the_last_day_of_the_month():
    leap_day = date(2024, 2, 29)

    ends = [years_after(leap_day, years) for years in (1, 2, 3, 4)]

    assert ends == [date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]
    assert months_after(date(2027, 11, 29), 3) == date(2028, 2, 29)
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("first", "years", "last"),
    [
        (date(2026, 8, 20), 3, date(2029, 8, 19)),
        (date(2024, 2, 29), 3, date(2027, 2, 28)),
        (date(2025, 3, 1), 3, date(2028, 2, 29)),
        (date(2026, 1, 1), 3, date(2028, 12, 31)),
    ],
)
def test_a_term_counts_its_first_day(first, years, last):
    assert last_day_of_term(first, years) == last
