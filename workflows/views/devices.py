"""Devices an account was used on: signing in on another one is told to whoever it belongs to."""

from django.http import HttpRequest, HttpResponse

from workflows import clock
from workflows.models import User
from workflows.stages import messages
from workflows.views import visitors

COOKIE, SALT = "devices", "devices"
YEAR = 365 * 24 * 60 * 60  # seconds


def greet(request: HttpRequest, user: User, response: HttpResponse, *, first: bool) -> HttpResponse:
    """Tell ``user`` of a sign-in on a device unknown to the account, unless it is their ``first``.

    The browser keeps a signed list of the accounts it was used for; nothing is kept here.
    """
    known = _known(request)
    if str(user.pk) in known:
        return response
    if not first:
        moment = clock.local(clock.now())
        messages.remind(
            "new_device",
            origin=f"sign_in:{user.pk}:{moment:%Y%m%d%H%M%S}",
            audience=f"user:{user.pk}",
            moment=f"{moment:%Y-%m-%d %H:%M}",
            place=visitors.address(request),
        )
    remembered = ".".join([*known, str(user.pk)])
    response.set_signed_cookie(
        COOKIE,
        remembered,
        salt=SALT,
        max_age=YEAR,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _known(request: HttpRequest) -> list[str]:
    told = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=YEAR)
    return told.split(".") if told else []
