"""Fifty cases in one batch, one of which somebody else decides inside the window."""

import time
from collections import Counter

import pytest
from django.urls import resolve
from django.utils.translation import override

from tests.stages.test_races_of_claims import reviewers, waiting
from tests.views.public.addresses import at, browser
from workflows import jobs
from workflows.models import Case, Event, Intent, Job, Message
from workflows.stages import acceptance

__all__ = ["waiting"]  # a fixture
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
CASES, TAKEN = 50, 17


def test_one_that_another_decided_is_refused_and_forty_nine_are_done(
    waiting, settings, standing_clock, capsys
):
    settings.HENG_UNDO_SECONDS = 10
    tasks, (person, other) = waiting(CASES), reviewers(2)
    hand, sent = browser(person), {"do": "claim", "task": [task.pk for task in tasks]}

    begun = time.monotonic()
    seen = hand.get(at("tasks_bulk"), sent)
    looked = time.monotonic() - begun
    answer = hand.post(at("tasks_bulk"), sent)
    pressed = time.monotonic() - begun - looked
    lost = Case.objects.select_related("edition", "applicant").get(pk=tasks[TAKEN].case_id)
    acceptance.accept(lost, by=other)
    standing_clock.pass_(seconds=11)
    while due := jobs._due(standing_clock.moment, "").exclude(kind="issue_document").first():
        jobs.run(jobs.lease(standing_clock.moment, "", due.pk))

    with override("en"):
        batch = resolve(answer.headers["Location"].partition("?")[0]).kwargs["batch"]
    with capsys.disabled():
        print(f"\n{CASES} looked at in {looked:.1f} s, pressed in {pressed:.1f} s")  # noqa: T201
    assert len(seen.context["able"]) == CASES
    intents = Intent.objects.filter(batch=batch)
    assert Counter(intents.values_list("state", flat=True)) == {"done": CASES - 1, "refused": 1}
    assert intents.get(state="refused").task_id == tasks[TAKEN].pk
    told = Message.objects.filter(kind="intent_refused")
    assert list(told.values_list("recipient", "case")) == [(person.pk, lost.pk)]
    done = Event.objects.filter(kind__in=["claimed", "accepted"])
    assert Counter(done.values_list("kind", "actor")) == {
        ("claimed", person.pk): CASES - 1,
        ("accepted", other.pk): 1,
    }
    assert done.values("case").distinct().count() == CASES
    assert not Job.objects.filter(kind="carry_out").exclude(state="done").exists()
    page = hand.get(answer.headers["Location"])
    assert (page.context["counts"]["done"], page.context["counts"]["refused"]) == (CASES - 1, 1)
