"""Where the QR code of every paper leads: `/v/<code>/`."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from workflows import clock
from workflows.documents import codes
from workflows.models import Certificate, Document, Event
from workflows.views import trail, visitors
from workflows.views.privacy import public
from workflows.views.public import verdicts

OPEN_KINDS = (
    "resolved",
    "notice_opened",
    "notice_closed",
    "sealed",
    "granted",
    "term_extended",
    "revoked",
)
OPEN_FACTS = ("meeting", "result", "opens", "closes", "objections", "number", "title", "valid_to")
Fact = tuple[str, object]


@require_safe
@public
def certificate_check(request: HttpRequest, code: str) -> HttpResponse:
    """Show status, facts and history of a paper to anyone; an unknown code has its own verdict."""
    visitors.spend(request, "lookup")
    plain = codes.normal(code)
    document = (
        Document.objects.told()
        .select_related("case__edition", "case__applicant", "grants__holder")
        .filter(code=plain)
        .first()
    )
    if document is None:
        verdict = verdicts.unknown(plain, mistyped=not codes.valid(plain))
        return render(request, "workflows/public/check_unknown.html", {"verdict": verdict})
    title = verdicts.title_of(document)
    values = {
        "document": document,
        "title": title,
        "verdict": verdicts.of(document),
        "facts": list(_title_facts(title, document) if title else _paper_facts(document)),
        "signed": document.state != Document.State.REQUESTED,
        "intact": verdicts.intact(document),
        "now": clock.local(clock.now()),
        "address": f"{settings.HENG_SITE}/v/{document.code}/",
        "downloadable": is_public(document),
        **(_story(document) if title else {}),
    }
    return render(request, "workflows/public/check.html", values)


def is_public(document: Document) -> bool:
    """Whether anyone may download the paper."""
    issued = document.state == Document.State.ISSUED
    return issued and document.kind in verdicts.PUBLIC_KINDS


def _title_facts(title: Certificate, document: Document) -> Iterator[Fact]:
    yield _("Number"), title.number
    yield _("Holder"), title.holder_name
    if title.holder.name != title.holder_name:
        yield _("Holder's name today"), title.holder.name
    yield _("Unified social credit code"), title.holder.uscc
    yield _("Title"), " · ".join(filter(None, (title.called, title.graded)))
    yield _("Issued by"), document.case.rules.issuer.name
    yield _("Valid from"), date_format(title.valid_from)
    if title.valid_to:
        yield _("Valid until"), date_format(title.valid_to)
    if extended := title.facts.get("extended"):
        printed = date_format(date.fromisoformat(extended[0]["from"]))
        yield _("Valid until, as printed"), _("%(day)s, extended since") % {"day": printed}
    if title.identifier:
        yield _("Certificate identifier"), title.identifier


def _paper_facts(document: Document) -> Iterator[Fact]:
    """What a holder of the code may compare; names stay hidden but for their ends."""
    yield _("Paper"), document.title
    if document.number:
        yield _("Number"), document.number
    yield _("Dated"), date_format(clock.local(document.dated).date())
    yield _("Addressed to"), verdicts.masked(document.case.applicant.name)
    yield _("Issued by"), document.case.rules.issuer.name


def _story(document: Document) -> dict[str, object]:
    """How the title came about, from the entries of the trail that are public."""
    events = Event.objects.filter(case=document.case, kind__in=OPEN_KINDS)
    entry = document.case.entries.select_related("notice").order_by("-pk").first()
    return {
        "history": [_open(event) for event in events.order_by("-seq")],
        "notice": entry.notice if entry else None,
        "record": verdicts.record(document),
    }


def _open(event: Event) -> dict[str, object]:
    """An entry without its actor and without facts that are not public."""
    made = trail.entry(event)
    facts = {name: made.facts[name] for name in OPEN_FACTS if name in made.facts}
    return {
        "at": made.at,
        "title": made.title,
        "text": trail.said(facts),
        "icon": made.icon,
        "tone": made.tone,
    }
