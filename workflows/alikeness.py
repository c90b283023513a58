"""How alike two files are: the same project under two names or under two leads (X2).

Nothing is decided here: a hit is shown to the case officer with its grounds. Plain Python, so that
it can be read, tried and argued about by itself. May not import Django.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

SAME_NAME = 80  # per cent of letter pairs in common: another word order, a word more or less
NEAR_NAME = 50  # the same subject; says something only with a unit or a site in common
BUDGET = 50  # per cent of the shorter budget's items that stand in both
SAME_TEXT = 50  # per cent of the marks of a sketch: half of a text copied word for word
SHINGLE, SKETCH = 10, 24  # letters of a piece of text, pieces kept
ITEMS = 3  # fewer items in common are chance: everybody buys computers

# What nearly every project of these programmes is called, and so tells none apart.
COMMON = (
    "产教融合", "协同育人", "校企合作", "高技能人才", "就业型", "教学型", "践习型", "开放型",
    "示范", "培育", "培养", "实训", "实践", "联合", "共建", "建设", "项目", "工程", "基地", "平台",
    "中心",
)  # fmt: skip


@dataclass(frozen=True)
class Features:
    """What a file is recognised by; every text in its plain form."""

    lead: str  # credit code
    name: str
    site: str = ""
    units: frozenset[str] = field(default=frozenset())  # credit codes of lead and partners
    vouchers: frozenset[str] = field(default=frozenset())
    items: frozenset[str] = field(default=frozenset())  # of the budget


class Ground(NamedTuple):
    """One thing two files share: how much of it, and what."""

    kind: str  # name, site, units, vouchers, budget
    percent: int
    shared: tuple[str, ...] = ()


def plain(text: str) -> str:
    """Give letters and digits only, half-width, in small letters: 「（A） 1号」 is "a1号"."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def name_percent(one: str, other: str) -> int:
    """Say how many of the letter pairs of two plain names are the same (Dice), in per cent.

    The words in `COMMON` count only where a name has no others.
    """
    if one == other:
        return 100 if one else 0
    ours, theirs = _pairs(_own(one)), _pairs(_own(other))
    both = sum((ours & theirs).values())
    return 200 * both // max(1, ours.total() + theirs.total())


def grounds(one: Features, other: Features) -> list[Ground]:
    """Everything the two files share, whether or not it amounts to a hit."""
    found = []
    if (percent := name_percent(one.name, other.name)) >= NEAR_NAME:
        found.append(Ground("name", percent, (one.name, other.name)))
    if one.site and one.site == other.site:
        found.append(Ground("site", 100, (one.site,)))
    for kind, ours, theirs in (
        ("units", one.units, other.units),
        ("vouchers", one.vouchers, other.vouchers),
        ("budget", one.items, other.items),
    ):
        if both := ours & theirs:
            percent = 100 * len(both) // min(len(ours), len(theirs))
            found.append(Ground(kind, percent, tuple(sorted(both))))
    return found


def is_hit(one: Features, other: Features, found: Iterable[Ground]) -> bool:
    """Say whether what two files share has to be looked at by a person.

    A voucher is spent once; a name that is nearly the same and a budget that is mostly the same
    speak for themselves; a similar name needs a unit or the site in common; a site in common needs
    a partner in common and two leads, for one lead may do many things at its own address.
    """
    have = {ground.kind: ground for ground in found}
    near, budget = have.get("name"), have.get("budget")
    return (
        "vouchers" in have
        or (near is not None and near.percent >= SAME_NAME)
        or (budget is not None and budget.percent >= BUDGET and len(budget.shared) >= ITEMS)
        or (near is not None and not have.keys().isdisjoint({"units", "site"}))
        or ({"units", "site"} <= have.keys() and one.lead != other.lead)
    )


def sketch(text: str) -> frozenset[str]:
    """Give a few marks of a long text such that copies of it have most of them in common.

    They are the smallest digests of its pieces of `SHINGLE` letters (bottom-k sketch, Broder 1997);
    a text too short to tell apart has none.
    """
    letters = plain(text)
    if len(letters) < SHINGLE + SKETCH:
        return frozenset()
    pieces = {letters[place : place + SHINGLE] for place in range(len(letters) - SHINGLE + 1)}
    digests = sorted(blake2b(piece.encode(), digest_size=8).hexdigest() for piece in pieces)
    return frozenset(digests[:SKETCH])


def _own(name: str) -> str:
    """Give what is left of a name without the common words; all of it where that is too little."""
    left = name
    for word in COMMON:
        left = left.replace(word, "")
    return left if len(left) > 2 else name


@lru_cache(maxsize=20_000)
def _pairs(text: str) -> Counter[str]:
    return Counter(text[place : place + 2] for place in range(len(text) - 1))
