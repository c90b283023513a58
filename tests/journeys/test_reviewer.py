"""The reviewer's three journeys by keys alone, their actions counted (interface 5, J5 to J7).

One action is one press of a key that does something; walking with J is not, as moving a pointer
is not.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.journeys.people import Person, Town, elsewhere
from tests.stages import projects
from tests.views.desk.conftest import filed
from workflows import demo
from workflows.models import Case, Task
from workflows.models.case import State
from workflows.stages import desk, people

pytestmark = [
    pytest.mark.journey,
    pytest.mark.usefixtures("office"),
    pytest.mark.django_db(transaction=True),
]
WINDOW = timedelta(seconds=11)  # the decision can no longer be taken back


@pytest.fixture(autouse=True)
def window(settings: Any) -> None:
    """A decision may be taken back for ten seconds, as in production."""
    settings.HENG_UNDO_SECONDS = 10


@dataclass
class Keys:
    """A reviewer's fingers; they count."""

    person: Person
    actions: int = 0

    def walk(self, key: str) -> None:
        """Go to another row; nothing is done by it."""
        self.person.page.keyboard.press(key)

    def press(self, key: str) -> None:
        """Press one key that acts on this page."""
        self.person.page.keyboard.press(key)
        self.actions += 1

    def leave(self, key: str) -> None:
        """Press one key that leads to another page, and look at it."""
        with self.person.page.expect_navigation():
            self.person.page.keyboard.press(key)
        self.actions += 1
        self.person.looks()


def arrived() -> Case:
    """A complete application of an enterprise of its own, at its window."""
    return elsewhere(lambda: filed(projects.organisation("enterprise"), "acceptance"))


def in_hand(town: Town, *cases: Case) -> None:
    """The window has claimed the acceptance of ``cases``, and their papers are drawn."""
    town.wait_until(max(case.submitted for case in cases) + timedelta(days=1))
    for case in cases:
        task = Task.objects.select_related("case__edition", "case__applicant")
        found = task.get(case=case, finished=None)
        elsewhere(partial(desk.claim, found, by=demo.cast(case.district).window))


def state(case: Case) -> str:
    return str(Case.objects.values_list("state", flat=True).get(pk=case.pk))


# --- J5 -------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_routine_case_takes_two_actions_from_the_inbox(town: Town, language: str) -> None:
    first, second = arrived(), arrived()
    in_hand(town, first, second)
    keys = Keys(town.person(demo.cast(first.district).window, language=language))
    page = keys.person.page
    keys.person.opens("tasks")
    page.wait_for_selector("#decision")  # the first case opens by itself

    keys.press("Shift+Digit1")
    keys.leave("a")

    assert keys.actions == 2
    assert second.reference in page.locator("main").inner_text()  # the next one
    assert page.evaluate("document.activeElement.matches('[data-focus]')")
    assert (state(first), page.locator(".flash__undo").count()) == (State.SUBMITTED, 1)
    town.wait_until(town.clock.moment + WINDOW)
    assert state(first) == State.ACCEPTED


def test_a_decision_is_taken_back_by_one_key(town: Town) -> None:
    first, second = arrived(), arrived()
    in_hand(town, first, second)
    keys = Keys(town.person(demo.cast(first.district).window))
    keys.person.opens("tasks")
    keys.person.page.wait_for_selector("#decision")
    keys.press("Shift+Digit1")
    keys.leave("a")

    keys.leave("z")

    town.wait_until(town.clock.moment + WINDOW)
    assert state(first) == State.SUBMITTED
    assert first.reference in keys.person.page.locator("main").inner_text()


# --- J6 -------------------------------------------------------------------------------------------
def test_a_correction_takes_three_actions_and_one_for_each_failed_item(town: Town) -> None:
    case = arrived()
    in_hand(town, case)
    keys = Keys(town.person(demo.cast(case.district).window))
    keys.person.opens("tasks")
    keys.person.page.wait_for_selector("#decision")

    failed = 2
    for _ in range(failed):
        keys.press("3")
    keys.leave("r")
    keys.person.page.once("dialog", lambda question: question.accept())
    with keys.person.page.expect_navigation():
        keys.press("Control+Enter")
    keys.actions += 1  # the answer to "sent once only: send it?"
    town.wait_until(town.clock.moment + WINDOW)

    assert keys.actions <= 3 + failed
    assert state(case) == State.RETURNED
    assert Case.objects.get(pk=case.pk).correction.items.count() == failed


# --- J7 -------------------------------------------------------------------------------------------
def test_an_unclaimed_task_is_claimed_by_one_key(town: Town) -> None:
    case = arrived()
    town.wait_until(case.submitted + timedelta(days=1))
    window = demo.cast(case.district).window
    keys = Keys(town.person(window))
    keys.person.opens("tasks_queue", "unclaimed")
    keys.person.page.wait_for_selector("#main ~ section [data-key=c], .case [data-key=c]")

    keys.leave("c")

    assert keys.actions == 1
    assert Task.objects.get(case=case, finished=None).owner == window


def test_several_tasks_are_handed_to_a_colleague_by_four_keys(town: Town) -> None:
    cases = [arrived(), arrived(), arrived()]
    town.wait_until(max(case.submitted for case in cases) + timedelta(days=1))
    cast = demo.cast(cases[0].district)
    elsewhere(lambda: people.appoint(cast.leader, role="window", scope="", by=None))
    keys = Keys(town.person(cast.leader))
    page = keys.person.page
    keys.person.opens("tasks_queue", "unclaimed")

    page.locator(".mail a").first.focus()
    keys.press("x")
    keys.walk("j")
    keys.walk("j")
    keys.press("Shift+X")
    page.locator(".bulk [name=do][value=assign]").focus()
    keys.leave("Enter")
    keys.leave("a")
    town.wait_until(town.clock.moment + WINDOW)

    owners = Task.objects.filter(case__in=cases, finished=None).values_list("owner", flat=True)
    assert keys.actions == 4
    assert None not in owners
