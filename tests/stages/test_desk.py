"""The queue: claimed by one of the group, given back, finished by whoever acts."""

import pytest

from workflows import clock
from workflows.calendar import DAY
from workflows.errors import ClaimedByAnother, NotEntitled, StageClosed
from workflows.models import User
from workflows.stages import acceptance, desk, people

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


@pytest.mark.parametrize(
    ("role", "node"), [("window", "acceptance"), ("district_reviewer", "district_review")]
)
def test_an_office_for_the_whole_city_takes_the_tasks_of_every_district(pool_entry, role, node):
    task = pool_entry.to(node).task(node)
    elsewhere = pool_entry.also(pool_entry.cast.operator, role, "310112")
    everywhere = pool_entry.also(pool_entry.cast.auditor, role)

    with pytest.raises(NotEntitled):
        desk.claim(task, by=elsewhere)
    desk.claim(task, by=everywhere)

    assert pool_entry.task(node).owner == everywhere


def test_what_a_city_wide_office_had_claimed_goes_back_with_the_office(pool_entry):
    everywhere = pool_entry.also(pool_entry.cast.auditor, "window")
    desk.claim(pool_entry.task("acceptance"), by=everywhere)

    people.dismiss(everywhere.appointments.get(role="window"), by=None)

    assert pool_entry.task("acceptance").owner is None


def test_a_task_of_somebody_whose_office_ended_may_be_claimed_again(pool_entry):
    gone = pool_entry.also(pool_entry.cast.auditor, "window")
    desk.claim(pool_entry.task("acceptance"), by=gone)
    gone.appointments.filter(role="window").update(valid_to=clock.today() - DAY)

    desk.claim(pool_entry.task("acceptance"), by=pool_entry.cast.window)

    assert pool_entry.task("acceptance").owner == pool_entry.cast.window


def test_a_task_of_somebody_whose_account_was_closed_may_be_claimed_again(pool_entry):
    gone = pool_entry.also(pool_entry.cast.auditor, "window")
    desk.claim(pool_entry.task("acceptance"), by=gone)
    User.objects.filter(pk=gone.pk).update(is_active=False)

    desk.claim(pool_entry.task("acceptance"), by=pool_entry.cast.window)

    assert pool_entry.task("acceptance").owner == pool_entry.cast.window


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
