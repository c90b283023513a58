"""Many rows written at once."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def insert(rows: Sequence[Model]) -> None:
    """Write new ``rows`` of one table whose texts are long; they do not learn their keys.

    One prepared statement, a row at a time: ``bulk_create`` hands PostgreSQL arrays, whose texts
    the driver escapes quote by quote, and JSON is full of them. For short texts it is the faster.
    """
    if not rows:
        return
    columns = _columns(type(rows[0]))
    written = [
        [each.get_db_prep_save(getattr(row, each.attname), connection) for each in columns]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_statement(type(rows[0])), written)


@cache
def _columns(kind: type[Model]) -> list["Field[Any, Any]"]:
    """The columns of a row without the key, which the database gives."""
    return [each for each in kind._meta.concrete_fields if not each.primary_key]


def _statement(kind: type[Model]) -> str:
    quote, columns = connection.ops.quote_name, _columns(kind)
    names = ", ".join(quote(str(each.column)) for each in columns)
    places = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {quote(kind._meta.db_table)} ({names}) VALUES ({places})"  # noqa: S608 -- names of ours
