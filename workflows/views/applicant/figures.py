"""The checked figures as the applicant reads them: differences marked, to confirm or to contest."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from workflows.errors import CaseError, NotEntitled
from workflows.models import Case, Figures, Task
from workflows.stages import confirmation, figures
from workflows.views.applicant.own import own_case, see_other, signers, signs
from workflows.views.figures import Line, levels, lines
from workflows.views.guards import KnownRequest
from workflows.views.refusals import sentence

LONGEST = 1000  # characters on one figure


class ContestForm(forms.Form):
    """A few words to each figure that is contested; the rest is left empty."""

    use_required_attribute = False

    def __init__(self, found: list[Line], posted: Any = None) -> None:
        """Ask about every line that was ``found``."""
        super().__init__(posted)
        self.lines = found
        for line in found:
            self.fields[line.code] = forms.CharField(
                label=_("What is wrong with %(indicator)s, and what proves it")
                % {"indicator": line.name},
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"class": "textarea", "rows": 2}),
            )

    def clean(self) -> dict[str, Any]:
        """Contesting needs words."""
        given: dict[str, Any] = super().clean() or {}
        if not any(said.strip() for said in given.values()):
            raise forms.ValidationError(_("Say at least of one figure what is wrong with it."))
        return given

    def rows(self) -> list[tuple[Line, forms.BoundField]]:
        """Every line with its control."""
        return [(line, self[line.code]) for line in self.lines]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_figures(request: KnownRequest, reference: str) -> HttpResponse:
    """Read the checked figures; the signer confirms them, or contests some of them once."""
    case = own_case(request, reference)
    last = figures.told(case)
    if last is None or case.procedure.index is None:
        raise Http404
    if request.method != "POST":
        return _show(request, case, last, ContestForm(_lines(case, last)))
    if not signs(request.user, case):
        raise NotEntitled
    contests = request.POST.get("do") != "confirm"
    form = ContestForm(_lines(case, last), request.POST)
    if contests and not form.is_valid():
        return _show(request, case, last, form, status=422)
    try:
        if contests:
            confirmation.contest(case, objections=form.cleaned_data, by=request.user)
        else:
            confirmation.confirm(case, by=request.user)
    except CaseError as refusal:
        return _show(request, case, last, form, status=refusal.status, refusal=sentence(refusal))
    done = gettext("The agency was told") if contests else gettext("The figures are confirmed")
    messages.success(request, done)
    return see_other("case_progress", reference)


def _lines(case: Case, last: Figures) -> list[Line]:
    return lines(case, last.values, last.contested)


def _show(
    request: KnownRequest,
    case: Case,
    last: Figures,
    form: ContestForm,
    *,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    waiting = Task.objects.filter(case=case, node="confirmation", finished=None).first()
    values = {
        "case": case,
        "figures": last,
        "form": form,
        "differing": [row for row in form.rows() if row[0].differs],
        "same": [row for row in form.rows() if not row[0].differs],
        "levels": list(levels(case, form.lines)),
        "waiting": waiting,
        "refusal": refusal,
        "signs": signs(request.user, case),
        "signers": signers(case),
    }
    return render(request, "workflows/applicant/figures.html", values, status=status)
