"""The operator's page: background work that needs a person, and giving it a fresh start."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from workflows.models import Job
from workflows.stages import operation
from workflows.views.guards import KnownRequest, office

PER_PAGE = 25
OPERATORS = ("operator", "leader")
KINDS = {
    "issue_document": _("Make and sign a paper"),
    "tell": _("Find out who is told"),
    "message": _("Send a message"),
    "daily_letter": _("Send the daily letter"),
    "look_round": _("Look for what is due"),
    "look_for": _("Look for what is due"),
    "timer": _("Time limit"),
}


@office(*OPERATORS)
@require_safe
def jobs(request: KnownRequest) -> HttpResponse:
    """Incidents first, then what is waiting or has failed at least once."""
    counts = dict(Job.objects.values_list("state").annotate(Count("pk")).order_by())
    incidents = Job.objects.filter(state=Job.State.INCIDENT).select_related("case")
    struggling = Job.objects.filter(state=Job.State.READY, failures__gt=0).select_related("case")
    page = Paginator(incidents.order_by("created"), PER_PAGE).get_page(request.GET.get("page"))
    values = {
        "page": page,
        "incidents": [_told(job) for job in page],
        "struggling": [_told(job) for job in struggling.order_by("not_before")[:PER_PAGE]],
        "stats": [(counts.get(state, 0), label) for state, label in Job.State.choices],
    }
    return render(request, "workflows/conference/jobs.html", values)


def _told(job: Job) -> tuple[Job, str | Promise, str]:
    """A job, what it does, and why it failed in the reader's language: errors are our sentences."""
    error, _colon, sentence = job.last_error.partition(": ")
    return job, KINDS.get(job.kind, job.kind), gettext(sentence) if sentence else error


@office(*OPERATORS)
@require_POST
def job_retry(request: KnownRequest, pk: str) -> HttpResponse:
    """Let a failed job begin again; the trail says who decided it."""
    job = get_object_or_404(Job, pk=pk)
    operation.retry(job, by=request.user)
    messages.success(request, gettext("The job is tried again at once."))
    return redirect("jobs")
