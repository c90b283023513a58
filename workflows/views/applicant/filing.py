"""Signing and filing an application, and the receipt for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from forms.schema import Attachment, Field
from workflows import clock
from workflows.errors import AlreadySubmitted, CaseError, NotEntitled
from workflows.models import Case, Document, File, Partner, User
from workflows.models.case import State
from workflows.stages import contacts, deadlines, partners, submission
from workflows.views.applicant import outline, papers
from workflows.views.applicant.checking import problems
from workflows.views.applicant.outline import Eligibility
from workflows.views.applicant.own import own_case, see_other, signers, signs
from workflows.views.guards import KnownRequest
from workflows.views.refusals import sentence
from workflows.views.signature import SignatureForm


class SignForm(SignatureForm):
    """The signer's confirmations and signature; the second only where papers are missing."""

    promise = forms.BooleanField(
        error_messages={"required": _("Confirm the commitment before you submit")}
    )
    lacking = forms.BooleanField(
        error_messages={"required": _("Confirm that you submit without these papers")}
    )

    def __init__(
        self, signer: User, case: Case, missing: Sequence[Attachment], *args: Any, **kwargs: Any
    ) -> None:
        """Ask for what this case needs."""
        super().__init__(signer, *args, **kwargs)
        words = gettext("I sign for %(organisation)s and confirm the commitment above")
        self.fields["promise"].label = words % {"organisation": case.applicant}
        if not missing:
            del self.fields["lacking"]
            return
        words = ngettext(
            "I submit without this %(count)s paper; "
            "the office will ask for everything missing once",
            "I submit without these %(count)s papers; "
            "the office will ask for everything missing once",
            len(missing),
        )
        self.fields["lacking"].label = words % {"count": len(missing)}


@dataclass(frozen=True)
class Readiness:
    """Whether a draft can be filed now, and what stands in the way."""

    problems: list[tuple[str, str]]
    eligibility: Eligibility
    missing: list[Attachment]
    promises: list[Field]
    open_round: bool
    unconfirmed: list[Partner]
    expired: list[tuple[Attachment, File, date]]  # papers whose last day has passed

    @property
    def ready(self) -> bool:
        """Whether only the signature is left."""
        clear = not self.problems and not self.eligibility.blocks and not self.unconfirmed
        return self.open_round and clear


def readiness(case: Case) -> Readiness:
    """Weigh the draft of ``case`` as it would be filed now."""
    found = submission.weigh(case, submitted=True)
    last = case.rules.form.sections[-1]  # where an edition puts what is signed
    return Readiness(
        problems=problems(case, found),
        eligibility=outline.eligibility(found),
        missing=submission.missing_papers(case, found),
        promises=[each for each in last.fields if each.must_be and each.code in found.bound.shown],
        open_round=case.round.opens <= clock.now() <= case.round.closes,
        unconfirmed=partners.unconfirmed(case),
        expired=papers.expired(papers.rows(case, found)),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_submit(request: KnownRequest, reference: str) -> HttpResponse:
    """Sign and file; whatever was filed already shows its receipt."""
    case = own_case(request, reference)
    if case.state == State.RETURNED:
        return see_other("case_correction", reference)
    if case.state != State.DRAFT:
        return see_other("case_receipt", reference)
    if request.method != "POST":
        found = readiness(case)
        return _sign(request, case, found, SignForm(request.user, case, found.missing))
    if not signs(request.user, case):
        raise NotEntitled
    return _file(request, case)


def _file(request: KnownRequest, case: Case) -> HttpResponse:
    found = readiness(case)
    form = SignForm(request.user, case, found.missing, request.POST)
    if not form.is_valid():
        return _sign(request, case, found, form, status=422)
    try:
        submission.submit(case, signed_with=form.signed_with, by=request.user)
    except AlreadySubmitted:
        pass  # a second press of the button: one receipt for both
    except CaseError as refusal:
        return _sign(request, case, found, form, status=refusal.status, refusal=sentence(refusal))
    return see_other("case_receipt", case.reference)


def _sign(
    request: KnownRequest,
    case: Case,
    found: Readiness,
    form: SignForm,
    *,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    values = {
        "case": case,
        "found": found,
        "form": form,
        "refusal": refusal,
        "signs": signs(request.user, case),
        "signers": signers(case),
        "days": case.procedure.limits["completeness"].days,
    }
    return render(request, "workflows/applicant/submit.html", values, status=status)


@login_required
@require_safe
def case_receipt(request: KnownRequest, reference: str) -> HttpResponse:
    """The receipt of what was filed last: number, what happens next and when, the paper."""
    case = own_case(request, reference)
    filed = case.latest
    if filed is None:
        return redirect("case", reference)
    day = clock.local(filed.submitted).date()
    values = {
        "case": case,
        "filed": filed,
        "due": deadlines.due(case, "completeness", start=day),
        "paper": Document.objects.filter(case=case, kind="receipt").order_by("revision").last(),
        "issued": Document.State.ISSUED,
        "waiting": case.state == State.SUBMITTED,
        "rate": contacts.offer(case),
    }
    return render(request, "workflows/applicant/receipt.html", values)
