"""Refusals as pages: the right status, the reader's language, and never a private word."""

import json
import re
from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries, Settings

from tests.views.public.addresses import at, browser, text
from workflows import clock, demo, errors
from workflows.models import Case, Event, Job
from workflows.views import refusals, visitors

pytestmark = pytest.mark.django_db
KINDS = [
    kind
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.CaseError)
]


def answer(error: Exception, **headers: str) -> HttpResponse | None:
    """What the middleware makes of an error that a view let go."""
    request = RequestFactory().get("/", **headers)
    request.htmx = bool(headers)
    return refusals.RefusalMiddleware(lambda _: HttpResponse()).process_exception(request, error)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_refusal_has_its_page_and_status(kind: type[errors.CaseError]) -> None:
    places = re.findall(r"%\((\w+)\)s", kind().sentence)
    refusal = kind(**dict.fromkeys(places, "这里"))

    page = answer(refusal)

    assert page is not None
    assert page.status_code == kind.status
    assert refusals.sentence(refusal) in text(page)


@pytest.mark.parametrize(
    "error", [OperationalError("database is locked"), errors.CaseBusy()], ids=["sqlite", "ours"]
)
def test_a_lock_held_by_another_is_a_409(error: Exception) -> None:
    page = answer(error)

    assert page is not None
    assert page.status_code == 409


def test_a_lock_postgresql_did_not_give_is_a_409() -> None:
    class LockNotAvailable(Exception):
        sqlstate = "55P03"

    error = OperationalError("canceling statement due to lock timeout")
    error.__cause__ = LockNotAvailable()

    page = answer(error)

    assert page is not None
    assert page.status_code == 409


def test_a_guard_of_the_database_is_a_409() -> None:
    page = answer(IntegrityError("heng: a case moves only as the law allows"))

    assert page is not None
    assert page.status_code == 409


@pytest.mark.parametrize(
    "error",
    [
        IntegrityError("UNIQUE constraint failed"),
        OperationalError("no such table"),
        ValueError("ours"),
        Http404(),
        PermissionDenied(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_any_other_error_is_left_alone(error: Exception) -> None:
    assert answer(error) is None


def test_a_sentence_speaks_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "gettext", lambda words: f"译：{words}")

    with override("zh-hans"):
        said = refusals.sentence(errors.NoQuorum(present=3, members=7, needed=5))

    assert said == "译：Only 3 of 7 members are present; 5 are needed for a vote."


def test_a_visitor_who_asks_too_often_is_told_when_to_come_back() -> None:
    page = answer(visitors.TooMany())

    assert page is not None
    assert (page.status_code, page["Retry-After"]) == (429, "60")


def test_a_part_of_a_page_is_replaced_whole_by_the_refusal() -> None:
    page = answer(errors.StageClosed(), HTTP_HX_REQUEST="true")

    assert page is not None
    assert page["HX-Retarget"] == "#main"
    assert page["HX-Reselect"] == "#main"
    assert page["HX-Reswap"] == "outerHTML"


def test_text_that_was_typed_is_shown_again() -> None:
    request = RequestFactory().get("/")

    page = refusals.refused(request, errors.StageClosed(), kept="我的意见 <b>")

    assert "我的意见 <b>" in text(page)
    assert "<b>" not in page.content.decode().split("我的意见")[1][:10]


def test_acts_say_where_they_came_from(cast: demo.Cast, settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    moment = clock.now()
    job = Job.objects.create(
        kind="timer", dedupe_key="x", not_before=moment, created=moment, state=Job.State.INCIDENT
    )

    page = browser(cast.operator).post(
        at("job_retry", job.pk), headers={"X-Forwarded-For": "203.0.113.9"}
    )

    body = json.loads(Event.objects.get(chain="sys:jobs").body)
    assert body["ip"] == "203.0.113.9"
    assert body["request"] == page["X-Request-ID"]


def test_a_missing_case_and_a_foreign_one_have_the_same_body(
    certified: Case, cast: demo.Cast
) -> None:
    expert = browser(cast.experts[0])
    letter = certified.documents.get(kind="decision_granted").code

    foreign = expert.get(at("paper", letter))
    missing = expert.get(at("paper", "0000-0000-0000-0000-0000"))

    assert foreign.status_code == missing.status_code == 404
    assert text(foreign).replace(letter, "") == text(missing).replace(
        "0000-0000-0000-0000-0000", ""
    )


def test_an_expired_form_says_so(db: None) -> None:
    page = Client(enforce_csrf_checks=True).post(at("progress"), {})

    assert page.status_code == 403
    assert "This form has expired" in text(page)


@pytest.mark.parametrize(
    ("handler", "status"),
    [
        (refusals.bad_request, 400),
        (refusals.forbidden, 403),
        (refusals.not_found, 404),
    ],
)
def test_handlers_show_a_page_of_ours(
    handler: Callable[[HttpRequest, Exception | None], HttpResponse], status: int
) -> None:
    page = handler(RequestFactory().get("/"), None)

    assert page.status_code == status
    assert "<main" in text(page)


def test_our_own_fault_needs_neither_database_nor_session(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        page = refusals.server_error(RequestFactory().get("/"))

    assert page.status_code == 500
    assert "系统出了故障" in text(page)
