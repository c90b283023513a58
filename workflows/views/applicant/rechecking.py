"""Asking that the mark be checked again (复核, X30)."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from workflows.errors import CaseError, NotEntitled
from workflows.models import Case
from workflows.stages import rechecking
from workflows.views.applicant.own import own_case, see_other, signers, signs
from workflows.views.guards import KnownRequest
from workflows.views.refusals import sentence
from workflows.views.signature import SignatureForm


class RecheckForm(SignatureForm):
    """What is thought to be wrong, signed."""

    reason = forms.CharField(
        label=_("What should be checked"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say what should be checked")},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_recheck(request: KnownRequest, reference: str) -> HttpResponse:
    """Ask for a review of the mark; the reader's words survive a refusal."""
    case = own_case(request, reference)
    if request.method != "POST":
        return _ask(request, case, RecheckForm(request.user))
    if not signs(request.user, case):
        raise NotEntitled
    form = RecheckForm(request.user, request.POST)
    if not form.is_valid():
        return _ask(request, case, form, status=422)
    try:
        rechecking.ask(
            case,
            reason=form.cleaned_data["reason"],
            signed_with=form.signed_with,
            by=request.user,
        )
    except CaseError as refusal:
        return _ask(request, case, form, status=refusal.status, refusal=sentence(refusal))
    messages.success(request, gettext("The office was asked to check the mark again"))
    return see_other("case_recheck", reference)


def _ask(
    request: KnownRequest, case: Case, form: RecheckForm, *, status: int = 200, refusal: str = ""
) -> HttpResponse:
    values = {
        "case": case,
        "form": form,
        "refusal": refusal,
        "askable": rechecking.may_ask(case),
        "last": rechecking.last_day(case),
        "requests": case.review_requests.order_by("-requested"),
        "signs": signs(request.user, case),
        "signers": signers(case),
    }
    return render(request, "workflows/applicant/recheck.html", values, status=status)
