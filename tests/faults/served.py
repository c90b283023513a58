"""One web worker of the product in a folder of its own, and a clerk who is signed in there.

The house is made by ``tests.faults.drafting``.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "c" * 32  # a CSRF token is whatever cookie and header agree on
LOOK = 0.02  # seconds between two looks at the memory


@dataclass
class Clerk:
    """A browser that sends files and reads nothing but the answer's status and words."""

    port: int
    reference: str
    session: str

    def post(self, path: str, body: bytes, kind: str) -> tuple[int, bytes]:
        """Post as the clerk; the status and what came back."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {
            "Content-Type": kind,
            "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Accept-Language": "en",
        }
        connection.request("POST", f"/en/a/{self.reference}/files/{path}", body, headers)
        answer = connection.getresponse()
        try:
            return answer.status, answer.read()
        finally:
            connection.close()

    def send_whole(self, code: str, name: str, data: bytes) -> int:
        """As a plain form sends it; 303 when it was taken."""
        edge = "frontier-7d1f"
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="file-{code}"; '
            f'filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        )
        body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
        return self.post("", body, f"multipart/form-data; boundary={edge}")[0]

    def send_in_pieces(self, code: str, name: str, data: bytes) -> int:
        """As the page's own script sends it; 200 when it was taken."""
        told = {"code": code, "name": name, "size": str(len(data))}
        body = "&".join(f"{key}={quote(each, safe='')}" for key, each in told.items())
        status, said = self.post("uploads/", body.encode(), "application/x-www-form-urlencoded")
        while status == 200 and not (state := json.loads(said))["done"]:
            piece = data[state["offset"] : state["offset"] + 4 * 1024 * 1024]
            place = state["url"].rpartition("/files/")[2]
            status, said = self.post(
                f"{place}?offset={state['offset']}", piece, "application/octet-stream"
            )
        return status


@dataclass
class Memory:
    """The most memory one process has had at once, and each of those it started."""

    pid: int
    most: int = 0  # bytes
    child: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Look until told to stop."""
        while not self._stop.wait(LOOK):
            self.most = max(self.most, _resident(self.pid))
            for each in _children(self.pid):
                self.child = max(self.child, _resident(each))

    def stop(self) -> None:
        self._stop.set()


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += map(int, task.read_text().split())
        except OSError:
            continue
    return found


@contextmanager
def serving(var: Path, **told: str) -> Iterator[tuple[Clerk, Memory]]:
    """One gunicorn worker with four threads, its clerk, and a watch on its memory."""
    environment = {
        **{name: each for name, each in os.environ.items() if not name.startswith("COV_")},
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "DATABASE_URL": "sqlite:///heng.sqlite3",
        "HENG_VAR": str(var),
        **told,
    }
    known = _prepared(environment)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = f"-m gunicorn project.wsgi --bind 127.0.0.1:{port} --workers 1 --threads 4"
    with (var / "web.log").open("wb") as log:
        master = subprocess.Popen(
            [sys.executable, *command.split()], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
    try:
        _wait(port)
        memory = Memory(_children(master.pid)[0])
        watch = threading.Thread(target=memory.watch)
        watch.start()
        yield Clerk(port, **known), memory
        memory.stop()
        watch.join()
    finally:
        master.terminate()
        master.wait(60)


def _prepared(environment: Mapping[str, str]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.drafting"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    known: dict[str, Any] = json.loads(done.stdout)
    return known


def _wait(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the web worker did not come up")
