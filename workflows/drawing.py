"""Pictures of pages, drawn by a process that has little memory and time (``workflows.picture``).

A page of the house shows evidence as pictures only; the original leaves it as a download.
"""

import struct
import subprocess
import sys
from pathlib import Path

PATIENCE = 40  # seconds
DRAWN = frozenset({"pdf", "jpg", "png"})  # kinds that have pictures


def draw(kind: str, number: int, data: bytes) -> bytes:
    """One page as WebP; empty if it cannot be drawn."""
    pictures = draw_pages(kind, number, number, data)
    return pictures[0] if pictures else b""


def draw_pages(kind: str, first: int, last: int, data: bytes) -> list[bytes]:
    """Pages ``first`` to ``last`` as WebP, up to the first that cannot be drawn."""
    try:
        done = subprocess.run(  # noqa: S603 -- our own module, by our own interpreter
            [sys.executable, "-m", "workflows.picture", kind, str(first), str(last)],
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            cwd=Path(__file__).resolve().parents[1],
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        return _pictures(late.stdout or b"")
    return _pictures(done.stdout)


def _pictures(told: bytes) -> list[bytes]:
    """The whole pictures in what the process said."""
    pictures, place = [], 0
    while place + 4 <= len(told):
        (size,) = struct.unpack_from(">I", told, place)
        picture = told[place + 4 : place + 4 + size]
        if len(picture) < size:
            break
        pictures.append(picture)
        place += 4 + size
    return pictures
