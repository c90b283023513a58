"""The sheet of those who check an index's figures against their evidence."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from workflows.errors import CaseError
from workflows.models import Seat
from workflows.stages import evaluation, figures, verification
from workflows.views.conference import answered
from workflows.views.conference.evaluations import (
    DeclarationForm,
    RecusalForm,
    declaration,
    own_seat,
)
from workflows.views.conference.figures_form import FiguresForm
from workflows.views.conference.sheets import light
from workflows.views.figures import Line, levels, lines
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence


@office("checker")
@require_http_methods(["GET", "HEAD", "POST"])
def figures_sheet(request: KnownRequest, code: str) -> HttpResponse:
    """The declaration, then every figure beside its evidence, then what was signed.

    Posting keeps the sheet (``keep``), signs it (``sign``), or signs all figures as they stand.
    """
    seat = own_seat(request, code)
    if seat.node != verification.NODE:
        raise Http404
    if seat.declared is None:
        return declaration(request, seat, DeclarationForm(), RecusalForm())
    if seat.locked is not None:
        return _signed(request, seat)
    if request.method != "POST":
        return _sheet(request, seat, FiguresForm(_asked(seat), kept=seat.draft))
    return _posted(request, seat, FiguresForm(_asked(seat), request.POST))


def _asked(seat: Seat) -> list[Line]:
    return lines(seat.case, verification.asked(seat))


def _posted(request: KnownRequest, seat: Seat, form: FiguresForm) -> HttpResponse:
    pressed = request.POST.get("do")
    if pressed == "all":
        return _sign(request, seat, form, {})
    if pressed != "sign":
        return _keep(request, seat, form)
    if not form.is_valid():
        return _sheet(request, seat, form, status=422)
    return _sign(request, seat, form, form.findings())


def _sign(
    request: KnownRequest, seat: Seat, form: FiguresForm, findings: dict[str, dict[str, Any]]
) -> HttpResponse:
    try:
        verification.check_figures(seat, findings=findings, by=request.user)
    except CaseError as refusal:
        form.is_valid()
        return _sheet(request, seat, form, status=refusal.status, refusal=sentence(refusal))
    return redirect("figures_sheet", seat.code)


def _keep(request: KnownRequest, seat: Seat, form: FiguresForm) -> HttpResponse:
    try:
        evaluation.keep(seat, draft=form.typed(), by=request.user)
    except CaseError as refusal:
        return _sheet(request, seat, form, status=refusal.status, refusal=sentence(refusal))
    messages.success(request, gettext("Kept. Nothing is signed yet."))
    return _sheet(request, seat, form, status=422 if form.errors else 200)


def _sheet(
    request: KnownRequest,
    seat: Seat,
    form: FiguresForm,
    *,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    files = list(enumerate(seat.case.filed.files, 1))
    values = {
        "seat": seat,
        "form": form,
        "controls": form.rows(),
        "levels": list(levels(seat.case, form.lines)),
        "refusal": refusal,
        "recuse": RecusalForm(),
        "light": light(seat),
        "numbers": {file["name"]: number for number, file in files},
        "files": [(number, file["name"]) for number, file in files],
        "answered": answered.answered(seat),
        "third": len(form.lines) < len(figures.index_of(seat.case.procedure).indicators),
    }
    return render(request, "workflows/conference/figures.html", values, status=status)


def _signed(request: KnownRequest, seat: Seat) -> HttpResponse:
    """What was found, read only; what others found is not shown here."""
    found = lines(seat.case, seat.scores)
    values = {"seat": seat, "levels": list(levels(seat.case, found))}
    return render(request, "workflows/conference/figures_signed.html", values)
