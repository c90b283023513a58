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
    "timer": _("Time limit"),
    "carry_out": _("Do what was decided"),
    # papers and files
    "issue_document": _("Make and sign a paper"),
    "scan_file": _("Scan a file for viruses"),
    "scan_evidence": _("Scan a paper of a library for viruses"),
    "scan_paper": _("Scan a paper for viruses"),
    "scan_leftovers": _("Find files that were never scanned"),
    "scan_paper_leftovers": _("Find papers that were never scanned"),
    "draw_pages": _("Draw the pages of a file"),
    "sweep_shelf": _("Clear files that nothing points at"),
    "sweep_upload": _("Clear an upload that nobody continues"),
    "sweep_uploads": _("Clear uploads that nobody continues"),
    "erase_ended": _("Erase what was asked for once a mandate has ended"),
    "sweep_viewings": _("Forget who looked at what yesterday"),
    "index_case": _("Enter a case in the search"),
    "index_leftovers": _("Find cases the search does not know"),
    # messages
    "tell": _("Find out who is told"),
    "message": _("Send a message"),
    "letter": _("Send a letter about an account"),
    "daily_letter": _("Send the daily letter"),
    "stirred": _("Tell those who watch a case"),
    # every morning, and the sharing of work
    "look_round": _("Look for what is due"),
    "look_for": _("Look for what is due"),
    "find_overdue": _("Look for overdue tasks"),
    "find_lights": _("Look for tasks that are due soon"),
    "find_stuck": _("Look for steps that nobody may do"),
    "find_left_behind": _("Look for tasks whose owner has left"),
    "find_stranded": _("Look for presses that no worker carries out any more"),
    "find_unanswered": _("Look for findings that nobody answered"),
    "escalate": _("Put an overdue task under supervision"),
    "lift": _("End the supervision of a task"),
    "take_in": _("Put a task back into the queue"),
    "deal_out": _("Deal out unclaimed tasks"),
    "deal": _("Assign a task by rule"),
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
        "incidents": [told(job) for job in page],
        "struggling": [told(job) for job in struggling.order_by("not_before")[:PER_PAGE]],
        "stats": [(counts.get(state, 0), label) for state, label in Job.State.choices],
    }
    return render(request, "workflows/conference/jobs.html", values)


def told(job: Job) -> tuple[Job, str | Promise, str]:
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
