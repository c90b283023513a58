"""The applicant's own file (X54): what was filed, what was done with it, and by which office.

Evaluators and members have no names here, and deliberation inside the office stays inside
(政府信息公开条例 15, 16; 招标投标法 37).
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from workflows.models import Case, Event
from workflows.models.case import State
from workflows.views import trail
from workflows.views.applicant.own import own_case
from workflows.views.guards import KnownRequest

OWN = (  # acts of the applicant's own people, under their names
    "drafted", "draft_saved", "file_attached", "file_removed", "submitted", "resubmitted",
    "supplement_answered", "withdrawal_asked", "withdrawn", "review_requested", "partners_asked",
    "partner_confirmed", "partner_refused", "partner_left", "substitute_named",
    "figures_confirmed", "figures_contested", "offer_answered", "task_book_signed",
    "receipt_confirmed", "defence_stated", "objection_replied",
)  # fmt: skip
TOLD = (  # acts of the office with their facts, as the applicant was told of them
    "applicant_renamed", "accepted", "deemed_accepted", "returned", "correction_extended",
    "correction_recounted", "supplement_asked", "supplement_lapsed", "supplement_recalled",
    "deadline_moved", "answer_recounted", "renewal_asked", "renewal_lapsed", "abandoned",
    "not_accepted", "forwarded", "newer_edition_applied",
    "suspended", "resumed", "extended", "terminated", "due_recounted", "sent_to_evaluation",
    "visit_ordered",
    "figures_set", "figures_deemed_confirmed", "contest_settled", "unfrozen", "amount_offered",
    "offer_lapsed", "resolved", "notice_opened", "notice_recounted", "notice_closed", "signed",
    "sealed", "document_issued", "task_book_opened", "task_book_delivered", "task_book_lapsed",
    "registered", "called_up", "granted", "term_extended", "refused", "delivered",
    "review_answered", "withdrawal_refused", "partner_replaced", "objection_answered",
    "refusal_intended", "defence_lapsed", "defence_answered",
)  # fmt: skip
NAMED = (  # that it happened, and nothing of what was said
    "reviewed", "consulted", "opinion_given", "reminded", "silence_read", "screened", "stopped",
    "panel_formed", "no_interest_declared", "recused", "seat_voided", "substitute_seated",
    "sheet_locked", "visit_recorded", "visit_signed", "checkers_assigned", "figures_checked",
    "ranked", "round_joined", "proposed", "endorsed", "tabled", "voted", "objected", "held",
)  # fmt: skip


@login_required
@require_safe
def case_record(request: KnownRequest, reference: str) -> HttpResponse:
    """Show the file of one own case; a draft has none yet."""
    case = own_case(request, reference)
    if case.state == State.DRAFT:
        return redirect("case", reference)
    values = {
        "case": case,
        "events": list(_entries(case)),
        "filed": case.submissions.order_by("number"),
    }
    return render(request, "workflows/applicant/record.html", values)


def _entries(case: Case) -> Iterator[trail.Entry]:
    """The entries that may be read, newest first, each with its number and digest."""
    events = Event.objects.filter(case=case, kind__in=(*OWN, *TOLD, *NAMED))
    labels = trail.labels(case)
    made = trail.entries(events, labels=labels, proof=True)
    for each in (replace(entry, url="") for entry in made):
        if each.kind in OWN:
            yield each
        else:
            told = trail.said(_told(each), labels) if each.kind in TOLD else ""
            yield replace(each, by=gettext("The office"), text=told)


def _told(entry: trail.Entry) -> dict[str, Any]:
    """The facts the applicant was told: not who of the office asked a second person.

    A remark at acceptance is told only where something is missing.
    """
    inside = {"asked_by"}
    if entry.kind == "accepted" and not entry.facts.get("missing"):
        inside.add("note")
    return {name: fact for name, fact in entry.facts.items() if name not in inside}
