"""The administrator's pages: where flows stand, and the ways to step into one.

They show steps, numbers and people of the office; what a case says is for its readers alone.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from workflows.errors import CaseError
from workflows.models import Case, Intervention, Job, Task
from workflows.models.case import CaseQuerySet, State
from workflows.stages import interventions, position, sight
from workflows.views import flow_chart, nodes
from workflows.views.conference.ledger import OPERATORS, told
from workflows.views.desk import assigning
from workflows.views.flow_chart import Mark
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence

LISTED = 50


# --- the list -----------------------------------------------------------------------------------
@office(*OPERATORS)
@require_safe
def operations(request: KnownRequest) -> HttpResponse:
    """Find a case by its number; what waits for a second person; what was done lately."""
    asked = request.GET.get("q", "").strip()
    known = _known(request)
    found = known.filter(reference__iexact=asked).first()
    if asked and found is not None:
        return redirect("case_operation", found.reference)
    listed = Intervention.objects.select_related("case", "by", "second").filter(
        case__in=known.order_by().values("pk")
    )
    values = {
        "asked": asked,
        "waiting": [_shown(each) for each in listed.filter(decided=None).order_by("asked")],
        "done": [
            _shown(each) for each in listed.exclude(decided=None).order_by("-decided")[:LISTED]
        ],
    }
    status = 404 if asked else 200
    return render(request, "workflows/conference/operations.html", values, status=status)


def _known(request: KnownRequest) -> CaseQuerySet:
    """The cases the reader may step into: an operator any, a head those they may read."""
    if request.user.holds("operator"):
        return Case.objects.exclude(state=State.DRAFT)
    return sight.readable(request.user)


def _shown(intervention: Intervention) -> tuple[Intervention, str]:
    """An intervention and the step it leads to."""
    return intervention, flow_chart.called(intervention.node) if intervention.node else ""


# --- one case -----------------------------------------------------------------------------------
class Reasoned(forms.Form):
    """What is asked of the case, and why."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class Ending(Reasoned):
    """End the case."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say who reads the reason."""
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("The applicant reads this reason.")


class Jump(Reasoned):
    """Have a step done again."""

    node = forms.ChoiceField(label=_("Step to do again"))
    field_order = ("node", "reason")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        """Offer the steps the law can go back to."""
        super().__init__(*args, **kwargs)
        steps = [(node, flow_chart.called(node)) for node in interventions.reachable(case)]
        self.fields["node"].choices = steps  # type: ignore[attr-defined]


