"""Following a case: told inside the house when it moves, while one may still read it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import translation

from tests.stages.course import Course
from workflows import audit, clock
from workflows.models import Case, Event, Message, User, Watch
from workflows.notifications import sentences
from workflows.stages import acceptance, together, watching

pytestmark = pytest.mark.django_db


def heard(user: User) -> list[dict[str, object]]:
    """The facts of what a watcher was told, oldest first."""
    found = Message.objects.filter(recipient=user, kind="watched_moved").order_by("pk")
    return list(found.values_list("facts", flat=True))


def test_a_watcher_hears_of_each_move_once_and_the_trail_of_no_watch(pool_entry: Course) -> None:
    leader = pool_entry.cast.leader
    before = Event.objects.filter(case=pool_entry.case).count()
    for _ in range(2):
        watching.watch(pool_entry.case, by=leader)
    quiet = Event.objects.filter(case=pool_entry.case).count() - before

    acceptance.accept(pool_entry.case, by=pool_entry.cast.window)
    for _ in range(2):
        pool_entry.timers()

    assert quiet == 0
    assert [told["state"] for told in heard(leader)] == [{"zh-hans": "已受理", "en": "Accepted"}]


def test_the_state_is_said_in_the_language_of_its_reader() -> None:
    facts = {"reference": "P1-1", "state": {"zh-hans": "已受理", "en": "Accepted"}}

    said = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said.append(sentences.words("watched_moved", facts).text)

    assert "已受理" in said[0]
    assert said[1] == "Case P1-1 is now: Accepted."


def test_nobody_else_is_told(pool_entry: Course) -> None:
    watching.watch(pool_entry.case, by=pool_entry.cast.leader)

    acceptance.accept(pool_entry.case, by=pool_entry.cast.window)
    pool_entry.timers()

    told = Message.objects.filter(kind="watched_moved").values_list("recipient", flat=True)
    assert list(told) == [pool_entry.cast.leader.pk]


def test_whoever_may_not_read_the_case_any_more_hears_nothing(pool_entry: Course) -> None:
    district = pool_entry.cast.district
    watching.watch(pool_entry.case, by=district)
    district.appointments.update(valid_to=clock.today() - timedelta(days=1))

    acceptance.accept(pool_entry.case, by=pool_entry.cast.window)
    pool_entry.timers()

    assert heard(district) == []


def test_whoever_stopped_watching_hears_nothing(pool_entry: Course) -> None:
    leader = pool_entry.cast.leader
    watching.watch(pool_entry.case, by=leader)
    watching.unwatch(pool_entry.case, by=leader)

    acceptance.accept(pool_entry.case, by=pool_entry.cast.window)
    pool_entry.timers()

    assert heard(leader) == []
    assert not Watch.objects.exists()


@pytest.mark.broken_books  # the law moves the case, and no flow follows
def test_a_move_together_with_others_is_told_as_well(pool_entry: Course) -> None:
    watching.watch(pool_entry.case, by=pool_entry.cast.leader)

    with (
        transaction.atomic(),
        together.lawfully_all(Case.objects.filter(pk=pool_entry.case.pk)) as held,
    ):
        held[0].accept()
        audit.record(held[0], "accepted", by=None)
    pool_entry.timers()

    assert len(heard(pool_entry.cast.leader)) == 1
