"""Knocking on doors: one request, the answer it got, and whether anything moved."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.db import connection, transaction
from django.test import Client

from tests.authorization.objects import World
from workflows.models import Viewing

_visitors = count(1)
TRACES = (  # of the visit itself, which changes nothing: one's own session, that one looked
    "django_session",
    "workflows_viewing",
)
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@dataclass(frozen=True)
class Answer:
    """What came back, and which tables were written to on the way."""

    status: int
    body: bytes
    place: str  # where a redirect leads
    wrote: tuple[str, ...]
    pages: tuple[str, ...]  # the templates it was made of, the page's own first


@dataclass
class Visitor:
    """Somebody with a browser of their own; every knock comes from a new address."""

    client: Client

    def knock(self, method: str, url: str, data: str = "", *, undo: bool = False) -> Answer:
        """One request; ``undo`` takes back what it did, in the database and in the browser."""
        cookies = self.client.cookies.copy()
        with transaction.atomic(), written() as wrote:
            response = self.client.generic(
                method,
                url,
                data,
                "application/x-www-form-urlencoded",
                REMOTE_ADDR=_address(),
            )
            body = b"".join(response) if response.streaming else response.content
            transaction.set_rollback(undo)
        if undo:
            self.client.cookies = cookies
        return Answer(
            status=response.status_code,
            body=body,
            place=response.headers.get("Location", ""),
            wrote=tuple(wrote),
            pages=tuple(page.name for page in response.templates if page.name),
        )


def visitor(the_world: World, role: str, **habits: bool) -> Visitor:
    """The person who knocks in a role, signed in already."""
    browser = Client(raise_request_exception=False, **habits)
    if role in the_world.people:
        browser.force_login(the_world.people[role])
    return Visitor(browser)


def tells(answer: Answer, mark: str) -> bool:
    """Whether an answer has ``mark`` in it anywhere."""
    told = answer.body.decode(errors="replace") + answer.place
    return mark in told or quote(mark) in told


def _address() -> str:
    number = next(_visitors)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@contextmanager
def written() -> Iterator[list[str]]:
    """The statements that change rows, while the block runs."""
    seen: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        writes = sql.lstrip().upper().startswith(WRITES)
        if writes and not any(trace in sql for trace in TRACES):
            seen.append(" ".join(sql.split()[:3]))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield seen


def everything() -> dict[str, tuple[int, str]]:
    """Count and hash of all rows of every table."""
    models = (each for each in apps.get_models() if each is not Viewing)
    return {model._meta.label: _rows(model) for model in models}


def _rows(model: Any) -> tuple[int, str]:
    rows = list(model._base_manager.order_by("pk").values_list())
    return len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()
