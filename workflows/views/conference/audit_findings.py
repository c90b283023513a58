"""Findings of the audit on one case (X53): the auditor writes them, the office answers."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from workflows import clock
from workflows.errors import CaseError
from workflows.models import AuditFinding, Case
from workflows.stages import audit_findings as stage
from workflows.views.context import OFFICE
from workflows.views.desk import reach
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence

READERS = ("auditor", *stage.OFFICE)


class Words(forms.Form):
    """What was found, or what the office says to it."""

    use_required_attribute = False

    text = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: object, label: str = "", **kwargs: object) -> None:
        """Ask for it under ``label``."""
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["text"].label = label


@office(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def audit_findings(request: KnownRequest, reference: str) -> HttpResponse:
    """Every finding on a case; a form for whoever has to write next."""
    cases = reach.cases(request.user).select_related("applicant", "edition", "round")
    case = get_object_or_404(cases, reference=reference)
    if request.method != "POST":
        return _page(request, case)
    answers = "finding" in request.POST
    form = _form(request, answers=answers)
    if not form.is_valid():
        return _page(request, case, form=form, status=422)
    try:
        _act(request, case, form.cleaned_data["text"], answers=answers)
    except CaseError as refusal:
        return _page(request, case, form=form, refusal=refusal, status=refusal.status)
    return redirect("audit_findings", reference)


def _act(request: KnownRequest, case: Case, text: str, *, answers: bool) -> None:
    if not answers:
        stage.report(case, text=text, by=request.user)
        messages.success(request, gettext("The finding is attached to the file."))
        return
    given = request.POST["finding"]
    if not given.isdecimal():
        raise Http404
    finding = get_object_or_404(case.audit_findings.select_related("case"), pk=int(given))
    stage.answer(finding, text=text, by=request.user)
    messages.success(request, gettext("The answer is sent to the auditor."))


def _form(request: KnownRequest, *, answers: bool) -> Words:
    prefix = f"answer-{request.POST['finding']}" if answers else "report"
    return Words(request.POST, prefix=prefix, label=_label(answers=answers))


def _label(*, answers: bool) -> str:
    return gettext("Answer of the office") if answers else gettext("What was found")


def _page(
    request: KnownRequest,
    case: Case,
    *,
    form: Words | None = None,
    refusal: CaseError | None = None,
    status: int = 200,
) -> HttpResponse:
    user = request.user
    answers, reports = user.holds(*stage.OFFICE), user.holds("auditor")
    listed = AuditFinding.objects.filter(case=case).select_related("by", "answered_by")
    values = {
        "case": case,
        "findings": [
            {
                "finding": each,
                "late": (clock.local(each.answered).date() if each.answered else clock.today())
                > each.due,
                "form": _answer_form(each, form) if answers and not each.answered else None,
            }
            for each in listed.order_by("-made")
        ],
        "report": _report_form(form) if reports else None,
        "days": stage.DAYS,
        "refusal": sentence(refusal) if refusal else "",
        "wrong": form,
        "audits": reports,
        "shell": f"workflows/shell_{'staff' if user.holds(*OFFICE) else 'commission'}.html",
    }
    return render(request, "workflows/conference/audit_findings.html", values, status=status)


def _answer_form(finding: AuditFinding, sent: Words | None) -> Words:
    prefix = f"answer-{finding.pk}"
    if sent is not None and sent.prefix == prefix:
        return sent
    return Words(prefix=prefix, label=_label(answers=True))


def _report_form(sent: Words | None) -> Words:
    if sent is not None and sent.prefix == "report":
        return sent
    return Words(prefix="report", label=_label(answers=False))
