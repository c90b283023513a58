"""The signed PDFs, for whoever may have them."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from workflows.documents import codes
from workflows.errors import PaperNotReady
from workflows.models import Case, Document, User
from workflows.views.context import CONFERENCE, OFFICE
from workflows.views.downloads import download
from workflows.views.public.checking import is_public


@require_safe
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """Send one paper: published kinds to anyone, others to the applicant and the office."""
    document = get_object_or_404(Document, code=codes.normal(code))
    told = Document.objects.told().filter(pk=document.pk).exists()
    if not (told and is_public(document)):
        # whoever sits on the panel reads the blind file only: papers bear the applicant's name
        reader = cast(User, request.user)  # a visitor sees nothing: visible_to says so
        readable = Case.objects.visible_to(reader).exclude(seats__expert=reader.pk)
        get_object_or_404(readable, pk=document.case_id)
        if not told and not reader.holds(*OFFICE, *CONFERENCE, "auditor"):
            raise Http404
    if document.state == Document.State.REQUESTED:
        raise PaperNotReady
    name = f"{document.title}-{document.number or document.case.reference}.pdf"
    return download(document.sha256, name, "application/pdf")
