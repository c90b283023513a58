"""A routine case at the window without a mouse (interface 5, journey 5)."""

from datetime import timedelta
from functools import partial

import pytest

from tests.conftest import Carry
from tests.journeys.people import Person, Town, elsewhere
from workflows import demo
from workflows.models import Case
from workflows.models.case import State

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


def test_a_routine_case_is_accepted_by_keys_alone(town: Town, carry: Carry) -> None:
    case = elsewhere(partial(carry, "P1-002", until="acceptance", timeline=[]))
    town.wait_until(case.submitted + timedelta(days=1))
    window = town.person(demo.cast(case.district).window)
    window.opens("tasks")

    goes_by_keys(window, "g", "q")
    window.page.keyboard.press("j")
    assert focused(window) == case.applicant.name
    goes_by_keys(window, "Enter")
    goes_by_keys(window, "c")
    goes_by_keys(window, "Shift+Digit1")
    goes_by_keys(window, "a")

    assert Case.objects.get(pk=case.pk).state == State.ACCEPTED


def goes_by_keys(person: Person, *keys: str) -> None:
    """Press keys that lead to another page, and look at it."""
    with person.page.expect_navigation():
        for key in keys:
            person.page.keyboard.press(key)
    person.looks()


def focused(person: Person) -> str:
    """The words of the link that has the focus."""
    return str(person.page.evaluate("document.activeElement.innerText"))
