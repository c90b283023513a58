"""The long fault tests run under ``make faults``, where this folder is named; the rest always."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from tests.faults import house
from tests.faults.house import Broker, House

Rung = tuple[House, Broker]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long ones out unless this folder was asked for by name."""
    if any("faults" in argument for argument in config.args):
        return
    long = [item for item in items if item.get_closest_marker("faults")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="session")
def model_house(
    django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A house with one case that waits for its seal; copied for every test."""
    with django_db_blocker.unblock(), house.built(tmp_path_factory.mktemp("house")) as built:
        yield built


@pytest.fixture
def own_house(
    model_house: House, django_db_blocker: DjangoDbBlocker, tmp_path: Path
) -> Iterator[House]:
    """A house of the test's own: embedded on SQLite, with Celery and Redis on PostgreSQL."""
    with django_db_blocker.unblock(), house.copied(model_house, tmp_path / "copy") as copy:
        if connection.vendor == "sqlite":
            yield copy
        else:
            with house.brokered(copy) as (with_broker, _):
                yield with_broker


@pytest.fixture
def rung_house(
    model_house: House, django_db_blocker: DjangoDbBlocker, tmp_path: Path
) -> Iterator[Rung]:
    """A house with Celery and Redis, whatever its database."""
    with (
        django_db_blocker.unblock(),
        house.copied(model_house, tmp_path / "rung") as copy,
        house.brokered(copy) as with_broker,
    ):
        yield with_broker


@pytest.fixture
def quiet_house(
    model_house: House, django_db_blocker: DjangoDbBlocker, tmp_path: Path
) -> Iterator[House]:
    """A house without a broker, whatever its database."""
    with django_db_blocker.unblock(), house.copied(model_house, tmp_path / "quiet") as copy:
        yield copy
