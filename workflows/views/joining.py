"""The doors of accounts: asking for a letter, and the address in it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from workflows.errors import InvitationElsewhere
from workflows.models import Invitation, Membership, User
from workflows.stages import invitations, membership, registration
from workflows.views import visitors
from workflows.views.applicant import mandates
from workflows.views.applicant.own import see_other

DOORS = 5  # letters one address of the network may ask for in a minute
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class DoorForm(forms.Form):
    """Where the letter goes."""

    use_required_attribute = False

    email = forms.EmailField(
        label=_("Your e-mail address at work"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "w-lg"}),
        error_messages={"required": _("Give the address."), "invalid": _("This is no address.")},
    )


class AccountForm(forms.Form):
    """Who opens an account."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Your name"), max_length=50, error_messages={"required": _("Give your name.")}
    )
    username = forms.CharField(
        label=_("Username"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        error_messages={"required": _("Choose a username.")},
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        help_text=_("At least 12 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choose a password.")},
    )
    again = forms.CharField(
        label=_("Password once more"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Type the password once more.")},
    )

    def clean(self) -> dict[str, Any]:
        """Both passwords are the same."""
        given = super().clean() or self.cleaned_data
        if "again" in given and given.pop("again") != given.get("password"):
            self.add_error("again", _("The two passwords differ."))
        return given


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """Ask for a letter; the answer is the same whoever asks."""
    if request.user.is_authenticated:
        return redirect("org_new")
    form = DoorForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "workflows/account_register.html", {"form": form}, status=status)
    visitors.spend(request, "register", DOORS)
    language = get_language() or "zh-hans"
    registration.knock(form.cleaned_data["email"], language=language)
    values = {"email": form.cleaned_data["email"], "days": invitations.LASTING.days}
    return render(request, "workflows/account_register_sent.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Open an account, or take on a mandate, with the address of a letter."""
    visitors.spend(request, "join")
    invitation = invitations.invited(token)
    if not isinstance(request.user, User):
        return _open(request, invitation)
    if invitation.organisation is None:
        return redirect("org_new")
    return _accept(request, invitation, request.user)


def _open(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """The account of somebody who has none yet; then they are signed in."""
    if User.objects.filter(email__iexact=invitation.email, is_active=True).exists():
        return render(request, "workflows/account_join.html", {"invitation": invitation})
    form, status = AccountForm(request.POST if request.method == "POST" else None), 200
    if form.is_valid():
        try:
            user = registration.open_account(invitation, **form.cleaned_data)
        except ValidationError as wrong:
            mandates.place(form, wrong)
        else:
            login(request, user, backend=BACKEND)
            if invitation.organisation is None:
                return see_other("org_new")
            return redirect(request.path)
    values = {"invitation": invitation, "form": form}
    status = 422 if form.errors else status
    return render(request, "workflows/account_join.html", values, status=status)


def _accept(request: HttpRequest, invitation: Invitation, user: User) -> HttpResponse:
    """Take the mandate on; a signer says who they are, and the window looks first."""
    signs = invitation.role == Membership.Role.SIGNER
    form = mandates.IdentityForm(request.POST if request.method == "POST" else None)
    if user.email.lower() != invitation.email.lower():
        raise InvitationElsewhere

    def act() -> None:
        if signs:
            registration.ask_to_sign(invitation, by=user, **form.cleaned_data)
        else:
            membership.join(invitation, by=user)

    outcome = mandates.attempt(form, act)
    if outcome.done:
        messages.success(request, _taken(invitation))
        return see_other("organisations")
    values = {
        "invitation": invitation,
        "form": form if signs else None,
        "refusal": outcome.refusal,
    }
    return render(request, "workflows/account_accept.html", values, status=outcome.status)


def _taken(invitation: Invitation) -> str:
    if invitation.role == Membership.Role.SIGNER:
        return gettext("The window has your power of attorney now")
    words = gettext("You act for %(organisation)s now")
    return words % {"organisation": invitation.organisation}
