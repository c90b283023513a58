"""Days told before the holidays of their year were published, and counted again afterwards."""

import json
from datetime import date, datetime

import pytest

from tests import rows
from tests.conftest import Carry
from workflows import clock, jobs, working_days
from workflows.calendar import Due
from workflows.models import (
    Case,
    Correction,
    DayOverride,
    Event,
    Job,
    Message,
    NoticeEntry,
    PublicNotice,
    Supplement,
    Task,
)
from workflows.stages import yearly_notice

pytestmark = pytest.mark.django_db


def enter(*days: tuple[date, bool]) -> None:
    """Enter days of 2027, with an October that makes the year known."""
    DayOverride.objects.bulk_create(
        DayOverride(date=day, is_workday=works, notice="国办发明电〔2026〕示例")
        for day, works in (*days, (date(2027, 10, 1), False))
    )
    working_days.forget()


NEW_YEAR_OFF = (date(2027, 1, 1), False)
SPRING_FESTIVAL_OFF = [(date(2027, 2, day), False) for day in (8, 9, 10)]
SATURDAY_WORKS = (date(2027, 1, 2), True)


# --- the day itself -----------------------------------------------------------------------------
def test_a_provisional_day_is_counted_again_on_the_published_calendar(office):
    told = working_days.calendar().add(date(2026, 12, 28), 10)

    enter(NEW_YEAR_OFF)

    assert told == Due(date(2027, 1, 11), provisional=True)
    assert yearly_notice.recounted(date(2026, 12, 28), told.day, "working") == Due(
        date(2027, 1, 12)
    )


def test_a_day_told_is_never_made_earlier(office):
    told = working_days.calendar().add(date(2026, 12, 28), 10).day

    enter(SATURDAY_WORKS)

    assert yearly_notice.recounted(date(2026, 12, 28), told, "working") == Due(told)


def test_calendar_days_move_off_a_holiday_that_was_not_known(office):
    told = working_days.calendar().add_calendar(date(2026, 12, 22), 10)

    enter(NEW_YEAR_OFF)

    assert told == Due(date(2027, 1, 1), provisional=True)
    assert yearly_notice.recounted(date(2026, 12, 22), told.day, "calendar") == Due(
        date(2027, 1, 4)
    )


# --- cases --------------------------------------------------------------------------------------
def facts_of(case: Case, kind: str) -> list[dict[str, object]]:
    """What the trail of ``case`` tells under ``kind``."""
    events = Event.objects.filter(case=case, kind=kind)
    return [json.loads(event.body)["facts"] for event in events]


@pytest.fixture
def december_case(carry: Carry) -> Case:
    """A certification accepted in December 2026, to be decided in 2027."""
    return carry("P1-001", until="district_review", submitted_on="2026-12-14")


def test_the_day_of_decision_is_counted_again_and_told(december_case):
    told = december_case.due
    assert december_case.due_provisional is True
    enter(NEW_YEAR_OFF, *SPRING_FESTIVAL_OFF)

    moved = yearly_notice.recompute()

    december_case.refresh_from_db(fields=["due", "due_provisional"])
    days = working_days.calendar().count(told, december_case.due)
    assert (moved, december_case.due_provisional, days) == (1, False, 4)
    assert facts_of(december_case, "due_recounted") == [
        {"told": str(told), "due": str(december_case.due)}
    ]
    jobs.run_due()
    heard = Message.objects.filter(case=december_case, kind="due_recounted")
    assert {message.facts["due"] for message in heard} == {str(december_case.due)}


def test_a_confirmed_day_is_recorded_and_nobody_is_bothered(december_case):
    told = december_case.due
    enter(SATURDAY_WORKS)

    moved = yearly_notice.recompute()

    december_case.refresh_from_db(fields=["due", "due_provisional"])
    assert (moved, december_case.due, december_case.due_provisional) == (0, told, False)
    assert len(facts_of(december_case, "due_recounted")) == 1
    assert not Message.objects.filter(kind="due_recounted").exists()


def test_counting_again_without_news_changes_nothing(december_case):
    before = Event.objects.count()

    moved = [yearly_notice.recompute(), yearly_notice.recompute()]

    assert moved == [0, 0]
    assert Event.objects.count() == before


@pytest.mark.bare_rows
def test_a_closed_case_is_left_as_it_was_told(db):
    case = rows.walked("submitted", "withdrawn")
    Case.objects.update(due=date(2026, 12, 31), due_provisional=True)
    enter(NEW_YEAR_OFF)

    assert yearly_notice.recompute() == 0
    assert facts_of(case, "due_recounted") == []


