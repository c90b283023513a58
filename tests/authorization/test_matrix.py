"""Who may do what, at every address the resolver knows (reliability S-01, S-03).

The expected answers are data: `permissions.toml`.
"""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.authorization import world
from tests.authorization.addresses import OWN, SAFE, SIGN_IN, Rule, known, table
from tests.authorization.knocking import Answer, Visitor, everything, tells, visitor
from tests.authorization.objects import World
from workflows.audit import books, verify

# who may do what is asked of rows alike on both engines; test_inside knocks on both
pytestmark = [pytest.mark.django_db, pytest.mark.once]
SIGN_IN_PAGE = "/account/login/"


def test_every_address_is_in_the_table() -> None:
    assert known() == sorted(table().rules)


def test_the_books_of_the_world_balance(the_world: World) -> None:
    assert [str(each) for each in (*verify(), *books.imbalances())] == []


@pytest.mark.parametrize("role", table().roles)
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
    if answer.status == SIGN_IN and not rule.lets(role) and SIGN_IN_PAGE not in answer.place:
        yield "no way to sign in"
    if tells(answer, world.MARK) and role not in table().reads_theirs:
        yield "tells what theirs wrote"
    if tells(answer, world.DRAFT_MARK) and role != "foreign_clerk":
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


def changed(before: dict[str, tuple[int, str]]) -> list[str]:
    """The tables whose rows are not what they were."""
    after = everything()
    return [label for label, rows in before.items() if after[label] != rows]
