"""A whole installation in a folder of its own, whose processes the tests may kill."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.utils import ConnectionHandler

ROOT = Path(__file__).resolve().parents[2]
EMBEDDED = "manage.py work --poll 0.1"
CELERY = "-m celery -A project.celery worker --loglevel INFO --concurrency 1 --without-mingle"
PATIENCE = 60.0  # seconds before a test gives up on a process
ISSUED = "SELECT count(*) FROM workflows_job WHERE kind = 'issue_document' AND state = 'done'"


@dataclass(frozen=True)
class House:
    """One installation: its folder, its database, and the broker if it has one."""

    var: Path
    database: dict[str, Any]  # as in settings.DATABASES
    url: str
    broker: str = ""
    settings: dict[str, str] = field(default_factory=dict)

    # --- processes ------------------------------------------------------------------------------
    def environment(self, **more: str) -> dict[str, str]:
        """What a process of this house is told."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COV_")}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": self.url,
            "CELERY_BROKER_URL": self.broker,
            "HENG_VAR": str(self.var),
            **more,
        }

    def run(self, *command: str, **told: str) -> str:
        """Run ``python command`` to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment(**told),
            capture_output=True,
            text=True,
            timeout=2 * PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rehearse(self, part: str) -> str:
        """Play one part of ``tests.faults.rehearsal``."""
        return self.run("-m", "tests.faults.rehearsal", part)

    def report(self) -> dict[str, Any]:
        """What is there now."""
        return json.loads(self.rehearse("report"))

    @contextmanager
    def worker(self, **told: str) -> Iterator["Worker"]:
        """A worker of the kind this house has, killed at the latest when the block ends."""
        command = CELERY if self.broker else EMBEDDED
        log = self.var / f"worker-{monotonic()}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, *command.split()],
                cwd=ROOT,
                env=self.environment(**told),
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        worker = Worker(process, log)
        try:
            yield worker
        finally:
            worker.kill()

    # --- the database, from outside -------------------------------------------------------------
    def ask(self, question: str) -> Any:
        """The one value ``question`` asks for."""
        handler = ConnectionHandler({"default": self.database})
        with handler["default"].cursor() as cursor:
            cursor.execute(question)
            (answer,) = cursor.fetchone()
        handler["default"].close()
        return answer

    def until(self, question: str, answer: Any) -> None:
        """Wait for the database to give ``answer``."""
        wait_for(lambda: self.ask(question) == answer, f"{question} = {answer}")


@dataclass
class Worker:
    """A running worker with all its children."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def said(self, words: str) -> bool:
        """Whether ``words`` are in its log."""
        return words in self.log.read_text(encoding="utf-8", errors="replace")

    def until_said(self, words: str) -> None:
        """Wait for ``words`` in its log."""
        wait_for(lambda: self.said(words), f"{words!r} in {self.log.read_text()[-2000:]}")

    def kill(self) -> None:
        """Kill -9, children included."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)

    def stop(self) -> int:
        """Ask it to finish what it has in hand and go; return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


def wait_for(condition: Callable[[], bool], what: str) -> None:
    """Wait until ``condition`` holds."""
    end = monotonic() + PATIENCE
    while not condition():
        assert monotonic() < end, f"waited in vain for {what}"
        sleep(0.1)


# --- building -----------------------------------------------------------------------------------
@contextmanager
def empty(var: Path) -> Iterator[House]:
    """A house on the suite's own engine whose database holds no table yet."""
    house = _on_postgresql(var) if connection.vendor == "postgresql" else _on_sqlite(var)
    with _scratch(house):
        yield house


@contextmanager
def built(var: Path) -> Iterator[House]:
    """A house with one case that waits for its seal."""
    with empty(var) as house:
        house.rehearse("prepare")
        yield house


@contextmanager
def copied(house: House, var: Path) -> Iterator[House]:
    """A copy of ``house`` in the folder ``var``, where anything may be broken."""
    shutil.copytree(house.var, var, dirs_exist_ok=True)
    if connection.vendor == "postgresql":
        copy = _on_postgresql(var)
        with _scratch(copy, template=house.database["NAME"]):
            yield copy
    else:
        yield _on_sqlite(var)


def _on_sqlite(var: Path) -> House:
    database = settings.DATABASES["default"] | {"NAME": var / "heng.sqlite3"}
    return House(var, database, "sqlite:///heng.sqlite3")


def _on_postgresql(var: Path) -> House:
    base = settings.DATABASES["default"]
    name = f"heng_faults_{os.getpid()}_{var.name}".lower().replace("-", "_")
    login = base["USER"] + (f":{base['PASSWORD']}" if base["PASSWORD"] else "")
    url = f"postgres://{login}@{base['HOST']}:{base['PORT']}/{name}"
    return House(var, base | {"NAME": name, "CONN_MAX_AGE": 0}, url)


@contextmanager
def _scratch(house: House, template: str = "template1") -> Iterator[None]:
    """A database on the suite's server, dropped afterwards; SQLite needs none."""
    if connection.vendor != "postgresql":
        yield
        return
    name = house.database["NAME"]
    _administer(house, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield
    finally:
        _administer(house, f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(house: House, statement: str) -> None:
    handler = ConnectionHandler({"default": house.database | {"NAME": "postgres"}})
    with handler["default"].cursor() as cursor:
        cursor.execute(statement)
    handler["default"].close()


# --- Redis --------------------------------------------------------------------------------------
@dataclass
class Broker:
    """A Redis that remembers nothing, on a port of its own."""

    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, empty."""
        options = ["--save", "", "--appendonly", "no", "--bind", "127.0.0.1"]
        self.process = subprocess.Popen(
            ["redis-server", "--port", str(self.port), *options], stdout=subprocess.DEVNULL
        )
        wait_for(self._answers, "Redis")

    def kill(self) -> None:
        """Kill -9."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(PATIENCE)
            self.process = None

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False


@contextmanager
def brokered(house: House) -> Iterator[tuple[House, Broker]]:
    """``house`` with a broker of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        broker = Broker(probe.getsockname()[1])
    broker.start()
    try:
        yield replace(house, broker=broker.url), broker
    finally:
        broker.kill()
