"""The first visit of a form section: what Chromium fetches, and when its largest part is painted.

One house as in production (gunicorn, PostgreSQL, hashed and compressed static files, no DEBUG),
pages packed as the front door packs them; a browser that has never been there, 1440 wide.
"""

import json
import shutil
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
from tests.faults import house
from tests.faults.house import ROOT, House, wait_for

SECTION = "integration"  # rows to fill in: the heaviest page
VISITS, WARM_UP = 5, 4
SETTLING = 1_000  # milliseconds after the page has gone quiet
AIMS = {"kilobytes": (80, "KB"), "requests": (8, "requests"), "paint": (800, "ms")}
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
    addresses: dict[str, str] = field(default_factory=dict)
    paint: float = 0.0  # milliseconds

    def values(self) -> dict[str, float]:
        """The figures by the names of their aims."""
        total = sum(self.transferred.values()) / 1000
        return {"kilobytes": total, "requests": len(self.addresses), "paint": self.paint}


def figures() -> list[dict[str, object]]:
    """The medians beside their aims."""
    with tempfile.TemporaryDirectory(prefix="heng-visit-") as folder:
        visits = [each.values() for each in measured(Path(folder))]
    found = []
    for name, (aim, unit) in AIMS.items():
        value = median(each[name] for each in visits)
        found.append(entry(f"visit.{name}", value, unit, value / aim, f"the aim of {aim} {unit}"))
    return found


def measured(var: Path, section: str = SECTION) -> list[Visit]:
    """Visit a section again and again, every time with a browser that has never been there."""
    with house.empty(var) as place:
        draft = json.loads(place.run("-m", "tests.faults.drafting", SECRET_KEY=KEY))
        place.run("manage.py", "collectstatic", "--no-input", **PRODUCTION)
        with serving(place) as origin, sync_playwright() as play:
            path = shutil.which("chromium")
            browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
            address = f"{origin}/a/{draft['reference']}/s/{section}/"
            for _ in range(WARM_UP):  # every worker has read its code and its templates
                visit(browser, origin, address, draft["session"])
            visits = [visit(browser, origin, address, draft["session"]) for _ in range(VISITS)]
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
    answer = page.goto(address, wait_until="networkidle")
    assert answer is not None
    assert answer.status == 200, "the section can be read"
    page.wait_for_timeout(SETTLING)  # the first heartbeat of the script is among its requests
    found.paint = page.evaluate("window.largest")
    context.close()
    return found


def _asked(found: Visit, told: dict[str, Any]) -> None:
    found.addresses[told["requestId"]] = told["request"]["url"]


def _came(found: Visit, told: dict[str, Any]) -> None:
    found.transferred[told["requestId"]] = told["encodedDataLength"]
