"""Entries of the audit trail as a reader sees them: one word, one drawing and one tone a kind.

The kinds are those of the stage verbs; an entry of a kind not listed is shown by its own name, so
that nothing in the trail can stay unseen.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext

from workflows import clock
from workflows.models import Case, Event
from workflows.status_words import case_word
from workflows.views import nodes
from workflows.views.trail_words import CHOICES, DUTIES, FACTS, KINDS, Kind, Labels

DIGEST = 64  # characters; a digest as a fact says nothing to a reader and stays in the voucher


@dataclass(frozen=True)
class Entry:
    """One entry, ready for the timeline component."""

    at: datetime
    title: str
    by: str
    text: str
    icon: str
    tone: str
    number: int | None = None
    digest: str = ""
    url: str = ""
    kind: str = ""
    duty: str = ""
    before: str = ""
    after: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    findings: tuple[tuple[str, str, str], ...] = ()  # check, what was found, how; for the office

    @property
    def duty_words(self) -> str:
        """The separated duty that was exercised, if any."""
        return str(DUTIES.get(self.duty, ""))


def labels(case: Case) -> Labels:
    """What the edition of ``case`` calls the codes that its entries hold."""
    rules, procedure = case.rules, case.procedure
    departments = {each.code: str(each.title) for each in procedure.departments}
    return {
        "code": {each.code: str(each) for each in rules.form.attachments},
        "department": departments,
        "departments": departments,
        "kind": {kind: procedure.called(kind) for kind in procedure.letters},
        "node": nodes.WORDS,
        "procedure": {code: str(each.title) for code, each in rules.procedures.items()},
    }


def entry(event: Event, *, labels: Labels | None = None, proof: bool = False) -> Entry:
    """The entry of ``event``; with ``proof`` it carries its number and hash.

    The actor's name is the one written in the entry itself, as it was then.
    """
    body = json.loads(event.body)
    kind = KINDS.get(event.kind, Kind(event.kind, "info"))
    facts = body.get("facts", {})
    return Entry(
        at=clock.local(event.at),
        title=str(kind.title),
        by=_actor(body),
        text=said(facts, labels),
        icon=kind.icon,
        tone=kind.tone,
        number=event.seq if proof else None,
        digest=event.hash if proof else "",
        url=f"#entry-{event.seq}" if proof else "",
        kind=event.kind,
        duty=event.duty,
        before=_state(body.get("from")),
        after=_state(body.get("to")),
        facts=facts,
    )


def with_findings(entry: Entry) -> Entry:
    """The entry with what was found of each check; for readers inside the office only."""
    told = entry.facts.get("findings") or []
    found = tuple((each["item"], each["finding"], each.get("how", "")) for each in told)
    return replace(entry, findings=found) if found else entry


def _actor(body: Mapping[str, Any]) -> str:
    """Who acted, and for whom if it was in a colleague's stead."""
    name = (body.get("actor") or {}).get("name") or gettext("System")
    absent = body.get("for")
    if not absent:
        return str(name)
    return gettext("%(name)s for %(absent)s") % {"name": name, "absent": absent["name"]}


def entries(
    events: Iterable[Event], *, labels: Labels | None = None, proof: bool = False
) -> list[Entry]:
    """The entries of one chain, newest first."""
    made = [(event.seq, entry(event, labels=labels, proof=proof)) for event in events]
    return [each for _seq, each in sorted(made, key=lambda pair: pair[0], reverse=True)]


def said(facts: Mapping[str, Any], labels: Labels | None = None) -> str:
    """The facts of an entry in one line; digests and empty values are left out."""
    return gettext("; ").join(_pairs(facts, labels or {}))


def _pairs(facts: Mapping[str, Any], labels: Labels) -> Iterator[str]:
    for name, title in FACTS.items():
        if words := _words(_labelled(facts.get(name), labels.get(name) or CHOICES.get(name, {}))):
            yield gettext("%(name)s: %(value)s") % {"name": title, "value": words}


def _labelled(value: object, words: Mapping[str, str | Promise]) -> object:
    """The label of a code that somebody has a word for; anything else as it is."""
    if isinstance(value, list):
        return [_labelled(each, words) for each in value]
    return words.get(value, value) if isinstance(value, str) else value


def _words(value: object) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        told = list(filter(None, map(_words, value)))
        whole = all(each.endswith(("。", ".")) for each in told)  # sentences need no other mark
        return (" " if whole else gettext(", ")).join(told)
    if isinstance(value, dict):
        return str(value.get("text", ""))
    if value is None:
        return ""
    text = str(value)
    return "" if len(text) == DIGEST and text.isalnum() else text


def _state(code: object) -> str:
    return case_word(code).to("staff") if isinstance(code, str) and code else ""
