"""Comparing a PDF in hand with the register: by its hash, then by its signature (documents 4.2)."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from workflows.documents import signing, verification
from workflows.models import Document
from workflows.views import visitors
from workflows.views.privacy import public
from workflows.views.public import verdicts
from workflows.views.public.verdicts import Verdict

LARGEST = 10 * 1024 * 1024  # bytes


class FileForm(forms.Form):
    """One PDF; it is compared and forgotten."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("PDF file"),
        help_text=_("At most 10 MB. The file is only compared, never kept."),
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf"}),
        error_messages={"required": _("Choose the PDF you received.")},
    )

    def clean_file(self) -> bytes:
        """The bytes, if they can be a PDF of ours at all."""
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST:
            raise forms.ValidationError(
                gettext("“%(name)s” is larger than 10 MB, so it was not issued here."),
                params={"name": upload.name},
            )
        data: bytes = upload.read()
        if not data.startswith(b"%PDF-"):
            raise forms.ValidationError(
                gettext("“%(name)s” is not a PDF. Choose the file you received, not a picture."),
                params={"name": upload.name},
            )
        return data


@dataclass(frozen=True)
class Finding:
    """What a file turned out to be."""

    sha256: str
    verdict: Verdict
    document: Document | None = None
    signature: verification.Verdict | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@public
def verify_file(request: HttpRequest) -> HttpResponse:
    """Take a PDF, say whether we issued it and whether it still counts; nothing is stored."""
    if request.method != "POST":
        return render(request, "workflows/public/verify_file.html", {"form": FileForm()})
    visitors.spend(request, "lookup")
    form = FileForm(request.POST, request.FILES)
    values: dict[str, Any] = {"form": form}
    if form.is_valid():
        values["finding"] = find(form.cleaned_data["file"])
    return render(
        request, "workflows/public/verify_file.html", values, status=422 if form.errors else 200
    )


def find(pdf: bytes) -> Finding:
    """What the register knows of ``pdf``; only a file unknown to it needs its signature read."""
    sha256 = hashlib.sha256(pdf).hexdigest()
    papers = Document.objects.select_related("case__applicant", "case__edition", "grants")
    document = papers.filter(sha256=sha256).first()
    if document is not None:
        return Finding(sha256, verdicts.of(document), document)
    signer = signing.signer()
    proof = verification.verify(pdf, roots=signer.roots, revocations=signer.revocations)
    if proof.valid and proof.record is not None:
        return _strange(sha256, proof, papers.filter(code=_code(proof.record)).first())
    return Finding(
        sha256,
        Verdict(
            "bad",
            gettext("Not a file of this office"),
            " ".join(gettext(problem) for problem in proof.problems),
        ),
        signature=proof,
    )


def _strange(sha256: str, proof: verification.Verdict, document: Document | None) -> Finding:
    """A file under our signature that is not, byte for byte, one of the register."""
    text = gettext(
        "The signature is ours, but this file is not in the register. Do not rely on it."
    )
    if document is not None:
        text = gettext(
            "The signature is ours, but the register holds another file under this code. "
            "Ask the holder for the file that can be downloaded there."
        )
    return Finding(
        sha256, Verdict("hold", gettext("Signed, but not registered"), text), document, proof
    )


def _code(record: bytes) -> str:
    try:
        return str(json.loads(record).get("code", ""))
    except (ValueError, AttributeError):
        return ""
