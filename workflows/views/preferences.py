"""How a reader likes to read: kept in their browser, known to nobody else."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

SHORTCUTS = ("off", "alt")
YEAR = 365 * 24 * 60 * 60  # seconds


@require_POST
def text_size(request: HttpRequest) -> HttpResponse:
    """Switch 大字版 on (``size=large``) or off, and return to the page."""
    return remember(request, "text_size", "large", chosen=request.POST.get("size") == "large")


@require_POST
def shortcuts(request: HttpRequest) -> HttpResponse:
    """Switch single-key shortcuts off, on, or on with Alt only (WCAG 2.1.4)."""
    wanted = request.POST.get("shortcuts", "")
    return remember(request, "shortcuts", wanted, chosen=wanted in SHORTCUTS)


def shortcuts_of(request: HttpRequest) -> str:
    """How the reader wants single keys: ``off``, ``alt``, or at once (empty)."""
    kept = request.COOKIES.get("shortcuts", "")
    return kept if kept in SHORTCUTS else ""


def remember(request: HttpRequest, name: str, value: str, *, chosen: bool) -> HttpResponse:
    """Set or clear one cookie and send the reader back where they came from."""
    response: HttpResponse = HttpResponseRedirect(way_back(request))  # an address, never a name
    if chosen:
        response.set_cookie(
            name, value, YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie(name, samesite="Lax")
    return response


def way_back(request: HttpRequest) -> str:
    """Return the page named by the form, if it is one of ours."""
    address = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if ours else reverse("home")
