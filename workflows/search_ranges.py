"""The newest cases that say a word, found range by range in the index of PostgreSQL.

A common word stands in most cases, and no index of words has them in order. So every vector also
names the ranges of cases it belongs to (migration 0015): the word and the newest range together
are few rows, and so on back in time until there is a page. A word that few say is looked for in
all of them at once.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Max, QuerySet
from django.db.models.expressions import RawSQL

from workflows.models import Case
from workflows.models.passage import tsquery
from workflows.search_words import Phrase

Found = tuple[int, int]  # the kind, and the key of the case
SIZES = (6, 9, 12)  # of 64, 512 and 4,096 cases, in bits of their keys
NEAR, FEW = 9, 16  # in the newest full range of that size: three in a hundred
SELDOM = 64  # fewer passages than these are read at once
TEXTS = (3, 4)  # kinds of long texts, dear to read
LONG = 4  # tokens from which on a look costs more than the rows it spares


class Range(NamedTuple):
    """Cases of which passages of one kind are looked at, and how the vectors name them."""

    kind: int
    lowest: int
    beyond: int
    name: str  # what follows the kind in the vectors; empty for all cases


def beyond_all() -> int:
    """One beyond the newest case."""
    newest: int | None = Case.objects.aggregate(newest=Max("pk"))["newest"]
    return (newest or 0) + 1


def whole(asked: Sequence[Phrase], starts: Mapping[int, int], few: Collection[int]) -> list[Range]:
    """Of each kind, all cases before its start, the newest first.

    What ``few`` passages of a kind say is looked for in all of them at once. Else no range is
    larger than all before it, so that at most twice as many rows are found as are shown. A look
    for a long phrase is dear: its ranges begin larger, those of texts that few say it the more,
    and the last one is all the rest.
    """
    at_once = _is_long(asked)
    found: list[Range] = []
    for kind, beyond in starts.items():
        if kind in few and not (at_once and kind in TEXTS):
            found.append(Range(kind, 0, beyond, ""))
        else:
            found += _growing(kind, beyond, SIZES[at_once + (kind in few) :], at_once=at_once)
    return found


def seldom(phrase: Phrase, kinds: Sequence[int], beyond: int) -> list[int]:
    """Those of ``kinds`` of which no new passage says the phrase, and few older ones.

    A long phrase is dear to look for: fewer new passages are asked, and no older ones.
    """
    is_long = _is_long([phrase])
    newest = _newest(beyond, SIZES[0] if is_long else NEAR)
    said = _counted([_within(phrase, [kind], newest) for kind in kinds], 1)
    silent = [kind for kind, number in zip(kinds, said, strict=True) if not number]
    if is_long or not silent:
        return silent
    older = _counted([tsquery(phrase, [kind]) for kind in silent], SELDOM)
    return [kind for kind, number in zip(silent, older, strict=True) if number < SELDOM]


def _is_long(asked: Sequence[Phrase]) -> bool:
    return len(asked) == 1 and len(asked[0].tokens) >= LONG


def _growing(kind: int, beyond: int, further: Sequence[int], *, at_once: bool) -> Iterator[Range]:
    """Ranges of one kind in growing sizes; where ``at_once``, the last one is all the rest."""
    sizes = list(further)
    covered, bits = 0, sizes.pop(0)
    while beyond > 0:
        lowest = (beyond - 1) >> bits << bits
        yield Range(kind, lowest, beyond, f"/{bits}/{lowest >> bits}")
        covered, beyond = covered + beyond - lowest, lowest
        if at_once and not sizes and beyond > 0:
            yield Range(kind, 0, beyond, "")
            return
        if sizes and (at_once or (covered >> sizes[0] and not beyond % (1 << sizes[0]))):
            bits = sizes.pop(0)


def cases(
    asked: Sequence[Phrase], ranges: Sequence[Range], readable: QuerySet[Case], most: int
) -> list[Found]:
    """The first ``most`` of ``readable``, in the order of ``ranges``.

    A case is one of a kind if that says a word of ``asked``, no better kind says one, and all
    words are said somewhere in it.
    """
    columns = list(zip(*(_row(asked, each) for each in ranges), strict=True))
    further = range(len(columns) - len(TYPES))
    types = [*TYPES, *("text" for _ in further)]
    return _told(
        RANGE_BY_RANGE,
        readable,
        [*map(list, columns)],
        [_any(asked), most],
        arrays=", ".join(f"(SELECT %s::{each}[])" for each in types),
        names="".join(f", also{number}" for number in further),
        also="".join(ALSO.format(number) for number in further),
    )


def rare(asked: Sequence[Phrase], beyond: int) -> Phrase | None:
    """The one of several words that fewest of some hundred new cases say, if they are few."""
    newest = _newest(beyond, NEAR)
    counts = _counted([_within(phrase, ALL, newest) for phrase in asked], FEW)
    number, phrase = min(zip(counts, asked, strict=True), key=itemgetter(0))
    return phrase if number < FEW else None


def _newest(beyond: int, bits: int) -> str:
    """The name of the newest full range of that size."""
    return f"/{bits}/{max((beyond >> bits) - 1, 0)}"


def _counted(said: Sequence[str], most: int) -> list[int]:
    """How many passages say each, counted no further than ``most``."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join([SOME] * len(said))}",
            [value for each in said for value in (each, most)],
        )
        return list(cursor.fetchone())


