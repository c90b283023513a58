"""Places in a list of tasks, and the rows beyond one: found by index, never counted off.

A list is made of parts that share no task and each stand in one index in the order of the list.
The database reads as many rows of each part as the page has and merges them, however long the
queue is. A place is what the list is sorted by, of one row; rows that come or go meanwhile move
nobody's page.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Self

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import connection
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    DateField,
    DateTimeField,
    F,
    Field,
    Func,
    IntegerField,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import OrderBy, RawSQL

from workflows.models import Task
from workflows.models.process import UNTIL

LARGEST = 2**63 - 1
FIRST_YEAR, LAST_YEAR = 1970, 2999  # of any moment a list is sorted by
Place = tuple[Any, ...]


@dataclass(frozen=True)
class Key:
    """One thing a list is sorted by; it is never NULL."""

    expression: Any
    field: "Field[Any, Any]"
    of: Callable[[Task], Any]


@dataclass(frozen=True)
class Order:
    """What a list is sorted by, all of it in one direction; the last is the row's own key."""

    keys: tuple[Key, ...]
    upwards: bool = True

    def by(self, *, onwards: bool = True) -> list[OrderBy]:
        """What the database sorts by."""
        descending = self.upwards != onwards
        return [OrderBy(key.expression, descending=descending) for key in self.keys]

    def beyond(self, place: Place, *, onwards: bool = True) -> Func:
        """Whether a row comes after ``place`` (before it): one comparison an index can follow."""
        values = [
            Value(value, output_field=key.field)
            for key, value in zip(self.keys, place, strict=True)
        ]
        row, bound = _Row(*(key.expression for key in self.keys)), _Row(*values)
        sign = " > " if self.upwards == onwards else " < "
        return Func(
            row, bound, template="%(expressions)s", arg_joiner=sign, output_field=BooleanField()
        )

    def place(self, task: Task) -> Place:
        """Where ``task`` stands."""
        return tuple(key.of(task) for key in self.keys)


class _Row(Func):
    """A row of values in SQL."""

    template = "(%(expressions)s)"
    output_field = BooleanField()  # nobody reads it as a value


OWN = Key(F("pk"), BigIntegerField(), lambda task: task.pk)
OPEN_ONES = Order(
    (
        Key(F("paused"), BooleanField(), lambda task: task.paused),
        Key(UNTIL, DateField(), lambda task: task.due or date.max),
        OWN,
    )
)
BY_END = (Key(F("finished"), DateTimeField(), lambda task: task.finished), OWN)
BY_BIRTH = (Key(F("created"), DateTimeField(), lambda task: task.created), OWN)
FINISHED_ONES, FINISHED_FIRST = Order(BY_END, upwards=False), Order(BY_END)
NEWEST, OLDEST = Order(BY_BIRTH, upwards=False), Order(BY_BIRTH)


# --- in an address --------------------------------------------------------------------------------
def written(place: Place, *, onwards: bool) -> str:
    """A place as an address carries it, with the direction to read on in."""
    told = [each.isoformat() if isinstance(each, date) else each for each in place]
    text = json.dumps([onwards, *told], separators=(",", ":"))
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(text: str, order: Order) -> tuple[Place, bool] | None:
    """What ``written`` wrote for a list of ``order``; None for anything else."""
    try:
        told = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        onwards, *values = told
        place = tuple(
            key.field.to_python(value) for key, value in zip(order.keys, values, strict=True)
        )
    except (ValueError, TypeError, ValidationError, RecursionError, OverflowError):
        return None
    if onwards not in (True, False) or not all(map(_is_plain, place)):
        return None
    return place, onwards


def _is_plain(value: Any) -> bool:
    if isinstance(value, datetime):
        return value.tzinfo is not None and FIRST_YEAR <= value.year <= LAST_YEAR
    return isinstance(value, date) or (isinstance(value, int) and 0 <= value <= LARGEST)


# --- rows -----------------------------------------------------------------------------------------
def one_of(keys: QuerySet[Any, Any], *, within: bool = True) -> Any:
    """Whether a row's key is among ``keys`` (is not): few, read once, before anything else.

    A subquery PostgreSQL makes a join of, and may begin with the long table; it never takes an
    array apart.
    """
    if connection.vendor != "postgresql":
        return Q(pk__in=keys) if within else ~Q(pk__in=keys)
    sign = " = ANY(" if within else " <> ALL("
    return Func(
        F("pk"),
        _Array(keys),
        template="%(expressions)s)",
        arg_joiner=sign,
        output_field=BooleanField(),
    )


class _Array(Subquery):
    template = "ARRAY(%(subquery)s)"
    output_field = BooleanField()  # nobody reads it as a value


@dataclass(frozen=True)
class Part:
    """Rows that stand in one index in order; of several ``groups``, those of each group do."""

    rows: QuerySet[Task]
    groups: Sequence[str] = ()

    def filter(self, condition: Any) -> Self:
        """Those of them for which ``condition`` holds."""
        return replace(self, rows=self.rows.filter(condition))

    @property
    def whole(self) -> QuerySet[Task]:
        """The rows, in no order an index knows."""
        return self.rows.filter(candidate__in=self.groups) if self.groups else self.rows


