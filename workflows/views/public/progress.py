"""Where a case stands, for whoever knows its number and the end of the applicant's credit code."""

from dataclasses import dataclass

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from workflows.models import Case
from workflows.models.case import State
from workflows.views import visitors
from workflows.views.privacy import public

ENDING = 4  # characters of the credit code


@dataclass(frozen=True)
class Station:
    """One part of the way, and the states that belong to it."""

    name: str | Promise
    states: frozenset[str]


STATIONS = (
    Station(_("Filed"), frozenset({State.SUBMITTED, State.RETURNED})),
    Station(_("Review"), frozenset({State.ACCEPTED, State.REVIEWING, State.COUNTERSIGN})),
    Station(_("Evaluation"), frozenset({State.EVALUATING})),
    Station(_("Joint conference"), frozenset({State.PROPOSAL, State.MEETING})),
    Station(_("Public notice"), frozenset({State.NOTICE, State.OBJECTION})),
    Station(_("Decision"), frozenset({State.SIGNING})),
)
HELD = {State.RETURNED, State.OBJECTION, State.SUSPENDED}


class ProgressForm(forms.Form):
    """The two things only the applicant and the office know together."""

    use_required_attribute = False

    reference = forms.CharField(
        label=_("Case number"),
        help_text=_("On the receipt, e.g. CJRH-2026-0001"),
        max_length=30,
        error_messages={"required": _("Enter the case number, e.g. CJRH-2026-0001.")},
    )
    ending = forms.CharField(
        label=_("Last 4 characters of the unified social credit code"),
        min_length=ENDING,
        max_length=ENDING,
        error_messages=dict.fromkeys(
            ("required", "min_length", "max_length"),
            _("Enter exactly 4 characters, e.g. 0104."),
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "w-xs"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("ending")
@public
def progress(request: HttpRequest) -> HttpResponse:
    """Say where a case stands; a wrong number and a wrong ending have the same answer."""
    if request.method != "POST":
        return render(request, "workflows/public/progress.html", {"form": ProgressForm()})
    visitors.spend(request, "lookup")
    form = ProgressForm(request.POST)
    values: dict[str, object] = {"form": form}
    if form.is_valid():
        case = look_up(**form.cleaned_data)
        values |= {"case": case, "asked": True, "steps": stations(case) if case else []}
    return render(
        request, "workflows/public/progress.html", values, status=422 if form.errors else 200
    )


def look_up(reference: str, ending: str) -> Case | None:
    """The filed case with this number whose applicant's code ends so, if both are right."""
    filed = Case.objects.filed().select_related("edition")
    return filed.filter(
        reference=reference.strip().upper(), applicant__uscc__endswith=ending.strip().upper()
    ).first()


def stations(case: Case) -> list[dict[str, object]]:
    """The way of an open case, station by station; a closed one stands nowhere on it."""
    if not case.is_open:
        return []
    here = next(order for order, station in enumerate(STATIONS) if case.stands in station.states)
    now = "held" if case.state in HELD else "now"
    marks = ["done"] * here + [now] + ["todo"] * (len(STATIONS) - here - 1)
    return [
        {"name": station.name, "when": "", "state": mark}
        for station, mark in zip(STATIONS, marks, strict=True)
    ]
