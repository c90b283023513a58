"""Words as the search knows them: Latin words and numbers whole, Chinese in overlapping pairs.

Chinese writes no spaces, and a dictionary that cuts it into words does not know the names of
companies. So every Han character begins one token: the pair it forms with the next one, or itself
at the end of its run. 恒越精密 becomes 恒越 越精 精密 密, and whatever is asked for, 越精 too, is a
row of such tokens: found without a dictionary, and never where the characters stand apart.
docs/decisions/0030 compares the other ways.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
BROKEN = re.compile(rf"(?<=[{HAN}])[^\S\u3000]+(?=[{HAN}])")  # a line that ends within a sentence
LONGEST = 60  # characters of a token, and of what is asked
MOST_WORDS = 6
SHORTEST_BEGINNING = 2  # letters
SHORTEST_NUMBER = 5  # digits that may be the beginning of more: four are a year
SHORTEST_ENDING = 4  # characters of a number that are enough to find it by its end


class Token(NamedTuple):
    """A token, and where it stands in the text it was read from."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Phrase:
    """Tokens that are asked for one after the other; the last may be ``unfinished``."""

    tokens: tuple[str, ...]
    unfinished: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether tokens must be found by their beginning.

        A vector of PostgreSQL says every Han character by itself, so that one is not a beginning.
        """
        return self.unfinished and not _is_han(self.tokens[-1][0])

    @property
    def ways(self) -> "tuple[Phrase, ...]":
        """This phrase, and where it is a number with signs in it the same without them."""
        together = "".join(self.tokens)
        if len(self.tokens) < 2 or not together.isascii() or not _may_go_on(together):
            return (self,)
        return self, Phrase((together,), unfinished=True)

    def stands_at(self, place: int, found: Sequence[Token]) -> bool:
        """Whether ``found`` says the phrase from ``place`` on."""
        if not found[place].text.startswith(self.tokens[0]):
            return False  # as almost everywhere
        there = [token.text for token in found[place : place + len(self.tokens)]]
        if len(there) < len(self.tokens) or there[:-1] != list(self.tokens[:-1]):
            return False
        last = self.tokens[-1]
        return there[-1].startswith(last) if self.unfinished else there[-1] == last


# --- texts ----------------------------------------------------------------------------------------
def tokens(text: str) -> list[Token]:
    """Every token of ``text``, in the order of their places."""
    folded, places = _folded(text)
    found = []
    for run in RUN.finditer(folded):
        for start, end in _cut(folded, run.start(), run.end()):
            found.append(Token(folded[start:end][:LONGEST], places[start], places[end - 1] + 1))
    return found


def spelled(text: str) -> str:
    """The tokens of ``text`` as the index keeps them: with a space between."""
    folded = "".join(map(_fold, text))
    return " ".join(
        folded[start:end][:LONGEST]
        for run in RUN.finditer(folded)
        for start, end in _cut(folded, run.start(), run.end())
    )


def joined(text: str) -> str:
    """``text`` without the spaces and line ends that a laid out page has between Han characters."""
    return BROKEN.sub("", text)


def _cut(folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    if not _is_han(folded[start]):
        yield start, end
        return
    for place in range(start, end):
        yield place, min(place + 2, end)


def _folded(text: str) -> tuple[str, list[int]]:
    """``text`` in its plain form, and for each of its characters the place it comes from."""
    parts = [_fold(character) for character in text]
    places = [place for place, part in enumerate(parts) for _ in part]
    return "".join(parts), places


@lru_cache(maxsize=50_000)
def _fold(character: str) -> str:
    return unicodedata.normalize("NFKC", character).lower()


@lru_cache(maxsize=50_000)
def _is_han(character: str) -> bool:
    return re.match(f"[{HAN}]", character) is not None


# --- questions ------------------------------------------------------------------------------------
def phrases(asked: str) -> list[Phrase]:
    """What ``asked`` asks for: a phrase for each word between spaces, signs left out.

    All of them must be found. Empty when nothing is asked that a token could say.
    """
    words = unicodedata.normalize("NFKC", asked[:LONGEST]).split()
    found = [phrase for word in words if (phrase := _phrase(word)) is not None]
    return list(dict.fromkeys(found))[:MOST_WORDS]


def _phrase(word: str) -> Phrase | None:
    found = [token.text for token in tokens(word)]
    if not found:
        return None
    last = found[-1]
    if not _is_han(last[0]):
        return Phrase(tuple(found), _may_go_on(last))
    if len(found) > 1 and len(found[-2]) > 1 and _is_han(found[-2][0]):
        return Phrase(tuple(found[:-1]))  # the last pair says the last character already
    return Phrase(tuple(found), unfinished=True)  # one character: whatever begins with it


def _may_go_on(word: str) -> bool:
    """Whether a Latin word or a number may be the beginning of what is meant."""
    return len(word) >= (SHORTEST_NUMBER if word.isdecimal() else SHORTEST_BEGINNING)


def endings(number: str) -> str:
    """The tokens by which a number or code is found from any of its characters on."""
    plain, _ = plainly(number)
    return " ".join(plain[place:] for place in range(len(plain) - SHORTEST_ENDING + 1))


def plainly(number: str) -> tuple[str, list[int]]:
    """``number`` without its signs, and for each of its characters the place it comes from."""
    folded, places = _folded(number)
    kept = [place for run in RUN.finditer(folded) for place in range(*run.span())]
    return "".join(folded[place] for place in kept), [places[place] for place in kept]
