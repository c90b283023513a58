"""The unified social credit code: GB 32100-2015, with the organisation code of GB 11714 inside.

Eighteen characters: department, kind, area (6), organisation code (9, the last one a check
character), check character. The alphabet leaves out I, O, S, V and Z.
"""

import re
from typing import Any

from django.utils.translation import gettext as _

from forms.fields.kind import Kind, Wrong, narrow
from forms.schema import Field

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# 1 机构编制 2 外交 3 司法行政 4 文化 5 民政 6 旅游 7 宗教 8 工会 9 工商 A 中央军委 N 农业 Y 其他
DEPARTMENTS = frozenset("123456789ANY")


class CreditCode(Kind):
    """A unified social credit code."""

    width = "w-md"

    def parse(self, field: Field, typed: Any) -> str:
        """Accept a code whose two check characters are right, however it was spaced."""
        code = normal(str(typed))
        if sentence := fault(code):
            raise Wrong(sentence)
        return code


def normal(typed: str) -> str:
    """Give a code half-width, in capitals, without spaces and dashes."""
    return re.sub(r"[\s\-‐‑–—−]", "", narrow(typed)).upper()


def fault(code: str) -> str:
    """Say what is wrong with a normal code; empty when it is right."""
    return _misspelt(code) or _mischecked(code)


def _misspelt(code: str) -> str:
    if len(code) != 18:
        return _("A credit code has 18 characters; you typed %(count)d") % {"count": len(code)}
    for place, character in enumerate(code[:17], start=1):
        if character not in ALPHABET:
            return _foreign(place, character)
    if code[0] not in DEPARTMENTS:
        return _("Character 1 names the registering department and cannot be “%(character)s”") % {
            "character": code[0]
        }
    if not code[2:8].isdigit():
        return _(
            "Characters 3 to 8 are the area code and must be digits; you typed “%(typed)s”"
        ) % {"typed": code[2:8]}
    return ""


def _mischecked(code: str) -> str:
    if code[17] != check_character(code[:17]):
        return _(
            "The check character in place 18 is wrong; "
            "see whether the letters O or I were taken for digits"
        )
    if code[16] != organisation_check(code[8:16]):
        return _(
            "The check character of the organisation code in place 17 is wrong; "
            "compare places 9 to 17 with the business licence"
        )
    return ""


def check_character(first17: str) -> str:
    """Give place 18 for the first 17 places (GB 32100-2015)."""
    total = sum(
        ALPHABET.index(character) * weight
        for character, weight in zip(first17, WEIGHTS, strict=True)
    )
    return ALPHABET[-total % 31]


def organisation_check(first8: str) -> str:
    """Give place 17 for places 9 to 16 (GB 11714: letters count from A = 10, ten is X)."""
    total = sum(
        int(character, 36) * weight
        for character, weight in zip(first8, ORGANISATION_WEIGHTS, strict=True)
    )
    return "0123456789X"[-total % 11]


def _foreign(place: int, character: str) -> str:
    sentence = _(
        "Character %(place)d cannot be “%(character)s”; credit codes use no I, O, S, V or Z"
    )
    if character in "OI":
        sentence = _(
            "Character %(place)d cannot be “%(character)s”; it is probably the digit %(digit)s"
        )
    return sentence % {
        "place": place,
        "character": character,
        "digit": {"O": "0", "I": "1"}.get(character),
    }
