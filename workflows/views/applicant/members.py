"""Who may act for the reader's organisations, and until when."""

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from workflows import clock
from workflows.models import Membership
from workflows.views.applicant.own import PEOPLE
from workflows.views.guards import KnownRequest, office


@office(*PEOPLE)
@require_safe
def org_members(request: KnownRequest) -> HttpResponse:
    """Every mandate, those in force first; the office keeps the list."""
    today = clock.today()
    mandates = (
        Membership.objects.filter(organisation__in=request.user.organisations())
        .select_related("user", "organisation")
        .order_by("organisation", F("valid_to").desc(nulls_first=True), "role", "pk")
    )
    values = {
        "mandates": [
            (each, each.valid_from <= today and (each.valid_to is None or today <= each.valid_to))
            for each in mandates
        ],
    }
    return render(request, "workflows/applicant/members.html", values)
