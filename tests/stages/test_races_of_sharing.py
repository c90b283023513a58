"""Shared work at the same moment: one of two acts counts, and the trail says whose."""

import json
from threading import Event as Signal
from time import sleep

import pytest

from tests.stages.course import found
from tests.stages.racing import raced
from tests.stages.test_absences import away, colleague, fresh
from workflows.errors import AbsenceOver, ClaimedByAnother, StageClosed
from workflows.models import Event, Opinion, Task
from workflows.stages import absences, assigning, desk, review
from workflows.stages.groups import acting

pytestmark = pytest.mark.django_db(transaction=True)


def test_x11_the_substitute_and_the_returning_owner_do_not_both_act(pool_entry):
    task = pool_entry.to("department_review").task("department_review")
    case, owner = pool_entry.case, pool_entry.cast.officer
    substitute = colleague(pool_entry, "case_officer")
    desk.claim(task, by=owner)
    away(owner, substitute)
    by = acting(fresh(substitute), pool_entry.task("department_review"))

    done, refused = raced(
        [
            lambda: review.conclude(found(case), verdict="stop", text="代为退出", by=by),
            lambda: review.conclude(found(case), verdict="evaluate", text="", by=fresh(owner)),
        ]
    )

    assert (len(done), [type(each) for each in refused]) == (1, [StageClosed])
    assert Opinion.objects.filter(phase="department_review").count() == 1


def test_x11_an_absence_ended_while_the_substitute_acts_is_one_before_the_other(pool_entry):
    task = pool_entry.to("department_review").task("department_review")
    case, owner = pool_entry.case, pool_entry.cast.officer
    substitute = colleague(pool_entry, "case_officer")
    desk.claim(task, by=owner)
    absence = away(owner, substitute)
    by = acting(fresh(substitute), pool_entry.task("department_review"))

    _, refused = raced(
        [
            lambda: review.conclude(found(case), verdict="stop", text="代为退出", by=by),
            lambda: absences.end(absence, by=fresh(owner)),
        ]
    )

    acts = Event.objects.filter(case=case, kind="stopped")
    assert {type(each) for each in refused} <= {AbsenceOver}
    assert acts.count() == 1 - len(refused)
    ended = Event.objects.get(kind="absence_ended")
    assert all(act.pk < ended.pk for act in acts)  # never after the owner is back
    assert all(json.loads(act.body)["for"]["id"] == owner.pk for act in acts)
    absence.refresh_from_db()
    assert absence.ended is not None


def test_x11_who_comes_back_is_waited_for_by_the_substitute_who_acts_meanwhile(
    pool_entry, monkeypatch
):
    task = pool_entry.to("department_review").task("department_review")
    case, owner = pool_entry.case, pool_entry.cast.officer
    substitute = colleague(pool_entry, "case_officer")
    desk.claim(task, by=owner)
    absence = away(owner, substitute)
    by = acting(fresh(substitute), pool_entry.task("department_review"))
    record, coming = absences._record, Signal()

    def slowly(*told: object) -> None:
        record(*told)
        coming.set()  # the owner is back, and the transaction has still to commit
        sleep(0.5)

    def act() -> None:
        coming.wait()
        review.conclude(found(case), verdict="stop", text="代为退出", by=by)

    monkeypatch.setattr(absences, "_record", slowly)
    _, refused = raced([act, lambda: absences.end(absence, by=fresh(owner))])

    assert [type(each) for each in refused] == [AbsenceOver]
    assert not Event.objects.filter(case=case, kind="stopped").exists()


def test_a_task_assigned_while_it_is_claimed_has_one_owner(pool_entry):
    task = pool_entry.to("department_review").task("department_review")
    claimer, other = pool_entry.cast.officer, colleague(pool_entry, "case_officer")
    leader = pool_entry.cast.leader

    done, refused = raced(
        [
            lambda: desk.claim(task, by=claimer),
            lambda: assigning.assign(task, to=other, by=leader, seen=None),
        ]
    )

    assert (len(done), [type(each) for each in refused]) == (1, [ClaimedByAnother])
    owner = pool_entry.task("department_review").owner
    assert refused[0].facts == {"name": owner.name}
    assert pool_entry.kinds[-1] == ("claimed" if owner == claimer else "assigned")


def test_tasks_dealt_out_at_once_are_shared_alike(pool_entry):
    task = pool_entry.to("department_review").task("department_review")
    colleague(pool_entry, "case_officer")

    done, refused = raced([lambda: assigning.deal_one(task)] * 4)

    assert (len([each for each in done if each]), refused) == (1, [])
    assert pool_entry.kinds.count("assigned") == 1
    assert Task.objects.get(pk=task.pk).owner in done
