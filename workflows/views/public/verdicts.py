"""What the register says of a paper today: the verdict first, then the facts (domain 0.13, X42).

The signature of a file stays valid for ever; whether a title stands, only the register knows.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflows import clock, store
from workflows.models import Certificate, Document

PUBLIC_KINDS = ("certificate", "pool_notice")  # papers that anyone may see and download
SHOWN = 4  # characters of a name at either end where the rest is hidden
State = Certificate.State


@dataclass(frozen=True)
class Verdict:
    """One answer, readable in three seconds."""

    tone: str  # ok, hold, bad
    title: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one state of a title is told."""

    tone: str
    words: str | Promise
    text: str | Promise


STANDINGS = {
    State.ACTIVE: Standing("ok", _("valid"), _("%(name)s, in force since %(since)s")),
    State.WARNING: Standing(
        "ok", _("valid, rectification ordered"), _("%(name)s, in force since %(since)s")
    ),
    State.PAUSED: Standing("hold", _("paused"), _("%(name)s may not use the title at present")),
    State.REVOKED: Standing("bad", _("revoked"), _("%(name)s no longer holds the title")),
    State.EXPIRED: Standing("hold", _("expired"), _("%(name)s, valid until %(until)s")),
    State.CANCELLED: Standing("bad", _("cancelled"), _("%(name)s no longer holds the title")),
    State.SUPERSEDED: Standing(
        "hold", _("replaced"), _("A newer paper of %(name)s took the place of this one")
    ),
}
PAPERS: dict[str, tuple[str, str | Promise, str | Promise]] = {
    Document.State.ISSUED: (
        "ok",
        _("Issued by this office"),
        _("%(title)s, %(day)s"),
    ),
    Document.State.REQUESTED: (
        "hold",
        _("Being prepared"),
        _("This paper has been asked for and is not signed yet."),
    ),
    Document.State.SUPERSEDED: (
        "hold",
        _("Replaced by a newer version"),
        _("%(title)s, %(day)s"),
    ),
    Document.State.VOID: ("bad", _("Void"), _("%(title)s, %(day)s")),
}
NAMES = {"certificate": _("Certificate"), "pool_entry": _("Pool entry")}


def state_of(title: Certificate, today: date) -> str:
    """The state of a title on ``today``: one whose last day has passed is expired."""
    if title.valid_to and title.valid_to < today and title.state in (State.ACTIVE, State.WARNING):
        return State.EXPIRED
    return title.state


def of_title(title: Certificate) -> Verdict:
    """Whether a title stands today."""
    state = state_of(title, clock.today())
    standing = STANDINGS[State(state)]
    text = standing.text
    if title.valid_to and state in (State.ACTIVE, State.WARNING):
        text = gettext("%(name)s, valid until %(until)s")
    return Verdict(
        standing.tone,
        gettext("%(what)s: %(state)s")
        % {"what": NAMES.get(title.kind, title.called), "state": standing.words},
        str(text)
        % {
            "name": title.holder_name,
            "since": date_format(title.valid_from),
            "until": date_format(title.valid_to) if title.valid_to else "",
        },
    )


def of_paper(document: Document) -> Verdict:
    """Whether a paper that gives no title is ours and still current."""
    tone, words, text = PAPERS[document.state]
    day = date_format(clock.local(document.dated).date())
    return Verdict(tone, str(words), str(text) % {"title": document.title, "day": day})


def of(document: Document) -> Verdict:
    """The verdict on a paper: its title's where it gives one."""
    title = title_of(document)
    if title is None or document.state != Document.State.ISSUED:
        return of_paper(document)
    return of_title(title)


def title_of(document: Document) -> Certificate | None:
    """The title a paper gives, if it gives one."""
    found: Certificate | None = getattr(document, "grants", None)
    return found


def unknown(asked: str, *, mistyped: bool = False) -> Verdict:
    """Nothing of this number or code was ever issued here."""
    text = (
        _("“%(asked)s” is incomplete or mistyped. The code stands under the QR code.")
        if mistyped
        else _("“%(asked)s” is not in the register of this office.")
    )
    return Verdict("bad", gettext("No such paper"), str(text) % {"asked": asked})


def record(document: Document) -> dict[str, Any]:
    """What the paper says, as data."""
    said: dict[str, Any] = json.loads(document.record)
    return said


def intact(document: Document) -> bool:
    """Whether the stored file is still the one registered, byte for byte."""
    reads: Callable[[str], bytes] = store.store().get
    try:
        return bool(reads(document.sha256))
    except (KeyError, store.StoreDamaged):
        return False


def masked(name: str) -> str:
    """A name of which only the ends show, for papers that are not published."""
    hidden = len(name) - 2 * SHOWN
    if hidden <= 0:
        return f"{name[:1]}{'＊' * (len(name) - 1)}"
    return f"{name[:SHOWN]}{'＊' * hidden}{name[-SHOWN:]}"
