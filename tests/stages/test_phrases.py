"""Phrases: kept, shared, offered at a step with the last opinions; and who has a task open."""

from datetime import timedelta

import pytest

from tests.stages.test_absences import colleague, fresh
from workflows import clock, jobs
from workflows.errors import (
    NotEntitled,
    PhraseEmpty,
    PhraseKnown,
    PhrasesFull,
    PhraseTooLong,
)
from workflows.models import Job, Opinion, Phrase, User, Viewing
from workflows.stages import alarms, erasure, phrases, viewings

pytestmark = pytest.mark.django_db
GROUP = "case_officer"


@pytest.fixture
def review(pool_entry):
    """A case whose review waits in the officers' queue."""
    return pool_entry.to("department_review")


def opined(course, by: User, *texts: str) -> None:
    """``by`` gave an opinion at the review of earlier rounds, the last one last."""
    for number, text in enumerate(texts):
        Opinion.objects.create(
            case=course.case, phase="department_review", round=90 + number, by=by,
            verdict="pass", text=text, given=clock.now() + timedelta(minutes=number),
        )  # fmt: skip


# --- phrases --------------------------------------------------------------------------------------
def test_own_phrases_of_the_step_come_first_then_the_groups_then_the_last_opinions(review):
    officer, other = review.cast.officer, colleague(review, GROUP)
    phrases.add(officer, "到处可用。")
    phrases.add(officer, "复核通过。", node="department_review")
    phrases.add(officer, "只在签发。", node="signing")
    phrases.add(other, "组内共用。", group=GROUP)
    phrases.add(other, "别人自己的。")
    opined(review, officer, "一", "二", "三", "二", "四", "五", "六", "复核通过。", "")

    offered = phrases.offered(officer, review.task("department_review"))

    assert offered == ["到处可用。", "复核通过。", "组内共用。", "六", "五", "四", "二"]
    assert len(phrases.recent(officer, "department_review")) == phrases.RECENT


def test_what_is_offered_costs_two_statements_and_the_offices(
    review, django_assert_max_num_queries
):
    officer, task = fresh(review.cast.officer), review.task("department_review")
    for number in range(20):
        phrases.add(officer, f"第{number}句。", group=GROUP)
    officer = fresh(officer)
    assert officer.offices

    with django_assert_max_num_queries(2):
        phrases.offered(officer, task)


def test_only_the_owner_changes_and_removes_and_shares_with_groups_of_their_own(review):
    officer, other = review.cast.officer, colleague(review, GROUP)
    shared = phrases.add(officer, "组内共用。", group=GROUP)

    with pytest.raises(NotEntitled):
        phrases.change(shared, "改了。", by=other)
    with pytest.raises(NotEntitled):
        phrases.remove(shared, by=other)
    with pytest.raises(NotEntitled):
        phrases.add(officer, "给别组。", group="seal_keeper")
    phrases.change(shared, "只给自己。", by=officer)

    assert phrases.offered(other, review.task("department_review")) == []
    phrases.remove(shared, by=officer)
    assert not Phrase.objects.exists()


def test_what_is_empty_endless_known_or_one_too_many_is_refused(review):
    officer = review.cast.officer
    phrases.add(officer, "材料齐全。")

    with pytest.raises(PhraseEmpty):
        phrases.add(officer, "  ")
    with pytest.raises(PhraseTooLong):
        phrases.add(officer, "长" * 501)
    with pytest.raises(PhraseKnown):
        phrases.add(officer, "材料齐全。 ")
    made = [
        Phrase(owner=officer, text=str(number), made=clock.now())
        for number in range(phrases.MOST - 1)
    ]
    Phrase.objects.bulk_create(made)
    with pytest.raises(PhrasesFull):
        phrases.add(officer, "多一句。")


# --- who has a task open --------------------------------------------------------------------------
def test_a_colleague_is_named_with_the_minutes_for_a_quarter_of_an_hour(review):
    task, officer, other = review.task("department_review"), review.cast.officer, review.cast.leader
    seen = []

    viewings.seen(task, officer)
    for minutes in (0, 2, 12, 1):
        review.clock.pass_(minutes=minutes)
        seen.append(viewings.others(task, other))

    assert seen == [[(officer.name, 0)], [(officer.name, 2)], [(officer.name, 14)], []]
    assert viewings.others(task, officer) == []


def test_a_look_is_written_once_a_minute_and_one_row_a_person(review, django_assert_num_queries):
    task, officer = review.task("department_review"), review.cast.officer
    viewings.look(task, officer)

    with django_assert_num_queries(1):
        viewings.look(task, officer)
    review.clock.pass_(seconds=61)
    viewings.look(task, officer)

    assert Viewing.objects.get().at == clock.now()


def test_whoever_may_not_read_the_case_any_more_is_not_named(review):
    task, officer, other = review.task("department_review"), review.cast.officer, review.cast.leader
    viewings.seen(task, officer)

    officer.appointments.update(valid_to=clock.today() - timedelta(days=1))

    assert viewings.others(task, other) == []


def test_looks_of_more_than_a_day_ago_are_forgotten_in_the_morning(review):
    task = review.task("department_review")
    viewings.seen(task, review.cast.officer)
    review.clock.pass_(days=1, minutes=1)
    viewings.seen(task, review.cast.leader)

    alarms.look("today")
    jobs.run(jobs.lease(clock.now(), "", Job.objects.get(kind="sweep_viewings").pk))

    assert Viewing.objects.get().user == review.cast.leader


def test_whoever_leaves_and_asks_for_deletion_takes_their_phrases_along(review):
    officer = colleague(review, GROUP)
    phrases.add(officer, "自己的话。")
    viewings.seen(review.task("department_review"), officer)
    officer.appointments.update(valid_to=clock.today() - timedelta(days=1))

    request = erasure.ask(fresh(officer))

    request.refresh_from_db()
    assert "desk" in request.blanked
    assert not Phrase.objects.filter(owner=officer).exists()
    assert not Viewing.objects.filter(user=officer).exists()
