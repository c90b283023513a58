"""Checking the answers before they are signed, and reading what was filed."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from forms import binding
from forms.fields import kind_of
from forms.page import page
from forms.schema import Field
from workflows.assessment import Assessment
from workflows.models import Case
from workflows.models.case import State
from workflows.stages import submission
from workflows.views.applicant import outline
from workflows.views.applicant.flags import flags
from workflows.views.applicant.own import editable, own_case
from workflows.views.applicant.papers import expired, rows
from workflows.views.guards import KnownRequest


@login_required
@require_safe
def case_check(request: KnownRequest, reference: str) -> HttpResponse:
    """Every answer to read once more, what is wrong on top; after filing, what was filed."""
    case = own_case(request, reference)
    if not editable(case):
        return _filed(request, case)
    found = submission.weigh(case, submitted=True)
    language = get_language() or "zh-hans"
    flagged = flags(case)
    listed = rows(case, found, flagged)
    values = {
        "case": case,
        "transcript": with_typing(
            binding.transcript(case.rules.form, found.bound, language), found
        ),
        "problems": problems(case, found),
        "eligibility": outline.eligibility(found),
        "papers": listed,
        "expired": expired(listed),
        "flagged": [flag for flag in flagged if not flag.changed],
        "returned": case.state == State.RETURNED,
    }
    return render(request, "workflows/applicant/check.html", values)


def _filed(request: KnownRequest, case: Case) -> HttpResponse:
    """What the office holds: the newest submission, word for word."""
    latest = case.latest
    if latest is None:
        return redirect("case_progress", case.reference)
    attached = {paper.code: paper for paper in case.rules.form.attachments}
    values = {
        "case": case,
        "filed": latest,
        "files": [(attached.get(file["code"]), file) for file in latest.files],
    }
    return render(request, "workflows/applicant/filed.html", values)


def problems(case: Case, found: Assessment) -> list[tuple[str, str]]:
    """What must change before filing, each with the address of the control."""
    listed = []
    for section in case.rules.form.sections:
        address = reverse("case_section", args=[case.reference, section.code])
        listed += [
            (f"{address}?back=check#{problem.anchor}", problem.sentence)
            for problem in page(case.rules.form, section, found.bound).problems
        ]
    return listed


def with_typing(transcript: dict[str, Any], found: Assessment) -> dict[str, Any]:
    """The transcript with what was typed where it is no answer, so that nothing looks lost."""
    bound = found.bound
    for section in transcript["sections"]:
        for question in section["questions"]:
            code = question["code"]
            question["wrong"] = any(place.partition(".")[0] == code for place in bound.errors)
            if bound.answer(code) is None and code in bound.raw:
                question |= _typed(bound.form.field(code), bound.raw[code])
    return transcript


def _typed(field: Field, raw: Any) -> dict[str, Any]:
    typed = kind_of(field).retyped(field, raw)
    if field.kind == "table":
        return {"rows": [[row[column.code] for column in field.columns] for row in typed]}
    return {"typed": "–".join(typed.values()) if isinstance(typed, dict) else typed}
