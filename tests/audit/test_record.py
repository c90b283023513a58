"""Writing the trail."""

import json
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError
from pytest_django import DjangoAssertNumQueries

from tests.races import race
from tests.rows import case, person, step, walked
from workflows import audit, clock
from workflows.audit.chain import GENESIS, link
from workflows.models import Appointment, Event, Membership
from workflows.models.case import State

pytestmark = [pytest.mark.django_db, pytest.mark.broken_books]  # bare rows: no flow runs
MOMENT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_an_entry_says_who_did_what_from_where_to_where() -> None:
    filed, officer = case(reference="RONGHE-2026-000777"), person(name="李青")
    Appointment.objects.create(
        user=officer, role="window", scope="310115", valid_from=clock.today()
    )

    filed.state_before = "draft"
    filed.__dict__["state"] = State.SUBMITTED
    with clock.at(MOMENT), audit.origin(ip="10.0.0.7", request_id="r-1"):
        event = audit.record(filed, "submitted", by=officer, duty="accept", note="齐全", pages=12)

    assert json.loads(event.body) == {
        "actor": {"id": officer.pk, "name": "李青"},
        "alg": "sha256",
        "at": "2026-03-02T01:00:00.000000Z",
        "case": "RONGHE-2026-000777",
        "chain": f"case:{filed.pk}",
        "duty": "accept",
        "edition": filed.edition.digest,
        "facts": {"note": "齐全", "pages": 12},
        "from": "draft",
        "ip": "10.0.0.7",
        "kind": "submitted",
        "on_behalf_of": None,
        "request": "r-1",
        "roles": [],
        "seq": 1,
        "to": "submitted",
    }
    assert (event.seq, event.prev, event.at) == (1, GENESIS, MOMENT)
    assert event.hash == link(GENESIS, event.body)
    assert (filed.version, filed.head) == (1, event.hash)


def test_an_applicant_acts_on_behalf_of_the_organisation() -> None:
    filed, clerk = case(), person()
    Membership.objects.create(
        user=clerk, organisation=filed.applicant, role="clerk", valid_from=clock.today()
    )

    body = json.loads(audit.record(filed, "saved", by=clerk).body)

    assert body["on_behalf_of"] == filed.applicant_id
    assert body["roles"] == ["applicant_clerk"]


def test_the_system_acts_without_a_person() -> None:
    event = audit.record(case(), "reminded", by=None)

    assert (event.actor, json.loads(event.body)["actor"]) == (None, None)


def test_several_entries_of_one_verb_hang_together() -> None:
    filed = case()
    filed.state_before = filed.state

    first = step(filed, State.SUBMITTED)
    second = audit.record(filed, "noted", by=None)

    told = [(body["from"], body["to"]) for body in map(json.loads, (first.body, second.body))]
    assert told == [("draft", "submitted"), ("submitted", "submitted")]
    assert (second.seq, second.prev) == (2, first.hash)


def test_a_fact_named_kind_is_a_fact() -> None:
    event = audit.record(case(), "document_issued", by=None, kind="certificate", case="x")

    assert event.kind == "document_issued"
    assert json.loads(event.body)["facts"] == {"kind": "certificate", "case": "x"}


def test_an_amount_is_not_a_fact_until_it_is_text() -> None:
    with pytest.raises(TypeError):
        audit.record(case(), "scored", by=None, total=81.5)


def test_recording_is_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    filed, officer = walked(State.SUBMITTED), person()
    officer.roles()

    with django_assert_num_queries(1):
        audit.record(filed, "noted", by=officer)


def test_a_stale_case_cannot_record() -> None:
    filed = walked(State.SUBMITTED)
    stale = type(filed).objects.select_related("edition").get(pk=filed.pk)
    audit.record(filed, "noted", by=None)

    with pytest.raises(IntegrityError, match="heng:"):
        audit.record(stale, "noted", by=None)


def test_what_happens_outside_cases_has_chains_of_its_own() -> None:
    admin = person()

    first = audit.record_system("roles", "appointed", by=admin, role="window")
    second = audit.record_system("roles", "dismissed", by=admin, role="window")
    other = audit.record_system("editions", "published", by=None, digest="ab")

    assert (first.chain, first.seq, second.seq) == ("sys:roles", 1, 2)
    assert second.prev == first.hash
    assert (other.chain, other.seq, other.case) == ("sys:editions", 1, None)
    assert audit.verify() == []


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_one_system_chain_are_put_in_order() -> None:
    race([lambda: audit.record_system("login", "signed_in", by=None)] * 6)

    chain = Event.objects.filter(chain="sys:login").order_by("seq")
    assert [event.seq for event in chain] == [1, 2, 3, 4, 5, 6]
    assert audit.verify() == []