def are_common(asked: Sequence[Phrase]) -> bool:
    """Whether many of the newest cases say each of the words: what all say is not read at once."""
    return bool(asked) and rare(asked, beyond_all()) is None


def by_one(
    one: Phrase,
    asked: Sequence[Phrase],
    after: Found | None,
    readable: QuerySet[Case],
    most: int,
) -> list[Found]:
    """The same as ``cases`` behind ``after``, beginning with all that say ``one`` of the words."""
    others = [phrase for phrase in asked if phrase != one]
    kind, case = after or (0, 0)
    return _told(
        BY_ONE,
        readable,
        [tsquery(one, ALL)],
        [_any(asked), *(tsquery(each, ALL) for each in others), kind, kind, case, most],
        others="".join(OTHER for _ in others),
    )


def _told(
    statement: str,
    readable: QuerySet[Case],
    before: list[Any],
    behind: list[Any],
    **texts: str,
) -> list[Found]:
    """What ``statement`` tells, with a look at each case that was found whether it may be read."""
    try:
        seen = readable.filter(pk=RawSQL("found.case_id", ())).order_by().values("pk")[:1]
        text, given = seen.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(statement.format(seen=text, **texts), [*before, *given, *behind])
        return [(kind, case) for kind, case in cursor]


def _any(asked: Sequence[Phrase]) -> str:
    return " | ".join(tsquery(phrase, ALL) for phrase in asked)


def _row(asked: Sequence[Phrase], range_: Range) -> list[Any]:
    """A range as a row: its kind, its bounds, a word said there; of several words, each of them."""
    kind, lowest, beyond, name = range_
    row = [kind, lowest, beyond, " | ".join(_within(phrase, [kind], name) for phrase in asked)]
    return row + [_within(phrase, ALL, name) for phrase in asked if len(asked) > 1]


def _within(phrase: Phrase, kinds: Sequence[int], name: str) -> str:
    """``phrase`` in the range of that name, of whatever kinds."""
    if not name:
        return tsquery(phrase, kinds)
    return " | ".join(f"({tsquery(phrase, [kind])}) & '{kind}{name}'" for kind in kinds)


ALL = (1, 2, 3, 4)  # ``Passage.Kind``
TYPES = ("smallint", "bigint", "bigint", "text")
# Whatever a LATERAL refers to is the outer side of a loop, so rows come in the order of the ranges,
# and the loop ends with the page. The arrays are sub-selects, so that the planner does not know how
# many ranges there are: it counts all of them, and would compile a statement of that cost.
RANGE_BY_RANGE = """
    SELECT range.kind, found.case_id
    FROM unnest({arrays}) AS range(kind, lowest, beyond, said{names})
    CROSS JOIN LATERAL (
        SELECT DISTINCT case_id FROM workflows_passage
        WHERE vector @@ range.said::tsquery
            AND case_id + 0 >= range.lowest AND case_id + 0 < range.beyond{also}
        ORDER BY case_id DESC
    ) AS found
    CROSS JOIN LATERAL ({seen}) AS seen
    WHERE range.kind = 1 OR (
        SELECT COUNT(*) FROM workflows_passage AS better
        WHERE better.case_id = seen.pk AND better.kind < range.kind
            AND better.vector @@ %s::tsquery
    ) = 0
    LIMIT %s
"""
ALSO = """
            AND case_id IN (
                SELECT case_id FROM workflows_passage WHERE vector @@ range.also{0}::tsquery
            )"""
# The sub-select hides the words from the planner, the CTE the limit: knowing either, it might read
# row after row for an early hit.
SOME = """(
    WITH said AS MATERIALIZED (
        SELECT 1 FROM workflows_passage WHERE vector @@ (SELECT %s::tsquery)
    )
    SELECT COUNT(*) FROM (SELECT 1 FROM said LIMIT %s) AS some_of_them
)"""
BY_ONE = """
    SELECT best.kind, found.case_id
    FROM (
        SELECT DISTINCT case_id FROM workflows_passage WHERE vector @@ %s::tsquery OFFSET 0
    ) AS found
    CROSS JOIN LATERAL ({seen}) AS seen
    CROSS JOIN LATERAL (
        SELECT MIN(kind) AS kind FROM workflows_passage AS said
        WHERE said.case_id = seen.pk AND said.vector @@ %s::tsquery
    ) AS best
    WHERE TRUE{others} AND (best.kind > %s OR best.kind = %s AND found.case_id < %s)
    ORDER BY 1, 2 DESC
    LIMIT %s
"""
OTHER = """ AND (
        SELECT COUNT(*) FROM workflows_passage AS other
        WHERE other.case_id = seen.pk AND other.vector @@ %s::tsquery
    ) > 0"""
