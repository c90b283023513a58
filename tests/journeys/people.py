"""People at browsers: they open pages, follow links, fill in and press, by the words they read.

Every page somebody comes to is looked at once: no axe violation, nothing wider than the screen, no
word of complaint from the browser (a breach of the content security policy is one).
"""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import resolve, reverse
from django.utils import translation
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Response,
    Route,
    ViewportSize,
)

from tests.conftest import StandingClock
from workflows import demo, jobs
from workflows.models import User

Result = TypeVar("Result")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
WIDE: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 800}
TALL: ViewportSize = {"width": 360, "height": 6000}  # no bar at its foot covers a control
TAG, CLASS = re.compile(r"<([a-z][\w-]*)((?:[^>\"]|\"[^\"]*\")*)>"), re.compile(r'class="([^"]*)"')
SEEN: set[str] = set()  # pages looked at, by whomever: language, place and shape
PATIENCE = 15_000  # milliseconds


@dataclass
class Town:
    """The served house, its clock, and what the browsers complained of."""

    browser: Browser
    url: str
    clock: StandingClock
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def person(
        self,
        user: User | None = None,
        *,
        language: str = "zh-hans",
        scripts: bool = True,
        screen: ViewportSize = WIDE,
    ) -> "Person":
        """Somebody at a browser of their own, signed in as ``user``."""
        context = self.browser.new_context(
            viewport=screen, java_script_enabled=scripts, locale="zh-CN", accept_downloads=True
        )
        self.contexts.append(context)
        if user is not None:
            context.add_cookies([self._session(user)])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        return Person(self, page, language, scripts, screen)

    def _session(self, user: User) -> Any:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        return {"name": name, "value": client.cookies[name].value, "url": self.url}

    def copied(self, page: Page) -> Page:
        """The same page where scripts run: an axe is one, and ``page`` may run none."""
        lens = self.browser.new_page(viewport=WIDE)
        self.contexts.append(lens.context)
        lens.route(page.url, partial(_show, page.content()))
        lens.goto(page.url)
        return lens

    def work(self) -> None:
        """The worker does what is due by now."""
        elsewhere(jobs.run_due)

    def wait_until(self, moment: datetime) -> None:
        """Time passes, then the worker does what is due."""
        self.clock.move_to(moment)
        self.work()

    def close(self) -> None:
        """Everybody goes home."""
        for context in self.contexts:
            context.close()


