"""A look at a section as it would be with what is typed: what it asks, works out and warns of.

The rules of a form are expressions the service evaluates, and nobody else does: the script of the
page sends what stands in the form and puts what comes back in its place. Nothing is written.
"""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from workflows.errors import AlreadySubmitted
from workflows.views.applicant.clashes import sent
from workflows.views.applicant.own import editable, own_case, section_of
from workflows.views.applicant.section_page import looked
from workflows.views.guards import KnownRequest, answering
from workflows.views.refusals import sentence


@answering
@require_POST
def case_look(request: KnownRequest, reference: str, section: str) -> HttpResponse:
    """Answer with the section as the answers in the form would have it."""
    case = own_case(request, reference)
    asked = section_of(case, section)
    if not editable(case):
        late = AlreadySubmitted()
        return JsonResponse({"state": "closed", "words": sentence(late)}, status=late.status)
    typed, _seen = sent(request, case, asked)
    return JsonResponse(looked(request, case, asked, typed))
