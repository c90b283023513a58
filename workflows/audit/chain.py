"""Canonical text and the links of a chain: what is hashed, and how (docs/audit-format.md)."""

import hashlib
import json
from datetime import UTC, datetime

from workflows.audit.guards import GENESIS

ALGORITHM = "sha256"
SCALARS = (str, int, bool, type(None))

__all__ = ["ALGORITHM", "GENESIS", "canonical", "link", "stamp"]


def canonical(value: object) -> str:
    """``value`` as the one text it has: keys sorted, no spaces, UTF-8, no escapes of ours.

    Raises ``TypeError`` for anything but text, whole numbers, booleans, nothing, lists and
    dictionaries: a float has no one spelling, and a date or an amount is written as text.
    """
    _admit(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def link(prev: str, body: str) -> str:
    """The hash that ties ``body`` to the entry whose hash is ``prev``, as 64 hex digits."""
    return hashlib.sha256(b"\x00" + prev.encode() + body.encode()).hexdigest()


def stamp(moment: datetime) -> str:
    """``moment`` in UTC to the microsecond, e.g. ``2026-03-02T01:00:00.000000Z``."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _admit(value: object) -> None:
    if isinstance(value, list):
        for each in value:
            _admit(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a key of an entry is text, not {type(key).__name__}")
            _admit(each)
    elif not isinstance(value, SCALARS):
        raise TypeError(f"an entry cannot hold a {type(value).__name__}")
