"""The first visit of a page: what Chromium fetches, and when its largest part is painted.

One house as in production (gunicorn, PostgreSQL, hashed and compressed static files, no DEBUG),
pages packed as the front door packs them; a browser that has never been there, 1440 wide. A form
section, the inbox with the first case beside it, a task. Pictures of evidence are told apart.
"""

import json
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks.measuring import entry
from tests.chromium import launched
from tests.faults import house
from tests.faults.house import ROOT, House, wait_for

VISITS, WARM_UP = 5, 4
SETTLING = 1_000  # milliseconds after the page has gone quiet
UNITS = {"kilobytes": "KB", "requests": "requests", "paint": "ms"}
STAFF = {"kilobytes": 90, "requests": 8, "paint": 800}
AIMS = {"section": {**STAFF, "kilobytes": 80}, "inbox": STAFF, "task": STAFF}
VIEW = {"width": 1440, "height": 900}
KEY = "a key that guards the house of this benchmark, and nothing else"
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "project.settings",
    "HENG_DEMO": "0",
    "DEBUG": "0",
    "SECRET_KEY": KEY,
}
LARGEST = """new PerformanceObserver((list) => {
  window.largest = list.getEntries().at(-1).startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });"""


@dataclass
class Visit:
    """What one visit cost."""

    transferred: dict[str, float] = field(default_factory=dict)  # bytes of each request
    asked: set[str] = field(default_factory=set)  # pictures aside
    paint: float = 0.0  # milliseconds

    def values(self) -> dict[str, float]:
        """The figures by the names of their aims."""
        total = sum(size for key, size in self.transferred.items() if key in self.asked) / 1000
        return {"kilobytes": total, "requests": len(self.asked), "paint": self.paint}


def figures() -> list[dict[str, object]]:
    """The medians beside their aims."""
    with tempfile.TemporaryDirectory(prefix="heng-visit-") as folder:
        visits = measured(Path(folder))
    found = []
    for page, aims in AIMS.items():
        values = [each.values() for each in visits[page]]
        for name, aim in aims.items():
            value, unit = median(each[name] for each in values), UNITS[name]
            told = f"the aim of {aim} {unit}"
            found.append(entry(f"visit.{page}.{name}", value, unit, value / aim, told))
    return found


def measured(var: Path) -> dict[str, list[Visit]]:
    """Visit each page again and again, every time with a browser that has never been there."""
    with house.empty(var) as place:
        pages = json.loads(place.run("-m", "tests.benchmarks.waiting", SECRET_KEY=KEY))
        place.run("manage.py", "collectstatic", "--no-input", **PRODUCTION)
        with serving(place) as origin, sync_playwright() as play:
            browser = launched(play)
            visits: dict[str, list[Visit]] = {}
            for name, (address, session) in pages.items():
                for _ in range(WARM_UP):  # every worker has read its code and its templates
                    visit(browser, origin, address, session)
                visits[name] = [visit(browser, origin, address, session) for _ in range(VISITS)]
            browser.close()
    return visits


# --- the house ------------------------------------------------------------------------------------
@contextmanager
def serving(place: House) -> Iterator[str]:
    """Serve the house as deploy/ does, behind a front that packs pages; where it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = ("-c", "deploy/gunicorn.py", "--bind", f"127.0.0.1:{port}")
    with (place.var / "web.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "tests.benchmarks.front:application", *told],
            cwd=ROOT,
            env=place.environment(**PRODUCTION),
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(lambda: _answers(port), "the web workers")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(60)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


# --- the browser ----------------------------------------------------------------------------------
def visit(browser: Browser, origin: str, address: str, session: str) -> Visit:
    """Open ``address`` for the first time, signed in, and stay until the page is quiet."""
    found = Visit()
    context = browser.new_context(viewport=VIEW)
    context.add_cookies([{"name": "sessionid", "value": session, "url": origin}])
    page = context.new_page()
    page.add_init_script(LARGEST)
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.requestWillBeSent", lambda told: _asked(found, told))
    wire.on("Network.loadingFinished", lambda told: _came(found, told))
    answer = page.goto(origin + address, wait_until="networkidle")
    assert answer is not None
    assert answer.status == 200, "the page can be read"
    page.wait_for_timeout(SETTLING)  # the first heartbeat of the script is among its requests
    found.paint = page.evaluate("window.largest")
    context.close()
    return found


def _asked(found: Visit, told: dict[str, Any]) -> None:
    if told.get("type") != "Image":
        found.asked.add(told["requestId"])


def _came(found: Visit, told: dict[str, Any]) -> None:
    found.transferred[told["requestId"]] = told["encodedDataLength"]