class Person:
    """Somebody who reads ``language`` at a browser."""

    def __init__(
        self, town: Town, page: Page, language: str, scripts: bool, screen: ViewportSize
    ) -> None:
        self.town, self.page = town, page
        self.language, self.scripts, self.screen = language, scripts, screen
        self.status, self.expected = 200, 200
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self._complain(str(error)))
        page.on("response", self._note)
        page.on("dialog", lambda dialog: dialog.accept())

    # --- going ----------------------------------------------------------------------------------
    def opens(self, name: str, *parts: object, query: str = "") -> None:
        """Type the address of a page."""
        with translation.override(self.language):
            address = reverse(name, args=parts)
        self.goes(f"{self.town.url}{address}{query}")

    def goes(self, address: str) -> None:
        """Type any address."""
        self.page.goto(address)
        self.looks()

    def follows(self, words: str, *, within: str = "main") -> None:
        """Follow the link that says ``words``."""
        link = self.page.locator(within).get_by_role("link", name=self.says(words)).first
        self._leaves_by(link)

    def presses(self, words: str, *, within: str = "main", refused: int = 0) -> None:
        """Press the button that says ``words``; ``refused`` is an expected refusal's status."""
        button = self.page.locator(within).get_by_role("button", name=self.says(words)).first
        with self.expecting(refused or 200):
            self._leaves_by(button)

    def marks(self, words: str) -> None:
        """Press the button that says ``words``; where scripts run, the page stays."""
        if not self.scripts:
            self.presses(words)
            return
        main = self.page.locator("main")
        main.get_by_role("button", name=self.says(words)).first.click()

    def _leaves_by(self, way: Locator) -> None:
        with self.page.expect_navigation():
            way.click()
        self.looks()

    def downloads(self, way: Locator) -> bytes:
        """The file behind a link."""
        with self.page.expect_download() as download:
            way.click()
        return Path(download.value.path()).read_bytes()

    # --- filling in -----------------------------------------------------------------------------
    def writes(self, label: str, words: str) -> None:
        """Write into the field called ``label``."""
        self.page.locator("main").get_by_label(self.says(label)).first.fill(words)

    def ticks(self, *labels: str) -> None:
        """Tick the boxes or choose the options called so."""
        for label in labels:
            self.page.locator("main").get_by_label(self.says(label)).first.check()

    def chooses(self, name: str, value: str = "on") -> None:
        """Choose the option of ``name`` that sends ``value``, or tick its box."""
        control = self.page.locator(f"main [name='{name}']")
        (
            control if value == "on" else control.and_(self.page.locator(f"[value='{value}']"))
        ).check()

    # --- reading --------------------------------------------------------------------------------
    def says(self, words: str) -> str:
        """The sentence in this person's language."""
        with translation.override(self.language):
            return str(translation.gettext(words))

    def reads(self, words: str) -> bool:
        """Whether the page says ``words``."""
        return words in self.page.locator("main").inner_text()

    @property
    def place(self) -> str:
        """The name of the page this person is on."""
        with translation.override(self.language):
            return str(resolve(urlsplit(self.page.url).path).url_name)

    # --- looking --------------------------------------------------------------------------------
    def looks(self) -> None:
        """Look at a page of a shape nobody has met yet, with an axe and on a phone."""
        shape = f"{self.language} {self.place} {shape_of(self.page.content())}"
        if shape in SEEN:
            return
        SEEN.add(shape)
        page = self.page if self.scripts else self.town.copied(self.page)
        page.set_viewport_size(TALL if self.screen == PHONE else self.screen)
        found = Axe().run(page, options=AXE).response["violations"]
        for rule in found:
            nodes = [node["html"][:200] for node in rule["nodes"][:3]]
            self._complain(f"axe {rule['id']}: {nodes}")
        for screen in (PHONE, WIDE):
            page.set_viewport_size(screen)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > screen["width"]:
                self._complain(f"{wide} pixels wide on a screen of {screen['width']}")
        page.set_viewport_size(self.screen)

    @contextmanager
    def expecting(self, status: int) -> Iterator[None]:
        """A refusal with ``status`` is what should happen inside the block."""
        self.expected = status
        yield
        assert self.status == status, f"{self.page.url}: {self.status} instead of {status}"
        self.expected = 200

    def _note(self, response: Response) -> None:
        if response.frame == self.page.main_frame and response.request.is_navigation_request():
            self.status = 200 if response.status < 400 else response.status
        if response.status >= 400 and response.status != self.expected:
            self._complain(f"{response.status} {response.url}")

    def _listen(self, message: Any) -> None:
        loud = message.type in ("error", "warning")
        if loud and not message.text.startswith("Failed to load"):  # `_note` knows better
            self._complain(message.text)

    def _complain(self, words: str) -> None:
        self.town.complaints.append(f"{self.page.url}: {words}")


def shape_of(html: str) -> str:
    """The tags of a page with their classes, each once: one more row is no page nobody has met."""
    parts = ((tag, CLASS.search(rest)) for tag, rest in TAG.findall(html))
    return ",".join(dict.fromkeys(f"{tag} {css[1] if css else ''}" for tag, css in parts))


def _show(html: str, route: Route) -> None:
    route.fulfill(body=html, content_type="text/html; charset=utf-8")


def elsewhere(act: Callable[[], Result]) -> Result:
    """Do something in a thread of its own: in this one an event loop waits for the browser."""

    def done() -> Result:
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(done).result()


# --- signing in -----------------------------------------------------------------------------------
def signs_in(person: Person, user: User) -> None:
    """Sign in through the page everybody uses."""
    person.opens("account_login")
    person.page.fill("#id_login", user.username)
    person.page.fill("#id_password", demo.PASSWORD)
    person.presses("Sign in")
