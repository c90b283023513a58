"""What changed between two versions the applicant filed: the office sees the same."""

from itertools import pairwise

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from workflows.models import Case
from workflows.views.applicant.own import own_case
from workflows.views.guards import KnownRequest
from workflows.views.versions import compare


@login_required
@require_safe
def case_versions(request: KnownRequest, reference: str, earlier: int, later: int) -> HttpResponse:
    """Two versions side by side."""
    case = own_case(request, reference)
    filed = {each.number: each for each in case.submissions.order_by("number")}
    if not (earlier < later and {earlier, later} <= filed.keys()):
        raise Http404
    values = {
        "case": case,
        "found": compare(case, filed[earlier], filed[later]),
        "pairs": _pairs(case, list(filed), (earlier, later)),
    }
    return render(request, "workflows/applicant/versions.html", values)


def _pairs(case: Case, numbers: list[int], shown: tuple[int, int]) -> list[dict[str, object]]:
    """Links to every two versions that follow one another; none where there are only two."""
    words = gettext("Version %(earlier)s and %(later)s")
    return [
        {
            "title": words % {"earlier": earlier, "later": later},
            "url": reverse("case_versions", args=[case.reference, earlier, later]),
            "current": (earlier, later) == shown,
        }
        for earlier, later in pairwise(numbers)
        if len(numbers) > 2
    ]