@office(*OPERATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def case_operation(request: KnownRequest, reference: str) -> HttpResponse:
    """Where a case stands in its flow, its jobs, and the ways to step in."""
    known = _known(request).select_related("edition", "applicant", "round")
    case = get_object_or_404(known, reference=reference)
    if request.method != "POST":
        return _page(request, case)
    act = ACTS.get(request.POST.get("do", ""))
    form = _form(case, request)
    if act is None or (form is not None and not form.is_valid()):
        return _page(request, case, form=form, status=422)
    given = form.cleaned_data if form is not None else {}
    try:
        done = act(request, case, given)
    except CaseError as refusal:
        return _page(request, case, form=form, refusal=refusal, status=refusal.status)
    messages.success(request, str(done))
    return redirect("case_operation", reference)


def _form(case: Case, request: KnownRequest) -> forms.Form | None:
    do = request.POST.get("do", "")
    if do == "approve":
        return None
    prefix = do if do in ACTS else "cancel"
    if do == "jump":
        return Jump(request.POST, case=case, prefix=prefix)
    return (Ending if prefix == "cancel" else Reasoned)(request.POST, prefix=prefix)


# --- what may be done ---------------------------------------------------------------------------
Given = Mapping[str, str]


def _ask_cancel(request: KnownRequest, case: Case, given: Given) -> str | Promise:
    interventions.ask(case, kind="cancel", reason=given["reason"], by=request.user)
    return _("Asked. Another person has to decide it.")


def _ask_jump(request: KnownRequest, case: Case, given: Given) -> str | Promise:
    interventions.ask(
        case, kind="jump", node=given["node"], reason=given["reason"], by=request.user
    )
    return _("Asked. Another person has to decide it.")


def _approve(request: KnownRequest, case: Case, given: Given) -> str | Promise:
    interventions.approve(_waiting(case), by=request.user)
    return _("Done as asked.")


def _decline(request: KnownRequest, case: Case, given: Given) -> str | Promise:
    interventions.decline(_waiting(case), reason=given["reason"], by=request.user)
    return _("Declined. The case stays as it is.")


def _rebuild(request: KnownRequest, case: Case, given: Given) -> str | Promise:
    interventions.rebuild(case, reason=given["reason"], by=request.user)
    return _("The flow was built anew.")


def _waiting(case: Case) -> Intervention:
    return get_object_or_404(case.interventions.select_related("case", "by"), decided=None)


ACTS: Mapping[str, Callable[[KnownRequest, Case, Given], str | Promise]] = {
    "cancel": _ask_cancel,
    "jump": _ask_jump,
    "approve": _approve,
    "decline": _decline,
    "rebuild": _rebuild,
}


# --- the page -----------------------------------------------------------------------------------
def _page(
    request: KnownRequest,
    case: Case,
    *,
    form: forms.Form | None = None,
    refusal: CaseError | None = None,
    status: int = 200,
) -> HttpResponse:
    does = position.standing(case)
    try:
        should = position.position(case)
    except position.PositionUnknown as unknown:
        should, lost = does, str(unknown)
    else:
        lost = ""
    asked = interventions.open_one(case)
    steps = [] if lost else interventions.reachable(case)
    values = {
        "case": case,
        "chart": _chart(case),
        "tasks": _tasks(case),
        "differs": should != does,
        "lost": lost,
        "missing": [flow_chart.called(node) for node, _unit in sorted(should - does)],
        "beyond": [flow_chart.called(node) for node, _unit in sorted(does - should)],
        "jobs": [told(job) for job in _jobs(case)],
        "asked": _shown(asked) if asked else None,
        "own": asked is not None and asked.by_id == request.user.pk,
        "decides": request.user.holds("leader"),
        "past": [_shown(each) for each in _past(case)],
        "forms": _forms(case, form, steps=steps, asked=asked is not None, differs=should != does),
        "refusal": sentence(refusal) if refusal else "",
        "wrong": form,
    }
    return render(request, "workflows/conference/case_operation.html", values, status=status)


def _chart(case: Case) -> flow_chart.Picture:
    """The flow with the steps that wait, and those that were done before."""
    flow = case.programme.flow_of(case.procedure)
    marks: dict[str, Mark] = {}
    rows = Task.objects.filter(case=case).values_list("node", "finished", "status")
    waiting = [node for node, finished, _status in rows if finished is None]
    for node in {node for node, _finished, status in rows if status == "DONE"}:
        marks[node] = Mark(state="done", words=gettext("done"))
    for node in waiting:
        many = waiting.count(node)
        marks[node] = Mark(number=many if many > 1 else None, state="now", words=gettext("waits"))
    return flow_chart.picture(flow, marks)


def _tasks(case: Case) -> list[dict[str, Any]]:
    """The open steps: since when, until when, with whom; evaluators stay unnamed."""
    rows = Task.objects.filter(case=case, finished=None).select_related("owner")
    names = {each.code: str(each.title) for each in case.procedure.departments}
    return [
        {
            "title": flow_chart.called(task.node),
            "holder": "" if task.node in nodes.SEATED else task.owner or "",
            "group": _group(task.candidate, names),
            "since": task.created,
            "due": task.due,
        }
        for task in rows.order_by("due", "pk")
    ]


def _group(candidate: str, departments: Mapping[str, str]) -> str:
    """Whose turn it is; no names of applicants."""
    if candidate.startswith("applicant:"):
        return gettext("Applicant")
    return assigning.title(candidate, departments)


def _jobs(case: Case) -> list[Job]:
    """The jobs of the case that are not done, the troubled ones first."""
    waiting = Job.objects.filter(case=case).exclude(state=Job.State.DONE).select_related("case")
    return list(waiting.order_by(F("failures").desc(), "not_before")[:LISTED])


def _past(case: Case) -> list[Intervention]:
    done = case.interventions.exclude(decided=None).select_related("by", "second")
    return list(done.order_by("-decided"))


def _forms(
    case: Case, sent: forms.Form | None, *, steps: list[str], asked: bool, differs: bool
) -> list[dict[str, Any]]:
    """The forms this case leaves, each with its button."""
    offered: list[tuple[str, str | Promise, str | Promise, bool]] = [
        ("decline", _("Decline"), _("Decline"), asked),
        ("rebuild", _("Build the flow anew"), _("Build anew"), differs),
        ("jump", _("Have a step done again"), _("Ask a second person"), bool(steps) and not asked),
        ("cancel", _("End the case"), _("Ask a second person"), case.is_open and not asked),
    ]
    found = []
    for code, title, button, fits in offered:
        if fits:
            form = sent if sent is not None and sent.prefix == code else _blank(code, case)
            found.append({"code": code, "title": title, "button": button, "form": form})
    return found


def _blank(code: str, case: Case) -> forms.Form:
    if code == "jump":
        return Jump(case=case, prefix=code)
    return (Ending if code == "cancel" else Reasoned)(prefix=code)
