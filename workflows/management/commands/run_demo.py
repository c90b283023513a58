"""Prepare the demonstration, carry the recorded applications, serve pages and background work."""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from workflows import demo
from workflows.documents import authority
from workflows.models import Case
from workflows.recording import house, inhand, reader, table
from workflows.recording.report import Result


class Command(BaseCommand):
    """``manage.py run_demo``: what ``make run`` does once everything is installed."""

    help = __doc__ or ""

    def handle(self, *args: Any, **options: Any) -> None:
        """Show every beat while it happens; a second run keeps the data."""
        self.begun = monotonic()
        self.say("database")
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        call_command("load_working_days", stdout=io.StringIO())
        self.say("editions")
        call_command("publish_editions", stdout=io.StringIO())
        self.say("development certificate authority")
        authority.make(settings.HENG_VAR / "ca")
        self.say("people and organisations")
        signs_in = demo.load()
        summary = settings.HENG_VAR / "demo" / "summary.json"
        if Case.objects.exists() and summary.exists():
            self.say(f"kept what an earlier run made ({summary}); `make reset` starts over")
        else:
            self.drive(summary)
        self.tell(summary, signs_in)
        if os.environ.get("SERVE", "1") != "0":
            serve(os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000"))

    def say(self, words: str) -> None:
        """One line of progress with the seconds passed."""
        self.stdout.write(f"[{monotonic() - self.begun:5.1f} s] {words}")
        self.stdout.flush()

    def drive(self, summary: Path) -> None:
        """Carry the recorded applications; any mismatch is an error."""
        results = house.carry(reader.read(demo.RECORDING), self.say)
        summary.parent.mkdir(parents=True, exist_ok=True)
        write(summary, results)
        self.stdout.write("\n" + table.of(results) + "\n")
        if different := [each.id for each in results if not each.agrees]:
            raise CommandError(f"not as expected: {', '.join(different)}")
        self.say("cases for you to take through by hand")
        inhand.prepare(self.say)

    def tell(self, summary: Path, signs_in: list[demo.SignIn]) -> None:
        """Where the papers lie, and how to sign in as each role."""
        data = json.loads(summary.read_text(encoding="utf-8"))
        self.stdout.write("\nSigned papers")
        for each in data["applications"]:
            for path in each["pdfs"]:
                self.stdout.write(f"  {each['id']}  {path}")
        self.stdout.write(f"\nSign-ins, all with the password {demo.PASSWORD}")
        seen: set[str] = set()
        for person in signs_in:
            if person.role not in seen:
                seen.add(person.role)
                self.stdout.write(f"  {person.role:20} {person.username:24} {person.name}")
        self.stdout.write(f"\nAll of it as data: {summary}")


def write(summary: Path, results: list[Result]) -> None:
    """Keep the results as data."""
    text = json.dumps(
        {"applications": [each.as_data() for each in results]}, ensure_ascii=False, indent=2
    )
    summary.write_text(text + "\n", encoding="utf-8")


def serve(host: str, port: str) -> None:
    """Serve pages and background work until Ctrl-C."""
    server = [
        *(sys.executable, "-m", "gunicorn", "project.wsgi", "--bind", f"{host}:{port}"),
        *("--workers", "1", "--threads", "4", "--access-logfile", os.devnull),
    ]
    parts = [
        subprocess.Popen(server, cwd=settings.ROOT),  # noqa: S603 -- our own words
        subprocess.Popen([sys.executable, "manage.py", "work"], cwd=settings.ROOT),
    ]
    for stop in (signal.SIGINT, signal.SIGTERM):  # a background shell ignores Ctrl-C for us
        signal.signal(stop, signal.default_int_handler)
    print(f"\nOpen http://{host}:{port}/ — Ctrl-C stops.", flush=True)  # noqa: T201 -- the point
    try:
        parts[0].wait()
    except KeyboardInterrupt:
        pass
    finally:
        for part in parts:
            part.terminate()
        for part in parts:
            part.wait(timeout=20)
