"""Reading the trail back: whatever was touched is named."""

import json
import random
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import QuerySet
from pytest_django import DjangoAssertNumQueries

from tests.guards import lifted
from tests.rows import case as bare_case
from tests.rows import person, walked
from workflows import audit, jobs
from workflows.audit.chain import canonical, link
from workflows.models import Appointment, Case, Event, Message
from workflows.models.case import State

pytestmark = [pytest.mark.django_db, pytest.mark.broken_books]  # bare rows: no flow runs


@pytest.fixture
def trail() -> Case:
    """A case with six entries, beside another case and a chain of the system."""
    case = walked(State.SUBMITTED, State.RETURNED, State.SUBMITTED, State.ACCEPTED, State.REVIEWING)
    audit.record(case, "noted", by=person(), note="一")
    Case.objects.filter(pk=case.pk).update(version=case.version, head=case.head)
    walked(State.SUBMITTED)
    audit.record_system("editions", "published", by=None, digest="ab")
    return case


def entries(case: Case) -> QuerySet[Event]:
    return Event.objects.filter(case=case)


def first(case: Case) -> str:
    finding = next(audit.findings())
    assert finding.chain == f"case:{case.pk}"
    return f"{finding.seq} {finding.what}"


def test_an_untouched_trail_verifies(trail: Case) -> None:
    assert audit.verify() == []
    assert audit.verify(f"case:{trail.pk}") == []
    assert audit.verify("sys:editions") == []


def test_an_edited_entry_is_named(trail: Case) -> None:
    with lifted():
        body = entries(trail).get(seq=3).body.replace("submitted", "accepted")
        entries(trail).filter(seq=3).update(body=body)

        assert first(trail) == "3 has a hash that is not the hash of its text"


def test_an_edited_entry_with_its_hash_made_anew_breaks_the_next_link(trail: Case) -> None:
    with lifted():
        event = entries(trail).get(seq=3)
        body = canonical({**json.loads(event.body), "facts": {"note": "二"}})
        entries(trail).filter(seq=3).update(body=body, hash=link(event.prev, body))

        assert first(trail) == "4 does not link to the entry before it"


def test_a_removed_entry_leaves_a_gap(trail: Case) -> None:
    with lifted():
        entries(trail).filter(seq=2)._raw_delete("default")

        assert first(trail) == "3 follows entry 1: entries are missing or doubled"


def test_a_cut_tail_shows_on_the_case(trail: Case) -> None:
    with lifted():
        entries(trail).filter(seq=6)._raw_delete("default")

        assert first(trail) == (
            "6 the case stands at 'reviewing', version 6; its trail ends at 'reviewing', version 5"
        )


def test_a_whole_trail_removed_shows_on_the_case(trail: Case) -> None:
    with lifted():
        entries(trail)._raw_delete("default")

        assert first(trail).startswith("6 the case stands at 'reviewing'")


def test_a_case_moved_behind_the_trails_back_is_named(trail: Case) -> None:
    with lifted():
        Case.objects.filter(pk=trail.pk).update(state=State.GRANTED)

        assert first(trail) == (
            "6 the case stands at 'granted', version 6; its trail ends at 'reviewing', version 6"
        )


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"kind": "other"}, "kind"),
        ({"duty": "approve"}, "duty"),
        ({"actor": None}, "actor"),
        ({"at": "2020-01-01T00:00:00Z"}, "at"),
    ],
    ids=["kind", "duty", "actor", "at"],
)
def test_a_column_that_differs_from_the_text_is_named(
    trail: Case, change: dict[str, object], word: str
) -> None:
    with lifted():
        entries(trail).filter(seq=6).update(**change)

        assert first(trail).startswith(f"6 says {word} ")


def test_an_entry_lent_to_another_case_is_named(trail: Case) -> None:
    with lifted():
        other = Case.objects.exclude(pk=trail.pk).get()
        entries(trail).filter(seq=5).update(case=other)

        assert first(trail) == f"5 lies in the chain of another case than its own, {other.pk}"


