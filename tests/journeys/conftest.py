"""A town to walk through: a served house, a clock of its own, Chromium, and people at browsers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.conftest import StandingClock
from tests.journeys.people import Town
from workflows.models import Round

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One Chromium for every journey.

    Playwright keeps an event loop in this thread, in which Django would refuse to touch its
    database; nothing here is asynchronous.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as play:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def town(
    chromium: Browser, live_server: LiveServer, call: Round, standing_clock: StandingClock
) -> Iterator[Town]:
    """Everybody's browsers; a page that complains anywhere fails the journey."""
    found = Town(chromium, live_server.url, standing_clock)
    yield found
    found.close()
    assert found.complaints == []
