"""The world that every door of this package is knocked on in."""

import logging
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.authorization.objects import World, built
from workflows import clock, drawing, working_days

MONDAY = datetime(2026, 9, 7, 9, 0, tzinfo=clock.LOCAL)


@pytest.fixture(scope="package")
def the_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Both sides, built once by the real verbs and undone at the end."""
    drawn = patch.object(drawing, "draw", lambda kind, number, data: b"picture")
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
