"""Somebody who types in Chromium: their page, their session, their connection."""

from contextvars import Context
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.test import Client
from playwright.sync_api import Page, Request, Route

from tests.views.applicant.drafts import section
from tests.views.desk.test_in_browser import SITE, answer, violations
from workflows.models import Case, User

MOMENT = 60  # milliseconds
GOALS = "textarea#q-plan_goals"  # where it can be written to
MONEY = "#q-plan_investment"
RECORDS = """() => new Promise((resolve) => {
  indexedDB.open("heng", 1).onsuccess = ({ target }) => {
    target.result.transaction("typed").objectStore("typed").getAllKeys().onsuccess =
      ({ target }) => resolve(target.result.length);
  };
})"""


@dataclass
class Reader:
    """Somebody at a browser: their page, their session, their connection."""

    page: Page
    client: Client
    place: Context
    online: bool = True
    kept: list[str] = field(default_factory=list)  # what the script sent
    under_way: set[Request] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def settle(self) -> None:
        """Listen to the browser, and serve its requests."""
        self.page.set_default_timeout(10_000)
        self.page.on("console", lambda message: self._listen(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.under_way.add(request))
        for end in ("requestfinished", "requestfailed"):
            self.page.on(end, lambda request: self.under_way.discard(request))
        self.page.route("**/*", self._serve)

    def _listen(self, words: str) -> None:
        if "Failed to load resource" not in words:  # refusals and a cut line are meant here
            self.complaints.append(words)

    def _serve(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            answer(self.client, self.place, route)
        elif not self.online:
            route.abort("internetdisconnected")
        else:
            self._answer(route, path)

    def _answer(self, route: Route, path: str) -> None:
        request = route.request
        if path.endswith("/keep/") and request.method == "POST":
            self.kept.append((request.post_data_buffer or b"").decode())
        response = self.place.copy().run(self._served, request.method, path, request)
        headers = {name: text for name, text in response.headers.items() if name != "Set-Cookie"}
        route.fulfill(status=response.status_code, headers=headers, body=response.content)

    def _served(self, method: str, path: str, request: Request) -> HttpResponse:
        told = {name: text for name, text in request.headers.items() if name == "accept"}
        kind = request.headers.get("content-type", "application/octet-stream")
        response = self.client.generic(
            method, path, request.post_data_buffer or b"", kind, headers=told
        )
        if response.status_code in (302, 303):
            response = self.client.get(response.headers["Location"])
        return response

    # --- at the page
    def opens(self, case: Case, code: str = "plan") -> None:
        """Open a section; its script has said that somebody is here."""
        self.page.goto(SITE + section(case, code))
        self.page.wait_for_load_state("networkidle")

    def types(self, words: str) -> None:
        """Type ``words`` at the end of the goals."""
        self.page.locator(GOALS).focus()
        self.page.keyboard.press("Control+End")
        self.page.keyboard.type(words)

    def waits(self, seconds: float) -> None:
        """Let time pass on the page, then let it finish what it began."""
        if seconds:
            self.page.clock.run_for(int(seconds * 1000))
        for _ in range(60):
            self.page.wait_for_timeout(MOMENT)
            if not self.under_way:
                return

    def reads(self, words: str) -> None:
        """The status beside the buttons says ``words``."""
        self.page.locator(".actionbar [role=status]").get_by_text(words).wait_for()

    def faults(self) -> list[str]:
        """What an axe finds, whose own clock must not stand."""
        self.page.clock.resume()
        found = violations(self.page)
        self.page.clock.pause_at(float(self.page.evaluate("Date.now()")) / 1000 + 1)
        return found

    @property
    def records(self) -> int:
        """How many sections this device keeps text of that was not sent."""
        return int(self.page.evaluate(RECORDS))


def signed_in(user: User) -> Client:
    """A session that is asked for its token as in production."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
