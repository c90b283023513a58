"""Arithmetic of choosing among many: the marks of a group, places, the cut, the money of a line.

Everything inside is exact; marks are rounded half-up to 2 places at the end (domain 3.3).
"""

import math
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Generic, Literal, TypeVar

Key = TypeVar("Key", bound=Hashable)
Status = Literal["selected", "tied", "offered", "waiting", "below", "failed"]
Figures = Mapping[Key, Mapping[str, Decimal | None]]  # None where an indicator does not apply
NOTHING = Decimal(0)


# --- marks of a group -----------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Sheet:
    """The marks of one participant, as whole numbers of which ``unit`` make one point."""

    points: Mapping[str, int]  # indicators that apply, in the order of the weights
    unit: int

    @property
    def mark(self) -> Decimal:
        """The mark out of 100, half-up to 2 places."""
        return half_up(sum(self.points.values()), self.unit)

    def shown(self, indicator: str) -> Decimal:
        """The points of one indicator as they are printed, half-up to 2 places."""
        return half_up(self.points[indicator], self.unit)

    def of(self, indicators: Iterable[str]) -> Fraction:
        """The exact points of some indicators together; those that do not apply give none."""
        return Fraction(sum(self.points.get(each, 0) for each in indicators), self.unit)


@dataclass(frozen=True, slots=True)
class Marks(Generic[Key]):
    """The marks of a whole group, and the figures they were measured by."""

    best: Mapping[str, Decimal]  # the highest figure of the group; 0 where nobody has any
    sheets: Mapping[Key, Sheet]


