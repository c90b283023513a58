"""Dates, years and periods."""

import re
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import override

from forms.fields.kind import Cleaned, Kind, Wrong, blank, narrow, say, wrong_type
from forms.fields.number import Whole
from forms.schema import Field

SPELLINGS = (
    re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", re.ASCII),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日?", re.ASCII),
    re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII),
)
FOREVER = "9999-12-31"  # 长期, as business licences print it
FOREVER_TYPED = frozenset({"长期", "永久", "longterm", "permanent"})


class Date(Kind):
    """A day, typed in any common spelling; 长期 means 9999-12-31."""

    inputmode = "text"
    width = "w-sm"
    example = sample = "2024-03-18"

    def parse(self, field: Field, typed: Any) -> str:
        """Accept a day that exists and give it as YYYY-MM-DD."""
        text = (
            re.sub(r"\s", "", narrow(typed)).replace("。", ".").replace("—", "-").replace("–", "-")
        )
        if text.lower().replace("-", "") in FOREVER_TYPED:
            return FOREVER
        for spelling in SPELLINGS:
            if match := spelling.fullmatch(text):
                return self.existing(field, typed, *map(int, match.groups()))
        sentence = _("“%(label)s” should be a date; you typed “%(typed)s”. Example: %(example)s")
        raise Wrong(say(sentence, field, typed, self.example))

    def existing(self, field: Field, typed: Any, year: int, month: int, day: int) -> str:
        """Give the day, or refuse one that no calendar has."""
        try:
            found = date(year, month, day)
        except ValueError:
            sentence = _("“%(label)s”: there is no such day as “%(typed)s”. Example: %(example)s")
            raise Wrong(say(sentence, field, typed, self.example)) from None
        if found.year < 1800:
            sentence = _(
                "“%(label)s” lies too far back; you typed “%(typed)s”. Example: %(example)s"
            )
            raise Wrong(say(sentence, field, typed, self.example))
        return found.isoformat()

    def shown(self, field: Field, value: Any, language: str) -> str:
        """Give the day, or the word for no end."""
        with override(language):
            return _("no end date") if value == FOREVER else str(value)


class Year(Whole):
    """A calendar year."""

    width = "w-xs"
    example = "2025"

    def parse(self, field: Field, typed: Any) -> int:
        """Accept a year of four digits."""
        text = re.sub(r"\s", "", narrow(typed)).removesuffix("年").removesuffix(".0")
        if isinstance(typed, bool) or not re.fullmatch(r"(19|20|21)\d\d", text, re.ASCII):
            sentence = _(
                "“%(label)s” should be a year of four digits; "
                "you typed “%(typed)s”. Example: %(example)s"
            )
            raise Wrong(say(sentence, field, typed, self.example))
        self.within(field, number := self.exact(field, text), typed)
        return int(number)

    def shown(self, field: Field, value: Any, language: str) -> str:
        """Give the year without separators."""
        return str(value)

    def grouped(self, number: Any) -> str:
        """Give a limit without separators."""
        return str(int(number))


class Period(Kind):
    """A stretch of days, first and last included."""

    template = "forms/period.html"
    empty: Any = {"from": "", "to": ""}
    day = Date()

    def read(self, field: Field, name: str, posted: QueryDict) -> Any:
        """Take both ends from `name-from` and `name-to`."""
        if not {f"{name}-from", f"{name}-to"}.intersection(posted):
            return None
        return {end: posted.get(f"{name}-{end}", "") for end in ("from", "to")}

    def clean(self, field: Field, typed: Any) -> Cleaned:
        """Accept two days in order."""
        if blank(typed):
            return Cleaned()
        if not isinstance(typed, dict):
            return Cleaned(errors={"": [wrong_type(field, typed)]})
        ends = {end: self.day.clean(field, typed.get(end)) for end in ("from", "to")}
        errors = {f".{end}": cleaned.errors[""] for end, cleaned in ends.items() if cleaned.errors}
        value = {end: cleaned.value for end, cleaned in ends.items() if cleaned.value}
        if len(value) == 2 and value["from"] > value["to"]:
            errors[".to"] = [_("“%(label)s” ends before it begins") % {"label": field}]
        return Cleaned(errors=errors) if errors else Cleaned(value or None)

    def lacks(self, field: Field, value: Any) -> dict[str, list[str]]:
        """Say which end is missing."""
        sentences = {
            "from": _("Enter the first day of “%(label)s”"),
            "to": _("Enter the last day of “%(label)s”"),
        }
        return {
            f".{end}": [said % {"label": field}]
            for end, said in sentences.items()
            if end not in value
        }

    def shown(self, field: Field, value: Any, language: str) -> str:
        """Give both ends."""
        with override(language):
            return _("%(first)s to %(last)s") % {
                "first": self.day.shown(field, value.get("from", "…"), language),
                "last": self.day.shown(field, value.get("to", "…"), language),
            }

    def retyped(self, field: Field, typed: Any) -> Any:
        """Give both ends as typed."""
        return (
            typed
            if isinstance(typed, dict)
            else {"from": "" if typed is None else str(typed), "to": ""}
        )

    def to_cel(self, field: Field, value: Any) -> Any:
        """Give a map in which a missing end is an empty text."""
        return {"from": value.get("from", ""), "to": value.get("to", "")}
