"""A Chromium that can be killed, and that never outlives the tests."""

import os
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright

from tests.chromium import PROGRAM

LEASH = ("setpriv", "--pdeathsig", "KILL")  # it dies with the tests, were they killed


@dataclass
class Machine:
    """A Chromium of its own, with a profile on disk, that can be killed."""

    play: Playwright
    profile: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> BrowserContext:
        """Start it, and take hold of its window."""
        known = self.profile / "DevToolsActivePort"
        known.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [
                *LEASH,
                PROGRAM,
                "--headless=new",
                "--no-sandbox",
                "--no-first-run",
                "--remote-debugging-port=0",
                f"--user-data-dir={self.profile}",
                "about:blank",
            ],
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(lambda: known.exists() and known.read_text().strip() != "")
        port = known.read_text().split()[0]
        browser = self.play.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        return browser.contexts[0]

    def kill(self) -> None:
        """Pull the plug; nothing of it runs on."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):  # it was gone already
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


def wait_for(happened: Callable[[], bool]) -> None:
    """Give another process ten seconds."""
    for _ in range(200):
        if happened():
            return
        subprocess.run(["sleep", "0.05"], check=True)
    raise AssertionError("it never happened")
