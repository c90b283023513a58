"""The signed PDFs, for whoever may have them."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from workflows import store
from workflows.documents import codes
from workflows.errors import PaperNotReady
from workflows.models import Case, Document, User
from workflows.views.public.checking import is_public


@require_safe
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """Send one paper: published kinds to anyone, others to the applicant and the office."""
    document = get_object_or_404(Document, code=codes.normal(code))
    if not is_public(document):
        # whoever sits on the panel reads the blind file only: papers bear the applicant's name
        reader = cast(User, request.user)  # a visitor sees nothing: visible_to says so
        readable = Case.objects.visible_to(reader).exclude(seats__expert=reader.pk)
        get_object_or_404(readable, pk=document.case_id)
    if document.state == Document.State.REQUESTED:
        raise PaperNotReady
    try:
        data = store.store().get(document.sha256)
    except KeyError as lost:
        raise Http404 from lost
    name = f"{document.title}-{document.number or document.case.reference}.pdf"
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return response
