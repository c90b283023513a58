"""Arithmetic of marks and votes: what a panel gave, what a conference resolved."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from statistics import median
from typing import Literal

from workflows.errors import PanelShort

CENT = Decimal("0.01")
HALF = Fraction(1, 2)
LEAST_TO_TRIM = 3  # dropping the highest and the lowest must leave a mark


@dataclass(frozen=True, slots=True)
class Tally:
    """A count of one item's ballots, and what it means."""

    agree: int
    disagree: int
    abstain: int
    recused: int
    base: int  # voters of whom a share must agree
    needed: int  # votes in favour that pass
    quorum_needed: int  # voters who must be present
    quorate: bool
    passed: bool


def panel_score(totals: Sequence[Decimal], trim_from: int = 5, quorum: int = 5) -> Decimal:
    """Give the panel's mark: the mean without one highest and one lowest, half-up to 2 places.

    Fewer than ``trim_from`` marks are not trimmed; fewer than ``quorum`` raise PanelShort.
    Source: usual practice (domain 0.10, aggregation).
    """
    if len(totals) < max(quorum, 1):
        raise PanelShort(quorum=quorum)
    marks = sorted(totals)
    if len(marks) >= max(trim_from, LEAST_TO_TRIM):
        marks = marks[1:-1]
    return (sum(marks, Decimal(0)) / len(marks)).quantize(CENT, ROUND_HALF_UP)


def spread(
    totals: Sequence[Decimal], from_median: Decimal = Decimal(20), range_: Decimal = Decimal(30)
) -> list[int]:
    """Give the places of marks that need reasons (domain 0.10, spread check).

    They lie more than ``from_median`` from the median, or at either end of a range that exceeds
    ``range_``.
    """
    if not totals:
        return []
    middle, lowest, highest = median(totals), min(totals), max(totals)
    ends = {lowest, highest} if highest - lowest > range_ else set()
    return [
        place
        for place, mark in enumerate(totals)
        if mark in ends or abs(mark - middle) > from_median
    ]


def split(
    total: Decimal,
    parts: Sequence[tuple[str, Decimal]],
    computed: Mapping[str, Decimal] | None = None,
) -> dict[str, Decimal]:
    """Distribute a recorded total over the parts of a sheet, to the hundredth.

    ``parts`` are keys with their maxima; ``computed`` are points the answers gave already. They
    stand whenever the experts' parts can make up the rest; otherwise they give way just as far as
    the total asks. Raises ValueError for a total that no sheet can have.
    """
    maxima = {key: _cents(maximum) for key, maximum in parts}
    given = {key: min(_cents(points), maxima[key]) for key, points in (computed or {}).items()}
    open_ = {key: most for key, most in maxima.items() if key not in given}
    whole = _cents(total)
    if not 0 <= whole <= sum(maxima.values()):
        raise ValueError(f"no sheet can add up to {total}")
    rest = whole - sum(given.values())
    if rest < 0:
        points = dict.fromkeys(open_, 0) | _apportion(whole, given)
    elif rest <= sum(open_.values()):
        points = given | _apportion(rest, open_)
    else:
        room = {key: maxima[key] - points for key, points in given.items()}
        more = _apportion(rest - sum(open_.values()), room)
        points = open_ | {key: given[key] + more[key] for key in given}
    return {key: points[key] * CENT for key in maxima}


def tally(
    ballots: Iterable[str],
    members: int,
    present: int,
    quorum: str = "2/3",
    pass_: str = "2/3",  # noqa: S107 -- a share of the votes
    base: Literal["members", "present"] = "members",
) -> Tally:
    """Count ``ballots`` (agree, disagree, abstain, recused) of a conference of ``members``.

    Whoever is recused leaves the item and counts neither as a member nor as present. A share is
    reached by at least so much of its base, one half by more than half. Source: domain 0.11.
    """
    counts = Counter(ballots)
    voters, seated = members - counts["recused"], max(present - counts["recused"], 0)
    of = voters if base == "members" else seated
    needed, quorum_needed = fewest(pass_, of), fewest(quorum, voters)
    quorate = voters > 0 and seated >= quorum_needed
    return Tally(
        agree=counts["agree"],
        disagree=counts["disagree"],
        abstain=counts["abstain"],
        recused=counts["recused"],
        base=of,
        needed=needed,
        quorum_needed=quorum_needed,
        quorate=quorate,
        passed=quorate and counts["agree"] >= needed,
    )


def fewest(share: str, of: int) -> int:
    """Give the fewest people who make up ``share`` of ``of``; a half needs more than half."""
    if Fraction(share) == HALF:
        return of // 2 + 1
    return math.ceil(of * Fraction(share))


def _cents(points: Decimal) -> int:
    cents = points / CENT
    if cents != int(cents):
        raise ValueError(f"{points} is finer than a hundredth")
    return int(cents)


def _apportion(amount: int, room: Mapping[str, int]) -> dict[str, int]:
    """Spread ``amount`` in proportion to ``room``, never beyond it, by largest remainder."""
    whole = sum(room.values())
    if not whole:
        return dict.fromkeys(room, 0)
    shares = {key: divmod(amount * size, whole) for key, size in room.items()}
    missing = amount - sum(floor for floor, _ in shares.values())
    lucky = set(sorted(room, key=lambda key: -shares[key][1])[:missing])
    return {key: floor + (key in lucky) for key, (floor, _) in shares.items()}
