"""What an applicant says to an intended refusal before it is signed (陈述申辩)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from forms import gate
from workflows import clock
from workflows.errors import CaseError, NotEntitled
from workflows.models import Case, Defence, Document, File
from workflows.stages import attaching, deadlines, defences
from workflows.status_words import Light, time_light
from workflows.views.applicant.own import own_case, see_other, signers, signs
from workflows.views.applicant.papers import ACCEPT
from workflows.views.applicant.supplements import taken_in
from workflows.views.guards import KnownRequest
from workflows.views.refusals import sentence
from workflows.views.signature import SignatureForm
from workflows.working_days import calendar

LONGEST = 8000  # characters


class DefenceForm(SignatureForm):
    """The applicant's words, signed."""

    conditional = frozenset({"text"})

    text = forms.CharField(
        label=_("What you say to it"),
        help_text=_("Facts and reasons; evidence goes into the files. The decision answers both."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 10}),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_defence(request: KnownRequest, reference: str) -> HttpResponse:
    """The intended refusal with its grounds; the signer answers it once."""
    case = own_case(request, reference)
    defence = defences.waiting(case)
    if request.method == "POST":
        return _act(request, case, defence) if defence else see_other("case_defence", reference)
    if not case.defences.exists():
        return redirect("case_progress", reference)
    kept = {"text": defence.text} if defence else {}
    return _show(request, case, defence, DefenceForm(request.user, initial=kept))


def _act(request: KnownRequest, case: Case, defence: Defence) -> HttpResponse:
    """Take a file out, keep words and files, or state the defence; what was typed is kept."""
    form = DefenceForm(request.user, request.POST)
    refused = taken_in(request, case, defence.code)
    if request.POST.get("do") != "send" or refused:
        return _keep(request, case, defence, refused)
    if not signs(request.user, case):
        raise NotEntitled
    if not form.is_valid():
        return _show(request, case, defence, form, status=422)
    text = form.cleaned_data["text"]
    try:
        defences.state(case, text=text, signed_with=form.signed_with, by=request.user)
    except CaseError as refusal:
        words = sentence(refusal)
        return _show(request, case, defence, form, status=refusal.status, refusal=words)
    messages.success(request, gettext("Your defence has arrived; the decision answers it"))
    return see_other("case_defence", case.reference)


def _keep(request: KnownRequest, case: Case, defence: Defence, refused: list[str]) -> HttpResponse:
    """Keep what was typed for whoever signs it."""
    text = request.POST.get("text", "")[:LONGEST]
    unsent = DefenceForm(request.user, initial={"text": text})
    try:
        defences.keep(case, text=text, by=request.user)
    except CaseError as refusal:
        words = sentence(refusal)
        return _show(request, case, defence, unsent, status=refusal.status, refusal=words)
    if refused:
        return _show(request, case, defence, unsent, status=422, refused=refused)
    if gone := request.POST.get("remove", ""):
        return _remove(request, case, defence, gone)
    messages.success(request, gettext("Saved"))
    return see_other("case_defence", case.reference)


def _remove(request: KnownRequest, case: Case, defence: Defence, sha256: str) -> HttpResponse:
    file = get_object_or_404(File, case=case, code=defence.code, sha256=sha256, removed=None)
    attaching.detach(case, file=file, by=request.user)
    messages.success(request, gettext("“%(name)s” was removed") % {"name": file.name})
    return see_other("case_defence", case.reference, place="files-h")


def _show(
    request: KnownRequest,
    case: Case,
    defence: Defence | None,
    form: DefenceForm,
    *,
    status: int = 200,
    refusal: str = "",
    refused: list[str] | None = None,
) -> HttpResponse:
    values: dict[str, Any] = {
        "case": case,
        "defence": defence,
        "told": told(case),
        "form": form,
        "refusal": refusal,
        "errors": [("id_files", words) for words in refused or []],
        "files": held(case, defence) if defence else [],
        "light": light(defence) if defence else None,
        "closing": deadlines.closing_if_over(defence.due) if defence else None,
        "signs": signs(request.user, case),
        "signers": signers(case),
        "accept": ACCEPT,
        "largest": gate.LARGEST // 1024**2,
    }
    return render(request, "workflows/applicant/defence.html", values, status=status)


def told(case: Case) -> list[dict[str, Any]]:
    """Every refusal that was intended, with its paper and what was said to it."""
    letters = case.documents.filter(kind=defences.LETTER, state=Document.State.ISSUED)
    papers = {letter.revision: letter for letter in letters}
    return [
        {"defence": each, "paper": papers.get(each.number), "files": handed_in(case, each)}
        for each in case.defences.select_related("by", "answered_by")
    ]


def handed_in(case: Case, defence: Defence) -> list[File]:
    """The files a stated defence came with."""
    named = [each["sha256"] for each in defence.files]
    return [each for each in held(case, defence) if each.sha256 in named]


def held(case: Case, defence: Defence) -> list[File]:
    """The files that lie under ``defence`` now."""
    return list(File.objects.filter(case=case, code=defence.code, removed=None).order_by("pk"))


def light(defence: Defence) -> Light:
    """The light of the applicant's own days."""
    return time_light(calendar().left(defence.due, clock.today()), defence.days)
