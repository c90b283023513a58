"""The way in for every file from outside: the gate, the scanner, the store (reliability 4.3).

All three take their time, so they come before any lock: a verb is given what came in.
"""

import logging
from dataclasses import dataclass

from django.utils.translation import gettext

from forms import gate
from workflows import scanner
from workflows.errors import FileRefused
from workflows.models import File
from workflows.stages import paper_scans, papers

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
        found = gate.check(name, data, papers.is_ours)  # a process of its own
    except gate.Refused as refusal:
        raise FileRefused(reason=str(refusal)) from refusal
    scan = _scanned(found.name, data)
    sha256 = papers.keep(data)
    return Incoming(found.name, found.kind, found.pages, len(data), sha256, scan)


def take_in_paper(name: str, data: bytes) -> Incoming:
    """As ``take_in``, for papers that no ``File`` stands for: their quarantine is kept by content.

    Call it outside the transaction of the verb that is given the paper.
    """
    found = take_in(name, data)
    known = paper_scans.note(found.sha256, found.scan)
    if known is not None and known.scan == File.Scan.INFECTED:
        raise _infected(found.name, known.virus)
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
        raise _infected(name, virus)
    return File.Scan.CLEAN


def _infected(name: str, virus: str) -> FileRefused:
    words = gettext(
        "“%(name)s” has a virus in it (%(virus)s) and was not kept; "
        "have the computer it comes from cleaned"
    )
    return FileRefused(reason=words % {"name": name, "virus": virus})
