"""Inviting people to act for an organisation, and taking an invitation back."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from workflows.models import Invitation, Membership
from workflows.stages import invitations, membership
from workflows.stages.proofs import NONE
from workflows.views.applicant import mandates
from workflows.views.applicant.members import managed
from workflows.views.applicant.own import see_other
from workflows.views.guards import KnownRequest

Role, Basis = Membership.Role, Membership.Basis
ROLES = [
    (Role.CLERK, _("Clerk: fills in and attaches, cannot sign")),
    (Role.SIGNER, _("Authorised signer: signs and files; the window confirms this first")),
    (Role.OWNER, _("Account owner: manages people and does a clerk's work")),
]


class InviteForm(mandates.GroundForm):
    """Whom, as what, and for a signer on what ground."""

    field_order = ("email", "role", "basis", "letter", "valid_to")

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        error_messages={"required": _("Give the address."), "invalid": _("This is no address.")},
    )
    role = forms.ChoiceField(
        label=_("As what"),
        choices=ROLES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what the person may do.")},
    )

    def clean(self) -> dict[str, object]:
        """Only signers need a ground of their own."""
        given = super().clean() or self.cleaned_data
        if given.get("role") != Role.SIGNER and not given.get("basis"):
            letter = given.get("letter", NONE)
            given["basis"] = Basis.LETTER if letter != NONE else Basis.OWNER
        return given


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def org_invite(request: KnownRequest, uscc: str) -> HttpResponse:
    """Send somebody a letter with which they may join."""
    organisation = managed(request.user, uscc)
    form = InviteForm(*mandates.sent(request))

    def act() -> None:
        membership.invite(organisation, by=request.user, **form.cleaned_data)

    outcome = mandates.attempt(form, act)
    if outcome.done:
        facts = {"email": form.cleaned_data["email"], "days": invitations.LASTING.days}
        told = gettext("An invitation was sent to %(email)s; it lasts %(days)s days")
        messages.success(request, told % facts)
        return see_other("org_members")
    values = {"organisation": organisation, "form": form, "refusal": outcome.refusal}
    return render(request, "workflows/applicant/invite.html", values, status=outcome.status)


@login_required
@require_POST
def invitation_withdraw(request: KnownRequest, pk: int) -> HttpResponse:
    """Take an open invitation back."""
    sent = Invitation.objects.select_related("organisation")
    invitation = get_object_or_404(sent, pk=pk, organisation__in=request.user.organisations())
    assert invitation.organisation is not None
    managed(request.user, invitation.organisation.uscc)
    membership.withdraw(invitation, by=request.user)
    messages.success(request, gettext("The invitation was withdrawn"))
    return see_other("org_members")
