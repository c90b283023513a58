"""Who may open a page at all; which rows they find there is `visible_to`'s business."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django_htmx.http import push_url, reselect, reswap, retarget

from workflows.errors import NotEntitled
from workflows.models import User
from workflows.templatetags.written import came_from, written

P = ParamSpec("P")
SIGNED_OUT = {"state": "signed_out"}


class KnownRequest(HttpRequest):
    """A request of somebody who has signed in."""

    user: User


View = Callable[Concatenate[HttpRequest, P], HttpResponse]
Guarded = Callable[Concatenate[KnownRequest, P], HttpResponse]


def office(*roles: str) -> Callable[[Guarded[P]], View[P]]:
    """Let only holders of one of ``roles`` in; visitors sign in first, others read 403."""

    def guard(view: Guarded[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return signed_out(request)
            known = cast(KnownRequest, request)
            if not known.user.holds(*roles):
                raise NotEntitled
            return view(known, *args, **kwargs)

        return cast(View[P], guarded)

    return guard


def answering(view: Guarded[P]) -> View[P]:
    """Answer a script: a visitor reads 401, since a page to sign in on would be no answer."""

    @wraps(view)
    def answered(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return JsonResponse(SIGNED_OUT, status=401)
        return view(cast(KnownRequest, request), *args, **kwargs)

    return cast(View[P], answered)


# --- signed out meanwhile -------------------------------------------------------------------------
def signed_out(request: HttpRequest) -> HttpResponse:
    """The way in, and from there back to the page; a form's words are shown before they are lost.

    A script, which takes JSON only, reads 401.
    """
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(SIGNED_OUT, status=401)
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path())
    came = came_from(request)
    if urlsplit(came).path == request.path:  # perhaps no page, but where forms are sent to
        came = ""
    sign_in = redirect_to_login(came or resolve_url("desk"))
    words = written(request)
    if not words:
        return sign_in
    values = {"kept": words, "url": sign_in.url}
    page = render(request, "workflows/signed_out.html", values, status=409)
    if getattr(request, "htmx", False):  # a whole page, whatever part of one was to be swapped
        page = push_url(retarget(reselect(reswap(page, "outerHTML"), "#main"), "#main"), False)
    return page
