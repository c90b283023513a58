"""How long a reader stays signed in, and staying longer (WCAG 2.2.1)."""

from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from workflows.views.guards import KnownRequest, answering


@answering
@require_POST
def stay(request: KnownRequest) -> HttpResponse:
    """Begin the reader's time anew; only they ask for it, a page left open never does."""
    request.session.modified = True
    return JsonResponse({"state": "staying", "left": settings.SESSION_COOKIE_AGE})


def left(request: HttpRequest) -> int:
    """Seconds until the reader is signed out by the sessions' clock; 0 where none is kept."""
    kept = Session.objects.filter(pk=request.session.session_key)
    ends = kept.values_list("expire_date", flat=True).first()
    return request.session.get_expiry_age(expiry=ends) if ends else 0