def test_the_day_of_a_correction_is_counted_again_with_its_task_and_its_timer(carry):
    case = carry(
        "P1-002",
        until="correction",
        submitted_on="2026-12-21",
        timeline=[
            {"day": "2026-12-21", "event": "submit"},
            {"day": "2026-12-25", "event": "return_for_correction", "reason": "缺报告"},
        ],
    )
    told = case.correction.due
    assert yearly_notice.recompute() == 0  # nothing new is known yet
    enter(NEW_YEAR_OFF)

    moved = yearly_notice.recompute()

    correction = type(case.correction).objects.get(case=case)
    assert (told, moved) == (date(2027, 1, 8), 1)
    assert (correction.due, correction.due_provisional) == (date(2027, 1, 11), False)
    assert Task.objects.get(case=case, node="correction").due == correction.due
    assert Job.objects.filter(case=case, dedupe_key__endswith=":2027-01-11").exists()
    assert facts_of(case, "correction_recounted") == [{"told": "2027-01-08", "due": "2027-01-11"}]


@pytest.mark.bare_rows
def test_the_end_of_a_running_notice_is_counted_again(office):
    running, over = notice("n-1"), notice("n-2", closed=clock.now())
    assert yearly_notice.recompute() == 0  # nothing new is known yet
    enter(NEW_YEAR_OFF)

    moved = yearly_notice.recompute()

    running.refresh_from_db()
    over.refresh_from_db()
    assert moved == 1
    assert (running.closes, running.provisional) == (date(2027, 1, 5), False)
    assert (over.closes, over.provisional) == (date(2027, 1, 4), True)
    assert Event.objects.filter(chain="sys:notices", kind="notice_recounted").count() == 1


def notice(slug: str, closed: datetime | None = None) -> PublicNotice:
    """A notice of five working days from 29 December, told before 2027 was published."""
    made = PublicNotice.objects.create(
        slug=slug,
        programme_key="enterprise_certification",
        title="公示",
        body="公示",
        opens=date(2026, 12, 29),
        closes=date(2027, 1, 4),
        days=5,
        unit="working",
        provisional=True,
        published=clock.now(),
        by=rows.person(),
    )
    NoticeEntry.objects.create(notice=made, case=rows.case(), position=1, facts={}, closed=closed)
    return made


# --- what applicants are asked ------------------------------------------------------------------
def asked(case: Case, **given: object) -> Supplement:
    """A request of 28 December, ten working days, told before 2027 was published."""
    facts = {
        "case": case,
        "number": 1,
        "asked": datetime(2026, 12, 28, 10, tzinfo=clock.LOCAL),
        "by": rows.person(),
        "days": 10,
        "due": date(2027, 1, 11),
        "due_provisional": True,
    }
    return Supplement.objects.create(**facts | given)


@pytest.mark.bare_rows
def test_the_day_of_a_supplement_is_counted_again_and_told(office):
    case = rows.walked("submitted", "accepted")
    supplement = asked(case)
    assert yearly_notice.recompute() == 0  # nothing new is known yet
    enter(NEW_YEAR_OFF)

    moved = yearly_notice.recompute()

    supplement.refresh_from_db()
    assert moved == 1
    assert (supplement.due, supplement.due_provisional) == (date(2027, 1, 12), False)
    assert facts_of(case, "answer_recounted") == [{"told": "2027-01-11", "due": "2027-01-12"}]
    assert Job.objects.filter(case=case, dedupe_key__contains=":answer_recounted:").exists()
    assert yearly_notice.recompute() == 0


@pytest.mark.bare_rows
def test_nobody_is_told_of_the_day_of_what_is_over_or_stands_still(office):
    ended, stopped = rows.walked("submitted", "returned", "abandoned"), rows.walked("submitted")
    rows.step(stopped, "accepted")
    rows.step(stopped, "suspended")
    lost = Correction.objects.create(
        case=ended, issued=clock.now(), by=rows.person(), due=date(2027, 1, 11),
        due_provisional=True,
    )  # fmt: skip
    asked(stopped)
    asked(rows.walked("submitted", "accepted"), closed=clock.now(), closed_as="answered")
    enter(NEW_YEAR_OFF)

    assert yearly_notice.recompute() == 0
    lost.refresh_from_db()
    assert lost.due == date(2027, 1, 11)
    assert facts_of(stopped, "answer_recounted") == []
