"""Refusals as pages: every reason of `errors.py` in the reader's words, under its HTTP status."""

import secrets
from collections.abc import Callable

from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django_htmx.http import reselect, reswap, retarget

from workflows import audit, jobs
from workflows.errors import CaseBusy, CaseError, StageClosed
from workflows.views import visitors

PAGES = {403: "403.html", 429: "429.html"}  # every other reason: "Nothing was changed"
WAIT = "60"  # seconds, Retry-After of a visitor who asked too often


class RefusalMiddleware:
    """Turns a refusal that no view caught into its page; tells the trail where acts come from."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with a number under which this request can be found again."""
        number = secrets.token_hex(8)
        with audit.origin(ip=visitors.address(request), request_id=number):
            response = self.get_response(request)
        response.headers["X-Request-ID"] = number
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Show the page of a refusal; any other error is not ours to hide."""
        if isinstance(error, DataError):  # such as a NUL, which no text in PostgreSQL holds
            return bad_request(request)
        refusal = as_refusal(error)
        return refused(request, refusal) if refusal else None


def as_refusal(error: Exception) -> CaseError | None:
    """The reason behind ``error``: its own, a lock held by another, or a guard of the database."""
    if isinstance(error, CaseError):
        return error
    if jobs.is_transient(error):
        return CaseBusy()
    if isinstance(error, IntegrityError) and audit.is_refusal(error):
        return StageClosed()
    return None


def sentence(error: CaseError) -> str:
    """What the reader is told, in their language."""
    words = gettext(error.sentence)
    return words % error.facts if error.facts else words


def refused(request: HttpRequest, error: CaseError, *, kept: str = "") -> HttpResponse:
    """The page of a refusal; ``kept`` is what the reader had written."""
    page = PAGES.get(error.status, "409.html")
    response = render(request, page, {"text": sentence(error), "kept": kept}, status=error.status)
    if error.status == visitors.TooMany.status:
        response.headers["Retry-After"] = WAIT
    if getattr(request, "htmx", False):  # the page's own <main> takes the place of the old one
        response = retarget(reselect(reswap(response, "outerHTML"), "#main"), "#main")
    return response


# --- handlers (project.urls, settings.CSRF_FAILURE_VIEW) -----------------------------------------
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that cannot be read."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A page of somebody else's office."""
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Nothing here, or nothing this reader may know of: one body for both."""
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our own fault; the page asks nothing of database or session."""
    return HttpResponse(render_to_string("500.html"), status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open for too long, or came from elsewhere."""
    return render(request, "403_csrf.html", status=403)
