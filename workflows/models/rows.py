"""Rows read and written by statements that are built once a process (decision 0014).

For what every step of every case asks and writes: Django builds a statement anew whenever it is
sent, which takes longer than the server needs to run it. Everything else goes through the ORM.
Signals are not sent, and nobody waits for one.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

from django.db import connection
from django.db.models import Field, Model, QuerySet

KEY = -1  # no row has it
RETURNING, UNLESS_THERE = " RETURNING id", " ON CONFLICT DO NOTHING"
TOGETHER = 100  # rows in one statement; SQLite takes 32,766 values in all
Columns = tuple["Field[Any, Any]", ...]
AModel = TypeVar("AModel", bound=Model)


class Shape(NamedTuple):
    """How a row of a query becomes a model: its columns come first."""

    columns: list[str]
    annotations: dict[str, int]
    conversions: dict[int, tuple[list[Callable[..., Any]], Any]]


# --- reading --------------------------------------------------------------------------------------
def read(asked: QuerySet[Any, Any], key: int) -> list[Any]:
    """What ``asked``, a query that is never changed, finds with ``key`` where it says ``KEY``.

    Columns that hold texts, numbers or days: whoever asks for anything else uses the ORM.
    """
    statement, values = _reading(asked)
    with connection.cursor() as cursor:
        cursor.execute(statement, [key if value == KEY else value for value in values])
        return list(cursor.fetchall())


def one(asked: QuerySet[AModel, AModel], key: int) -> AModel | None:
    """The row such a query finds, with what is annotated, but nothing of what it points to."""
    found = read(asked, key)
    if not found:
        return None
    told, shape = list(found[0]), _shape(asked)
    for place, (converters, expression) in shape.conversions.items():
        for convert in converters:
            told[place] = convert(told[place], expression, connection)
    row = asked.model.from_db(connection.alias, shape.columns, told[: len(shape.columns)])
    for name, place in shape.annotations.items():
        setattr(row, name, told[place])
    return row


@cache
def _reading(asked: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    statement, values = asked.query.sql_with_params()
    return statement, values


@cache
def _shape(asked: QuerySet[Any, Any]) -> Shape:
    compiler: Any = asked.query.get_compiler(connection=connection)
    compiler.as_sql()
    told = [expression for expression, *_rest in compiler.select]
    columns = [told[place].target.attname for place in compiler.klass_info["select_fields"]]
    return Shape(columns, compiler.annotation_col_map, compiler.get_converters(told))


# --- writing --------------------------------------------------------------------------------------
def insert(*rows: Model) -> None:
    """Write few new ``rows`` of one table in one statement; the database gives them their keys."""
    if not rows:
        return
    statement, columns = _inserting(type(rows[0]), len(rows), RETURNING)
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for row in rows for value in _values(row, columns)])
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk, row._state.adding, row._state.db = key, False, connection.alias


def insert_new(rows: Sequence[Model]) -> None:
    """Write ``rows`` of one table, many in a statement, without those that stand there already."""
    for first in range(0, len(rows), TOGETHER):
        few = rows[first : first + TOGETHER]
        statement, columns = _inserting(type(few[0]), len(few), UNLESS_THERE)
        with connection.cursor() as cursor:
            cursor.execute(statement, [value for row in few for value in _values(row, columns)])


def insert_long(rows: Sequence[Model]) -> None:
    """Write ``rows`` of one table whose texts are long, a row at a time.

    ``bulk_create`` hands PostgreSQL arrays, whose texts the driver escapes quote by quote, and
    JSON is full of them. For short texts it is the faster.
    """
    if not rows:
        return
    statement, columns = _inserting(type(rows[0]), 1, "")
    with connection.cursor() as cursor:
        cursor.executemany(statement, [_values(row, columns) for row in rows])


def update(kind: type[Model], changes: Mapping[str, Any], /, **where: Any) -> int:
    """Write ``changes`` to the rows that are as ``where`` says, and say how many there were.

    Both name columns as their fields' ``attname``; a None in ``where`` asks for NULL.
    """
    empty = frozenset(name for name, value in where.items() if value is None)
    statement, columns = _updating(kind, tuple(changes), tuple(where), empty)
    values = (*changes.values(), *(value for value in where.values() if value is not None))
    with connection.cursor() as cursor:
        cursor.execute(statement, _prepared(columns, values))
        found: int = cursor.rowcount
    return found


def update_each(
    kind: type[Model], told: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]
) -> int:
    """Write many changes, each with its ``where``, all of the same columns, a row at a time."""
    if not told:
        return 0
    statement, columns = _updating(kind, tuple(told[0][0]), tuple(told[0][1]), frozenset())
    values = [_prepared(columns, (*changes.values(), *where.values())) for changes, where in told]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
        found: int = cursor.rowcount
    return found


@cache
def _inserting(kind: type[Model], count: int, ending: str) -> tuple[str, Columns]:
    """The statement, and the columns it fills: all but a key that the database gives."""
    quote, fields = connection.ops.quote_name, kind._meta.concrete_fields
    columns = tuple(each for each in fields if each is not kind._meta.auto_field)
    names = ", ".join(quote(str(each.column)) for each in columns)
    places = ", ".join(["(" + ", ".join(["%s"] * len(columns)) + ")"] * count)
    table = quote(kind._meta.db_table)
    return f"INSERT INTO {table} ({names}) VALUES {places}{ending}", columns  # noqa: S608 -- names of ours


@cache
def _updating(
    kind: type[Model], changed: tuple[str, ...], asked: tuple[str, ...], empty: frozenset[str]
) -> tuple[str, Columns]:
    """The statement, and the columns of its values in their order."""
    quote = connection.ops.quote_name
    known = {each.attname: each for each in kind._meta.concrete_fields}
    setting = ", ".join(f"{quote(str(known[name].column))} = %s" for name in changed)
    condition = " AND ".join(
        quote(str(known[name].column)) + (" IS NULL" if name in empty else " = %s")
        for name in asked
    )
    columns = (known[name] for name in (*changed, *(each for each in asked if each not in empty)))
    table = quote(kind._meta.db_table)
    return f"UPDATE {table} SET {setting} WHERE {condition}", tuple(columns)  # noqa: S608 -- names of ours


def _values(row: Model, columns: Columns) -> list[Any]:
    return _prepared(columns, [getattr(row, each.attname) for each in columns])


def _prepared(columns: Columns, values: Sequence[Any]) -> list[Any]:
    return [
        column.get_db_prep_save(value, connection)
        for column, value in zip(columns, values, strict=True)
    ]
