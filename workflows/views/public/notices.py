"""Public notices: the lists, and one list with everything it takes to object to an entry."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from forms.fields import kind_of
from forms.schema import Field
from workflows import clock
from workflows.edition import Edition as Rules
from workflows.models import NoticeEntry, PublicNotice
from workflows.stages import names
from workflows.status_words import OUTCOMES
from workflows.views.privacy import public
from workflows.working_days import calendar

PER_PAGE = 20
KNOWN = {"name", "uscc", "outcome", "org_name"}  # facts that have a column of their own
PLACED = {"place": _("Rank"), "mark": _("Mark"), "amount": _("Amount, 10,000 yuan")}


@dataclass(frozen=True)
class Row:
    """One published entry; a name that changed while the notice ran stands with the old one."""

    entry: NoticeEntry
    outcome: str
    name: str
    former: str = ""
    more: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Renamed:
    """A change of name after the notice: one line of correction, no new period (X7)."""

    position: int
    former: str
    name: str
    day: date


@require_safe
@public
def notices(request: HttpRequest) -> HttpResponse:
    """Every notice, those still running first; old ones stay readable for good."""
    page = Paginator(PublicNotice.objects.order_by("-closes", "-pk"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    values = {"page": page, "today": clock.today()}
    return render(request, "workflows/public/notices.html", values)


@require_safe
@public
def notice(request: HttpRequest, slug: str) -> HttpResponse:
    """One notice: the list, its period and grounds, and how to object."""
    found = get_object_or_404(PublicNotice, slug=slug)
    entries = list(found.entries.select_related("case__edition", "case__applicant"))
    renamed = _renamed(found, entries)
    rules = entries[0].case.rules if entries else None
    columns = list(_columns(entries, rules)) if rules else []
    placed = [code for code in PLACED if any(code in entry.facts for entry in entries)]
    values = {
        "notice": found,
        "rows": [_row(entry, placed, columns, renamed.get(entry.pk)) for entry in entries],
        "corrections": [each for each in renamed.values() if each.day > found.closes],
        "columns": [*(PLACED[code] for code in placed), *columns],
        "procedure": entries[0].case.procedure if entries else None,
        "issuer": rules.issuer if rules else None,
        "running": clock.today() <= found.closes,
        "left": calendar().left(found.closes, clock.today()),
    }
    return render(request, "workflows/public/notice.html", values)


def _columns(entries: list[NoticeEntry], rules: Rules) -> Iterator[Field]:
    """The questions whose answers the entries hold, in the order they were asked."""
    held = {code for entry in entries for code in entry.facts} - KNOWN
    return (question for question in rules.form.fields() if question.code in held)


def _renamed(found: PublicNotice, entries: list[NoticeEntry]) -> dict[int, Renamed]:
    """The entries whose applicant changed its name since the notice and before the decision."""
    applicants = {entry.case.applicant_id for entry in entries}
    changed = names.changes(applicants, since=found.published)
    told: dict[int, Renamed] = {}
    for entry in entries:
        case = entry.case
        during = [
            each
            for each in changed.get(case.applicant_id, [])
            if case.decided is None or each.until <= case.decided
        ]
        name, former = case.applicant.name, entry.facts.get("name", "")
        if during and name != former:
            day = clock.local(during[-1].until).date()
            told[entry.pk] = Renamed(entry.position, former, name, day)
    return told


def _row(
    entry: NoticeEntry, placed: list[str], columns: list[Field], renamed: Renamed | None
) -> Row:
    name = former = entry.facts.get("name", "")
    if renamed is not None and renamed.day <= entry.notice.closes:
        name = renamed.name
    outcome = entry.facts.get("outcome", "")
    words = OUTCOMES[outcome].to("applicant") if outcome in OUTCOMES else outcome
    told = [entry.facts.get(code, "") for code in placed]
    more = [*told, *(_shown(question, entry) for question in columns)]
    return Row(entry, words, name, former if former != name else "", more)


def _shown(question: Field, entry: NoticeEntry) -> str:
    answer = entry.facts.get(question.code)
    language = get_language() or "zh-hans"
    return "" if answer is None else kind_of(question).shown(question, answer, language)
