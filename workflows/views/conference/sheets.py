"""The evaluator's sheet: marks of a panel member, or a reviewer's check of the material."""

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from workflows import clock, store
from workflows.errors import CaseError, NotDeclared
from workflows.models import Opinion, Seat, Submission, Task
from workflows.stages import evaluation as stage
from workflows.status_words import Light, time_light
from workflows.views.conference import blind
from workflows.views.conference.evaluations import (
    EVALUATORS,
    DeclarationForm,
    RecusalForm,
    declaration,
    own_seat,
)
from workflows.views.conference.sheet_form import CheckForm, SheetForm
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence
from workflows.working_days import calendar


@office(*EVALUATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def evaluation(request: KnownRequest, code: str) -> HttpResponse:
    """The declaration, then the sheet, then what was locked; posting adds the marks up again."""
    seat = own_seat(request, code)
    if seat.declared is None:
        return declaration(request, seat, DeclarationForm(), RecusalForm())
    if seat.locked is not None:
        return _locked(request, seat)
    posted = request.POST if request.method == "POST" else None
    return _sheet(request, seat, _form(seat, posted))


@office(*EVALUATORS)
@require_POST
def evaluation_lock(request: KnownRequest, code: str) -> HttpResponse:
    """Lock the sheet for good; a refusal keeps every mark and word."""
    seat = own_seat(request, code)
    if seat.declared is None:
        raise NotDeclared
    form = _form(seat, request.POST, final=True)
    if not form.is_valid():
        return _sheet(request, seat, form, status=422)
    try:
        _report(seat, form, request)
    except CaseError as refusal:
        return _sheet(request, seat, form, status=refusal.status, refusal=sentence(refusal))
    return redirect("evaluation", code)


def _form(seat: Seat, posted: Any, *, final: bool = False) -> SheetForm | CheckForm:
    rules = seat.case.procedure.evaluation
    if rules.kind == "checks":
        return CheckForm(posted)
    return SheetForm(rules, stage.computed_points(seat.case), posted, final=final)


def _report(seat: Seat, form: SheetForm | CheckForm, request: KnownRequest) -> None:
    given = form.cleaned_data
    if isinstance(form, CheckForm):
        stage.check(seat, verdict=given["verdict"], text=given["text"], by=request.user)
        return
    stage.score(
        seat,
        points=form.points(),
        remarks=form.remarks(),
        comment=given["comment"],
        by=request.user,
    )


# --- the page -----------------------------------------------------------------------------------
def _sheet(
    request: KnownRequest,
    seat: Seat,
    form: SheetForm | CheckForm,
    *,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    form.is_valid()
    filed = seat.case.submissions.latest("number")
    values: dict[str, Any] = {
        "seat": seat,
        "form": form,
        "refusal": refusal,
        "recuse": RecusalForm(),
        "light": _light(seat),
    }
    if isinstance(form, CheckForm):
        values |= {"filed": filed, "checks": _checklist(seat)}
        return render(request, "workflows/conference/check.html", values, status=status)
    values |= _marks(seat, filed, form)
    if form.errors:
        status = max(status, 422)
    return render(request, "workflows/conference/sheet.html", values, status=status)


def _marks(seat: Seat, filed: Submission, form: SheetForm) -> dict[str, Any]:
    """Criteria with what the applicant says to each, what is given so far, what still lacks."""
    rules, shown = seat.case.procedure.evaluation, blind.transcript(filed, seat.case.rules)
    asked, points = blind.questions(shown), form.points()
    criteria = [
        {
            "criterion": criterion,
            "number": number,
            "claim": [asked[code] for code in criterion.shows if code in asked],
            "rows": form.of(criterion),
            "given": sum(
                (points.get(part.code, Decimal(0)) for part in criterion.parts), Decimal(0)
            ),
            "complete": all(part.code in points for part in criterion.parts),
        }
        for number, criterion in enumerate(rules.rubric, 1)
    ]
    return {
        "criteria": criteria,
        "total": sum(points.values(), Decimal(0)),
        "lacking": [each for each in criteria if not each["complete"]],
        "done": sum(each["complete"] for each in criteria),
        "transcript": shown,
        "bands": seat.case.procedure.bands,
    }


def _checklist(seat: Seat) -> list[Any]:
    return [item for item in seat.case.procedure.checklist if item.step == "evaluation"]


def _light(seat: Seat) -> Light | None:
    unit = stage.seat_unit(seat)
    task = Task.objects.filter(case=seat.case, node="sheet", unit=unit, finished=None).first()
    if task is None or task.due is None:
        return None
    left = calendar().left(task.due, clock.today())
    return time_light(left, seat.case.procedure.evaluation.planned_days)


def _locked(request: KnownRequest, seat: Seat) -> HttpResponse:
    """What was reported, read only; other seats' marks are not shown here."""
    parts = stage.parts(seat.case.procedure.evaluation)
    opinion = Opinion.objects.filter(case=seat.case, unit=seat.code).first()
    values = {
        "seat": seat,
        "opinion": opinion,
        "rows": [
            (part, seat.scores.get(part.code, ""), seat.remarks.get(part.code, ""))
            for part in parts
        ],
    }
    return render(request, "workflows/conference/sheet_locked.html", values)


@office(*EVALUATORS)
@require_safe
def evaluation_file(request: KnownRequest, code: str, number: int) -> HttpResponse:
    """One filed paper, for a reviewer who checks originals; a blind panel has none to open."""
    seat = own_seat(request, code)
    if seat.declared is None:
        raise NotDeclared
    files = seat.case.submissions.latest("number").files
    if seat.case.procedure.evaluation.kind != "checks" or not 1 <= number <= len(files):
        raise Http404
    file = files[number - 1]
    response = HttpResponse(store.store().get(file["sha256"]), "application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, file["name"])
    return response
