"""Messages: what a person was told, in their own language, with the page it is about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from workflows.models import Case, Message
from workflows.notifications.sentence import Words
from workflows.notifications.sentences import words
from workflows.stages import contacts
from workflows.stages import messages as stage
from workflows.views.applicant.own import own_cases, see_other
from workflows.views.context import APPLICANT, OFFICE, PANEL
from workflows.views.guards import KnownRequest

PER_PAGE = 20
PLACES = {  # pages of one own case
    "returned": "case_correction",
    "finding_made": "audit_findings",
    "finding_answered": "audit_findings",
    "finding_unanswered": "audit_findings",
    "intervention_asked": "case_operation",
    "mentioned": "case_file",
    "correction_extended": "case_correction",
    "correction_due": "case_correction",
    "supplement_asked": "case_supplement",
    "renewal_asked": "case_supplement",
    "refusal_intended": "case_defence",
    "defence_answered": "case_defence",
    "objected": "case_objections",
    "figures_set": "case_figures",
    "amount_offered": "case_offer",
    "file_infected": "case_files",
    "draft_idle": "case",
    "round_closing": "case",
    "round_closes_soon": "case",
    "task_book_opened": "task_book",
    "partner_asked": "partnership",
}
DESKS = {  # pages that name no case
    "title_expiring": "certificates",
    "new_device": "usersessions_list",
    "trail_broken": "audit",
    "evidence_expiring": "library",
    "evidence_infected": "library",
    "mandate_ending": "org_members",
    "registration_waits": "registrations",
    "panel_seat": "evaluations",
    "sheet_due": "evaluations",
    "meeting_called": "meetings",
    "task_due": "tasks",
    "task_overdue": "tasks",
    "opinion_requested": "tasks",
    "reminder": "tasks",
    "rated_poorly": "ratings",
    "rating_due": "ratings",
}
TASKS = ("intent_refused",)  # pages of the task named
SHARED = (  # told to partners and to the office, who have no other page of the case
    "task_book_opened", "partner_asked", "finding_made", "finding_answered",
    "finding_unanswered", "intervention_asked", "mentioned",
)  # fmt: skip
TABS = {"mentioned": "?tab=talk"}  # of that page
FRAMES: tuple[tuple[set[str], str], ...] = (
    (APPLICANT, "workflows/shell_applicant.html"),
    (OFFICE, "workflows/shell_staff.html"),
    (PANEL, "workflows/shell_expert.html"),
    (set(), "workflows/shell_commission.html"),
)


@dataclass(frozen=True)
class Told:
    """One message, ready to read; ``url`` leads to what it is about, if the reader may go there."""

    message: Message
    words: Words
    url: str
    rate: str  # where the contact it tells of may be rated; empty where it tells of none


def told(found: Iterable[Message], cases: Mapping[int, Case]) -> list[Told]:
    """The messages in words; ``cases`` are those the reader has pages for."""
    return [
        Told(
            each,
            words(each.kind, each.facts),
            _address(each, cases.get(each.case_id or 0)),
            _rating(each),
        )
        for each in found
    ]


def _rating(message: Message) -> str:
    event = message.key.partition(":")[0]
    tells = message.kind in contacts.MESSAGES and event.isdecimal()
    return contacts.address(int(event)) if tells else ""


def _address(message: Message, case: Case | None) -> str:
    if message.kind in DESKS:
        return reverse(DESKS[message.kind])
    if message.kind in TASKS:
        return reverse("task", args=[message.facts["task"]])
    place = PLACES.get(message.kind, "case_progress")
    if case is None:
        shared = message.kind in SHARED
        found = reverse(place, args=[message.facts["reference"]]) if shared else ""
        return found and found + TABS.get(message.kind, "")
    return reverse(place, args=[case.reference])


@login_required
@require_safe
def messages(request: KnownRequest) -> HttpResponse:
    """Everything the reader was told, newest first, whatever their office."""
    mine = Message.objects.filter(recipient=request.user).order_by("-sent", "-pk")
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    keys = {each.case_id for each in page.object_list if each.case_id}
    cases = own_cases(request).filter(pk__in=keys).in_bulk()
    values = {
        "page": page,
        "told": told(page.object_list, cases),
        "frame": frame(request),
    }
    return render(request, "workflows/applicant/messages.html", values)


def frame(request: KnownRequest) -> str:
    """The shell of the pages this reader works in."""
    roles = request.user.roles() or APPLICANT  # whoever acts for nobody yet may come to apply
    return next(shell for those, shell in FRAMES if not those or those & roles)


@login_required
@require_POST
def messages_read(request: KnownRequest) -> HttpResponse:
    """Mark one message (``message``) or all of them as read."""
    asked = request.POST.getlist("message")
    unread = Message.objects.filter(recipient=request.user, read=None)
    keys = [int(key) for key in asked if key.isdecimal() and len(key) < 19]
    stage.mark_read(request.user, keys if asked else unread.values_list("pk", flat=True))
    return see_other("messages")
