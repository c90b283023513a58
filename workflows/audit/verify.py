"""Reading the trail back: every link, every entry, and every case against its last entry."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from workflows.audit.chain import ALGORITHM, GENESIS, canonical, link, stamp
from workflows.models import Case, Event


@dataclass(frozen=True)
class Finding:
    """One thing wrong with the trail, and the entry where it shows."""

    chain: str
    seq: int
    what: str

    def __str__(self) -> str:
        return f"{self.chain}:{self.seq} {self.what}"


@dataclass(frozen=True)
class Link:
    """What the next entry of a chain has to follow."""

    chain: str
    seq: int = 0
    hash: str = GENESIS
    state: str | None = None


def verify(chain: str | None = None) -> list[Finding]:
    """Everything wrong with ``chain``, or with the whole trail; empty when all is well."""
    return list(findings(chain))


def findings(chain: str | None = None) -> Iterator[Finding]:
    """What is wrong, in order of chain and entry, read as a stream: first entries, then cases."""
    yield from _broken_entries(chain)
    yield from _cases_astray(chain)


def _broken_entries(chain: str | None) -> Iterator[Finding]:
    events = Event.objects.order_by("chain", "seq")
    last = Link(chain="")
    for event in (events.filter(chain=chain) if chain else events).iterator(chunk_size=2000):
        if event.chain != last.chain:
            last = Link(event.chain)
        body = _parsed(event.body)
        for what in (*_broken_links(event, last), *_contradictions(event, body, last)):
            yield Finding(event.chain, event.seq, what)
        last = Link(event.chain, event.seq, event.hash, body.get("to"))


def _broken_links(event: Event, last: Link) -> Iterator[str]:
    if event.seq != last.seq + 1:
        yield f"follows entry {last.seq}: entries are missing or doubled"
    if event.prev != last.hash:
        yield "does not link to the entry before it"
    if event.hash != link(event.prev, event.body):
        yield "has a hash that is not the hash of its text"


def _contradictions(event: Event, body: dict[str, Any], last: Link) -> Iterator[str]:
    """Where the columns, which queries read, differ from the text, which was hashed."""
    if not body:
        yield "has a text that is not canonical"
        return
    for name, said, stored in (
        ("actor", (body.get("actor") or {}).get("id"), event.actor_id),
        ("alg", body.get("alg"), ALGORITHM),
        ("at", body.get("at"), stamp(event.at)),
        ("chain", body.get("chain"), event.chain),
        ("duty", body.get("duty", ""), event.duty),
        ("kind", body.get("kind"), event.kind),
        ("seq", body.get("seq"), event.seq),
    ):
        if said != stored:
            yield f"says {name} {said!r} in its text but {stored!r} in its column"
    if event.case_id is not None and event.chain != f"case:{event.case_id}":
        yield f"lies in the chain of another case than its own, {event.case_id}"
    if last.state is not None and body.get("from") != last.state:
        yield f"begins at {body.get('from')!r}, but the entry before it ended at {last.state!r}"


def _cases_astray(chain: str | None) -> Iterator[Finding]:
    """Cases that do not stand where their last entry left them; one statement, one snapshot."""
    last = Event.objects.filter(case=OuterRef("pk")).order_by("-seq")
    cases = Case.objects.order_by("pk")
    if chain:
        cases = cases.filter(pk__in=_case_of(chain))
    cases = cases.annotate(
        seq=Subquery(last.values("seq")[:1]),
        hash=Subquery(last.values("hash")[:1]),
        body=Subquery(last.values("body")[:1]),
    )
    columns = ("pk", "version", "head", "state", "seq", "hash", "body")
    for pk, version, head, state, seq, digest, body in cases.values_list(*columns).iterator():
        told = (seq, digest, _parsed(body).get("to")) if seq else (0, GENESIS, Case.State.DRAFT)
        if (version, head, state) != told:
            yield Finding(
                f"case:{pk}",
                version,
                f"the case stands at {state!r}, version {version}; "
                f"its trail ends at {told[2]!r}, version {told[0]}",
            )


def _case_of(chain: str) -> list[int]:
    """The key of the case whose chain this is; none for a chain of the system."""
    subject, _, key = chain.partition(":")
    return [int(key)] if subject == "case" and key.isdecimal() else []


def _parsed(text: str) -> dict[str, Any]:
    """The entry a canonical ``text`` spells, or nothing for any other text."""
    try:
        value = json.loads(text)
        return value if isinstance(value, dict) and canonical(value) == text else {}
    except (ValueError, TypeError):
        return {}
