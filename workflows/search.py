"""Finding cases by number, credit code, organisation, and whatever was filed with them.

Order: why a case matched (``Passage.Kind``: number before organisation before answers before
attachments), then the newest case. A case is found once, for its best reason.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Self

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from workflows import search_ranges
from workflows.models import Case, Passage
from workflows.models.passage import Asked
from workflows.search_words import Phrase, Token, phrases, plainly, tokens

PER_PAGE = 20
FEW = 300  # cases that may be known before a list is read
AROUND = 36  # characters of a snippet before the first hit
LONGEST = 140  # characters of a snippet
WHOLE = 12  # characters that few numbers share: a whole number of a case, most of a credit code
Kind = Passage.Kind
# how many of the newest cases are read through for the beginning of a word: long texts cost more
READ: Mapping[int, int] = {
    Kind.NUMBER: 2_000,
    Kind.COMPANY: 2_000,
    Kind.ANSWERS: 200,
    Kind.FILE: 200,
}


@dataclass(frozen=True)
class Piece:
    """A part of a snippet, and whether it is what was asked for."""

    text: str
    hit: bool


@dataclass(frozen=True)
class Hit:
    """A case that was found, and the best passage that says why."""

    case: int
    kind: Kind
    title: str
    snippet: tuple[Piece, ...]


@dataclass(frozen=True)
class Place:
    """Where a page begins: behind this case, among those found for this reason."""

    kind: int
    case: int

    @classmethod
    def of(cls, text: str) -> Self | None:
        """Read it from an address; None for what makes no sense there."""
        kind, _, case = text.partition(".")
        if not (kind.isdecimal() and case.isdecimal() and len(case) < 19):
            return None
        return cls(int(kind), int(case)) if int(kind) in Kind.values else None

    def __str__(self) -> str:
        return f"{self.kind}.{self.case}"


# --- which cases ----------------------------------------------------------------------------------
def cases(words: str) -> QuerySet[Passage, int]:
    """The keys of the cases in which every word of ``words`` is found; all words in any sources."""
    asked = phrases(words)
    found = _saying(asked, Kind.values) if asked else Passage.objects.none()
    return found.order_by().values_list("case", flat=True)


def said_of(at: str, words: str) -> Q:
    """The same as a condition on rows that point to a case by ``at``.

    Where few cases say it, they are known before the rows are read. What many say is looked for
    row by row, so that a page of rows need not wait for all of them.
    """
    asked = phrases(words)
    common = connection.vendor == "postgresql" and search_ranges.are_common(asked)
    few = [] if common else list(cases(words)[: FEW + 1])
    if not common and len(few) <= FEW:
        return Q(**{f"{at}__in": set(few)})
    of_it = Passage.objects.filter(case=OuterRef(at))
    said = (of_it.filter(_any([each], Kind.values, plainly=True)) for each in asked)
    return reduce(and_, (Q(Exists(each)) for each in said))


def named(words: str, readable: QuerySet[Case]) -> Case | None:
    """The case of ``readable`` whose whole number was typed, if any."""
    number = unicodedata.normalize("NFKC", words).strip().upper()
    return readable.filter(reference=number).first() if number else None


def _saying(asked: Sequence[Phrase], kinds: Sequence[int]) -> QuerySet[Passage]:
    """The passages of ``kinds`` that say a word, of the cases that say all words anywhere."""
    found = Passage.objects.filter(_any(asked, kinds))
    for phrase in asked if len(asked) > 1 else ():
        saying = Passage.objects.filter(_any([phrase], Kind.values))
        found = found.filter(case__in=saying.values("case"))
    return found


def _any(asked: Sequence[Phrase], kinds: Sequence[int], *, plainly: bool = False) -> Q:
    said = (Asked(phrase, tuple(kinds), plainly) for phrase in asked)
    return reduce(or_, (Q(tokens__says=each) for each in said))


# --- page by page ---------------------------------------------------------------------------------
def page(
    words: str, readable: QuerySet[Case], after: str = "", most: int = PER_PAGE
) -> tuple[list[Hit], str]:
    """At most ``most`` hits among ``readable`` behind the place ``after``, and where they end.

    The second value is empty on the last page.
    """
    asked = phrases(words)
    if not asked:
        return [], ""
    places = list(_places(asked, readable, Place.of(after), most + 1))
    shown = places[:most]
    hits = _hits(asked, shown)
    return hits, str(shown[-1]) if len(places) > most else ""


def _places(
    asked: Sequence[Phrase], readable: QuerySet[Case], after: Place | None, most: int
) -> Iterator[Place]:
    """The places of at most ``most`` hits, in order."""
    top = search_ranges.beyond_all()
    starts = {
        kind: min(after.case, top) if after is not None and kind == after.kind else top
        for kind in _kinds(asked)
        if after is None or kind >= after.kind
    }
    if connection.vendor == "postgresql" and not _goes_on(asked):
        yield from (Place(*each) for each in _whole(asked, readable, after, starts, most))
        return
    for kind, beyond in starts.items():
        for case in _of_kind(kind, asked, readable, beyond, most):
            yield Place(kind, case)
            most -= 1
        if not most:
            return


def _kinds(asked: Sequence[Phrase]) -> list[int]:
    """The kinds of passages that may say a word of ``asked``: numbers have no Han characters."""
    in_numbers = any(token.isascii() for phrase in asked for token in phrase.tokens[:1])
    return [int(kind) for kind in Kind.values if in_numbers or kind != Kind.NUMBER]


def _whole(
    asked: Sequence[Phrase],
    readable: QuerySet[Case],
    after: Place | None,
    starts: Mapping[int, int],
    most: int,
) -> list[search_ranges.Found]:
    """The places of whole words on PostgreSQL: from what few say on, or range by range."""
    newest = max(starts.values())
    if not newest:
        return []
    if len(asked) > 1 and (one := search_ranges.rare(asked, newest)) is not None:
        place = (after.kind, after.case) if after is not None else None
        return search_ranges.by_one(one, asked, place, readable, most)
    few = search_ranges.seldom(asked[0], list(starts), newest) if len(asked) == 1 else []
    ranges = search_ranges.whole(asked, starts, few)
    return search_ranges.cases(asked, ranges, readable, most)


def _goes_on(asked: Sequence[Phrase]) -> bool:
    """Whether something is asked for by its beginning."""
    return any(way.goes_on for phrase in asked for way in phrase.ways)


def _of_kind(
    kind: int, asked: Sequence[Phrase], readable: QuerySet[Case], beyond: int, most: int
) -> Iterator[int]:
    """The newest cases before ``beyond`` that are found for this reason, each once.

    PostgreSQL cannot tell how common the beginning of a word is. So it reads the newest cases
    first, and asks the index only where that gave less than a page: then few say it, as a rule. A
    whole number is asked of the index at once.
    """
    found: list[int] = []
    if connection.vendor == "postgresql" and not _is_whole(asked):
        lowest = beyond - READ[kind]
        newest = Passage.objects.filter(case__lt=beyond, case__gte=lowest)
        found = list(_saying_first(kind, asked, readable, newest, plainly=True)[:most])
        beyond = lowest
    yield from found
    if len(found) < most:
        older = Passage.objects.filter(case__lt=beyond)
        yield from _saying_first(kind, asked, readable, older)[: most - len(found)]


def _is_whole(asked: Sequence[Phrase]) -> bool:
    """Whether whatever may go on is a number so long that few say it."""
    going_on = [way for phrase in asked for way in phrase.ways if way.goes_on]
    numbers = ["".join(way.tokens) for way in going_on]
    return all(len(each) >= WHOLE and any(map(str.isdigit, each)) for each in numbers)


def _saying_first(
    kind: int,
    asked: Sequence[Phrase],
    readable: QuerySet[Case],
    rows: QuerySet[Passage],
    *,
    plainly: bool = False,
) -> QuerySet[Passage, int]:
    """The cases of ``rows`` whose first reason to be found is ``kind``, the newest first."""
    found = rows.filter(_any(asked, [kind], plainly=plainly), kind=kind)
    found = found.filter(case__in=readable.order_by().values("pk"))
    for phrase in asked if len(asked) > 1 else ():
        saying = Passage.objects.filter(_any([phrase], Kind.values, plainly=plainly))
        same = Exists(saying.filter(case=OuterRef("case")))
        found = found.filter(same if plainly else Q(case__in=saying.values("case")))
    if better := [each for each in Kind.values if each < kind]:
        known = Passage.objects.filter(_any(asked, better), case=OuterRef("case"))
        found = found.exclude(Exists(known))
    # no index has the sum: a rare word is not looked for in every case
    order = F("case_id") if plainly else F("case_id") + 0
    keys = found.annotate(place=order).order_by("-place").values_list("place", flat=True)
    return keys.distinct()


def _hits(asked: Sequence[Phrase], places: Sequence[Place]) -> list[Hit]:
    """Each place with the first passage that says a word; one statement."""
    wanted = reduce(or_, (Q(case=each.case, kind=each.kind) for each in places), Q(pk__in=[]))
    found = Passage.objects.filter(wanted, _any(asked, Kind.values)).order_by(
        "case_id", "source", "part"
    )
    best: dict[int, Passage] = {}
    for passage in found.defer("tokens"):
        best.setdefault(passage.case_id, passage)
    return [
        Hit(each.case, Kind(each.kind), said.title, snippet(said.text, asked))
        for each in places
        if (said := best.get(each.case)) is not None
    ]


# --- snippets -------------------------------------------------------------------------------------
def snippet(text: str, asked: Sequence[Phrase]) -> tuple[Piece, ...]:
    """The line of ``text`` with the first hit, cut into what was asked for and what was not."""
    marks = _marks(text, asked) or _numbers(text, asked) or [(0, 0)]
    (first, last), *_ = marks
    line = text.rfind("\n", 0, first) + 1
    over = text.find("\n", last)
    ends = len(text) if over < 0 else over
    start = first - AROUND if first - AROUND > line else line
    end = max(last, min(ends, start + LONGEST))
    pieces = [Piece("…", hit=False)] if start > line else []
    for begun, ended in [*((one, other) for one, other in marks if other <= end), (end, end)]:
        pieces += [Piece(text[start:begun], hit=False), Piece(text[begun:ended], hit=True)]
        start = ended
    pieces += [Piece("…", hit=False)] if end < ends else []
    return tuple(piece for piece in pieces if piece.text)


def _marks(text: str, asked: Sequence[Phrase]) -> list[tuple[int, int]]:
    """Where hits begin and end, none within another."""
    found = tokens(text)
    hits = sorted(
        (found[place].start, _end(found[place + len(phrase.tokens) - 1], phrase))
        for each in asked
        for phrase in each.ways
        for place in range(len(found))
        if phrase.stands_at(place, found)
    )
    apart: list[tuple[int, int]] = []
    for first, last in hits:
        if apart and first < apart[-1][1]:
            first = apart[-1][1]
        if last > first:
            apart.append((first, last))
    return apart


def _end(token: Token, phrase: Phrase) -> int:
    """Where the hit ends: a pair that begins with the character asked for is not all of it."""
    last = phrase.tokens[-1]
    return token.start + 1 if len(last) == 1 and phrase.unfinished else token.end


def _numbers(text: str, asked: Sequence[Phrase]) -> list[tuple[int, int]]:
    """Where a part of a number stands that begins within a token."""
    plain, places = plainly(text)
    for phrase in asked:
        part = "".join(phrase.tokens)
        if part in plain:
            first = plain.index(part)
            return [(places[first], places[first + len(part) - 1] + 1)]
    return []
