"""The evaluator's sheet: marks of a panel member, or a reviewer's check of the material."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from workflows.errors import CaseError, NotDeclared
from workflows.models import Opinion, Seat, Submission, Task
from workflows.stages import evaluation as stage
from workflows.stages import figures, panel
from workflows.status_words import Light
from workflows.views.conference import answered, blind
from workflows.views.conference.budget_form import BudgetSheetForm, Row, budget
from workflows.views.conference.evaluations import (
    EVALUATORS,
    DeclarationForm,
    RecusalForm,
    declaration,
    light_of,
    own_seat,
)
from workflows.views.conference.sheet_form import CheckForm, SheetForm
from workflows.views.downloads import attached, send
from workflows.views.figures import Level, levels, lines
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence


@office(*EVALUATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def evaluation(request: KnownRequest, code: str) -> HttpResponse:
    """The declaration, then the sheet, then what was locked; posting keeps the sheet unlocked."""
    seat = own_seat(request, code)
    if seat.declared is None:
        return declaration(request, seat, DeclarationForm(), RecusalForm())
    if seat.node != "sheet":
        return redirect("figures_sheet", code)
    if seat.locked is not None:
        return _locked(request, seat)
    if request.method != "POST":
        return _sheet(request, seat, _kept(seat))
    form = _form(seat, request.POST)
    try:
        stage.keep(seat, draft=form.typed(), by=request.user)
    except CaseError as refusal:
        return _sheet(request, seat, form, status=refusal.status, refusal=sentence(refusal))
    messages.success(request, gettext("Kept. Nothing is locked yet."))
    return _sheet(request, seat, form, status=422 if form.errors else 200)


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
        return CheckForm(posted, final=final)
    computed = stage.computed_points(seat.case)
    if seat.case.procedure.funding is None:
        return SheetForm(rules, computed, posted, final=final)
    shown = blind.transcript(seat.case.filed, seat.case.rules)
    rows = budget(seat, blind.questions(shown))
    return BudgetSheetForm(rules, computed, posted, final=final, rows=rows)


def _kept(seat: Seat) -> SheetForm | CheckForm:
    """The sheet as it was left, faults and all; a new one comes with what is computed."""
    form = _form(seat, None)
    return _form(seat, form.retyped(seat.draft)) if seat.draft else form


def _report(seat: Seat, form: SheetForm | CheckForm, request: KnownRequest) -> None:
    given = form.cleaned_data
    if isinstance(form, CheckForm):
        stage.check(seat, verdict=given["verdict"], text=given["text"], by=request.user)
        return
    stage.score(
        seat,
        points=form.points(),
        remarks=form.remarks(),
        cuts=form.cuts(),
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
        "light": light(seat),
        "answered": answered.answered(seat),
    }
    if isinstance(form, CheckForm):
        values |= {"filed": filed, "checks": _checklist(seat), "levels": _figures(seat)}
        return render(request, "workflows/conference/check.html", values, status=status)
    values |= _marks(seat, filed, form)
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


def _figures(seat: Seat) -> list[Level]:
    """The checked figures that a reader holds the application against."""
    known = figures.in_force(seat.case)
    return list(levels(seat.case, lines(seat.case, known.values))) if known else []


def _checklist(seat: Seat) -> list[Any]:
    return [item for item in seat.case.procedure.checklist if item.step == "evaluation"]


def light(seat: Seat) -> Light | None:
    """The light of the time limit of a seat's sheet."""
    unit = panel.seat_unit(seat)
    open_ones = Task.objects.filter(case=seat.case, node=seat.node, unit=unit, finished=None)
    return light_of(seat, open_ones.first())


def _locked(request: KnownRequest, seat: Seat) -> HttpResponse:
    """What was reported, read only; other seats' marks are not shown here."""
    parts = stage.parts(seat.case.procedure.evaluation)
    opinion = Opinion.objects.filter(case=seat.case, unit=seat.code).first()
    values = {
        "seat": seat,
        "opinion": opinion,
        "cuts": _cut(seat),
        "rows": [
            (part, seat.scores.get(part.code, ""), seat.remarks.get(part.code, ""))
            for part in parts
        ],
    }
    return render(request, "workflows/conference/sheet_locked.html", values)


def _cut(seat: Seat) -> list[tuple[Row, str, str]]:
    """The rows of the budget that this sheet lowered: the row, what is left, and why."""
    if not seat.cuts:
        return []
    shown = blind.transcript(seat.case.filed, seat.case.rules)
    return [
        (row, seat.cuts[str(row.place)], seat.remarks.get(f"line-{row.place}", ""))
        for row in budget(seat, blind.questions(shown))
        if str(row.place) in seat.cuts
    ]


@office(*EVALUATORS)
@require_safe
def evaluation_file(request: KnownRequest, code: str, number: int) -> HttpResponse:
    """One paper, for a reviewer who checks originals; a blind panel has none to open."""
    seat = own_seat(request, code)
    if seat.declared is None:
        raise NotDeclared
    if not answered.opens_papers(seat):
        raise Http404
    files = answered.papers(seat)
    if not 1 <= number <= len(files):
        raise Http404
    file = files[number - 1]
    return send(attached(seat.case, file["code"], file["sha256"]))
