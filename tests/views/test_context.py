"""The frame shows each reader where they may go."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import resolve, reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from tests.stages.accounts import filed, person, window
from tests.stages.test_reminders import holder
from workflows import jobs
from workflows.models import Appointment, User
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


def waiting(user: User) -> dict[str, int]:
    """What the rail of ``user`` counts, by address."""
    request = visit("/tasks/")
    request.user = user
    entries = [entry for group in Navigation(request).staff for entry in group.entries]
    return {entry.url: entry.waiting() for entry in entries if entry.waiting}


@pytest.mark.django_db
def test_the_rail_counts_the_registrations_that_wait_for_this_desk() -> None:
    filed(person("founder"))

    ours, others = waiting(window()), waiting(window("310104"))

    assert ours == {reverse("registrations"): 1}
    assert others == {reverse("registrations"): 0}


@pytest.mark.django_db
def test_a_desk_that_looks_at_no_registrations_does_not_pay_for_the_count(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    leader = holder("leader")
    leader.roles()

    with django_assert_num_queries(0):
        assert waiting(leader) == {}


@pytest.mark.django_db
def test_the_count_is_read_when_a_page_shows_it_and_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    desk = window()
    filed(person("founder"))
    jobs.run_due()  # which tells the desk of it
    request = visit("/tasks/")
    request.user = desk
    desk.roles()

    nav = Navigation(request)
    with django_assert_num_queries(0):
        assert nav.staff
    with django_assert_num_queries(1):
        pages = [render_to_string("workflows/shell/rail.html", {"nav": nav}) for _ in range(2)]

        assert (nav.unread, nav.registrations) == (1, 1)  # by the same statement
    assert ['<span class="count">1</span>' in page for page in pages] == [True, True]


def test_the_rail_of_whoever_runs_the_machine_shows_neither_tasks_nor_cases() -> None:
    rail = Navigation(visit("/ops/jobs/", "operator")).staff

    urls = [entry.url for group in rail for entry in group.entries]
    assert urls == [reverse("jobs"), reverse("operations"), reverse("outages")]


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
