"""Numbers: typed with full-width digits, spaces, commas or the unit, stored as exact decimals."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from forms.fields.kind import Kind, Wrong, narrow, say
from forms.schema import Field

FEN = {"元": 100, "万元": 1_000_000, "亿元": 10_000_000_000}
NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?", re.ASCII)
LARGEST = Decimal(10) ** 12  # keeps money in fen inside the 64 bits of CEL
# NFKC leaves these as they are: the ideographic comma and full stop, and the minus signs.
SIGNS = str.maketrans({"、": ",", "。": ".", "−": "-", "–": "-", "—": "-", "﹣": "-"})


class Number(Kind):
    """A decimal number, up to six places."""

    inputmode = "decimal"
    width = "w-sm"
    numeric = True
    empty: Any = 0.0
    places = 6
    example = "12.5"

    def parse(self, field: Field, typed: Any) -> Any:
        """Accept a number within the limits of the question."""
        number = self.exact(field, typed)
        self.within(field, number, typed)
        return self.stored(number)

    def exact(self, field: Field, typed: Any) -> Decimal:
        """Give the number typed; raise Wrong with an example."""
        text = re.sub(r"\s", "", narrow(typed)).translate(SIGNS)
        text = text.removesuffix(field.unit).removesuffix("%")
        if isinstance(typed, bool | list | dict) or not NUMBER.fullmatch(text):
            raise Wrong(self.refusal(field, typed))
        number = Decimal(text.replace(",", ""))
        if not -LARGEST <= number <= LARGEST:
            raise Wrong(self.too_large(field, typed, LARGEST))
        if number != round(number, self.places):
            raise Wrong(self.too_fine(field, typed))
        return number

    def refusal(self, field: Field, typed: Any) -> str:
        """Say that this is no number."""
        sentence = _("“%(label)s” should be a number; you typed “%(typed)s”. Example: %(example)s")
        return say(sentence, field, typed, self.example)

    def too_fine(self, field: Field, typed: Any) -> str:
        """Say that there are too many decimal places."""
        sentence = _("“%(label)s” takes at most %(places)s decimal places; you typed “%(typed)s”")
        return say(sentence, field, typed, places=self.places)

    def too_large(self, field: Field, typed: Any, limit: Decimal) -> str:
        """Say that the number is above the limit."""
        sentence = _("“%(label)s” should be at most %(limit)s; you typed “%(typed)s”")
        return say(sentence, field, typed, limit=self.grouped(limit))

    def within(self, field: Field, number: Decimal, typed: Any) -> None:
        """Refuse a number outside the limits of the question."""
        if field.minimum is not None and number < field.minimum:
            sentence = _("“%(label)s” should be at least %(limit)s; you typed “%(typed)s”")
            raise Wrong(say(sentence, field, typed, limit=self.grouped(field.minimum)))
        if field.maximum is not None and number > field.maximum:
            raise Wrong(self.too_large(field, typed, field.maximum))

    def stored(self, number: Decimal) -> Any:
        """Give the number as stored: without an exponent and without closing zeros."""
        return plain(number)

    def grouped(self, number: Decimal) -> str:
        """Give a number with its thousands set apart."""
        return f"{Decimal(plain(number)):,f}"

    def shown(self, field: Field, value: Any, language: str) -> str:
        """Give the answer with its thousands set apart."""
        return f"{Decimal(str(value)):,f}"

    def to_cel(self, field: Field, value: Any) -> Any:
        """Give a double."""
        return float(value)


class Whole(Number):
    """A whole number."""

    inputmode = "numeric"
    empty: Any = 0
    places = 0
    example = "12"

    def refusal(self, field: Field, typed: Any) -> str:
        """Say that this is no whole number."""
        sentence = _(
            "“%(label)s” should be a whole number; you typed “%(typed)s”. Example: %(example)s"
        )
        return say(sentence, field, typed, self.example)

    too_fine = refusal

    def stored(self, number: Decimal) -> int:
        """Give an integer."""
        return int(number)

    def to_cel(self, field: Field, value: Any) -> int:
        """Give an integer."""
        return int(value)


class Money(Number):
    """An amount with two decimal places, in the unit of the question or else 万元."""

    empty: Any = 0
    places = 2
    example = "320.00"

    def stored(self, number: Decimal) -> str:
        """Give the amount with exactly two places."""
        return f"{number:.2f}"

    def to_cel(self, field: Field, value: Any) -> int:
        """Give integer fen, for CEL has no decimals."""
        return int(Decimal(str(value)) * self.fen(field))

    def from_cel(self, field: Field, result: Any) -> str:
        """Take integer fen back into the unit of the question, rounding half up."""
        return self.stored(rounded(Decimal(result) / self.fen(field)))

    def fen(self, field: Field) -> int:
        """Give the fen in one of the question's unit; 元/月 is 元, of a month."""
        return FEN[(field.unit or "万元").partition("/")[0]]


class Percent(Number):
    """A percentage with two decimal places."""

    places = 2
    example = "68.5"

    def stored(self, number: Decimal) -> str:
        """Give the percentage with exactly two places."""
        return f"{number:.2f}"

    def from_cel(self, field: Field, result: Any) -> str:
        """Round the result half up to two places."""
        return self.stored(rounded(Decimal(str(result))))


def plain(number: Decimal) -> str:
    """Write a decimal without exponent and closing zeros."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(number: Decimal) -> Decimal:
    """Round half up to two places, as the offices do."""
    return number.quantize(Decimal("0.01"), ROUND_HALF_UP)
