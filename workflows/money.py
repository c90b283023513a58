"""Arithmetic of granted money: parts that add up to the whole, the middle of several opinions."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

CENT = Decimal("0.01")


def rounded(amount: Decimal) -> Decimal:
    """Give ``amount`` with 2 places, half-up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def middle(amounts: Sequence[Decimal]) -> Decimal:
    """Give the median of ``amounts``, half-up to 2 places; of an even number, between the two."""
    return rounded(Decimal(median(amounts)))


def shares(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Split ``total`` in proportion to ``weights``, to the hundredth and without remainder.

    What rounding down leaves over goes, a hundredth each, to the parts that lost most by it; the
    earlier of equal parts comes first. Without any weight every part is 0.
    """
    whole = sum(weights, Decimal(0))
    if not whole:
        return [Decimal(0)] * len(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [each.quantize(CENT, "ROUND_DOWN") for each in exact]
    missing = int((total - sum(parts, Decimal(0))) / CENT)
    losers = sorted(range(len(parts)), key=lambda place: parts[place] - exact[place])
    for place in losers[:missing]:
        parts[place] += CENT
    return parts
