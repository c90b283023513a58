"""Who may open a page at all; which rows they find there is `visible_to`'s business."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse

from workflows.errors import NotEntitled

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def office(*roles: str) -> Callable[[View[P]], View[P]]:
    """Let only those in who hold one of ``roles`` today; visitors sign in first, others read 403."""

    def guard(view: View[P]) -> View[P]:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not request.user.holds(*roles):
                raise NotEntitled
            return view(request, *args, **kwargs)

        return guarded

    return guard
