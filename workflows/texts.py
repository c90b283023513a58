"""The words of files, read by a process that has little memory and time (``workflows.reading``)."""

import subprocess
import sys
from pathlib import Path

from workflows.reading import PAGE

PATIENCE = 40  # seconds
PAGED = frozenset({"pdf"})  # kinds whose words come page by page
READ = frozenset({"pdf", "docx", "xlsx"})  # kinds that have words


class Unreadable(Exception):
    """The file cannot be read to its end."""


def pages(kind: str, data: bytes) -> list[str]:
    """What each page of a file says, up to 200,000 characters in all; raises ``Unreadable``.

    A kind without pages says all of it on one.
    """
    said = words(kind, data)
    return said.removesuffix(PAGE).split(PAGE) if kind in PAGED else [said]


def words(kind: str, data: bytes) -> str:
    """What a file says, up to 200,000 characters; raises ``Unreadable``."""
    try:
        done = subprocess.run(  # noqa: S603 -- our own module, by our own interpreter
            [sys.executable, "-m", "workflows.reading", kind],
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            cwd=Path(__file__).resolve().parents[1],
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as failure:
        raise Unreadable from failure
    return done.stdout.decode(errors="ignore")
