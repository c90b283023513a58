"""A stand-in for clamd: it speaks INSTREAM on a socket and knows the EICAR test file."""

import socketserver
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The test file every scanner finds (eicar.org), in two pieces so that this file is not one.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + rb"ANTIVIRUS-TEST-FILE!$H+H*"
OK, FOUND = b"stream: OK\0", b"stream: Eicar-Test-Signature FOUND\0"


class Scanner(socketserver.ThreadingUnixStreamServer):
    """Counts what it was given; ``answer`` makes it say the same of everything."""

    daemon_threads = True

    def __init__(self, place: str) -> None:
        super().__init__(place, Session)
        self.answer: bytes | None = None
        self.seen: list[bytes] = []


class Session(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        """Read one command and everything that belongs to it, then say what was found."""
        assert isinstance(self.server, Scanner)
        with self.request.makefile("rb") as sent:
            assert sent.read(10) == b"zINSTREAM\0"
            data = b""
            while size := struct.unpack(">I", sent.read(4))[0]:
                data += sent.read(size)
        self.server.seen.append(data)
        verdict = FOUND if EICAR in data else OK
        self.request.sendall(verdict if self.server.answer is None else self.server.answer)


@contextmanager
def running() -> Iterator[tuple[str, Scanner]]:
    """A scanner at work, and the address for ``HENG_CLAMD``."""
    with tempfile.TemporaryDirectory(prefix="clamd-") as folder:
        place = str(Path(folder) / "socket")
        with Scanner(place) as scanner:
            thread = threading.Thread(target=scanner.serve_forever, args=[0.02])
            thread.start()
            try:
                yield place, scanner
            finally:
                scanner.shutdown()
                thread.join()
