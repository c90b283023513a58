"""The operator's page: what needs a person, why, and who let it begin again."""

import json

import pytest

from tests.views.public.addresses import at, browser, statements, text
from workflows import clock, demo
from workflows import jobs as registry
from workflows.models import Event, Job
from workflows.views.conference import ledger

pytestmark = pytest.mark.django_db


def incident(number: int = 1) -> Job:
    """A job that failed once too often."""
    moment = clock.now()
    return Job.objects.create(
        kind="issue_document",
        dedupe_key=f"issue_document:{number}",
        not_before=moment,
        created=moment,
        state=Job.State.INCIDENT,
        failures=5,
        last_error="StoreFull: The file store is full",
    )


def test_every_kind_of_work_has_words() -> None:
    of_tests = {kind for kind, each in registry._handlers.items() if _of_a_test(each)}

    assert set(registry._handlers) - of_tests <= set(ledger.KINDS)


def _of_a_test(handler: registry.Handler) -> bool:
    return not handler.finish.__module__.startswith("workflows.")


def test_an_incident_is_listed_with_its_reason(cast: demo.Cast) -> None:
    job = incident()

    words = text(browser(cast.operator).get(at("jobs")))

    assert job.dedupe_key in words
    assert "StoreFull: The file store is full" in words
    assert "Make and sign a paper" in words


def test_a_retried_job_begins_again_and_the_trail_says_who_decided(cast: demo.Cast) -> None:
    job = incident()

    page = browser(cast.operator).post(at("job_retry", job.pk))

    event = Event.objects.get(chain="sys:jobs")
    again = Job.objects.get(pk=job.pk)
    assert page.status_code == 302
    assert (again.state, again.failures) == (Job.State.READY, 0)
    assert (event.kind, event.actor) == ("job_retried", cast.operator)
    assert json.loads(event.body)["facts"]["error"] == job.last_error


def test_a_job_is_retried_once(cast: demo.Cast) -> None:
    job, operator = incident(), browser(cast.operator)
    operator.post(at("job_retry", job.pk))

    again = operator.post(at("job_retry", job.pk))

    assert again.status_code == 409
    assert Event.objects.filter(chain="sys:jobs").count() == 1


def test_looking_changes_nothing(cast: demo.Cast) -> None:
    job = incident()

    answer = browser(cast.operator).get(at("job_retry", job.pk)).status_code

    assert answer == 405
    assert Job.objects.get(pk=job.pk).state == Job.State.INCIDENT


def test_only_operators_and_the_head_of_the_office_have_this_page(cast: demo.Cast) -> None:
    job = incident()

    answers = {
        "window": browser(cast.window).get(at("jobs")).status_code,
        "auditor": browser(cast.auditor).post(at("job_retry", job.pk)).status_code,
        "leader": browser(cast.leader).get(at("jobs")).status_code,
    }

    assert answers == {"window": 403, "auditor": 403, "leader": 200}


def test_the_page_costs_the_same_at_one_and_at_three_incidents(cast: demo.Cast) -> None:
    client = browser(cast.operator)
    incident(1)
    at_one = statements(client, at("jobs"))
    incident(2)
    incident(3)

    assert statements(client, at("jobs")) == at_one <= 9
