"""Looking a paper up by the code under its QR code, or by the number of a title."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from workflows.documents import codes
from workflows.models import Certificate, Document
from workflows.views import visitors
from workflows.views.privacy import public
from workflows.views.public import verdicts
from workflows.views.public.files import FileForm

BRACKETS = str.maketrans("[［【〖(（]］】〗)）", "〔〔〔〔〔〔〕〕〕〕〕〕")
LONGEST = 60


@require_safe
@public
def verify(request: HttpRequest) -> HttpResponse:
    """Send a known code or number to its page; anything else has its verdict here."""
    asked = request.GET.get("q", "").strip()[:LONGEST]
    values: dict[str, object] = {"asked": asked, "file_form": FileForm()}
    if asked:
        visitors.spend(request, "lookup")
        code = codes.normal(asked)
        if codes.valid(asked) and Document.objects.told().filter(code=code).exists():
            return redirect("certificate_check", code)
        title = by_number(asked)
        if title is not None and title.document is not None:
            return redirect("certificate_check", title.document.code)
        values["title"] = title
        values["verdict"] = verdicts.of_title(title) if title else verdicts.unknown(asked)
    return render(request, "workflows/public/verify.html", values)


def by_number(text: str) -> Certificate | None:
    """The title with this number, whatever brackets and spaces it was typed with."""
    number = "".join(text.split()).upper()
    return (
        Certificate.objects.select_related("document", "holder")
        .filter(number__in={number, number.translate(BRACKETS)})
        .first()
    )
