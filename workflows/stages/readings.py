"""Where the answers of an application stand in its papers, found by the text of their pages.

It tells a reader where to look; what is not found is no finding. Values are compared however they
are written: full or half width, with or without thousands separators, 2026年11月22日 or 2026-11-22,
10,385,000.00 元 or 1038.5 万元. A number too short to be told from others needs its unit.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from forms.fields.dates import FOREVER
from forms.schema import NUMBERS, Field
from workflows.models import Case, Reading, Submission

WORDED = 8  # letters, digits and Han characters that make a page one with text
SHORTEST, LONGEST = 4, 60  # characters of a text that may be looked for as it stands
DISTINCT = 3  # digits of a number that is told from others without its unit
CODE = 8  # a Latin word or number shorter than that may be a part of another
MOST_VALUES = 60  # of one answer
LONGEST_NUMBER = 30  # characters
FAR = 8  # characters after a number in which its unit stands
WAN = 10**4
UNITS = {"percent": "%", "money": "万元"}
APART = re.compile("(?<=\\d)[\u2009\u00a0\u202f](?=\\d{3})")  # spaces within a number
SIGNS = str.maketrans("〇○•‧・“”‘’—–−‐‑", "零零···\"\"''-----")
NUMBER = re.compile(r"(?<![\d.])(?:\d{1,3}(?:[,'’]\d{3})+|\d+)(?:\.\d+)?(?![\d])", re.ASCII)
DAY = re.compile(r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)", re.ASCII)
EIGHT = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)", re.ASCII)
HAN_DAY = re.compile(
    r"([零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
HAN = {han: str(digit) for digit, han in enumerate("零一二三四五六七八九")}
Found = tuple[int, int, int]  # the page, the values that stand there, the values looked for
Looks = Callable[["Page"], bool]


# --- pages ----------------------------------------------------------------------------------------
class Page:
    """What one page says, in the ways it may be asked."""

    def __init__(self, text: str) -> None:
        """Keep the text in its plain form."""
        plain = unicodedata.normalize("NFKC", APART.sub("", text.translate(SIGNS)))
        self.text = plain.translate(SIGNS)

    @property
    def worded(self) -> bool:
        """Whether there is text to find anything in; a stamp of the scanner is none."""
        return sum(map(str.isalnum, self.text)) >= WORDED

    @cached_property
    def letters(self) -> str:
        """The text without spaces, in lower case."""
        return _letters(self.text)

    @cached_property
    def days(self) -> set[str]:
        """Every date, as YYYY-MM-DD."""
        written = [*DAY.findall(self.text), *EIGHT.findall(self.text)]
        han = [tuple(map(_han, day)) for day in HAN_DAY.findall(self.letters)]
        return {f"{year}-{int(month):02}-{int(day):02}" for year, month, day in (*written, *han)}

    @cached_property
    def numbers(self) -> Mapping[Decimal, set[str]]:
        """Every number, and what follows it where it stands."""
        found: defaultdict[Decimal, set[str]] = defaultdict(set)
        for each in NUMBER.finditer(self.text):
            if len(each[0]) <= LONGEST_NUMBER:
                after = self.text[each.end() : each.end() + FAR]
                found[Decimal(re.sub(r"[,'’]", "", each[0]))].add(_letters(after))
        return found


def _letters(text: str) -> str:
    return "".join(text.split()).lower()


def _han(number: str) -> str:
    """The digits of a year, month or day in Han characters."""
    if "十" not in number:
        return "".join(HAN[each] for each in number)
    tens, _ten, ones = number.partition("十")
    return (HAN[tens] if tens else "1") + (HAN[ones] if ones else "0")


# --- values ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Value:
    """One value of an answer: how a page is asked for it, and whether its absence says anything."""

    stands: Looks
    plain: bool = True


def values(field: Field, answer: Any) -> list[Value]:
    """What of ``answer`` can be looked for; empty where a paper would not say it in these words."""
    if answer in (None, "") or field.kind not in SOUGHT:
        return []
    return SOUGHT[field.kind](field, answer)[:MOST_VALUES]


def _cells(field: Field, answer: Any) -> list[Value]:
    return [
        value
        for row in answer
        for column in field.columns
        for value in values(column, row.get(column.code))
    ]


def _text(_field: Field, answer: Any) -> list[Value]:
    written = _letters(Page(str(answer)).text)
    if not SHORTEST <= len(written) <= LONGEST:
        return []
    if written.isalnum() and written.isascii() and len(written) < CODE:
        alone = re.compile(rf"(?<![0-9a-z]){written}(?![0-9a-z])")
        return [Value(lambda page: bool(alone.search(page.text.lower())), plain=False)]
    return [Value(lambda page: written in page.letters)]


def _day(day: str) -> Value:
    if day == FOREVER:
        return Value(lambda page: "长期" in page.letters or "永久" in page.letters)
    return Value(lambda page: day in page.days)


def _ends(_field: Field, answer: Any) -> list[Value]:
    return [_day(day) for day in answer.values() if day]


def _years(field: Field, answer: Any) -> list[Value]:
    return [_number(each, field.unit) for each in answer.values()]


def _figure(field: Field, answer: Any) -> list[Value]:
    return [_number(answer, field.unit or UNITS.get(field.kind, ""))]


def _number(answer: Any, unit: str) -> Value:
    """A number, or its amount in 元 or 亿元 where it is one in 万元."""
    number = Decimal(str(answer))
    ways = {number: unit}
    if unit == "万元":
        ways |= {number * WAN: "元", number / WAN: "亿元"}

    def stands(page: Page) -> bool:
        return any(
            _distinct(way)
            or (named and any(after.startswith(named) for after in page.numbers[way]))
            for way, named in ways.items()
            if way in page.numbers
        )

    return Value(stands, plain=_distinct(number))


def _distinct(number: Decimal) -> bool:
    """Whether a number says enough by itself: three digits, not round, and none of a year."""
    whole = number == number.to_integral_value()
    digits = str(int(number)) if whole else str(number.normalize()).replace(".", "").lstrip("0")
    year = whole and 1900 <= number <= 2100
    return len(digits) >= DISTINCT and len(digits.rstrip("0")) > 1 and not year


SOUGHT: Mapping[str, Callable[[Field, Any], list[Value]]] = {
    **dict.fromkeys(("text", "uscc", "phone", "email", "url"), _text),
    **dict.fromkeys(NUMBERS, _figure),
    "date": lambda _field, answer: [_day(answer)],
    "period": _ends,
    "yearly": _years,
    "table": _cells,
}


# --- papers ---------------------------------------------------------------------------------------
def read(case: Case, sha256: str, pages: Sequence[str]) -> Reading:
    """The unsaved note of how many pages of a paper were read, and how many say anything."""
    worded = sum(Page(text).worded for text in pages)
    return Reading(case=case, sha256=sha256, pages=len(pages), worded=worded)


def compare(case: Case, notes: Sequence[Reading], said: Mapping[str, Mapping[int, str]]) -> None:
    """Let each of ``notes`` say where the answers filed last stand in its paper."""
    filed = case.submissions.order_by("-number").first() if notes else None
    if filed is not None:
        asked = _asked(case, filed)
        for note in notes:
            note.found = _standing(asked, said.get(note.sha256, {}))


def _asked(case: Case, filed: Submission) -> dict[str, list[Value]]:
    """The values of every answer that some check rests on, by the code of its question."""
    named = {code for check in case.procedure.checklist for code in check.proves}
    given = {**filed.derived, **filed.answers}
    asked = [field for field in case.rules.form.fields() if field.code in named]
    found = {field.code: values(field, given.get(field.code)) for field in asked}
    return {code: each for code, each in found.items() if each}


def _standing(asked: Mapping[str, Sequence[Value]], said: Mapping[int, str]) -> dict[str, Found]:
    """On which page most values of each answer stand, and how many.

    An answer whose values are too short to be missed is left out where none of them is found.
    """
    pages = {number: Page(text) for number, text in sorted(said.items())}
    told = ((code, _best(each, pages)) for code, each in asked.items())
    return {code: best for code, best in told if best[2]}


def _best(sought: Sequence[Value], pages: Mapping[int, Page]) -> Found:
    there = {
        number: {place for place, value in enumerate(sought) if value.stands(page)}
        for number, page in pages.items()
    }
    best = max(there, key=lambda number: len(there[number]), default=0)
    plain = {place for place, value in enumerate(sought) if value.plain}
    return best, len(there.get(best, ())), len(plain.union(*there.values()))
