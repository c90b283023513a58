"""A town to walk through: a served house, a clock of its own, Chromium, and people at browsers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.chromium import launched
from tests.conftest import StandingClock
from tests.journeys.people import Town
from workflows.models import Round


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One Chromium for every journey.

    Playwright keeps an event loop in this thread, in which Django would refuse to touch its
    database; nothing here is asynchronous.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as play:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = launched(play)
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
