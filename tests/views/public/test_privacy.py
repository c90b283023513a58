"""What browsers may keep, and what every answer says of itself."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from tests.views.public.addresses import at, browser
from workflows import demo
from workflows.views import privacy

pytestmark = pytest.mark.django_db
PUBLIC = ["home", "guide", "notices", "verify", "verify_file", "directory", "progress", "contact"]


@pytest.mark.parametrize("name", PUBLIC)
def test_a_visitor_may_go_back_to_a_public_page_and_no_cache_shares_it(
    client: Client, name: str
) -> None:
    page = client.get(at(name))

    assert page["Cache-Control"] == "no-cache, private"


@pytest.mark.parametrize("name", PUBLIC)
def test_nothing_a_signed_in_reader_saw_is_kept(cast: demo.Cast, name: str) -> None:
    page = browser(cast.auditor).get(at(name))

    assert page["Cache-Control"] == "no-store, private"


def test_private_pages_and_refusals_are_never_kept(cast: demo.Cast) -> None:
    auditor = browser(cast.auditor)

    kept = {
        auditor.get(address)["Cache-Control"]
        for address in (at("audit"), at("jobs"), at("audit_case", "CJRH-1900-0001"))
    }

    assert kept == {"no-store, private"}


def test_every_answer_carries_the_headers_of_the_house(client: Client, db: None) -> None:
    page = client.get(at("verify"))

    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["Cross-Origin-Opener-Policy"] == "same-origin"
    assert page["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in page["Permissions-Policy"]
    assert "default-src 'none'" in page["Content-Security-Policy"]


def test_what_a_view_says_itself_stands() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Cache-Control": "max-age=60"})

    answer = privacy.PrivacyMiddleware(view)(RequestFactory().get("/"))

    assert answer["Cache-Control"] == "max-age=60"
