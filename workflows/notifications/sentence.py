"""What a message is made of: a sentence with places for facts, and the words one reader reads."""

import re
from dataclasses import dataclass

from django.utils.functional import Promise

PLACE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message as it is translated, with places for facts."""

    title: str | Promise
    text: str | Promise

    @property
    def places(self) -> set[str]:
        """The names of the facts the sentence needs."""
        return set(PLACE.findall(f"{self.title} {self.text}"))


@dataclass(frozen=True, slots=True)
class Words:
    """A message as one reader reads it; a short channel leaves the ``note`` out."""

    title: str
    text: str
    note: str = ""
