"""The frame shows each reader where they may go."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import translation

from workflows.models import Appointment
from workflows.views.context import APPLICANT, CONFERENCE, HOMES, OFFICE, PANEL, Navigation


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    """Addresses without a language prefix belong to the default language."""
    with translation.override("zh-hans"):
        yield


def visit(path: str, *roles: str) -> HttpRequest:
    """Return a request of someone who holds ``roles``."""
    request = RequestFactory().get(path)
    request.resolver_match = resolve(path)
    request.user = SimpleNamespace(is_authenticated=bool(roles), roles=lambda: set(roles))
    return request


def current(entries: list) -> dict[str, str]:
    """Return the marked entries by address."""
    return {entry.url: entry.current for entry in entries if entry.current}


def test_every_office_begins_somewhere() -> None:
    known = set().union(*(roles for roles, _ in HOMES))

    assert known == {*Appointment.Role.values, *APPLICANT}


@pytest.mark.parametrize(
    ("role", "name"),
    [
        *[(role, "tasks") for role in sorted(OFFICE)],
        *[(role, "meetings") for role in sorted(CONFERENCE)],
        *[(role, "evaluations") for role in sorted(PANEL)],
        *[(role, "workspace") for role in sorted(APPLICANT)],
        ("auditor", "audit"),
        ("operator", "jobs"),
    ],
)
def test_each_role_begins_at_its_own_work(role: str, name: str) -> None:
    assert Navigation(visit("/", role)).home == reverse(name)


def test_a_visitor_begins_at_the_home_page() -> None:
    assert Navigation(visit("/")).home == reverse("home")


def test_every_public_page_is_served() -> None:
    addresses = [entry.url for entry in Navigation(visit("/")).public]

    names = ["home", "guide", "notices", "directory", "progress", "verify"]
    assert addresses == [reverse(name) for name in names]


def test_every_page_of_an_applicant_is_served() -> None:
    addresses = [entry.url for entry in Navigation(visit("/", "applicant_clerk")).applicant]

    names = [
        "workspace", "partnerships", "library", "certificates", "messages", "org_members",
        "notices", "guide",
    ]  # fmt: skip
    assert addresses == [reverse(name) for name in names]


def test_the_rail_shows_only_what_the_reader_may_open() -> None:
    window = Navigation(visit("/tasks/", "window")).staff
    officer = Navigation(visit("/tasks/", "case_officer")).staff

    shown = [{entry.url for group in rail for entry in group.entries} for rail in (window, officer)]
    assert reverse("meetings") not in shown[0]
    assert reverse("meetings") in shown[1]
    assert reverse("audit") not in shown[0] | shown[1]


def test_the_rail_of_whoever_runs_the_machine_shows_neither_tasks_nor_cases() -> None:
    rail = Navigation(visit("/ops/jobs/", "operator")).staff

    urls = [entry.url for group in rail for entry in group.entries]
    assert urls == [reverse("jobs"), reverse("outages")]


def test_the_page_itself_is_marked() -> None:
    request = visit("/notices/")

    assert current(Navigation(request).public) == {reverse("notices"): "page"}


def test_a_page_inside_marks_its_entry() -> None:
    address = reverse("task", kwargs={"pk": 7})
    request = visit(address, "window")

    entries = [entry for group in Navigation(request).staff for entry in group.entries]
    assert current(entries) == {reverse("tasks"): "true"}


def test_only_the_open_queue_is_marked() -> None:
    address = reverse("tasks_queue", kwargs={"queue": "done"})
    request = visit(address, "window")

    entries = [entry for group in Navigation(request).staff for entry in group.entries]
    assert current(entries) == {address: "page"}
