"""Files by their content: written once, named by SHA-256, never changed.

The class is a setting (``HENG_STORE``); another one needs the same five methods.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import tempfile
from collections.abc import Container, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

NAME = re.compile(r"[0-9a-f]{64}")
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
LOCK = ".lock"  # whoever puts shares it, whoever takes away has it alone


class StoreFull(Exception):
    """There is no room left to store the file; nothing was changed."""


class StoreDamaged(Exception):
    """The stored file is not the one that was put there."""


class Store(Protocol):
    """Where files are kept."""

    def put(self, data: bytes) -> str:
        """Keep ``data`` and return its SHA-256; raises ``StoreFull`` and keeps nothing."""

    def get(self, sha256: str) -> bytes:
        """Return the bytes; raises ``KeyError`` if absent, ``StoreDamaged`` if altered."""

    def path(self, sha256: str) -> Path:
        """Return where the file lies, for sending it; raises ``KeyError`` if absent."""

    def exists(self, sha256: str) -> bool:
        """Whether the file is here."""

    def sweep(self, shelf: str, *, wanted: Container[str], age: timedelta) -> int:
        """Forget what begins with ``shelf``, is not ``wanted``, and was not put for ``age``.

        What is put again meanwhile stays. Returns how many files are gone.
        """


class FileStore:
    """Files in a folder of the machine, as ``ab/cd/abcd…``."""

    def __init__(self, directory: Path | str) -> None:
        """Keep files under ``directory``, made when the first file comes."""
        self.directory = Path(directory)

    def put(self, data: bytes) -> str:
        """Keep ``data``; when this returns it is on the disk whole, under its final name.

        Raises ``StoreFull`` when disk, quota or file limit are exhausted: nothing is left behind.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        try:
            with self._locked(fcntl.LOCK_SH):
                self._keep(self._place(sha256), data)
        except OSError as error:
            if error.errno in NO_ROOM:
                raise StoreFull(str(error)) from error
            raise
        return sha256

    def get(self, sha256: str) -> bytes:
        """Return the bytes named ``sha256``, checked against their name."""
        data = self.path(sha256).read_bytes()
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StoreDamaged(sha256)
        return data

    def path(self, sha256: str) -> Path:
        """Return where the file lies."""
        place = self._place(sha256)
        if not place.is_file():
            raise KeyError(sha256)
        return place

    def exists(self, sha256: str) -> bool:
        """Whether the file is here."""
        return self._place(sha256).is_file()

    def sweep(self, shelf: str, *, wanted: Container[str], age: timedelta) -> int:
        """Forget what begins with ``shelf``, is not ``wanted``, and was not put for ``age``.

        With them go the beginnings of files whose writers died.
        """
        found = self.directory.glob(f"{shelf}*/*/*")
        return sum(self._take_away(each, age) for each in found if each.name not in wanted)

    # --- inside -----------------------------------------------------------------------------------
    def _take_away(self, place: Path, age: timedelta) -> bool:
        """Remove a file unless it is young; nobody puts it while this looks."""
        with self._locked(fcntl.LOCK_EX) as lock, contextlib.suppress(FileNotFoundError):
            os.utime(lock)  # by the clock of this disk, whosever that is
            if os.fstat(lock).st_mtime - place.stat().st_mtime >= age.total_seconds():
                place.unlink()
                return True
        return False

    @contextlib.contextmanager
    def _locked(self, kind: int) -> Iterator[int]:
        """Hold the lock of the folder, which is an open file."""
        self.directory.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.directory / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, kind)
            yield descriptor
        finally:
            os.close(descriptor)

    def _place(self, sha256: str) -> Path:
        if not NAME.fullmatch(sha256):
            raise KeyError(sha256)
        return self.directory / sha256[:2] / sha256[2:4] / sha256

    def _keep(self, target: Path, data: bytes) -> None:
        """Write the file, or let the one that lies there be as young as if it were new."""
        if self._is_whole(target, data):
            os.utime(target)
            synchronise(target.parent)  # another writer may have renamed it only just now
        else:
            self._write(target, data)

    def _is_whole(self, target: Path, data: bytes) -> bool:
        """Whether ``data`` lies there already; what a disk has damaged is written anew."""
        return target.is_file() and target.read_bytes() == data

    def _write(self, target: Path, data: bytes) -> None:
        self._make_folders(target.parent)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix="new-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), 0o400)
                os.fsync(file.fileno())
            Path(name).replace(target)
            synchronise(target.parent)
        finally:
            with contextlib.suppress(FileNotFoundError):
                Path(name).unlink()

    def _make_folders(self, folder: Path) -> None:
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            for made in (folder.parent, folder.parent.parent):
                synchronise(made)


def synchronise(directory: Path) -> None:
    """Make the names in a folder survive a power failure."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@cache
def store() -> Store:
    """Return the store named by the setting ``HENG_STORE``."""
    configuration: Any = settings.HENG_STORE
    backend: Store = import_string(configuration["BACKEND"])(**configuration["OPTIONS"])
    return backend
