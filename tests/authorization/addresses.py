"""Every address the resolver knows, and the answer the table expects of each."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

TABLE = Path(__file__).parent / "permissions.toml"
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
SAFE = ("GET", "HEAD", "OPTIONS")
TELLING = ("GET", "POST")  # the methods whose answer depends on what the address names
OWN, FOREIGN, MISSING = "own", "foreign", "missing"
SIGN_IN = 302  # where a visitor is sent who must sign in first


def known() -> list[str]:
    """The name of every pattern, once: the second language is the same view under a prefix."""
    return sorted(_names(get_resolver().url_patterns))


def _names(patterns: Sequence[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _names(pattern.url_patterns)
        else:
            yield pattern.name or f"unnamed: {pattern.pattern}"


@dataclass(frozen=True)
class Rule:
    """Who may do what at one address."""

    name: str
    open_to: str | Sequence[str]  # "anyone", "signed_in", or roles; others read 403
    methods: Sequence[str]
    object: str  # the kind of thing its address names; empty for none
    answers: Mapping[str, Any]  # method -> status, or role -> status
    visitor: int  # for nobody who has signed in
    other: int  # for an object that is foreign or missing
    data: Mapping[str, str]  # role -> what its POST says

    def answer(self, role: str, method: str, which: str) -> int:
        """The status ``role`` must get; ``which`` object the address names, if any."""
        if not self.lets(role):
            return self.visitor if role == "anonymous" else 403
        if method not in self.methods:
            return 405
        return self._permitted(role, method) if which == OWN else self.other

    def lets(self, role: str, method: str = "") -> bool:
        """Whether ``role`` may come in at all, and with ``method``."""
        if self.open_to == "signed_in":
            invited = role != "anonymous"
        else:
            invited = self.open_to == "anyone" or role in self.open_to
        return invited and (not method or method in self.methods)

    def words(self, role: str) -> str:
        """What ``role`` posts."""
        return self.data.get(role, self.data.get("others", ""))

    def _permitted(self, role: str, method: str) -> int:
        told = self.answers.get("GET" if method == "HEAD" else method, self.answers.get("any", 200))
        return told if isinstance(told, int) else told.get(role, told["others"])


@dataclass(frozen=True)
class Table:
    """The whole table of ``permissions.toml``."""

    roles: Sequence[str]
    sees: Mapping[str, Mapping[str, Sequence[str]]]  # kind -> role -> its own, and a foreign one
    reads_theirs: Sequence[str]
    rules: Mapping[str, Rule]

    def tries(self, rule: Rule, role: str) -> Iterator[tuple[str, str, str]]:
        """Every try of ``role`` at an address: own, foreign or missing; the object; the method.

        HEAD is GET without its body, and what no page answers is refused before anything is looked
        up: those are tried on the first object only.
        """
        for place, (which, name) in enumerate(self._objects(rule, role)):
            for method in METHODS if place == 0 else TELLING:
                yield which, name, method

    def _objects(self, rule: Rule, role: str) -> list[tuple[str, str]]:
        if not rule.object:
            return [(OWN, "")]
        kind = self.sees[rule.object]
        own, foreign = kind.get(role, kind["others"])
        return [
            (which, name)
            for which, name in ((OWN, own), (FOREIGN, foreign), (MISSING, MISSING))
            if name
        ]


@cache
def table() -> Table:
    """Read the table once."""
    told = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    groups = told["groups"]
    return Table(
        roles=told["roles"],
        sees=told["sees"],
        reads_theirs=told["reads_theirs"],
        rules={name: _rule(name, row, groups) for name, row in told["address"].items()},
    )


def _rule(name: str, row: dict[str, Any], groups: Mapping[str, Sequence[str]]) -> Rule:
    open_to = row["open_to"]
    if isinstance(open_to, list):
        open_to = _members(open_to, groups)
    return Rule(
        name=name,
        open_to=open_to,
        methods=row.get("methods", "GET HEAD").split(),
        object=row.get("object", ""),
        answers={method: row[method] for method in (*METHODS, "any") if method in row},
        visitor=row.get("visitor", SIGN_IN),
        other=row.get("other", 404),
        data=row.get("data", {}),
    )


def _members(entries: Sequence[str], groups: Mapping[str, Sequence[str]]) -> list[str]:
    """Roles, with groups taken apart."""
    return [
        role
        for entry in entries
        for role in (_members(groups[entry], groups) if entry in groups else [entry])
    ]
