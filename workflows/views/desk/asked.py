"""Which tasks a reader asks to see: every part of it stands in the address."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict

QUEUES = ("mine", "unclaimed", "team", "watching", "snoozed", "done")
PARTS = ("overdue", "today", "week", "later", "paused")
NEAR = "near"  # overdue or soon due, for whoever looks after a queue
TAGS = ("corrected", "supervised", "suspended", "stand_in")
SORTS = ("newest", "oldest")  # by the day a task came; unless asked, the most urgent stand first
ANSWER = re.compile(r"f_([a-z][a-z0-9_]{0,60})")  # asks what stands in an answer of the newest form
MOST_ANSWERS = 5
LONGEST = 60  # characters of a word that is looked for


@dataclass(frozen=True)
class Asked:
    """A queue, what narrows it, and from where on it is read."""

    queue: str = "mine"
    q: str = ""
    programme: str = ""
    step: str = ""
    round: str = ""
    due: str = ""
    tag: str = ""
    sort: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    view: int = 0  # the saved view it came from
    after: str = ""  # a place in the list, as ``queues.page_of`` gave it
    page: int = 1  # of links from before there were places

    @classmethod
    def of(cls, given: QueryDict, queue: str = "") -> Self:
        """Read it from an address; what makes no sense there asks for nothing."""
        chosen = queue or given.get("queue", "mine")
        return cls(
            queue=chosen if chosen in QUEUES else "mine",
            q=typed(given.get("q", "")),
            programme=plain(given.get("programme", ""))[:50],
            step=plain(given.get("step", ""))[:60],
            round=plain(given.get("round", ""))[:40],
            due=_one_of((*PARTS, NEAR), given.get("due", "")),
            tag=_one_of(TAGS, given.get("tag", "")),
            sort=_one_of(SORTS, given.get("sort", "")),
            answers=_answers(given),
            view=_number(given.get("view", ""), 10**9) or 0,
            after=given.get("after", "")[:200],
            page=_number(given.get("page", ""), 1000) or 1,
        )

    @property
    def narrowed(self) -> bool:
        """Whether the reader sees a part of the queue only."""
        asked = (self.q, self.programme, self.step, self.round, self.due, self.tag, self.answers)
        return any(asked)

    def query(self, *, without: Sequence[str] = (), **changes: Any) -> str:
        """The address's query that asks the same, with ``changes``, from the top unless told."""
        asked = replace(self, **{"page": 1, "after": "", **changes})
        kept = {each.name: getattr(asked, each.name) for each in fields(asked)}
        if asked.page == 1:
            del kept["page"]
        answers = kept.pop("answers") if "answers" not in without else ()
        told = [(key, value) for key, value in kept.items() if value and key not in without]
        return urlencode([*told, *((f"f_{code}", value) for code, value in answers)])


def plain(text: str) -> str:
    """What was sent, without what no key types and no database keeps."""
    return "".join(character for character in text if character.isprintable())


def typed(text: str) -> str:
    """The words that are looked for, in half-width letters."""
    half = unicodedata.normalize("NFKC", plain(text[:LONGEST]))
    return " ".join(half.split())[:LONGEST]


def _answers(given: QueryDict) -> tuple[tuple[str, str], ...]:
    """What is asked of answers, in the order of their codes."""
    asked = {}
    for name, value in given.items():
        if (found := ANSWER.fullmatch(name)) and value:
            asked[found[1]] = plain(str(value))[:LONGEST]
    return tuple(sorted(asked.items())[:MOST_ANSWERS])


def _one_of(known: Sequence[str], given: str) -> str:
    return given if given in known else ""


def _number(given: str, most: int) -> int | None:
    """A whole number from 1 to ``most``; None for anything else."""
    if not given.isascii() or not given.isdecimal() or len(given) > len(str(most)):
        return None
    number = int(given)
    return number if 0 < number <= most else None
