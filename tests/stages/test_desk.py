"""The queue: claimed by one of the group, given back, finished by whoever acts."""

import pytest

from workflows.errors import ClaimedByAnother, NotEntitled, StageClosed
from workflows.models import User
from workflows.stages import acceptance, desk

pytestmark = pytest.mark.django_db


def colleague(course, role: str = "case_officer") -> User:
    """Somebody else with the same office."""
    return course.also(course.cast.auditor, role)


def test_the_first_one_of_the_group_takes_a_task(pool_entry):
    task = pool_entry.to("department_review").task("department_review")

    desk.claim(task, by=pool_entry.cast.officer)

    with pytest.raises(ClaimedByAnother) as refused:
        desk.claim(task, by=colleague(pool_entry))
    assert refused.value.facts == {"name": pool_entry.cast.officer.name}
    assert pool_entry.task("department_review").owner == pool_entry.cast.officer


def test_claiming_ones_own_task_again_changes_nothing(pool_entry):
    task = pool_entry.task("acceptance")

    for _ in range(2):
        desk.claim(task, by=pool_entry.cast.window)

    assert pool_entry.kinds.count("claimed") == 1


def test_nobody_outside_the_group_takes_a_task(pool_entry):
    for stranger in (pool_entry.cast.officer, pool_entry.signer):
        with pytest.raises(NotEntitled):
            desk.claim(pool_entry.task("acceptance"), by=stranger)


def test_a_task_given_back_is_for_everyone_again(pool_entry):
    task = pool_entry.to("department_review").task("department_review")
    desk.claim(task, by=pool_entry.cast.officer)

    desk.give_back(task, by=pool_entry.cast.officer)

    assert (pool_entry.task("department_review").owner, pool_entry.kinds[-1]) == (
        None,
        "given_back",
    )
    with pytest.raises(StageClosed):
        desk.give_back(task, by=pool_entry.cast.officer)
    desk.claim(task, by=colleague(pool_entry))


def test_a_finished_task_is_not_claimed(pool_entry):
    task = pool_entry.task("acceptance")
    acceptance.accept(pool_entry.case, by=pool_entry.cast.window)

    with pytest.raises(StageClosed):
        desk.claim(task, by=pool_entry.cast.window)


def test_an_experts_own_sheet_is_nobodys_to_claim_or_give_back(certification):
    seat = certification.to("sheet").seats[0]
    task = certification.case.tasks.get(node="sheet", owner=seat.expert, finished=None)

    with pytest.raises(NotEntitled):
        desk.claim(task, by=certification.cast.experts[8])
    with pytest.raises(StageClosed):
        desk.give_back(task, by=seat.expert)
