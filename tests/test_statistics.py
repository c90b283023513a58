"""The figures of work: percentiles, working days by subtraction, ages, lights, loads."""

from datetime import date, timedelta
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows import statistics
from workflows.calendar import DAY, Pause, WorkCalendar
from workflows.statistics import Lights, Load, Ruler, Span

MONDAY = date(2026, 9, 7)
HOLIDAY = {MONDAY + DAY * 24 + DAY * passed: False for passed in range(7)}  # 1 to 7 October
CALENDAR = WorkCalendar(HOLIDAY | {date(2026, 9, 20): True}, frozenset({2026}))
LAST = MONDAY + DAY * 120
RULER = Ruler(CALENDAR, MONDAY, LAST)
days = st.integers(0, 60).map(lambda passed: MONDAY + DAY * passed)


def span(given_: date, due: date | None, finished: date | None = None, **more: object) -> Span:
    told = {
        "programme": "p", "procedure": "q", "edition": 1, "node": "acceptance",
        "done": finished is not None, "still": False, "office": True, "stood": 0,
        "number": 1,
    }  # fmt: skip
    return Span(given=given_, due=due, finished=finished, **(told | more))  # type: ignore[arg-type]


# --- percentiles ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("counts", "median", "ninetieth"),
    [
        ({4: 1}, 4, 4),
        ({1: 1, 9: 1}, 1, 9),
        ({1: 1, 2: 1, 3: 1}, 2, 3),
        (dict.fromkeys(range(1, 11), 1), 5, 9),
        (dict.fromkeys(range(1, 12), 1), 6, 10),
        ({0: 90, 7: 10}, 0, 0),
        ({0: 89, 7: 11}, 0, 7),
    ],
)
def test_a_percentile_is_the_nearest_rank(
    counts: dict[int, int], median: int, ninetieth: int
) -> None:
    assert statistics.percentile(counts, 50) == median
    assert statistics.percentile(counts, 90) == ninetieth


@given(st.lists(st.integers(0, 90), min_size=1), st.integers(1, 100))
def test_a_percentile_of_counts_is_that_of_the_sorted_list(took: list[int], percent: int) -> None:
    counts = {each: took.count(each) for each in took}

    found = statistics.percentile(counts, percent)

    assert found == sorted(took)[ceil(len(took) * percent / 100) - 1]


def test_nothing_counted_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="nothing was counted"):
        statistics.percentile({}, 50)


# --- working days ---------------------------------------------------------------------------------
def apart(marks: list[date]) -> list[Pause]:
    """Pauses that do not overlap, as the clock account keeps them."""
    ordered = sorted(marks)
    return list(zip(ordered[::2], ordered[1::2], strict=False))


@given(days, days, st.lists(days, max_size=6))
def test_the_ruler_counts_as_the_clock_account_does(
    start: date, end: date, marks: list[date]
) -> None:
    pauses = apart(marks)

    assert RULER.used(start, end, pauses) == CALENDAR.elapsed(start, end, pauses)


@given(days, days)
def test_a_pause_that_still_runs_leaves_out_everything_after_it(start: date, end: date) -> None:
    pauses: list[Pause] = [(start + DAY * 3, None)]

    assert RULER.used(start, end, pauses) == CALENDAR.elapsed(start, end, pauses)


@given(days, st.integers(1, 30), st.integers(0, 60))
def test_the_lights_are_those_of_the_calendar(start: date, allowed: int, passed: int) -> None:
    due, day = CALENDAR.add(start, allowed).day, start + DAY * passed

    assert statistics.colour(span(start, due), day, RULER) == CALENDAR.light(start, due, day)


# --- what is open ---------------------------------------------------------------------------------
def test_open_tasks_are_classed_by_working_days_and_suspended_ones_apart() -> None:
    today = date(2026, 10, 30)
    ages = {0: 2, 5: 1, 6: 1, 10: 3, 11: 1, 20: 1, 21: 1}
    back = {
        CALENDAR.count(today - DAY * passed, today): today - DAY * passed for passed in range(53)
    }
    spans = [span(back[age], None, number=count) for age, count in ages.items()]
    stood = [span(back[30], None, pauses=((back[30], back[4]),)), span(back[9], None, still=True)]

    found = statistics.ages([*spans, *stood, span(MONDAY, None, today)], RULER, today)

    assert found.classes == (2 + 1 + 1, 1 + 3, 1 + 1, 1)
    assert (found.still, found.total) == (1, 12)


def test_a_week_ends_on_sunday_and_the_last_one_today() -> None:
    sundays = [date(2026, 9, 13), date(2026, 9, 20)]

    assert statistics.weeks(MONDAY, date(2026, 9, 23)) == [*sundays, date(2026, 9, 23)]
    assert statistics.weeks(MONDAY, date(2026, 9, 20)) == sundays
    assert statistics.weeks(MONDAY, MONDAY) == [MONDAY]


