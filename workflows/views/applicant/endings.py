"""Taking an application back, and throwing a draft away."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from workflows.errors import CaseError, NotEntitled
from workflows.models import Case
from workflows.models.case import State
from workflows.stages import drafting, withdrawal
from workflows.views.applicant.own import own_case, see_other, signers, signs
from workflows.views.applicant.progress import RECALLABLE
from workflows.views.guards import KnownRequest
from workflows.views.refusals import sentence
from workflows.views.signature import SignatureForm


class WithdrawForm(SignatureForm):
    """Why the application is taken back, signed."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Give the reason for taking the application back")},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_withdraw(request: KnownRequest, reference: str) -> HttpResponse:
    """Take a filed application back, or ask for it once the public has been told.

    The reader's words survive a refusal.
    """
    case = own_case(request, reference)
    if case.state == State.DRAFT:
        return see_other("case_discard", reference)
    if request.method != "POST":
        return _ask(request, case, WithdrawForm(request.user))
    if not signs(request.user, case):
        raise NotEntitled
    form = WithdrawForm(request.user, request.POST)
    if not form.is_valid():
        return _ask(request, case, form, status=422)
    asks = withdrawal.needs_consent(case)
    act = withdrawal.ask if asks else withdrawal.withdraw
    try:
        act(
            case,
            reason=form.cleaned_data["reason"],
            signed_with=form.signed_with,
            by=request.user,
        )
    except CaseError as refusal:
        return _ask(request, case, form, status=refusal.status, refusal=sentence(refusal))
    done = gettext("The office was asked") if asks else gettext("The application was withdrawn")
    messages.success(request, done)
    return see_other("case_progress", reference)


def _ask(
    request: KnownRequest, case: Case, form: WithdrawForm, *, status: int = 200, refusal: str = ""
) -> HttpResponse:
    values = {
        "case": case,
        "form": form,
        "refusal": refusal,
        "recallable": case.state in RECALLABLE,
        "consent": withdrawal.needs_consent(case),
        "asked": case.withdrawal_asked,
        "signs": signs(request.user, case),
        "signers": signers(case),
    }
    return render(request, "workflows/applicant/withdraw.html", values, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_discard(request: KnownRequest, reference: str) -> HttpResponse:
    """Throw a draft away after asking once."""
    case = own_case(request, reference)
    if request.method == "POST" and case.state == State.WITHDRAWN and case.submitted is None:
        return see_other("workspace")  # a second press of the button
    if request.method == "POST":
        drafting.discard(case, by=request.user)
        messages.success(request, gettext("The draft was thrown away"))
        return see_other("workspace")
    if case.state != State.DRAFT:
        return redirect("case", reference)
    return render(request, "workflows/applicant/discard.html", {"case": case})
