"""What is ticked and written for a task, kept as one goes; the correction notice before it goes."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from workflows import clock
from workflows.errors import CaseError
from workflows.models import Task
from workflows.stages import corrections, desk, worksheets
from workflows.views.desk import deciding, reach
from workflows.views.desk.decisions import offered
from workflows.views.desk.decisions.correction import ReturnOnce
from workflows.views.desk.dossier import Dossier
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence


@office(*reach.DESK)
@require_POST
def task_sheet(request: KnownRequest, pk: int) -> HttpResponse:
    """Keep a form as it stands, or the tick that a paper was looked at; then back to the task."""
    found = deciding.opened(request.user, pk)
    form = offered.named(offered.for_task(found), request.POST.get("do", ""))
    if "seen" in request.POST:
        paper = _paper(found, request.POST["seen"])
        worksheets.see(found, request.user, paper, seen=request.POST.get("tick") != "off")
    elif form is not None:
        worksheets.keep(found, request.user, request.POST)
    else:
        raise Http404
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"kept": f"{clock.local(clock.now()):%H:%M}"})
    if form is not None:
        messages.success(request, gettext("Kept; nobody else reads it."))
    return reach.see_other("task", pk, query=request.GET.urlencode())


def _paper(found: Task, key: str) -> int:
    """The number of a filed paper of the task's case; another one is not there."""
    papers = {str(paper.file.pk): paper.file.pk for paper in Dossier(found.case).papers}
    if key not in papers:
        raise Http404
    return papers[key]


@office(*reach.DESK)
@require_POST
def task_preview(request: KnownRequest, pk: int) -> HttpResponse:
    """The correction notice as it would be sent now: a PDF marked as a preview, kept nowhere."""
    found = deciding.opened(request.user, pk)
    if ReturnOnce not in offered.for_task(found):
        raise Http404
    form = ReturnOnce(
        Dossier(found.case), desk.acting(request.user, found), request.POST, task=found
    )
    worksheets.keep(found, request.user, request.POST)
    if not form.is_valid():
        return _refused(request, found, _lacking(form), 422)
    try:
        pdf = corrections.preview(found.case, items=form.told(), by=form.by)
    except CaseError as error:
        return _refused(request, found, [sentence(error)], error.status)
    response = HttpResponse(pdf, "application/pdf")
    response["Content-Disposition"] = f'inline; filename="preview-{found.reference}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _lacking(form: ReturnOnce) -> list[str]:
    """What is still to be written, item by item."""
    told: list[str] = []
    for name, errors in form.errors.items():
        _part, _dash, number = name.partition("-")
        item = gettext("Item %(number)s, %(part)s: %(said)s")
        for said in errors:
            label = form.fields[name].label if name in form.fields else ""
            values = {"number": int(number) + 1 if number else "", "part": label, "said": said}
            told.append(item % values if number else str(said))
    return told


def _refused(request: KnownRequest, found: Task, problems: list[str], status: int) -> HttpResponse:
    """Why nothing can be shown; the notice itself is still open in the other tab."""
    values = {"task": found, "problems": problems}
    return render(request, "workflows/desk/preview.html", values, status=status)