def first(
    parts: Sequence[Part], order: Order, number: int, *, onwards: bool = True
) -> QuerySet[Task]:
    """The first ``number`` rows of all ``parts`` together, in order (back: the last, reversed)."""
    by = order.by(onwards=onwards)
    texts, values = _texts(parts, order, by, number)
    if not texts:
        nothing: QuerySet[Task] = Task.objects.none()
        return nothing
    whole = _merged(texts, order, number, onwards=onwards)
    chosen: Any = RawSQL(whole, values)  # noqa: S611 -- made of Django's own statements
    found: QuerySet[Task] = Task.objects.filter(pk__in=chosen).order_by(*by)
    return found


@dataclass(frozen=True)
class List:
    """Rows to be counted; ``own`` says that those of a sheet of the reader's own count too."""

    parts: Sequence[Part]
    own: bool


def numbers_in(lists: Sequence[List], most: int, readable: Q, sheet: Q) -> list[tuple[int, int]]:
    """Of each list, how many rows it has, ``most`` at most, and how many of them may be seen.

    One statement: what may be seen is asked once, of all rows that were found together.
    """
    texts: list[str] = []
    values: list[Any] = []
    for place, each in enumerate(lists):
        text, given = _some(each.parts, most)
        if text:
            texts.append(f"SELECT {place} AS list, {each.own:d} AS own, key FROM {text}")  # noqa: S608 -- of ``_some``
        values += given
    found = {}
    if texts:
        told = Task.objects.values(key=F("pk"), readable=_one_if(readable), sheet=_one_if(sheet))
        text, given = told.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(COUNTED.format(" UNION ALL ".join(texts), text), [*values, *given])
            found = {place: (int(whole), int(visible)) for place, whole, visible in cursor}
    return [found.get(place, (0, 0)) for place in range(len(lists))]


COUNTED = """
    SELECT listed.list, COUNT(*), SUM(CASE WHEN told.readable + listed.own * told.sheet > 0 THEN 1
                                         ELSE 0 END)
    FROM ({}) AS listed JOIN ({}) AS told ON told.key = listed.key GROUP BY listed.list
"""


def _one_if(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def _some(parts: Sequence[Part], most: int) -> tuple[str, list[Any]]:
    """The keys of ``most`` rows at most of ``parts``, as a table of a statement; empty for none."""
    texts: list[str] = []
    values: list[Any] = []
    for part in parts:
        try:
            text, given = part.whole.order_by().values(key=F("pk"))[:most].query.sql_with_params()
        except EmptyResultSet:
            continue
        texts.append(f"SELECT key FROM ({text}) AS part")  # noqa: S608 -- Django's own statement
        values += given
    if not texts:
        return "", []
    rows = " UNION ALL ".join(texts)
    return f"(SELECT key FROM ({rows}) AS parts LIMIT {most:d}) AS a_list", values  # noqa: S608 -- the same


def _texts(
    parts: Sequence[Part], order: Order, by: Sequence[OrderBy], number: int
) -> tuple[list[str], list[Any]]:
    """A statement for each part that can have rows, and the values of all of them."""
    texts: list[str] = []
    values: list[Any] = []
    for part in parts:
        try:
            text, given = _sorted(part, order, by, number)
        except EmptyResultSet:
            continue
        texts.append(text)
        values += given
    return texts, values


def _sorted(
    part: Part, order: Order, by: Sequence[OrderBy], number: int
) -> tuple[str, Sequence[Any]]:
    """The first rows of ``part`` as a statement: a look into the index for each of its groups.

    SQLite has no LATERAL: there the part is sorted, which a house of that size does not feel.
    """
    names = {f"key_{place}": key.expression for place, key in enumerate(order.keys)}
    each = len(part.groups) > 1 and connection.vendor == "postgresql"
    rows = part.rows.filter(candidate=RawSQL("one.name", ())) if each else part.whole
    keys = rows.annotate(**names).order_by(*by).values(*names)
    text, values = keys[:number].query.sql_with_params()
    if not each:
        return f"SELECT * FROM ({text}) AS part", values  # noqa: S608 -- Django's own statement
    groups = "unnest(%s::text[]) AS one(name)"
    lateral = f"SELECT part.* FROM {groups} CROSS JOIN LATERAL ({text}) AS part"  # noqa: S608
    return lateral, (list(part.groups), *values)


def _merged(texts: Sequence[str], order: Order, number: int, *, onwards: bool) -> str:
    direction = "ASC" if order.upwards == onwards else "DESC"
    by = ", ".join(f"key_{place} {direction}" for place in range(len(order.keys)))
    rows = " UNION ALL ".join(texts)
    own = len(order.keys) - 1
    return f"SELECT key_{own} FROM ({rows}) AS parts ORDER BY {by} LIMIT {number:d}"  # noqa: S608 -- names of ours
