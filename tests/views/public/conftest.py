"""The world of the public pages: one certificate granted, one entry in public notice."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.views.public.world import carried, world
from workflows import demo
from workflows.models import Case


@pytest.fixture(scope="module")
def _world(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with world(django_db_blocker):
        yield


@pytest.fixture(scope="module")
def _certified(_world: None) -> int:
    return carried("P1-001").pk


@pytest.fixture(scope="module")
def _published(_world: None) -> int:
    return carried("P1-002", until="notice").pk


@pytest.fixture
def certified(_certified: int, db: None) -> Case:
    """A case that ended with a certificate."""
    return Case.objects.select_related("edition", "applicant").get(pk=_certified)


@pytest.fixture
def published(_published: int, db: None) -> Case:
    """A case whose entry is in public notice."""
    return Case.objects.select_related("edition", "applicant").get(pk=_published)


@pytest.fixture
def cast(_world: None, db: None) -> demo.Cast:
    """Who plays which part in Pudong."""
    return demo.cast("310115")
