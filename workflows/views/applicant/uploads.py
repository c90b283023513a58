"""Uploads in pieces, for pages that have JavaScript; they speak JSON and show nothing.

A refusal is said in the reader's words, so that the page has only to put it at its row.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.validators import RegexValidator
from django.http import Http404, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from forms import papers
from workflows.errors import CaseError, PieceDamaged
from workflows.models import Case, File, Upload
from workflows.stages import submission, uploading
from workflows.views.applicant.own import own_case, see_other
from workflows.views.guards import KnownRequest
from workflows.views.refusals import sentence

P = ParamSpec("P")
Act = Callable[Concatenate[KnownRequest, P], HttpResponse]
DIGEST = RegexValidator(r"^[0-9a-f]{64}\Z")


class BeginForm(forms.Form):
    """What the sender says of a file before it sends any of it."""

    code = forms.CharField(max_length=50)
    name = forms.CharField(max_length=1000, strip=False)  # the gate says what is wrong with it
    size = forms.IntegerField(min_value=0, max_value=10**12)
    sha256 = forms.CharField(required=False, validators=[DIGEST])


class PieceForm(forms.Form):
    """Where a piece belongs, and its digest; the piece itself is the body of the request."""

    offset = forms.IntegerField(min_value=0, max_value=10**12)
    sha256 = forms.CharField(required=False, validators=[DIGEST])


def spoken(act: Act[P]) -> Act[P]:
    """Answer a refusal with its sentence, as JSON."""

    @wraps(act)
    def acted(request: KnownRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return act(request, *args, **kwargs)
        except CaseError as refusal:
            return _refused(sentence(refusal), refusal.status)

    return acted


def _refused(words: str, status: int) -> JsonResponse:
    return JsonResponse({"error": words}, status=status)


@login_required
@require_POST
@spoken
def case_uploads(request: KnownRequest, reference: str) -> HttpResponse:
    """Begin an upload, or find the one of the same file that broke off."""
    case = own_case(request, reference)
    form = BeginForm(request.POST)
    if not form.is_valid():
        return _refused(gettext("Choose a file first."), 422)
    _require_asked(case, form.cleaned_data["code"])
    upload = uploading.begin(case, by=request.user, **form.cleaned_data)
    return JsonResponse(_state(upload, None))


def _require_asked(case: Case, code: str) -> None:
    """404 unless the answers call for the paper ``code``."""
    asked = papers.papers(submission.weigh(case).bound)
    if code not in {each.attachment.code for each in asked}:
        raise Http404


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@spoken
def case_upload(request: KnownRequest, reference: str, key: UUID) -> HttpResponse:
    """Say how far an upload has come; take the next piece of it."""
    upload = _own(request, reference, key)
    if request.method != "POST":
        return JsonResponse(_state(upload, upload.file))
    form = PieceForm(request.GET)
    try:
        data = request.read(uploading.PIECE + 1)
    except UnreadablePostError:
        return _refused(str(PieceDamaged()), 400)  # nobody is there any more to read it
    if not form.is_valid() or len(data) > uploading.PIECE:
        return JsonResponse(_state(upload, None), status=422)
    try:
        file = uploading.add(upload, data=data, **form.cleaned_data)
    except (uploading.OutOfPlace, PieceDamaged):
        return JsonResponse(_state(upload, None), status=409)
    return JsonResponse(_state(upload, file))


def _state(upload: Upload, file: File | None) -> dict[str, object]:
    """What the sender needs to know to go on."""
    address = reverse("case_upload", args=[upload.case.reference, upload.pk])
    offset = upload.size if file else upload.arrived
    return {"url": address, "offset": offset, "done": file is not None}


@login_required
@require_POST
@spoken
def case_upload_cancel(request: KnownRequest, reference: str, key: UUID) -> HttpResponse:
    """Forget an upload that is not finished."""
    upload = _own(request, reference, key)
    uploading.cancel(upload)
    return see_other("case_files", reference, place=f"paper-{upload.code}")


def _own(request: KnownRequest, reference: str, key: UUID) -> Upload:
    """An upload of the reader's own; a colleague's is as if it did not exist."""
    case = own_case(request, reference)
    found: Upload = get_object_or_404(Upload, case=case, pk=key, by=request.user)
    found.case = case
    return found
