"""The auditor's pages: any case by number or name, its whole trail, and whether it is intact."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from workflows import audit as proof
from workflows import clock
from workflows.models import Case, Event, Item
from workflows.models.case import CLOSED
from workflows.status_words import case_word
from workflows.views import trail
from workflows.views.conference.ballots import result, with_ballots
from workflows.views.guards import KnownRequest, office
from workflows.working_days import calendar

PER_PAGE = 25
PAPERS = {
    "submitted",
    "resubmitted",
    "file_attached",
    "file_removed",
    "file_scanned",
    "file_infected",
    "document_issued",
    "delivered",
}
MARKS = {
    "panel_formed",
    "no_interest_declared",
    "recused",
    "seat_voided",
    "sheet_kept",
    "sheet_locked",
}
FILTERS: dict[str, Callable[[trail.Entry], bool]] = {
    "duties": lambda entry: bool(entry.duty),
    "papers": lambda entry: entry.kind in PAPERS,
    "marks": lambda entry: entry.kind in MARKS,
    "system": lambda entry: entry.by == _("System"),
}


@dataclass(frozen=True)
class Stay:
    """How many working days a case stood in one state, and whether its clock ran."""

    words: str
    days: int


@office("auditor")
@require_safe
def audit(request: KnownRequest) -> HttpResponse:
    """Find a case; each row says whether its last entry is the one the case stands on."""
    asked = request.GET.get("q", "").strip()
    page = Paginator(_cases(request, asked), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "workflows/conference/audit.html", {"page": page, "asked": asked})


def _cases(request: KnownRequest, asked: str) -> QuerySet[Case]:
    last = Event.objects.filter(case=OuterRef("pk")).order_by("-seq")
    cases = (
        Case.objects.visible_to(request.user)
        .select_related("applicant")
        .annotate(last_hash=Subquery(last.values("hash")[:1]), told=Subquery(last.values("at")[:1]))
        .order_by("-told")
    )
    if not asked:
        return cases
    return cases.filter(
        Q(reference__iexact=asked)
        | Q(applicant__name__icontains=asked)
        | Q(applicant__uscc__iexact=asked)
    )


@office("auditor")
@require_safe
def audit_case(request: KnownRequest, reference: str) -> HttpResponse:
    """Every entry of one case, newest first, with its hash; the chain is checked on every look."""
    cases = Case.objects.visible_to(request.user).select_related("applicant", "round", "edition")
    case = get_object_or_404(cases, reference=reference)
    events = list(Event.objects.filter(case=case).order_by("seq"))
    made = trail.entries(events, labels=trail.labels(case), proof=True)
    everything = [trail.with_findings(each) for each in made]
    chosen = request.GET.get("show", "")
    keep = FILTERS.get(chosen)
    item = Item.objects.filter(case=case).exclude(result="").select_related("case__edition")
    resolved = with_ballots(item).order_by("-pk").first()
    values = {
        "case": case,
        "events": [entry for entry in everything if keep is None or keep(entry)],
        "total": len(everything),
        "chips": _chips(everything, chosen),
        "findings": proof.verify(f"case:{case.pk}"),
        "checked": clock.local(clock.now()),
        "votes": result(resolved) if resolved else None,
        "item": resolved,
        "stays": stays(events),
        "found": case.audit_findings.count(),
    }
    return render(request, "workflows/conference/audit_case.html", values)


def _chips(entries: list[trail.Entry], chosen: str) -> list[dict[str, object]]:
    titles = {
        "duties": _("Decisions"),
        "papers": _("Papers and files"),
        "marks": _("Evaluation"),
        "system": _("System"),
    }
    everything = {"title": _("All"), "url": "?", "current": not chosen, "count": len(entries)}
    return [everything] + [
        {
            "title": titles[code],
            "url": f"?show={code}",
            "current": chosen == code,
            "count": sum(map(keep, entries)),
        }
        for code, keep in FILTERS.items()
    ]


def stays(events: list[Event]) -> list[Stay]:
    """The working days spent in each state, in the order the states were first entered."""
    days: Counter[str] = Counter()
    state, since = "", None
    for event in events:
        after = json.loads(event.body).get("to", "")
        if after != state:
            _count(days, state, since, clock.local(event.at).date())
            state, since = after, clock.local(event.at).date()
    if state and since and state not in CLOSED:
        _count(days, state, since, clock.today())
    return [Stay(case_word(code).to("staff"), spent) for code, spent in days.items()]


def _count(days: Counter[str], state: str, since: date | None, until: date) -> None:
    if state and since:
        days[state] += calendar().count(since, until)
