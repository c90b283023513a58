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
from workflows.notifications.sentences import Words, words
from workflows.stages import messages as stage
from workflows.views.applicant.own import own_cases, see_other
from workflows.views.context import APPLICANT, OFFICE, PANEL
from workflows.views.guards import KnownRequest

PER_PAGE = 20
PLACES = {
    "returned": "case_correction",
    "correction_extended": "case_correction",
    "task_book_opened": "task_book",
    "partner_asked": "partnership",
}
SHARED = ("task_book_opened", "partner_asked")  # told to partners, who have no other page
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


def told(found: Iterable[Message], cases: Mapping[int, Case]) -> list[Told]:
    """The messages in words; ``cases`` are those the reader has pages for."""
    return [
        Told(each, words(each.kind, each.facts), _address(each, cases.get(each.case_id or 0)))
        for each in found
    ]


def _address(message: Message, case: Case | None) -> str:
    place = PLACES.get(message.kind, "case_progress")
    if case is None:
        shared = message.kind in SHARED
        return reverse(place, args=[message.facts["reference"]]) if shared else ""
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
        "unread": mine.filter(read=None).count(),
        "frame": frame(request),
    }
    return render(request, "workflows/applicant/messages.html", values)


def frame(request: KnownRequest) -> str:
    """The shell of the pages this reader works in."""
    roles = request.user.roles()
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
