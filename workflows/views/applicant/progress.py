"""Where a case stands: steps with dates, the office at work, papers issued, the clock account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from workflows.models import Case, Decision, Document
from workflows.models.case import BEFORE_DECISION, State
from workflows.stages import figures, issuance, rechecking
from workflows.views.applicant import place
from workflows.views.applicant.own import own_case, see_other, signs
from workflows.views.applicant.standing import standings
from workflows.views.guards import KnownRequest
from workflows.views.promised import promised

RECALLABLE = (*BEFORE_DECISION, State.SUSPENDED)


@login_required
@require_safe
def case_progress(request: KnownRequest, reference: str) -> HttpResponse:
    """Show where one own case stands; a draft is not under way yet."""
    case = own_case(request, reference)
    if case.state == State.DRAFT:
        return redirect("case", reference)
    (standing,) = standings([case])
    # before it is delivered a decision stays inside the office
    decision = Decision.objects.filter(case=case).exclude(delivered=None).first()
    values = {
        "case": case,
        "standing": standing,
        "documents": Document.objects.told().filter(case=case).order_by("dated", "pk"),
        "issued": (Document.State.ISSUED, Document.State.SUPERSEDED),
        "filed": case.latest,
        "decision": decision,
        "receivable": decision is not None and decision.acknowledged is None,
        "signs": signs(request.user, case),
        "recallable": case.state in RECALLABLE,
        "rechecks": rechecking.may_ask(case) or case.review_requests.exists(),
        "place": place.of(case),
        "figures": figures.told(case) if case.procedure.verification else None,
        "granted": case.titles.first(),
        "promised": promised(case) if decision is not None else None,
        "corrected": case.corrected and case.state != State.RETURNED,
    }
    return render(request, "workflows/applicant/progress.html", values)


@login_required
@require_POST
def case_acknowledge(request: KnownRequest, reference: str) -> HttpResponse:
    """Confirm that the decision was received (送达回证)."""
    case: Case = own_case(request, reference)
    issuance.acknowledge(case, by=request.user)
    messages.success(request, gettext("You confirmed that you received the decision"))
    return see_other("case_progress", reference)
