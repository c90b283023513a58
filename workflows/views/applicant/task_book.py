"""The task book of a funded project: what is agreed, who has signed; its signers sign."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from workflows.errors import CaseError
from workflows.models import Case, Partner, Task
from workflows.stages import task_book as stage
from workflows.views.applicant.own import see_other
from workflows.views.guards import KnownRequest
from workflows.views.promised import Promised, promised
from workflows.views.refusals import sentence
from workflows.views.signature import SignatureForm


class DeclineForm(forms.Form):
    """Why a party does not sign; the funding lapses by it."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Give the reason; the office reads it")},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def task_book(request: KnownRequest, reference: str) -> HttpResponse:
    """Show the task book to the people of its parties; post ``sign`` or ``decline``."""
    case = _case(request, reference)
    found = promised(case)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _show(request, found)
    form = _sent(request)
    if _may_sign(request, found) and not form.is_valid():
        return _show(request, found, form, status=422)
    try:
        _act(request, case, form)
    except CaseError as refusal:
        return _show(request, found, form, status=refusal.status, refusal=sentence(refusal))
    return see_other("task_book", reference)


def waiting(request: KnownRequest) -> list[Case]:
    """The cases whose task book waits for the reader's signature."""
    queues = [f"applicant:{key}" for key in request.user.organisations()]
    open_ = Task.objects.filter(node=stage.NODE, candidate__in=queues, finished=None)
    found = _shared(request).filter(pk__in=open_.values("case"))
    return [
        case for case in found if any(each.signs(request.user) for each in stage.unsigned(case))
    ]


def _case(request: KnownRequest, reference: str) -> Case:
    return get_object_or_404(_shared(request), reference=reference)


def _shared(request: KnownRequest) -> QuerySet[Case]:
    """The cases the reader's organisations lead or take part in."""
    own = request.user.organisations()
    shared = Partner.objects.told(own).values("case")
    visible = Case.objects.visible_to(request.user)
    found = visible.filter(Q(applicant__in=own) | Q(pk__in=shared))
    return found.select_related("edition", "applicant", "round")


def _sent(request: KnownRequest) -> SignatureForm | DeclineForm:
    if request.POST.get("do") == "decline":
        return DeclineForm(request.POST)
    return SignatureForm(request.user, request.POST)


def _act(request: KnownRequest, case: Case, form: SignatureForm | DeclineForm) -> None:
    if isinstance(form, DeclineForm):
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        stage.decline(case, reason=reason, by=request.user)
        messages.warning(request, gettext("You declined the task book; the funding has lapsed"))
    else:
        names = stage.sign(case, signed_with=form.signed_with, by=request.user)
        messages.success(
            request,
            gettext("You signed the task book for %(names)s") % {"names": "、".join(names)},
        )


def _show(
    request: KnownRequest,
    found: Promised,
    sent: SignatureForm | DeclineForm | None = None,
    *,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    values: dict[str, Any] = {
        "case": found.case,
        "promised": found,
        "sent": sent,
        "signature": sent if isinstance(sent, SignatureForm) else SignatureForm(request.user),
        "form": sent if isinstance(sent, DeclineForm) else DeclineForm(),
        "refusal": refusal,
        "leads": found.case.applicant_id in request.user.organisations(),
        "signs": found.due is not None and _may_sign(request, found),
    }
    return render(request, "workflows/applicant/task_book.html", values, status=status)


def _may_sign(request: KnownRequest, found: Promised) -> bool:
    return any(party.signs(request.user) for party in stage.unsigned(found.case))
