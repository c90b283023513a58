"""Text: one line or many."""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forms.fields.kind import Kind, Wrong, narrow, say, tidy, wrong_type
from forms.schema import Field

BRACKETS = str.maketrans("()", "（）")
LINE_LIMIT = 500  # characters, where the form sets no limit
PROSE_LIMIT = 20_000


class Line(Kind):
    """One line of text."""

    limit = LINE_LIMIT

    def parse(self, field: Field, typed: Any) -> str:
        """Accept a text of the right length and pattern; line breaks become spaces."""
        if not isinstance(typed, str | int) or isinstance(typed, bool):
            raise Wrong(wrong_type(field, typed))
        text = self.straighten(field, str(typed))
        limit = field.max_length or self.limit
        if len(text) > limit:
            raise Wrong(too_long(field, len(text) - limit, limit))
        return self.matching(field, text)

    def matching(self, field: Field, text: str) -> str:
        """Give the text, or its half-width or capital spelling, that has the form asked for."""
        if not field.pattern:
            return text
        for spelling in (text, narrow(text), narrow(text).upper()):
            if re.fullmatch(field.pattern, spelling, re.ASCII):
                return spelling
        raise Wrong(mismatch(field, text))

    def straighten(self, field: Field, typed: str) -> str:
        """Trim, join lines, and write brackets full-width where the form asks for it."""
        text = " ".join(tidy(typed, keep="\n\t").split())
        return text.translate(BRACKETS) if field.full_width_brackets else text

    def lacks(self, field: Field, value: Any) -> dict[str, list[str]]:
        """Say how many characters are missing."""
        short = (field.min_length or 0) - len(value)
        return {"": [too_short(field, short)]} if short > 0 else {}


class Prose(Line):
    """Paragraphs of text."""

    template = "forms/prose.html"
    limit = PROSE_LIMIT

    def straighten(self, field: Field, typed: str) -> str:
        """Trim the ends of lines and keep the paragraphs."""
        return "\n".join(line.rstrip() for line in tidy(typed, keep="\n\t").split("\n"))


def too_long(field: Field, over: int, limit: int) -> str:
    """Say by how much a text is too long."""
    return ngettext(
        "“%(label)s” is %(over)d character too long; the limit is %(limit)d",
        "“%(label)s” is %(over)d characters too long; the limit is %(limit)d",
        over,
    ) % {"label": field, "over": over, "limit": limit}


def too_short(field: Field, short: int) -> str:
    """Say how much of a text is missing."""
    return ngettext(
        "“%(label)s” is %(short)d character short; write at least %(limit)d",
        "“%(label)s” is %(short)d characters short; write at least %(limit)d",
        short,
    ) % {"label": field, "short": short, "limit": field.min_length}


def mismatch(field: Field, text: str) -> str:
    """Say that a text has the wrong form, with the example when there is one."""
    if field.example:
        return say(
            _("“%(label)s” has the wrong form; you typed “%(typed)s”. Example: %(example)s"),
            field,
            text,
        )
    return say(_("“%(label)s” has the wrong form; you typed “%(typed)s”"), field, text)
