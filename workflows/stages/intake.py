"""The way in for every file from outside: the gate, the scanner, the store (reliability 4.3).

All three take their time, so they come before any lock: a verb is given what came in.
"""

import logging
from dataclasses import dataclass

from django.utils.translation import gettext

from forms import gate
from workflows import scanner
from workflows.errors import FileRefused, ScannerSilent
from workflows.models import File
from workflows.stages import papers

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Incoming:
    """A file that passed the gate and lies in the store, and what is known of viruses in it."""

    name: str
    kind: str
    pages: int
    size: int
    sha256: str
    scan: File.Scan


def expect(name: str, size: int) -> str:
    """Give the name, as it will be kept, of a file of ``size`` bytes that may come.

    Raises ``FileRefused`` where the name or the size alone already say no.
    """
    try:
        return gate.expect(name, size)[0]
    except gate.Refused as refusal:
        raise FileRefused(reason=str(refusal)) from refusal


def take_in(name: str, data: bytes) -> Incoming:
    """Let ``data`` through the gate and past the scanner, and keep it.

    Where the scanner is silent the file is kept in quarantine. Raises ``FileRefused`` with what to
    do, ``StoreFull`` when there is no room.
    """
    try:
        found = gate.check(name, data)  # a process of its own
    except gate.Refused as refusal:
        raise FileRefused(reason=str(refusal)) from refusal
    scan = _scanned(found.name, data)
    sha256 = papers.keep(data)
    return Incoming(found.name, found.kind, found.pages, len(data), sha256, scan)


def take_in_clean(name: str, data: bytes) -> Incoming:
    """As ``take_in``, for files that have no quarantine: raises ``ScannerSilent`` instead."""
    found = take_in(name, data)
    if found.scan == File.Scan.QUARANTINED:
        raise ScannerSilent
    return found


def _scanned(name: str, data: bytes) -> File.Scan:
    if not scanner.configured():
        return File.Scan.UNSCANNED
    try:
        virus = scanner.scan(data)
    except scanner.ScannerDown as down:
        log.warning("the virus scanner gave no verdict (%s); a file waits in quarantine", down)
        return File.Scan.QUARANTINED
    if virus:
        words = gettext(
            "“%(name)s” has a virus in it (%(virus)s) and was not kept; "
            "have the computer it comes from cleaned"
        )
        raise FileRefused(reason=words % {"name": name, "virus": virus})
    return File.Scan.CLEAN
