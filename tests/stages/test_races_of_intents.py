"""Presses at the same moment, and taking back while it is carried out: exactly one counts."""

from collections.abc import Callable
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from tests.races import race
from tests.stages.course import Course
from tests.stages.racing import THREADS, raced
from tests.stages.test_absences import colleague, fresh
from workflows import jobs
from workflows.errors import AlreadyDecided, TooLateToTakeBack
from workflows.models import Intent, Job, User
from workflows.stages import intents
from workflows.views.desk import plans

pytestmark = pytest.mark.django_db(transaction=True)
State = Intent.State


@pytest.fixture(autouse=True)
def window(settings) -> None:
    """A press may be taken back for ten seconds."""
    settings.HENG_UNDO_SECONDS = 10


@pytest.fixture
def district(pool_entry: Course) -> Course:
    """A case whose district review waits for anybody of the desk."""
    return pool_entry.to("district_review")


def press(course: Course, by: User, verdict: str) -> Intent:
    data = {
        "form": "recommend",
        "sent": {"decision": [verdict], "text": ["理由写在这里。"], "together": [""]},
    }
    task = course.task("district_review")
    return intents.intend(task, "decide", data, by=fresh(by), told="已审核。")


def due(course: Course) -> Job:
    """The job that carries the press out, in a worker's hands."""
    course.clock.pass_(seconds=11)
    job = Job.objects.get(kind="carry_out", state=Job.State.READY)
    taken = jobs.lease(course.clock.moment, "", job.pk)
    assert taken is not None
    return taken


def test_of_contradicting_presses_the_first_counts(district):
    verdicts = ["recommend", "not_recommend"] * (THREADS // 2)

    done, refused = raced(
        [partial(press, district, district.cast.district, verdict) for verdict in verdicts]
    )
    jobs.run(due(district))

    assert (len(done), {type(each) for each in refused}) == (1, {AlreadyDecided})
    assert Intent.objects.get().state == State.DONE
    assert district.kinds.count("reviewed") == 1


@pytest.mark.parametrize("turn", range(3))
def test_taken_back_or_carried_out_never_both(district, turn):
    by = district.cast.district
    intent = press(district, by, "recommend")
    job = due(district)

    _, refused = raced(
        [lambda: jobs.run(job), lambda: intents.take_back(intent, by=by)][:: (-1) ** turn]
    )

    intent.refresh_from_db()
    done = district.kinds.count("reviewed")
    assert (intent.state, done, [type(each) for each in refused]) in [
        (State.UNDONE, 0, []),
        (State.DONE, 1, [TooLateToTakeBack]),
    ]


def test_two_workers_carry_a_press_out_once(district):
    press(district, district.cast.district, "recommend")
    job = due(district)

    raced([lambda: jobs.run(job)] * 4)

    assert district.kinds.count("reviewed") == 1


def test_two_batches_at_once_have_every_task_once(pool_entry, certification):
    courses = [pool_entry.to("district_review"), certification.to("district_review")]
    keys = [course.task("district_review").pk for course in courses]
    people = [fresh(pool_entry.cast.district), colleague(pool_entry, "district_reviewer")]

    def batch(by: User) -> list[str]:
        found = plans.plans(plans.chosen(by, "claim", keys), "claim", by, plans.Given())
        return [plan.press(by, by.username).state for plan in found]

    done, refused = raced([partial(batch, by) for by in people * 2])

    assert refused == []
    assert sorted(state for each in done for state in each) == ["refused"] * 6 + ["waiting"] * 2
    assert sorted(Intent.objects.filter(state="waiting").values_list("task", flat=True)) == keys


# --- through the pages --------------------------------------------------------------------------
def pressing(user: User, course: Course, verdict: str, text: str) -> Callable[[], tuple[int, bool]]:
    """``user`` pressing a button of the task's page: the status, and whether the words are back."""
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("task_decide", args=[course.task("district_review").pk])
    given = {"do": "recommend", "decision": verdict, "text": text}

    def pressed() -> tuple[int, bool]:
        answer = client.post(address, given)
        return answer.status_code, text in answer.content.decode()

    return pressed


def contradicted(course: Course, number: int) -> list[tuple[int, bool]]:
    """Two people at one desk, contradicting each other at once; then what was pressed counts."""
    people = course.cast.district, colleague(course, "district_reviewer", course.case.district)
    verdicts = ("recommend", "not_recommend")
    acts = [
        pressing(people[n % 2], course, verdicts[n % 3 % 2], f"第{n}号意见：理由写在这里。")
        for n in range(number)
    ]
    answers = race(acts)
    jobs.run(due(course))
    return sorted(answers, key=str)


def test_contradicting_posts_have_one_outcome_and_polite_refusals_with_their_words(district):
    answers = contradicted(district, 12)

    assert answers == [(303, False)] + [(409, True)] * 11
    assert Intent.objects.count() == 1
    assert district.kinds.count("reviewed") == 1
