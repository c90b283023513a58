"""Values by year: "2027: 24; 2028: 48", stored as {"2027": "24", "2028": "48"}."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from forms.fields.kind import Kind, Wrong, narrow, say
from forms.fields.number import Number
from forms.schema import Field

PAIR = re.compile(r"(\d{4})年?\s*[:=]\s*(.+)", re.ASCII)
MOST = 20  # years


class Yearly(Kind):
    """A number for each of some years, as plans and targets have them."""

    width = "w-md"
    empty: Any = {}
    example = "2027: 24; 2028: 48"
    number = Number()

    def parse(self, field: Field, typed: Any) -> dict[str, str]:
        """Accept each year once, in any order; the years are kept in order."""
        pairs = _pairs(typed)
        if not pairs or len(pairs) > MOST or len({year for year, _value in pairs}) < len(pairs):
            raise Wrong(self.refusal(field, typed))
        return {year: self.number.parse(field, value) for year, value in sorted(pairs)}

    def refusal(self, field: Field, typed: Any) -> str:
        """Say how values by year are written."""
        sentence = _(
            "“%(label)s” takes a number for each year; you typed “%(typed)s”. Example: %(example)s"
        )
        return say(sentence, field, typed, self.example)

    def shown(self, field: Field, value: Any, language: str) -> str:
        """Give the years with their values, in one line."""
        return _line(
            {year: self.number.shown(field, each, language) for year, each in value.items()}
        )

    def retyped(self, field: Field, typed: Any) -> Any:
        """Give the answer the way it is typed."""
        return _line(typed) if isinstance(typed, Mapping) else super().retyped(field, typed)

    def to_cel(self, field: Field, value: Any) -> dict[str, float]:
        """Give a map of doubles by year."""
        return {year: float(each) for year, each in value.items()}


def _pairs(typed: Any) -> list[tuple[str, str]]:
    """Take a map or a line apart; nothing at all where one piece is no year with its value."""
    if isinstance(typed, Mapping):
        pieces = [f"{year}:{value}" for year, value in typed.items()]
    else:
        pieces = [piece for piece in re.split(r"[;\n]", narrow(typed)) if piece.strip()]
    found = [PAIR.fullmatch(piece.strip()) for piece in pieces]
    return [(one[1], one[2]) for one in found if one] if all(found) else []


def _line(values: Mapping[str, Any]) -> str:
    return "; ".join(f"{year}: {value}" for year, value in values.items())
