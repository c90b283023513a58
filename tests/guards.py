"""The database's guards in tests: flushing past them, and lifting them as a superuser could.

``transactional_db`` empties every table after a test, which the guards refuse. The product has no
way around them, so the suite takes them down and puts them up again in the flush's transaction.
Load it with ``pytest_plugins = ["tests.guards"]``.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from unittest.mock import patch

import pytest
from django.db import connection, transaction
from django.db.backends.base.operations import BaseDatabaseOperations

from workflows.audit import guards

EDGES = import_module("workflows.migrations.0003_weighed_again").EDGES


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_guards() -> Iterator[None]:
    operations = type(connection.ops)  # every connection's: beside a browser there are several
    flush = operations.execute_sql_flush

    def execute(ops: BaseDatabaseOperations, statements: Sequence[str]) -> None:
        removing = guards.removing(ops.connection)
        flush(ops, [*removing, *statements, *guards.installing(ops.connection, EDGES)])

    with patch.object(operations, "execute_sql_flush", execute):
        yield


@contextmanager
def lifted() -> Iterator[None]:
    """The guards lifted, as whoever owns the database could; all that follows is undone."""
    with transaction.atomic():
        connection.check_constraints()  # settles deferred checks, which would hold the tables
        with connection.cursor() as cursor:
            for statement in guards.removing(connection):
                cursor.execute(statement)
        yield
        transaction.set_rollback(True)