def relative_marks(values: Figures[Key], weights: Mapping[str, Decimal]) -> Marks[Key]:
    """Mark every participant against the best of the group, indicator by indicator.

    The highest figure earns the whole weight, the others their share of it; where nobody has any
    all get nothing. An indicator that does not apply to a participant is left out of the group's
    best, and its weight is spread over that participant's other indicators in proportion.
    Source: seed 002, annex 1, note 2; domain 3.3.
    """
    places = _places([*weights.values(), *_told(values)])
    whole = _counted_in(places)
    weight = {code: whole(each) for code, each in weights.items()}
    best = _best(values, weights)
    tops = {code: whole(each) for code, each in best.items()}
    common = math.lcm(*(top for top in tops.values() if top)) if any(tops.values()) else 1
    factor = {code: 100 * weight[code] * common // top if top else 0 for code, top in tops.items()}
    sheets = {}
    for key, figures in values.items():
        given = {code: each for code in weights if (each := figures[code]) is not None}
        points = {code: factor[code] * whole(each) for code, each in given.items()}
        sheets[key] = Sheet(points, max(common * sum(weight[code] for code in given), 1))
    return Marks(best, sheets)


def spread(weights: Mapping[str, Decimal], applying: Collection[str]) -> dict[str, Decimal]:
    """What each of the ``applying`` indicators can earn, half-up to 2 places.

    The weight of the others is spread over them in proportion (3.3).
    """
    whole = _counted_in(_places(weights.values()))
    live = sum(whole(weights[code]) for code in applying)
    return {code: half_up(100 * whole(weights[code]), live) for code in applying}


def outliers(values: Figures[Key], times: Decimal = Decimal(3)) -> list[tuple[Key, str]]:
    """Name every figure above ``times`` the second best: it is checked on site (3.3)."""
    found = []
    for code in _codes(values):
        told = [(each, key) for key, row in values.items() if (each := row.get(code)) is not None]
        told.sort(key=lambda pair: pair[0], reverse=True)
        if len(told) > 1 and told[0][0] > times * told[1][0]:
            found.append((told[0][1], code))
    return found


def half_up(part: int, whole: int) -> Decimal:
    """Give ``part / whole`` with 2 places, a half rounded up."""
    return Decimal((200 * part + whole) // (2 * whole)).scaleb(-2)


def _told(values: Figures[Key]) -> Iterator[Decimal]:
    return (each for row in values.values() for each in row.values() if each is not None)


def _codes(values: Figures[Key]) -> list[str]:
    return list(dict.fromkeys(code for row in values.values() for code in row))


def _best(values: Figures[Key], weights: Iterable[str]) -> dict[str, Decimal]:
    return {
        code: max(
            (each for row in values.values() if (each := row[code]) is not None), default=NOTHING
        )
        for code in weights
    }


def _places(numbers: Iterable[Decimal]) -> int:
    """How many decimal places the finest of ``numbers`` has."""
    exponents = {each.as_tuple().exponent for each in numbers}
    return (
        max((-each for each in exponents if isinstance(each, int)), default=0) if exponents else 0
    )


def _counted_in(places: int) -> Callable[[Decimal], int]:
    unit = 10 ** max(places, 0)
    return lambda number: int(number * unit)


# --- places ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Entry(Generic[Key]):
    """One participant: its mark, what puts it before an equal mark, and the money it could get."""

    key: Key
    mark: Decimal
    ties: tuple[Decimal | Fraction, ...] = ()  # the higher of the first that differs comes first
    wanted: Decimal | None = None  # least of request, expert amount and cap, in 万元
    settled: bool | None = None  # True: holds its place for good; False: refused for good


@dataclass(frozen=True, slots=True)
class Place(Generic[Key]):
    """Where one participant came in, and what that means."""

    key: Key
    place: int
    status: Status
    amount: Decimal | None = None


def ordered(entries: Iterable[Entry[Key]], resolved: Sequence[Key] = ()) -> list[list[Entry[Key]]]:
    """Put entries in classes of equals, best first: by mark, then by what breaks a tie.

    Equals whom the conference has put in order, all of them, follow ``resolved``.
    """
    turn = {key: number for number, key in enumerate(resolved)}
    best_first = sorted(entries, key=_merit, reverse=True)
    classes: list[list[Entry[Key]]] = []
    for _, members in groupby(best_first, key=_merit):
        equals = list(members)
        if len(equals) > 1 and all(each.key in turn for each in equals):
            classes += [[each] for each in sorted(equals, key=lambda each: turn[each.key])]
        else:
            classes.append(equals)
    return classes


def _merit(entry: Entry[Key]) -> tuple[Decimal | Fraction, ...]:
    return (entry.mark, *entry.ties)


def seats(size: int, *, share_percent: int = 100, quota: int | None = None) -> int:
    """How many of ``size`` may be chosen: the share of the group, at least 1, at most the quota."""
    share = max(1, size * share_percent // 100)
    return share if quota is None else min(share, quota)


def cut(
    classes: Sequence[Sequence[Entry[Key]]], *, seats: int, pass_mark: Decimal
) -> list[Place[Key]]:
    """Choose the best ``seats`` that reach the pass mark; what is not filled stays empty (X32).

    Equals who do not all fit are tied, and nobody below them is chosen. Whoever holds its place
    for good keeps it; whoever was refused for good does not come back.
    """
    left = seats - sum(each.settled is True for equals in classes for each in equals)
    found: list[Place[Key]] = []
    for equals in classes:
        place = len(found) + 1
        free = [each for each in equals if each.settled is None and each.mark >= pass_mark]
        standing: Status = "selected" if len(free) <= left else "tied" if left > 0 else "below"
        left -= min(len(free), max(left, 0))
        for each in equals:
            found.append(Place(each.key, place, _status(each, standing, pass_mark)))
    return found


def _status(entry: Entry[Key], standing: Status, pass_mark: Decimal) -> Status:
    if entry.settled is True:
        return "selected"
    if entry.mark < pass_mark:
        return "failed"
    return "below" if entry.settled is False else standing


# --- money ----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Answer:
    """What a participant said to a smaller amount."""

    amount: Decimal
    accepted: bool


def allot(
    classes: Sequence[Sequence[Entry[Key]]],
    places: Sequence[Place[Key]],
    *,
    budget: Decimal,
    answers: Mapping[Key, Answer],
) -> list[Place[Key]]:
    """Give the selected their money in order of merit, never more than ``budget`` (domain 2.4.6).

    The first whom the rest does not cover is offered the rest, once. While it has not answered, or
    while equals are tied over the rest, everyone below waits; after a refusal those follow whom the
    rest still covers. Amounts are 万元.
    """
    chosen = {each.key: each for each in places}
    purse = _Purse(budget, answers)
    for equals in classes:
        purse.keep(each for each in equals if each.settled is True)
    for equals in classes:
        free = [
            each
            for each in equals
            if each.settled is None and chosen[each.key].status == "selected"
        ]
        purse.pay(free)
    return [
        Place(each.key, each.place, *purse.given.get(each.key, (each.status, None)))
        for each in places
    ]


class _Purse(Generic[Key]):
    """The money of one line while it is handed out."""

    def __init__(self, budget: Decimal, answers: Mapping[Key, Answer]) -> None:
        self.rest, self.answers = budget, answers
        self.offered = False  # the one offer has been made
        self.halted = False  # an offer or a tie is open, so the rest is nobody's yet
        self.given: dict[Key, tuple[Status, Decimal | None]] = {}

    def keep(self, settled: Iterable[Entry[Key]]) -> None:
        """What was granted for good comes first."""
        for each in settled:
            self._give(each, each.wanted or NOTHING)

    def pay(self, equals: Sequence[Entry[Key]]) -> None:
        """Serve one class of equals."""
        asking = [each for each in equals if each.wanted]
        self.given |= {each.key: ("below", None) for each in equals if not each.wanted}
        if self._covers(asking):
            for each in asking:
                self._give(each, each.wanted or NOTHING)
        elif self.halted or self.rest <= 0:
            self._put(asking, "waiting")
        elif len(asking) == 1:
            self._offer(asking[0])
        else:
            self._share(asking)

    def _covers(self, asking: Sequence[Entry[Key]]) -> bool:
        return not self.halted and _sum(asking) <= self.rest

    def _offer(self, entry: Entry[Key]) -> None:
        """The rest is less than this one could get: it is asked, unless that was done."""
        answer = self.answers.get(entry.key)
        if answer is not None and answer.accepted and answer.amount <= self.rest:
            self._give(entry, self.rest)
        elif self.offered or (answer is not None and not answer.accepted):
            self._put([entry], "waiting")
        else:
            self.given[entry.key] = ("offered", self.rest)
            self.halted = True
        self.offered = True

    def _share(self, asking: Sequence[Entry[Key]]) -> None:
        """Several equals, and not enough for all: who comes first decides who gets it."""
        within = [each for each in asking if (each.wanted or NOTHING) <= self.rest]
        if self.offered and _sum(within) <= self.rest:
            for each in within:
                self._give(each, each.wanted or NOTHING)
            self._put([each for each in asking if each not in within], "waiting")
            return
        contested = within if self.offered else asking
        self._put(asking, "waiting")
        self._put(contested, "tied")
        self.halted = True

    def _give(self, entry: Entry[Key], amount: Decimal) -> None:
        self.given[entry.key] = ("selected", amount)
        self.rest -= amount

    def _put(self, entries: Iterable[Entry[Key]], status: Status) -> None:
        for each in entries:
            self.given[each.key] = (status, None)


def _sum(entries: Iterable[Entry[Key]]) -> Decimal:
    return sum((each.wanted or NOTHING for each in entries), NOTHING)
