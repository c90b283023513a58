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
from tests.authorization.addresses import OWN, SAFE, Rule, known, table
from tests.authorization.knocking import Answer, Visitor, everything
from tests.authorization.objects import World, built
from workflows import clock, working_days
from workflows.audit import books, verify
from workflows.views.desk import evidence

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 9, 7, 9, 0, tzinfo=clock.LOCAL)
ROLES = table().roles
SIGN_IN_PAGE = "/account/login/"
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
    for name in ("django.request", "django.security.csrf"):
        monkeypatch.setattr(logging.getLogger(name), "disabled", True)


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
    for which, name, method in table().tries(rule, role):
        url = reverse(rule.name, kwargs=the_world.parts(rule.object, name, role))
        expected = rule.answer(role, method, which)
        taken = rule.lets(role, method) and (which == OWN or rule.other < 400)
        may_write = taken and method not in SAFE
        cache.clear()  # rate limits have tests of their own
        answer = knocker.knock(method, url, rule.words(role), undo=method not in SAFE)
        for wrong in judged(answer, rule, role, expected):
            yield f"{rule.name} ({which} {name}) {method}: {wrong}"
        if answer.wrote and not may_write:
            yield f"{rule.name} ({which} {name}) {method}: wrote {answer.wrote}"
        if which != OWN and answer.status == 404:
            bodies.setdefault(method, set()).add(answer.body)
    if any(len(seen) > 1 for seen in bodies.values()):
        yield f"{rule.name}: a foreign one does not look like a missing one"


def judged(answer: Answer, rule: Rule, role: str, expected: int) -> Iterator[str]:
    """What is wrong with one answer: its status, where it leads, what it tells."""
    if answer.status != expected:
        yield f"{answer.status} instead of {expected}"
    if role == "anonymous" and not rule.lets(role) and SIGN_IN_PAGE not in answer.place:
        yield "no way to sign in"
    told = answer.body.decode(errors="replace") + answer.place
    if role not in table().reads_theirs and any(mark in told for mark in MARKS[:2]):
        yield "tells what theirs wrote"
    if role != "foreign_clerk" and any(mark in told for mark in MARKS[2:]):
        yield "tells a draft of theirs"


@pytest.mark.parametrize("role", ["anonymous", "signer", "window", "case_officer", "leader"])
def test_nothing_is_taken_without_the_token_of_a_form(the_world: World, role: str) -> None:
    knocker = visitor(the_world, role, enforce_csrf_checks=True)

    refused = {
        (rule.name, method): knocker.knock(method, url).pages[:1]
        for rule in table().rules.values()
        for _which, name, method in table().tries(rule, role)
        if method not in SAFE
        for url in [reverse(rule.name, kwargs=the_world.parts(rule.object, name, role))]
    }

    assert len(refused) > len(known())
    assert set(refused.values()) == {("403_csrf.html",)}


def test_an_own_address_opens_nothing_foreign_inside_it(the_world: World) -> None:
    """Each part of an address is found through the one before it."""
    ours = the_world.parts("attached", "ours.draft", "clerk")
    theirs = the_world.parts("attached", "theirs.draft", "clerk")
    clerk = visitor(the_world, "clerk")
    officer = visitor(the_world, "case_officer")
    convenor = visitor(the_world, "convenor")
    member = visitor(the_world, "member")
    our_item = the_world.parts("item", "ours.meeting", "convenor")
    other_case = the_world.parts("case", "ours.signing", "convenor")
    objection = the_world.parts("objection", "ours.objection", "case_officer")

    knocks = [
        (clerk, "GET", "case_file_attached", ours | {"digest": theirs["digest"]}),
        (clerk, "POST", "case_file_remove", ours | {"digest": theirs["digest"]}),
        (clerk, "GET", "case_file_attached", ours | {"code": "credit_report"}),
        (clerk, "GET", "case_section", {"reference": ours["reference"], "section": "no_such"}),
        (convenor, "GET", "commission_item", our_item | other_case),
        (convenor, "POST", "meeting_resolve", our_item | other_case),
        (member, "POST", "vote", our_item | other_case),
        (officer, "GET", "objection_file", objection | other_case),
        (officer, "GET", "objection_file", objection | {"position": 2}),
    ]

    assert [
        (name, parts)
        for knocker, method, name, parts in knocks
        if knocker.knock(method, reverse(name, kwargs=parts)).status != 404
    ] == []


def changed(before: dict[str, tuple[int, str]]) -> list[str]:
    """The tables whose rows are not what they were."""
    after = everything()
    return [label for label, rows in before.items() if after[label] != rows]
