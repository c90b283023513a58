"""The titles the reader's organisations hold, with their papers."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from workflows.models import Certificate, Edition
from workflows.views.applicant.own import applicants
from workflows.views.guards import KnownRequest


@applicants
@require_safe
def certificates(request: KnownRequest) -> HttpResponse:
    """Every title, newest first, with what its holder owes."""
    held = (
        Certificate.objects.filter(holder__in=request.user.organisations())
        .select_related("document", "case__edition")
        .order_by("-valid_from", "-pk")
    )
    values = {"titles": [(each, duties(each)) for each in held]}
    return render(request, "workflows/applicant/certificates.html", values)


def duties(title: Certificate) -> list[object]:
    """What the holder owes by the rules the title was granted under; unknown for imported ones."""
    if title.case is None:
        return []
    edition: Edition = title.case.edition
    return [duty for duty in edition.shape.aftercare.duties if title.kind in duty.owed_by]
