"""The auditor's pages: the whole trail, and the first wrong entry where there is one."""

import pytest
from django.db import connection

from tests import rows
from tests.guards import lifted
from tests.views.public.addresses import at, browser, statements, text
from workflows import demo
from workflows.models import Case, Event

pytestmark = pytest.mark.django_db


def test_every_entry_is_shown_with_actor_duty_and_hash(certified: Case, cast: demo.Cast) -> None:
    words = text(browser(cast.auditor).get(at("audit_case", certified.reference)))

    events = Event.objects.filter(case=certified)
    assert [event.hash for event in events if event.hash not in words] == []
    assert cast.window.name in words
    assert "Awaiting acceptance → Accepted" in words
    assert "The record is unchanged" in words
    assert f"{events.count()} entries" in words
    assert "Result of the vote" in words


def test_no_kind_of_entry_is_shown_by_its_bare_code(certified: Case, cast: demo.Cast) -> None:
    entries = browser(cast.auditor).get(at("audit_case", certified.reference)).context["events"]

    assert [entry.kind for entry in entries if entry.title == entry.kind] == []


def test_an_altered_entry_is_named(certified: Case, cast: demo.Cast) -> None:
    auditor = browser(cast.auditor)
    with lifted():
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE workflows_event SET body = replace(body, 'agree', 'absent') "
                "WHERE case_id = %s AND kind = 'voted' AND seq = "
                "(SELECT min(seq) FROM workflows_event WHERE case_id = %s AND kind = 'voted')",
                [certified.pk, certified.pk],
            )
        altered = Event.objects.filter(case=certified, kind="voted").order_by("seq")[0].seq

        page = auditor.get(at("audit_case", certified.reference))

    words = text(page)
    assert page.status_code == 200
    assert "The record has been tampered with" in words
    assert f"Entry {altered}: has a hash that is not the hash of its text" in words


def test_filters_show_one_kind_of_entries(certified: Case, cast: demo.Cast) -> None:
    auditor = browser(cast.auditor)
    address = at("audit_case", certified.reference)

    duties = auditor.get(address, {"show": "duties"}).context["events"]
    nonsense = auditor.get(address, {"show": "nonsense"}).context["events"]

    assert {entry.duty for entry in duties} == {"accept", "evaluate", "approve", "sign", "seal"}
    assert len(nonsense) == Event.objects.filter(case=certified).count()


@pytest.mark.parametrize("asked", ["reference", "name", "uscc"])
def test_a_case_is_found_by_number_name_or_code(
    certified: Case, cast: demo.Cast, asked: str
) -> None:
    words = {
        "reference": certified.reference.lower(),
        "name": certified.applicant.name[2:6],
        "uscc": certified.applicant.uscc,
    }

    page = browser(cast.auditor).get(at("audit"), {"q": words[asked]})

    assert [case.pk for case in page.context["page"]] == [certified.pk]
    assert "agrees" in text(page)


def test_a_search_without_a_hit_says_so(certified: Case, cast: demo.Cast) -> None:
    assert "No case fits" in text(browser(cast.auditor).get(at("audit"), {"q": "nobody"}))


def test_the_trail_is_the_auditors(certified: Case, cast: demo.Cast) -> None:
    address = at("audit_case", certified.reference)

    answers = [browser(user).get(address).status_code for user in (cast.leader, cast.experts[0])]

    assert answers == [403, 403]
    assert browser(cast.auditor).get(at("audit_case", "CJRH-1900-0001")).status_code == 404


def test_the_trail_costs_few_statements_however_long(certified: Case, cast: demo.Cast) -> None:
    auditor = browser(cast.auditor)

    assert Event.objects.filter(case=certified).count() > 50
    assert statements(auditor, at("audit_case", certified.reference)) <= 12


@pytest.mark.bare_rows
def test_the_list_costs_the_same_at_one_and_at_three_cases(cast: demo.Cast) -> None:
    auditor = browser(cast.auditor)
    rows.walked("submitted")
    at_one = statements(auditor, at("audit"))
    rows.walked("submitted", "accepted")
    rows.walked("submitted")

    assert statements(auditor, at("audit")) == at_one <= 7
