"""Pages as a person sees them in Chromium: on any width, with and without scripts."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import launched
from tests.views.desk.test_in_browser import SITE, answer

REFUSED = "422"  # what the console says of a page whose form must be sent again


@contextmanager
def running() -> Iterator[Browser]:
    """A Chromium, for the tests of one module."""
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as play:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop is in this thread
        chromium = launched(play)
        yield chromium
        chromium.close()


@contextmanager
def visited(
    chromium: Browser, reader: Client, path: str, *, width: int = 1440, scripts: bool = True
) -> Iterator[Page]:
    """A page as ``reader`` sees it; nothing else may be complained of in the console."""
    complaints: list[str] = []
    window = chromium.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=scripts
    )
    page = window.new_page()
    page.set_default_timeout(10_000)
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    place = copy_context()
    page.route("**/*", lambda route: answer(reader, place, route))
    page.goto(SITE + path)
    page.wait_for_load_state("networkidle")
    yield page
    window.close()
    assert [each for each in complaints if REFUSED not in each] == []
