"""Who may do what, at every address the resolver knows (reliability S-01, S-03, S-06).

The expected answers are data: `authorization/permissions.toml`.
"""

import logging
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from unittest.mock import patch
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from tests.authorization import world
from tests.authorization.addresses import METHODS, OWN, SAFE, Rule, known, table
from tests.authorization.knocking import Answer, Visitor, everything
from tests.authorization.objects import World, built
from workflows import clock, working_days
from workflows.audit import books, verify
from workflows.views.desk import evidence

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 9, 7, 9, 0, tzinfo=clock.LOCAL)
ROLES = table().roles
MARKS = [mark for word in (world.MARK, world.DRAFT_MARK) for mark in (word, quote(word))]


@pytest.fixture(scope="module")
def the_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Both sides, built once by the real verbs and undone at the end."""
    drawn = patch.object(evidence, "draw", lambda kind, number, data: b"picture")
    with django_db_blocker.unblock(), transaction.atomic(), clock.at(MONDAY), drawn:
        working_days.forget()
        call_command("load_working_days", stdout=StringIO())
        call_command("publish_editions", stdout=StringIO())
        yield built()
        transaction.set_rollback(True)
    working_days.forget()


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of refusals are what is wanted here; nobody reads them in the log."""
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)


def visitor(the_world: World, role: str, **habits: bool) -> Visitor:
    """The person who knocks in a role, signed in already."""
    browser = Client(raise_request_exception=False, **habits)
    if role in the_world.people:
        browser.force_login(the_world.people[role])
    return Visitor(browser)


def test_every_address_is_in_the_table() -> None:
    assert known() == sorted(table().rules)


def test_the_books_of_the_world_balance(the_world: World) -> None:
    assert [str(each) for each in (*verify(), *books.imbalances())] == []


@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_as_the_table_says(the_world: World, role: str) -> None:
    knocker = visitor(the_world, role)
    before = everything()

    findings = [
        finding
        for rule in table().rules.values()
        for finding in knocked(the_world, knocker, rule, role)
    ]

    assert not findings, "\n".join(findings)
    assert changed(before) == []


def knocked(the_world: World, knocker: Visitor, rule: Rule, role: str) -> Iterator[str]:
    """What is wrong with the answers one address gives ``role``."""
    bodies: dict[str, set[bytes]] = {}
    for which, name in table().objects(rule, role):
        url = reverse(rule.name, kwargs=the_world.parts(rule.object, name, role))
        for method in METHODS:
            expected = rule.answer(role, method, which)
            taken = rule.lets(role, method) and (which == OWN or rule.other < 400)
            cache.clear()  # rate limits have tests of their own
            answer = knocker.knock(
                method, url, rule.words(role), undo=taken and method not in SAFE
            )
            for wrong in judged(answer, rule, role, method, expected):
                yield f"{rule.name} ({which} {name}) {method}: {wrong}"
            if which != OWN and answer.status == 404:
                bodies.setdefault(method, set()).add(answer.body)
    for method, seen in bodies.items():
        if len(seen) > 1:
            yield f"{method} {rule.name}: a foreign one does not look like a missing one"


def judged(answer: Answer, rule: Rule, role: str, method: str, expected: int) -> Iterator[str]:
    """What is wrong with one answer."""
    if answer.status != expected:
        yield f"{answer.status} instead of {expected}"
    if rule.open_to != "anyone" and role == "anonymous" and "/account/login/" not in answer.place:
        yield "no way to sign in"
    if method in SAFE and answer.wrote:
        yield f"wrote {answer.wrote}"
    told = answer.body.decode(errors="replace") + answer.place
    if role not in table().reads_theirs and any(mark in told for mark in MARKS[:2]):
        yield "tells what theirs wrote"
    if role != "foreign_clerk" and any(mark in told for mark in MARKS[2:]):
        yield "tells a draft of theirs"


def changed(before: dict[str, tuple[int, str]]) -> list[str]:
    """The tables whose rows are not what they were."""
    after = everything()
    return [label for label, rows in before.items() if after[label] != rows]
