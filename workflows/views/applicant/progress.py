"""Where a case stands: steps with dates, the office at work, papers issued, the clock account."""

from collections.abc import Iterable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from workflows.models import Case, Decision, Document, Objection
from workflows.models.case import BEFORE_DECISION, State
from workflows.stages import contacts, defences, figures, issuance, rechecking, supplements
from workflows.views.applicant import place
from workflows.views.applicant.own import own_case, see_other, signs
from workflows.views.applicant.reckoning import reckoning
from workflows.views.applicant.standing import standings
from workflows.views.guards import KnownRequest
from workflows.views.promised import promised
from workflows.views.signature import SignatureForm

RECALLABLE = (*BEFORE_DECISION, State.SUSPENDED)


@login_required
@require_safe
def case_progress(request: KnownRequest, reference: str) -> HttpResponse:
    """Show where one own case stands; a draft is not under way yet."""
    case = own_case(request, reference)
    if case.state == State.DRAFT:
        return redirect("case", reference)
    return _show(request, case)


def _show(
    request: KnownRequest, case: Case, *, sent: SignatureForm | None = None, status: int = 200
) -> HttpResponse:
    (standing,) = standings([case])
    decision = _told(case)
    receivable = decision is not None and decision.acknowledged is None
    values = {
        "case": case,
        "standing": standing,
        "reckoning": reckoning(standing.account),
        "documents": [(each, _called(each, case)) for each in _papers(case)],
        "issued": (Document.State.ISSUED, Document.State.SUPERSEDED),
        "filed": case.latest,
        "decision": decision,
        "receivable": receivable,
        "sent": sent,
        "form": sent or SignatureForm(request.user) if receivable else None,
        "signs": signs(request.user, case),
        "recallable": case.state in RECALLABLE,
        "rechecks": rechecking.may_ask(case) or case.review_requests.exists(),
        "place": place.of(case),
        "figures": figures.told(case) if case.procedure.verification else None,
        "granted": case.titles.first(),
        "promised": promised(case) if decision is not None else None,
        "supplement": supplements.waiting(case),
        "defence": defences.waiting(case),
        "objected": Objection.objects.filter(entry__case=case).exists(),
        "defended": defences.newest(case) is not None,
        "supplemented": case.supplements.exclude(closed=None).exists(),
        "rate": contacts.offer(case),
        "corrected": case.corrected and case.state != State.RETURNED,
    }
    return render(request, "workflows/applicant/progress.html", values, status=status)


def _papers(case: Case) -> Iterable[Document]:
    return Document.objects.told().filter(case=case).order_by("dated", "pk")


def _called(paper: Document, case: Case) -> str:
    """What a paper is called in the reader's language, if that is not the title it bears."""
    name = case.procedure.called(paper.kind)
    return "" if name == paper.title else name


def _told(case: Case) -> Decision | None:
    """The decision; before it is delivered it stays inside the office."""
    return Decision.objects.filter(case=case).exclude(delivered=None).first()


@login_required
@require_POST
def case_acknowledge(request: KnownRequest, reference: str) -> HttpResponse:
    """Confirm that the decision was received (送达回证)."""
    case: Case = own_case(request, reference)
    decision, form = _told(case), SignatureForm(request.user, request.POST)
    if decision is not None and signs(request.user, case):
        if decision.acknowledged is not None:
            return see_other("case_progress", reference)  # a second press of the button
        if not form.is_valid():
            return _show(request, case, sent=form, status=422)
    issuance.acknowledge(case, signed_with=form.signed_with, by=request.user)
    messages.success(request, gettext("You confirmed that you received the decision"))
    return see_other("case_progress", reference)
