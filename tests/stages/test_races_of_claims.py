"""Many press Claim, or Claim the next one, at the same moment: one owner each, and plain words."""

from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from django.http import HttpResponse
from django.urls import resolve
from django.utils.translation import override

from tests.groups import PROJECTS, call, filed
from tests.races import race
from tests.views.public.addresses import at, browser
from workflows import demo
from workflows.models import Appointment, Event, Task, User

pytestmark = pytest.mark.django_db(transaction=True)
WINDOW = {"role": "window", "scope": "310115"}


@pytest.fixture
def waiting(cast, standing_clock) -> Callable[[int], list[Task]]:
    """So many applications that wait at one window."""

    def tasks(number: int) -> list[Task]:
        filed(call(PROJECTS), number)
        return list(Task.objects.filter(node="acceptance").order_by("pk"))

    return tasks


def reviewers(number: int) -> list[User]:
    """So many people who serve that window."""
    people = [
        User.objects.create(username=f"window.{place}", name=f"窗口{place}")
        for place in range(number)
    ]
    for each in people:
        Appointment.objects.create(user=each, valid_from=demo.SINCE, **WINDOW)
    return people


def pressed(people: Sequence[User], address: str) -> list[object]:
    """Everybody posts to ``address`` at once."""
    hands = [browser(each) for each in people]
    return race([lambda hand=hand: hand.post(address) for hand in hands])


def landed(answer: object) -> int | None:
    """Which task the answer leads to; None for the list."""
    assert isinstance(answer, HttpResponse), answer
    assert answer.status_code == 303
    with override("en"):
        return resolve(answer.headers["Location"].partition("?")[0]).kwargs.get("pk")


def claims() -> Counter[int]:
    """How often each case was claimed, as the trail says."""
    return Counter(Event.objects.filter(kind="claimed").values_list("case", flat=True))


def assert_each_has_what_they_were_given(people: Sequence[User], answers: Sequence[object]) -> None:
    """One task for one press, its owner the person it was opened for."""
    for person, answer in zip(people, answers, strict=True):
        own = list(Task.objects.filter(owner=person).values_list("pk", flat=True))
        given = landed(answer)
        assert own == ([given] if given else [])


def test_everybody_who_presses_for_the_next_one_has_one_of_their_own(waiting):
    tasks, people = waiting(8), reviewers(8)

    answers = pressed(people, at("task_claim_next"))

    assert_each_has_what_they_were_given(people, answers)
    assert {landed(answer) for answer in answers} == {task.pk for task in tasks}
    assert set(claims().values()) == {1}


def test_who_finds_nothing_left_is_told_so_and_nobody_has_two(waiting):
    tasks, people = waiting(3), reviewers(8)

    answers = pressed(people, at("task_claim_next"))

    assert_each_has_what_they_were_given(people, answers)
    assert Counter(landed(answer) for answer in answers) == {
        **{task.pk: 1 for task in tasks},
        None: 5,
    }
    assert sum(claims().values()) == 3


def test_one_of_many_who_claim_one_task_has_it_and_the_others_read_who(waiting):
    (task,), people = waiting(1), reviewers(8)

    answers = pressed(people, at("task_claim", task.pk))

    task.refresh_from_db()
    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 7
    lost = [each for each in answers if each.status_code == 409]
    assert all(str(task.owner) in answer.content.decode() for answer in lost)
    assert people[[each.status_code for each in answers].index(303)] == task.owner
    assert claims() == {task.case_id: 1}


def test_one_impatient_hand_claims_once(waiting):
    (task,), (person,) = waiting(1), reviewers(1)

    answers = pressed([person] * 8, at("task_claim", task.pk))

    assert {answer.status_code for answer in answers} == {303}  # whoever asks again has it
    assert claims() == {task.case_id: 1}
