"""What every kind of question can do."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as member
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from forms.schema import Field

# Direction overrides and isolates can make a name read as another one (Unicode TR 36).
DIRECTION_MARKS = frozenset(
    map(chr, [0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
)


class Wrong(Exception):
    """What was typed cannot be an answer; the argument is the sentence that says why."""


@dataclass(frozen=True)
class Cleaned:
    """An answer, or why there is none: sentences by place, "" being the question itself."""

    value: Any = None
    errors: Mapping[str, list[str]] = member(default_factory=dict)


class Kind:
    """A question answered by one line of typing; the kinds override what differs."""

    template = "forms/line.html"
    inputmode = ""
    autocomplete = ""
    width = "w-lg"
    numeric = False
    sample = ""  # shown below the label where the question itself gives no example
    empty: Any = ""  # what an expression sees while there is no answer

    def read(self, field: Field, name: str, posted: QueryDict) -> Any:
        """Take what was typed from posted form data; None where the page did not ask."""
        typed = posted.get(name)
        return typed if typed is None else typed.replace("\r\n", "\n")

    def clean(self, field: Field, typed: Any) -> Cleaned:
        """Turn what was typed, or an answer from elsewhere, into the answer as stored."""
        if blank(typed):
            return Cleaned()
        try:
            return Cleaned(self.parse(field, typed))
        except Wrong as wrong:
            return Cleaned(errors={"": [str(wrong)]})

    def parse(self, field: Field, typed: Any) -> Any:
        """Give the answer for something typed; raise Wrong with the sentence."""
        raise Wrong(wrong_type(field, typed))

    def lacks(self, field: Field, value: Any) -> dict[str, list[str]]:
        """Say what an answer still lacks before it can be submitted, by place."""
        return {}

    def demand(self, field: Field) -> str:
        """Say that the question must be answered."""
        return _("Enter “%(label)s”") % {"label": field}

    def shown(self, field: Field, value: Any, language: str) -> str:
        """Give the answer as a reader sees it, without the unit."""
        return str(value)

    def retyped(self, field: Field, typed: Any) -> Any:
        """Give what the control shows: the answer, or the wrong typing unchanged."""
        return "" if typed is None else str(typed)

    def kept(self, typed: Any, value: Any) -> Any:
        """Give what a draft keeps: the answer, or the wrong typing."""
        return typed if value is None else value

    def to_cel(self, field: Field, value: Any) -> Any:
        """Give the value an expression sees for a stored answer."""
        return value

    def from_cel(self, field: Field, result: Any) -> Any:
        """Give the stored answer for the result of a derived field's expression."""
        cleaned = self.clean(field, result)
        if cleaned.errors:
            raise ValueError(f"{field.code}: {result!r} is no answer of kind {field.kind}")
        return cleaned.value


def blank(typed: Any) -> bool:
    """Tell whether nothing was answered."""
    if isinstance(typed, str):
        return not typed.strip()
    if isinstance(typed, dict):
        return all(blank(inner) for inner in typed.values())
    return typed is None or typed == []


def tidy(typed: str, keep: str = "") -> str:
    """Compose the characters (NFC), drop invisible ones but those in `keep`, trim the ends."""
    composed = unicodedata.normalize("NFC", typed.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(
        character
        for character in composed
        if character in keep
        or (
            unicodedata.category(character) not in {"Cc", "Cs", "Cn"}
            and character not in DIRECTION_MARKS
        )
    ).strip()


def narrow(typed: Any) -> str:
    """Give what was typed with full-width letters, digits and signs made half-width, trimmed."""
    return unicodedata.normalize("NFKC", str(typed)).strip()


def wrong_type(field: Field, typed: Any) -> str:
    """Say that the answer has a shape no one can type."""
    return _("“%(label)s” cannot be read; answer it again") % {"label": field}


def say(sentence: str, field: Field, typed: Any, example: str = "", **more: object) -> str:
    """Fill a sentence with the question's label, what was typed and an example."""
    quoted = tidy(str(typed))
    return sentence % {
        "label": field,
        "typed": quoted if len(quoted) <= 40 else quoted[:40] + "…",
        "example": field.example or example,
        **more,
    }