def test_a_story_with_a_jump_in_it_is_named(trail: Case) -> None:
    with lifted():
        event = entries(trail).get(seq=6)
        body = canonical({**json.loads(event.body), "from": "signing"})
        entries(trail).filter(seq=6).update(body=body, hash=link(event.prev, body))

        assert first(trail) == (
            "6 begins at 'signing', but the entry before it ended at 'reviewing'"
        )


@pytest.mark.parametrize("body", ["", "[]", "no json", '{"a": 1}', '{"a":1.5}', '{"a":1,"a":1}'])
def test_a_text_that_is_no_entry_is_named(trail: Case, body: str) -> None:
    with lifted():
        event = entries(trail).get(seq=6)
        entries(trail).filter(seq=6).update(body=body, hash=link(event.prev, body))

        assert first(trail) == "6 has a text that is not canonical"


def test_every_random_mutation_is_found(trail: Case) -> None:
    chance = random.Random(20261121)  # noqa: S311 -- a repeatable vandal
    columns = ["prev", "hash", "body", "kind", "chain"]
    events = list(Event.objects.all())

    missed = []
    with lifted():
        for _ in range(200):
            event, column = chance.choice(events), chance.choice(columns)
            text = list(getattr(event, column))
            place = chance.randrange(len(text))
            text[place] = chance.choice("0123456789abcdefxyz".replace(text[place], ""))
            with transaction.atomic():
                Event.objects.filter(pk=event.pk).update(**{column: "".join(text)})
                if not audit.verify():
                    missed.append((event, column, place))
                transaction.set_rollback(True)

    assert missed == []


def test_reading_the_trail_takes_two_statements(
    trail: Case, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        assert audit.verify(f"case:{trail.pk}") == []


# --- the command --------------------------------------------------------------------------------
def run(*arguments: str) -> str:
    told = StringIO()
    call_command("verify_audit", *arguments, stdout=told)
    return told.getvalue().strip()


@pytest.fixture
def draft() -> Case:
    """A draft that was saved three times: a trail, and no flow that should be running."""
    draft = bare_case()
    for revision in (1, 2, 3):
        audit.record(draft, "saved", by=None, revision=revision)
    Case.objects.filter(pk=draft.pk).update(version=draft.version, head=draft.head)
    return draft


def test_the_command_counts_what_verifies(draft: Case) -> None:
    audit.record_system("editions", "published", by=None, digest="ab")

    assert run() == "4 entries in 2 chains verify"
    assert run("--case", draft.reference) == "3 entries in 1 chains verify"


def test_the_command_names_the_first_wrong_row(draft: Case) -> None:
    with lifted():
        entries(draft).filter(seq__in=[2, 3]).update(kind="other")
        with pytest.raises(CommandError) as refused:
            run()

    assert str(refused.value) == (
        f"case:{draft.pk}:2 says kind 'saved' in its text but 'other' in its column"
    )
    assert refused.value.returncode == 1


def test_a_broken_trail_is_told_to_the_auditors_once_a_day(draft: Case) -> None:
    auditor = person()
    Appointment.objects.create(user=auditor, role="auditor", valid_from=date(2020, 1, 1))

    with lifted():
        entries(draft).filter(seq=2).update(kind="other")
        for _ in range(2):
            with pytest.raises(CommandError):
                run()
        jobs.run_due()
        told = list(Message.objects.filter(recipient=auditor))  # what was lifted is undone

    assert [message.kind for message in told] == ["trail_broken"]
    assert told[0].facts["finding"].startswith(f"case:{draft.pk}:2 says")


def test_the_command_reads_the_books_as_well(draft: Case) -> None:
    Case.objects.filter(pk=draft.pk).update(outcome="certified")

    with pytest.raises(CommandError, match="is draft with the outcome 'certified'"):
        run("--case", draft.reference)
    assert run("--case", bare_case().reference) == "0 entries in 0 chains verify"


def test_the_command_knows_no_case_of_that_name() -> None:
    with pytest.raises(CommandError, match="There is no case X-1"):
        run("--case", "X-1")