@st.composite
def tasks(draw: st.DrawFn) -> Span:
    start = draw(days)
    due = CALENDAR.add(start, draw(st.integers(1, 20))).day
    finished = draw(st.none() | st.integers(0, 40).map(lambda passed: start + DAY * passed))
    marks = draw(st.lists(st.integers(0, 30).map(lambda n: start + DAY * n), max_size=4))
    return span(start, due, finished, number=draw(st.integers(1, 9)), pauses=tuple(apart(marks)))


@given(st.lists(tasks(), max_size=8))
def test_the_trend_is_what_counting_day_by_day_gives(spans: list[Span]) -> None:
    weeks = statistics.weeks(MONDAY, MONDAY + DAY * 75)

    assert statistics.trend(spans, RULER, weeks) == [counted(spans, day) for day in weeks]


def counted(spans: list[Span], day: date) -> Lights:
    """The plain reference: look at every task on the evening of ``day``."""
    on = {"red": 0, "yellow": 0, "green": 0}
    for each in spans:
        waits = each.given <= day and (each.finished is None or each.finished > day)
        stood = any(paused <= day < (resumed or LAST) for paused, resumed in each.pauses)
        if waits and not stood and each.due is not None:
            on[light(each, each.due, day)] += each.number
    return Lights(day, **on)


def light(each: Span, due: date, day: date) -> str:
    """The plain reference: the calendar's own light; days on which the case stood are not given."""
    stood = [(paused, resumed or due) for paused, resumed in each.pauses]
    return CALENDAR.light(each.given, due, day, stood)


def test_what_is_late_is_late_after_its_last_day_and_shows_no_light_while_time_stands() -> None:
    due, back = MONDAY + DAY * 18, MONDAY + DAY * 16  # moved by a fortnight
    stood = ((MONDAY + DAY * 2, back),)
    spans = [
        span(MONDAY, due, due, pauses=stood),
        span(MONDAY, due, due + DAY * 3, pauses=stood),
        span(MONDAY, due, due + DAY * 3, pauses=stood, node="opinion"),
    ]
    open_ = [span(MONDAY, MONDAY + DAY * 4, still=True), span(MONDAY, back)]

    shares = statistics.steps(spans, RULER, MONDAY, LAST)

    assert (shares["acceptance"].kept, shares["opinion"].kept) == (1, 0)
    assert statistics.lights_now(open_, RULER, due) == Lights(due, 1, 0, 0, still=1)


def test_days_lost_in_an_evaluation_are_known_by_how_far_the_last_day_was_moved() -> None:
    due = CALENDAR.add(MONDAY, 20).day
    moved = span(MONDAY, due, stood=15)
    last = CALENDAR.add(MONDAY, 18).day

    age = statistics.ages([moved], RULER, last).classes

    assert age == (1, 0, 0, 0)  # three days of its own
    assert [statistics.colour(moved, day, RULER) for day in (last, due)] == ["green", "yellow"]


# --- durations and loads --------------------------------------------------------------------------
def test_a_step_is_measured_over_what_was_done_in_the_period() -> None:
    end = MONDAY + timedelta(weeks=4)
    spans = [
        span(MONDAY, MONDAY + DAY * 2, MONDAY + DAY * 3, number=3),  # 3 days, late
        span(MONDAY, MONDAY + DAY * 9, MONDAY + DAY * 8, number=2),  # 6 days
        span(MONDAY, MONDAY + DAY * 9, MONDAY + DAY * 8, pauses=((MONDAY, MONDAY + DAY * 4),)),
        span(MONDAY, None, MONDAY, number=4),
        span(MONDAY, None, MONDAY + DAY, done=False, number=50),  # cancelled
        span(MONDAY, None, end + DAY, number=50),  # later
        span(MONDAY, None, None, number=50),  # open
    ]

    found = statistics.steps(spans, RULER, MONDAY, end)["acceptance"]

    assert (found.cases, found.median, found.ninetieth) == (10, 2, 6)
    assert (found.measured, found.kept, found.share) == (6, 3, 50)


def test_loads_are_summed_for_each_person_and_for_each_group() -> None:
    parts = [Load("b", "Wu", 1, 1, 0), Load("a", "", 2, 0, 5), Load("b", "Wu", 2, 0, 4)]

    people = statistics.loads([*parts, Load("b", "An", 4, 0, 0)])

    assert people == [
        Load("a", "", 2, 0, 5), Load("b", "An", 4, 0, 0), Load("b", "Wu", 3, 1, 4)
    ]  # fmt: skip
    assert statistics.of_groups(people) == [Load("b", "", 7, 1, 4), Load("a", "", 2, 0, 5)]
