"""The component sheet: every part of the design system, in its states, without a flaw."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.http import Http404
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

import workflows
from workflows.templatetags.drawings import DRAWINGS
from workflows.views.components import components

TEMPLATES = Path(workflows.__file__).parent / "templates"
ERRORS = ["400", "403", "403_csrf", "404", "409", "429"]


class Page(HTMLParser):
    """What a page is made of: its tags with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def values(self, name: str) -> list[str]:
        """Return every value of one attribute, lists of words taken apart."""
        return [word for _, attrs in self.tags for word in attrs.get(name, "").split()]


@pytest.fixture(params=["zh-hans", "en"])
def sheet(request: pytest.FixtureRequest, client: Client) -> str:
    """The sheet in each language; reading it asks nothing of the database."""
    with translation.override(request.param):
        address = reverse("components")
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_sheet_needs_no_inline_style_or_script(sheet: str) -> None:
    page = Page(sheet)

    names = {name for _, attrs in page.tags for name in attrs}
    assert "style" not in names
    assert {name for name in names if name.startswith("on")} == set()
    assert [tag for tag, attrs in page.tags if tag == "script" and "src" not in attrs] == []
    assert "<style" not in sheet


def test_ids_on_the_sheet_are_unique(sheet: str) -> None:
    ids = Page(sheet).values("id")

    assert sorted(ids) == sorted(set(ids))


def test_references_on_the_sheet_lead_somewhere(sheet: str) -> None:
    page = Page(sheet)
    ids = set(page.values("id"))

    referred = [
        *page.values("for"),
        *page.values("aria-labelledby"),
        *page.values("aria-describedby"),
    ]

    assert set(referred) - ids == set()


def test_the_sheet_has_one_heading_of_the_first_order(sheet: str) -> None:
    assert [tag for tag, _ in Page(sheet).tags if tag in {"h1", "main"}] == ["main", "h1"]


def test_every_component_and_drawing_is_on_the_sheet(sheet: str) -> None:
    source = (TEMPLATES / "workflows" / "components.html").read_text()
    parts = {path.stem for path in (TEMPLATES / "workflows" / "components").glob("*.html")}
    by_tag = {"crumbs", "card", "actionbar", "field", "field_hint", "field_errors"}
    in_shell = {"messages", "keys"}
    whole_pane = {"inbox"}

    included = set(re.findall(r"components/(\w+)\.html", source))

    assert parts - included - by_tag - in_shell - whole_pane == set()
    assert [name for name in DRAWINGS if f">{name}</code>" not in sheet] == []


def test_a_page_with_errors_says_so_first(sheet: str) -> None:
    assert re.search(r"<title>(错误：|Error:) ", sheet)


def test_there_is_no_sheet_outside_the_demo(settings: Settings) -> None:
    settings.HENG_DEMO = settings.DEBUG = False

    with pytest.raises(Http404):
        components(RequestFactory().get("/components/"))


def test_an_empty_inbox_says_what_to_do_next() -> None:
    html = render_to_string(
        "workflows/components/inbox.html",
        {"title": "Inbox", "total": 0, "groups": [], "empty_action": "Claim", "empty_url": "/q/"},
    )

    assert '<a class="btn btn-primary" href="/q/">Claim</a>' in html


@pytest.mark.parametrize("code", ERRORS)
def test_a_refusal_is_a_whole_page_without_a_form(code: str) -> None:
    request = RequestFactory().get("/a/HR-2026-0001/")
    request.resolver_match = None

    page = Page(render_to_string(f"{code}.html", {}, request))

    assert [tag for tag, _ in page.tags if tag in {"main", "h1", "form"}] == ["main", "h1"]


def test_a_foreign_case_and_a_missing_one_look_alike() -> None:
    pages = set()
    for address in ("/a/HR-2026-0001/", "/a/HR-2026-9999/"):
        request = RequestFactory().get(address)
        request.resolver_match = None
        pages.add(render_to_string("404.html", {}, request))

    assert len(pages) == 1


def test_a_refused_deed_keeps_the_text_typed() -> None:
    request = RequestFactory().get("/")
    request.resolver_match = None

    html = render_to_string("409.html", {"kept": "Typed <b>text</b>", "url": "/now/"}, request)

    assert "Typed &lt;b&gt;text&lt;/b&gt;" in html
    assert 'href="/now/"' in html


def test_the_page_of_a_fault_needs_nothing_from_us() -> None:
    source = (TEMPLATES / "500.html").read_text()

    assert "{%" not in source
    assert "{{" not in source


def test_every_template_compiles() -> None:
    names = [str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")]

    assert [name for name in names if get_template(name) is None] == []
