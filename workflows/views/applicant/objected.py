"""Objections against the applicant's own entry: what is said, and its one reply."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from workflows.errors import CaseError, NotEntitled
from workflows.models import Case, Objection
from workflows.stages import replies
from workflows.views.applicant.own import own_case, see_other, signers, signs
from workflows.views.guards import KnownRequest
from workflows.views.refusals import sentence
from workflows.views.signature import SignatureForm

LONGEST = 5000  # characters


class ReplyForm(SignatureForm):
    """The reply to one objection, signed."""

    text = forms.CharField(
        label=_("Your reply"),
        help_text=_("The office reads it before it answers the objection. It can be sent once."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Write your reply")},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_objections(request: KnownRequest, reference: str) -> HttpResponse:
    """Every objection to the case's entries, without who objects; the signer replies to each."""
    case = own_case(request, reference)
    found = replies.told(case)
    if request.method == "POST":
        return _reply(request, case, found)
    if not found:
        return redirect("case_progress", reference)
    return _show(request, case, found)


def _reply(request: KnownRequest, case: Case, found: list[Objection]) -> HttpResponse:
    if not signs(request.user, case):
        raise NotEntitled
    number = request.POST.get("objection", "")
    objection = next((each for each in found if each.number == number), None)
    if objection is None:
        raise Http404
    form = _form(request, objection, request.POST)
    if not form.is_valid():
        return _show(request, case, found, (objection, form), status=422)
    text = form.cleaned_data["text"]
    try:
        replies.reply(objection, text=text, signed_with=form.signed_with, by=request.user)
    except CaseError as refusal:
        sent, words = (objection, form), sentence(refusal)
        return _show(request, case, found, sent, status=refusal.status, refusal=words)
    messages.success(request, gettext("Your reply has arrived"))
    return see_other("case_objections", case.reference)


def _form(request: KnownRequest, objection: Objection, *sent: Any) -> ReplyForm:
    """The form of one objection; several stand on one page, so their fields have ids apart."""
    return ReplyForm(request.user, *sent, auto_id=f"reply-{objection.pk}-%s")


def _show(
    request: KnownRequest,
    case: Case,
    found: list[Objection],
    sent: tuple[Objection, ReplyForm] | None = None,
    *,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    may = signs(request.user, case)
    listed = [
        {
            "objection": each,
            "facts": replies.veiled(each, each.facts),
            "answer": replies.veiled(each, each.answer),
            "form": _offered(request, each, sent) if may and replies.may_reply(each) else None,
        }
        for each in found
    ]
    values = {
        "case": case,
        "listed": listed,
        "sent": sent[1] if sent else None,
        "refusal": refusal,
        "waits": any(map(replies.may_reply, found)),
        "signs": may,
        "signers": signers(case),
    }
    return render(request, "workflows/applicant/objections.html", values, status=status)


def _offered(
    request: KnownRequest, objection: Objection, sent: tuple[Objection, ReplyForm] | None
) -> ReplyForm:
    if sent is not None and sent[0].pk == objection.pk:
        return sent[1]
    return _form(request, objection)
