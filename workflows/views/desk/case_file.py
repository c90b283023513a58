"""The file of a case, to read: every tab, the clock, and what may be done outside its tasks."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from workflows.errors import CaseError
from workflows.models import AuditFinding, Case, Objection, Task
from workflows.stages import assigning, desk
from workflows.views import nodes
from workflows.views.context import OFFICE
from workflows.views.desk import reach
from workflows.views.desk.contents import clock_account, contents
from workflows.views.desk.decisions import offered
from workflows.views.desk.decisions.form import Decision
from workflows.views.desk.dossier import Dossier
from workflows.views.desk.listing import light
from workflows.views.downloads import send_paper
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence

OBJECTION_READERS = ("case_officer", "leader", "auditor")  # objectors stay secret from the rest
FINDING_READERS = ("case_officer", "leader", "auditor")


@office(*reach.READERS)
@require_safe
def case_file(request: KnownRequest, reference: str) -> HttpResponse:
    """Everything on file about one case."""
    case = _case(request, reference)
    kind = offered.named(offered.on_case(case, request.user), request.GET.get("do", ""))
    return _page(request, case, kind(Dossier(case), request.user) if kind else None)


@office(*reach.READERS)
@require_POST
def case_act(request: KnownRequest, reference: str) -> HttpResponse:
    """Suspend, resume, extend, end, or whatever else is done outside the case's tasks."""
    case = _case(request, reference)
    kind = offered.named(offered.to_office(request.user), request.POST.get("do", ""))
    if kind is None:
        raise Http404
    form = kind(Dossier(case), request.user, request.POST)
    if not form.is_valid():
        return _page(request, case, form)
    try:
        form.act()
    except CaseError as error:
        return _page(request, case, form, refusal=error)
    done = form.chosen.done if form.chosen else ""
    messages.success(request, str(done) % {"name": case.applicant.name})
    return reach.see_other("case_file", reference)


@office(*OBJECTION_READERS)
@require_safe
def objection_file(
    request: KnownRequest, reference: str, number: str, position: int
) -> HttpResponse:
    """One piece of an objector's evidence, as a download."""
    case = _case(request, reference)
    objection = get_object_or_404(Objection, entry__case=case, number=number)
    if not 1 <= position <= len(objection.evidence):
        raise Http404
    piece = objection.evidence[position - 1]
    return send_paper(piece["sha256"], piece["name"])


def _case(request: KnownRequest, reference: str) -> Case:
    related = ("edition", "applicant", "round", "agency", "correction", "decision")
    cases = reach.cases(request.user).select_related(*related)
    return get_object_or_404(cases, reference=reference)


def _page(
    request: KnownRequest,
    case: Case,
    form: Decision | None,
    *,
    refusal: CaseError | None = None,
) -> HttpResponse:
    user, place = request.user, reverse("case_file", args=[case.reference])
    open_tasks = Task.objects.filter(case=case, finished=None).select_related("owner")
    dossier = form.dossier if form is not None else Dossier(case)
    values: dict[str, Any] = contents(dossier, user, request.GET, place=place)
    values |= {
        "form": form,
        "actions": offered.on_case(case, user),
        "refusal": sentence(refusal) if refusal else "",
        "account": clock_account(case),
        "waits": _waiting(case, open_tasks.order_by("due", "pk"), request),
        "objections": _objections(case, request),
        "audited": _audited(case, request),
        "shell": f"workflows/shell_{'staff' if user.holds(*OFFICE) else 'commission'}.html",
    }
    wrong = form is not None and bool(form.is_bound and form.errors)
    status = refusal.status if refusal else 422 if wrong else 200
    return render(request, "workflows/desk/case_file.html", values, status=status)


def _waiting(case: Case, tasks: Iterable[Task], request: KnownRequest) -> list[dict[str, Any]]:
    """The open steps: what, who, until when, or that they stand; one's own is a link.

    Evaluators stay unnamed. The head may give a task to somebody from here.
    """
    user = request.user
    found: dict[object, dict[str, Any]] = {}
    for task in tasks:
        task.case = case
        served = any(desk.serves(office, task.candidate) for office in user.offices)
        own = task.owner_id == user.pk or served
        given = assigning.may_assign(task, user)
        step = found.setdefault(
            (nodes.title(task), task.due, task.pk if own or given else None),
            {
                "title": nodes.title(task),
                "due": task.due,
                "stands": light(task) if task.paused else None,
                "holders": [],
                "count": 0,
            },
        )
        step["count"] += 1
        step["url"] = reverse("task", args=[task.pk]) if own else ""
        step["assign"] = reverse("task_assign", args=[task.pk]) if given else ""
        hidden = nodes.is_elsewhere(task) and task.node in nodes.SEATED
        if task.owner and (not hidden or user.holds(*reach.INSIDERS)):
            step["holders"].append(task.owner)
    return list(found.values())


def _audited(case: Case, request: KnownRequest) -> list[AuditFinding]:
    """What the audit found, for those who answer and the auditor."""
    if not request.user.holds(*FINDING_READERS):
        return []
    return list(case.audit_findings.order_by("-made"))


def _objections(case: Case, request: KnownRequest) -> list[Objection]:
    if not request.user.holds(*OBJECTION_READERS):
        return []
    return list(Objection.objects.filter(entry__case=case).select_related("answered_by"))
