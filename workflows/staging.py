"""Files on their way in: what has arrived of each upload, one growing file a key.

The folder is the setting ``HENG_UPLOADS``; several web machines share it as they share the store.
The length of a file is the only record of how far its upload has come, so there is nothing that
could disagree with it.
"""

import fcntl
import io
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings

from workflows.store import NO_ROOM, StoreFull, synchronise


class OutOfPlace(Exception):
    """The bytes do not begin where the last ones ended; the argument is where they should."""


def _place(key: UUID) -> Path:
    return Path(settings.HENG_UPLOADS) / str(key)


def length(key: UUID) -> int:
    """How many bytes have arrived."""
    try:
        return _place(key).stat().st_size
    except FileNotFoundError:
        return 0


def append(key: UUID, offset: int, data: bytes) -> int:
    """Add ``data`` at ``offset`` and give the new length; on the disk when this returns.

    Raises ``OutOfPlace`` when ``offset`` is not the end, ``StoreFull`` when there is no room. Two
    requests with the same bytes are put in order: the later one is out of place.
    """
    place = _place(key)
    with _opened(place, new=offset == 0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        end = os.fstat(file.fileno()).st_size
        if offset != end:
            raise OutOfPlace(end)
        try:
            _write(file.fileno(), data)
        except OSError as error:
            os.ftruncate(file.fileno(), end)
            if error.errno in NO_ROOM:
                raise StoreFull(str(error)) from error
            raise
    if offset == 0:
        synchronise(place.parent)
    return offset + len(data)


def _opened(place: Path, *, new: bool) -> io.FileIO:
    """The file to be added to; only the first bytes make one, so late ones bring nothing back."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(place, os.O_WRONLY | os.O_APPEND | (os.O_CREAT if new else 0), 0o600)
    except FileNotFoundError:
        raise OutOfPlace(0) from None
    return io.FileIO(descriptor, "ab")


def _write(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.fsync(descriptor)


def read(key: UUID) -> bytes:
    """Everything that has arrived; nothing if nothing has."""
    try:
        return _place(key).read_bytes()
    except FileNotFoundError:
        return b""


def keys() -> Iterator[UUID]:
    """The key of everything that lies here."""
    place = Path(settings.HENG_UPLOADS)
    for each in place.iterdir() if place.is_dir() else ():
        with suppress(ValueError):
            yield UUID(each.name)


def drop(key: UUID) -> None:
    """Forget what has arrived."""
    _place(key).unlink(missing_ok=True)
