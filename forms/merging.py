"""Two people's answers to one section, put together question by question.

A page carries a mark of every answer it showed. Whoever sends a page back tells by its marks what
they had before them, so three versions can be compared without anybody keeping the first one::

    mine is what I had before me      I changed nothing: theirs stands
    mine is theirs                    we agree
    theirs is what I had before me    only I changed it: mine takes its place
    anything else                     both changed it: theirs stands until I choose (a clash)
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from forms.fields import kind_of
from forms.fields.kind import blank
from forms.schema import Section

Marks = dict[str, str]  # code of a question -> mark of the answer somebody had before them
MARK = re.compile(r"([a-z][a-z0-9_]*)=([0-9a-f]{12})")


@dataclass(frozen=True)
class Merged:
    """What becomes of my answers."""

    changes: dict[str, Any]  # those that take their place; None where I emptied it
    clashes: tuple[str, ...]  # both changed: theirs stands
    adopted: tuple[str, ...]  # only they changed it

    def over(self, draft: Mapping[str, Any]) -> dict[str, Any]:
        """``draft`` with my changes in it."""
        whole = {**draft, **self.changes}
        return {code: typed for code, typed in whole.items() if typed is not None}


def merge(mine: Mapping[str, Any], theirs: Mapping[str, Any], seen: Mapping[str, str]) -> Merged:
    """Put ``mine`` together with ``theirs``, both ``settled``; ``seen`` are my marks.

    A question without a mark was not on my page: I had no answer to it before me.
    """
    changes, clashes, adopted = dict[str, Any](), [], []
    for code, typed in mine.items():
        my_mark, their_mark = mark(typed), mark(theirs.get(code))
        before = seen.get(code, NOTHING)
        if my_mark == their_mark:
            continue
        if their_mark == before:
            changes[code] = typed
        elif my_mark == before:
            adopted.append(code)
        else:
            clashes.append(code)
    return Merged(changes, tuple(clashes), tuple(adopted))


def settled(section: Section, typed: Mapping[str, Any]) -> dict[str, Any]:
    """The section's part of ``typed`` as a draft keeps it: answers, wrong typing, None for nothing.

    Equal answers are equal then, however they were typed or entered.
    """
    kept = {}
    for field in section.fields:
        if field.code in typed:
            kind, raw = kind_of(field), typed[field.code]
            held = kind.kept(raw, kind.clean(field, raw).value)
            kept[field.code] = None if blank(held) else held
    return kept


# --- marks ----------------------------------------------------------------------------------------
def mark(typed: Any) -> str:
    """A short mark of one answer; equal answers have equal ones."""
    text = json.dumps(typed, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def marks(codes: Iterable[str], held: Mapping[str, Any]) -> Marks:
    """The marks of the answers ``held`` (settled) has to ``codes``."""
    return {code: mark(held.get(code)) for code in codes}


def written(found: Mapping[str, str]) -> str:
    """Marks as a page carries them: ``name=3f2a… year=90bc…``."""
    return " ".join(f"{code}={short}" for code, short in found.items())


def read_marks(text: str) -> Marks:
    """The marks a page sent back; whatever is none is passed over."""
    found = (MARK.fullmatch(word) for word in text.split())
    return {pair[1]: pair[2] for pair in found if pair}


NOTHING = mark(None)
