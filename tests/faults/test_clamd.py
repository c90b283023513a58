"""ClamAV itself, with one signature of our own: it needs no download to know the test file."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.clamd import EICAR
from workflows import scanner

pytestmark = pytest.mark.faults


@pytest.fixture
def real(settings: Settings, tmp_path: Path) -> Iterator[None]:
    """A clamd of this test's own that knows one signature; it listens on a port."""
    program = shutil.which("clamd")
    if program is None:
        pytest.fail("clamd is not installed (apt-get install clamav-daemon)")
    signature = f"44d88612fea8a8f36de82e1278abb02f:{len(EICAR)}:Eicar-Test-Signature\n"
    (tmp_path / "house.hdb").write_text(signature, encoding="ascii")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = tmp_path / "clamd.conf"
    told.write_text(
        f"DatabaseDirectory {tmp_path}\nTCPSocket {port}\nTCPAddr 127.0.0.1\nForeground yes\n",
        encoding="ascii",
    )
    process = subprocess.Popen(
        [program, "--config-file", str(told)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    settings.HENG_CLAMD = f"127.0.0.1:{port}"
    try:
        _wait(port)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(b"zPING\0")
                if connection.recv(16) == b"PONG\0":
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("clamd did not come up")


def test_clamd_itself_says_the_same(real: None) -> None:
    assert scanner.scan(EICAR) == "Eicar-Test-Signature.UNOFFICIAL"
    assert scanner.scan(b"%PDF-1.7 a paper") == ""


def test_clamd_with_a_limit_below_the_file_gives_no_verdict(real: None) -> None:
    with pytest.raises(scanner.ScannerDown):
        scanner.scan(b"0" * (120 * 1024 * 1024))
