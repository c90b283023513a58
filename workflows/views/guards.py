"""Who may open a page at all; which rows they find there is `visible_to`'s business."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse

from workflows.errors import NotEntitled
from workflows.models import User

P = ParamSpec("P")


class KnownRequest(HttpRequest):
    """A request of somebody who has signed in."""

    user: User


View = Callable[Concatenate[HttpRequest, P], HttpResponse]
Guarded = Callable[Concatenate[KnownRequest, P], HttpResponse]


def office(*roles: str) -> Callable[[Guarded[P]], View[P]]:
    """Let only holders of one of ``roles`` in; visitors sign in first, others read 403."""

    def guard(view: Guarded[P]) -> View[P]:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
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
            return JsonResponse({"state": "signed_out"}, status=401)
        return view(cast(KnownRequest, request), *args, **kwargs)

    return cast(View[P], answered)
