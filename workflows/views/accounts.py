"""Signing in: no public signup, a lock after too many tries, and each role's own first page."""

from collections.abc import Mapping
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from workflows.models import User
from workflows.views import devices
from workflows.views.context import Navigation


class ClosedSignup(DefaultAccountAdapter):
    """Accounts are opened by the office (``create_person``), never by visitors."""

    first = False  # whether the sign-in in hand is the first one of its account

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Let ``user`` in, and remember whether it is for the first time."""
        self.first = user.last_login is None
        super().login(request, user)

    def post_login(self, request: HttpRequest, user: User, **facts: Any) -> HttpResponse:
        """Send whoever is in on their way; a device unknown to the account is told of."""
        response = super().post_login(request, user, **facts)
        return devices.greet(request, user, response, first=self.first)


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Send whoever has signed in to the page where their work begins."""
    return redirect(Navigation(request).home)


def tried(request: HttpRequest, credentials: Mapping[str, object] | None = None) -> str:
    """Name the account someone tries to enter, alike however they spell it (for axes).

    Capitals and the e-mail address lead to the same account, so they count as the same tries.
    """
    given = credentials or {}
    name = given.get("username") or given.get("login") or request.POST.get("login", "")
    name = str(name).strip().lower()
    if "@" not in name:
        return name
    owner = User.objects.filter(email__iexact=name).order_by("pk").first()
    return owner.username.lower() if owner else name


def locked_out(
    request: HttpRequest,
    original_response: HttpResponse | None = None,
    credentials: Mapping[str, object] | None = None,
) -> HttpResponse:
    """Tell someone who guessed too often that the account rests (settings.AXES_COOLOFF_TIME)."""
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    words = {
        "title": _("Too many attempts to sign in"),
        "text": _("Signing in is blocked for %(minutes)s minutes after too many attempts.")
        % {"minutes": minutes},
    }
    return render(request, "429.html", words, status=429)
