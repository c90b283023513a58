"""What is said about a case: the office's notes among itself, and letters to and fro."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django_htmx.http import push_url

from workflows.errors import CaseError
from workflows.models import Case, Defence, Message, Supplement, User
from workflows.notifications import sentences
from workflows.stages import notes
from workflows.views.desk import reach
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence


@dataclass(frozen=True)
class Said:
    """One letter of the office to the applicant, or one of theirs to the office."""

    at: datetime
    title: str | Promise
    text: str
    theirs: bool = False


def offered(case: Case, user: User) -> bool:
    """Whether the reader finds the tab: no evaluator, no member and no party of the case does."""
    return notes.open_to(user, case)


def count(case: Case) -> int:
    """How many notes there are."""
    return case.notes.count()


def talk(case: Case, user: User) -> dict[str, Any]:
    """Notes, newest first, and what went to and fro between office and applicant."""
    written = case.notes.select_related("by").prefetch_related("mentioned").order_by("-made", "-pk")
    proven = notes.proven(case)
    return {
        "notes": [(note, notes.digest(note) in proven) for note in written],
        "may_write": notes.may_write(user, case),
        "longest": notes.LONGEST,
        "letters": sorted(_correspondence(case), key=lambda said: said.at, reverse=True),
    }


def letters(case: Case) -> list[dict[str, Any]]:
    """What the applicant was told, each once however many people read it, newest first."""
    told = Message.objects.filter(
        case=case, recipient__memberships__organisation=case.applicant_id
    ).order_by("-sent")
    found: dict[str, dict[str, Any]] = {}
    for message in told:
        words = sentences.words(message.kind, message.facts)
        letter = {"sent": message.sent, "title": words.title, "text": words.text}
        found.setdefault(message.key.partition(":")[0], letter)
    return list(found.values())


def _correspondence(case: Case) -> Iterator[Said]:
    for letter in letters(case):
        yield Said(letter["sent"], letter["title"], letter["text"])
    correction = getattr(case, "correction", None)
    if correction is not None and correction.answered:
        yield Said(correction.answered, _("Correction handed in"), correction.note, theirs=True)
    for each in case.supplements.filter(closed_as=Supplement.Closed.ANSWERED):
        assert each.closed is not None, "an answer closes the question"
        yield Said(each.closed, _("Supplementary material handed in"), each.note, theirs=True)
    for stated in case.defences.filter(closed_as=Defence.Closed.STATED):
        assert stated.closed is not None, "a defence that was stated is closed"
        yield Said(stated.closed, _("Statement and defence"), stated.text, theirs=True)
    if case.withdrawal_asked:
        asked = _("Asked to take the application back")
        yield Said(case.withdrawal_asked, asked, case.withdrawal_reason, theirs=True)


@office(*sorted(notes.WRITERS))
@require_POST
def case_note(request: KnownRequest, reference: str) -> HttpResponse:
    """Write a note beside a case the reader may read; what is refused comes back as typed."""
    related = ("edition", "applicant", "correction")
    cases = reach.cases(request.user).select_related(*related)
    case = get_object_or_404(cases, reference=reference)
    text, task = request.POST.get("note", ""), request.POST.get("task", "")
    try:
        notes.write(case, text, by=request.user)
    except CaseError as refusal:
        values = {"case": case, "text": text, "task": task, "refusal": sentence(refusal)}
        values |= talk(case, request.user) if offered(case, request.user) else {}
        page = render(request, "workflows/desk/note.html", values, status=refusal.status)
        return push_url(page, False)  # a script stays where it is: no page answers this address
    messages.success(request, gettext("The note is written; only the office reads it"))
    if task.isdecimal() and len(task) < 19:
        return reach.see_other("task", int(task), query="tab=talk")
    return reach.see_other("case_file", reference, query="tab=talk")
