"""What the ordinary verbs cost in statements (decision 0014): the same on both engines."""

import pytest
from django.db import connection

from tests.benchmarks import ours
from tests.conftest import StandingClock
from workflows import clock, working_days
from workflows.models import Edition
from workflows.stages import numbers

pytestmark = pytest.mark.django_db
ON_AVERAGE = 10
ENCLOSING = 2  # inside the test's own transaction a verb's BEGIN and COMMIT are statements too
COST = {
    "accept": 8,
    "recommend": 10,  # two moves of the case, each with its entry on the trail
    "give_opinion": 6,
    "conclude": 10,
    "form_panel": 10,
    "check": 9,
    "propose": 7,
    "endorse": 8,
    "sign": 9,
    "seal": 17,  # two numbers, two papers
}


def sent_by(step: ours.Step) -> list[str]:
    """The statements ``step`` sends."""
    sent: list[str] = []

    def note(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        step()
    return sent


def begin_series() -> None:
    """Somebody had a number this year: whoever is the first begins the series, two more."""
    edition = Edition.objects.get(programme="enterprise_certification")
    grant = edition.shape.procedures["pool_entry"].grant
    numbers.advance(
        *(f"{each}:{clock.today().year}" for each in (grant.decision_number, grant.number))
    )


def test_no_ordinary_verb_sends_more_statements_than_were_counted_before(
    office: None,
    plain_papers: None,
    standing_clock: StandingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(working_days, "FRESH_FOR", float("inf"))  # else read again once a minute
    begin_series()
    steps = zip(COST, ours.pool_entry(), strict=True)

    sent = {verb: sent_by(step) for verb, step in steps}

    found = {verb: len(statements) - ENCLOSING for verb, statements in sent.items()}
    assert found == COST, "\n".join(
        "\n".join([verb, *sent[verb]]) for verb in COST if found[verb] != COST[verb]
    )
    assert sum(found.values()) <= ON_AVERAGE * len(found)
