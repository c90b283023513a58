"""Stored files on their way out: as downloads, which no browser runs anything of."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from workflows import store
from workflows.errors import FileDamaged

ALONE = "default-src 'none'; sandbox"  # should a browser open it after all
PLAIN = "application/octet-stream"


def content(sha256: str) -> bytes:
    """The bytes of a stored file; 404 for one that is gone, ``FileDamaged`` for an altered one."""
    try:
        return store.store().get(sha256)
    except KeyError as lost:
        raise Http404 from lost
    except store.StoreDamaged as damaged:
        raise FileDamaged from damaged


def download(sha256: str, name: str, kind: str = PLAIN) -> HttpResponse:
    """Send a stored file under ``name``; see ``content``."""
    response = HttpResponse(content(sha256), kind)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return alone(response)


def alone(response: HttpResponse) -> HttpResponse:
    """The response as one that may load and run nothing, whatever it holds."""
    response["Content-Security-Policy"] = ALONE
    response["X-Content-Type-Options"] = "nosniff"
    return response
