"""Sixty reviewers reach for the next case at once: one each, though a page holds fewer."""

import time
from collections import Counter

import pytest
from django.db import connection

from tests.stages.test_races_of_claims import (
    assert_each_has_what_they_were_given,
    claims,
    landed,
    pressed,
    reviewers,
    waiting,
)
from tests.views.public.addresses import at
from workflows.views.desk.queues import PER_PAGE

__all__ = ["waiting"]  # a fixture
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
REVIEWERS = {"postgresql": PER_PAGE + 10, "sqlite": 20}  # SQLite has one writer at a time anyway


@pytest.mark.parametrize("spare", [0, 5], ids=["enough", "too few"])
def test_sixty_who_press_for_the_next_one_have_one_each(waiting, spare, capsys):
    number = REVIEWERS[connection.vendor]
    tasks, people = waiting(number - spare), reviewers(number)

    begun = time.monotonic()
    answers = pressed(people, at("task_claim_next"))
    took = time.monotonic() - begun

    with capsys.disabled():
        print(f"\n{number} presses for {len(tasks)} tasks in {took:.1f} s")  # noqa: T201
    assert_each_has_what_they_were_given(people, answers)
    assert Counter(landed(answer) for answer in answers)[None] == spare
    assert claims() == {task.case_id: 1 for task in tasks}
