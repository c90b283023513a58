"""Asks ClamAV whether a file holds a virus: the INSTREAM command of clamd.

The setting ``HENG_CLAMD`` says where it listens: ``host:port`` or the path of a local socket; an
empty one says that this house has no scanner, and files then stay marked as not scanned.
"""

import re
import socket
import struct
from typing import Any

from django.conf import settings

BLOCK = 64 * 1024  # bytes
CONNECTING = 2.0  # seconds
PATIENCE = 30.0  # seconds for the verdict
LONGEST_ANSWER = 4096  # bytes
FOUND = re.compile(r"stream: (.+) FOUND")


class ScannerDown(Exception):
    """The scanner gave no verdict, so nothing is known of the file."""


def configured() -> bool:
    """Whether this house has a scanner."""
    return bool(settings.HENG_CLAMD)


def scan(data: bytes) -> str:
    """Give the name of the virus in ``data``, empty if there is none; raises ``ScannerDown``."""
    try:
        with _connected() as connection:
            connection.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), BLOCK):
                block = data[start : start + BLOCK]
                connection.sendall(struct.pack(">I", len(block)) + block)
            connection.sendall(struct.pack(">I", 0))
            answer = _answer(connection)
    except OSError as error:
        raise ScannerDown(type(error).__name__) from error
    return _verdict(answer)


def _connected() -> socket.socket:
    where: str = settings.HENG_CLAMD
    if "/" in where:
        connection = socket.socket(socket.AF_UNIX)
        address: Any = where.removeprefix("unix:")
    else:
        connection = socket.socket()
        host, _, port = where.rpartition(":")
        address = (host, int(port))
    connection.settimeout(CONNECTING)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    connection.settimeout(PATIENCE)
    return connection


def _answer(connection: socket.socket) -> str:
    """What the scanner says, up to the NUL that ends it."""
    told = b""
    while not told.endswith(b"\0") and len(told) < LONGEST_ANSWER:
        block = connection.recv(LONGEST_ANSWER)
        if not block:
            break
        told += block
    return told.rstrip(b"\0\n").decode(errors="replace")


def _verdict(answer: str) -> str:
    """Only these two answers are verdicts: a limit exceeded or a signature missing is none."""
    if answer == "stream: OK":
        return ""
    if found := FOUND.fullmatch(answer):
        return found[1]
    raise ScannerDown(answer)
