"""The world of those who weigh, decide and watch: cases that wait for just them."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.views.public.world import carried, world
from workflows import demo
from workflows.models import Case, Item, Seat
from workflows.stages import panel


@pytest.fixture(scope="module")
def _world(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with world(django_db_blocker):
        yield


@pytest.fixture(scope="module")
def _marked(_world: None) -> int:
    return carried("P1-001", until="sheet").pk


@pytest.fixture(scope="module")
def _checked(_world: None) -> int:
    return carried("P1-002", until="sheet").pk


@pytest.fixture(scope="module")
def _tabled(_world: None) -> int:
    return carried("P1-001", until="ballot").pk


@pytest.fixture(scope="module")
def _certified(_world: None) -> int:
    return carried("P1-001").pk


def _case(pk: int) -> Case:
    return Case.objects.select_related("edition", "applicant").get(pk=pk)


@pytest.fixture
def marked(_marked: int, db: None) -> Case:
    """A case before a panel of seven, nobody having declared."""
    return _case(_marked)


@pytest.fixture
def checked(_checked: int, db: None) -> Case:
    """A pool entry before its two reviewers."""
    return _case(_checked)


@pytest.fixture
def item(_tabled: int, db: None) -> Item:
    """An item of a sitting whose members have not arrived yet."""
    return Item.objects.select_related("meeting__convenor", "case").get(case=_tabled)


@pytest.fixture
def certified(_certified: int, db: None) -> Case:
    """A case that ended with a certificate."""
    return _case(_certified)


@pytest.fixture
def seat(marked: Case) -> Seat:
    """The first seat of the panel, whose expert has declared to have no interest."""
    found = marked.seats.select_related("expert", "case").order_by("number").first()
    assert found is not None
    panel.declare(found, by=found.expert)
    return found


@pytest.fixture
def check_seat(checked: Case) -> Seat:
    """The first reviewer's seat, whose holder has declared to have no interest."""
    found = checked.seats.select_related("expert", "case").order_by("number").first()
    assert found is not None
    panel.declare(found, by=found.expert)
    return found


@pytest.fixture
def cast(_world: None, db: None) -> demo.Cast:
    """Who plays which part in Pudong."""
    return demo.cast("310115")
