"""Public notices: the lists, and one list with everything it takes to object to an entry."""

from collections.abc import Iterator
from dataclasses import dataclass, field

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
from workflows.status_words import OUTCOMES
from workflows.views.privacy import public
from workflows.working_days import calendar

PER_PAGE = 20
KNOWN = {"name", "uscc", "outcome", "org_name"}  # facts that have a column of their own
PLACED = {"place": _("Rank"), "mark": _("Mark"), "amount": _("Amount, 10,000 yuan")}


@dataclass(frozen=True)
class Row:
    """One published entry."""

    entry: NoticeEntry
    outcome: str
    more: list[str] = field(default_factory=list)


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
    entries = list(found.entries.select_related("case__edition"))
    rules = entries[0].case.rules if entries else None
    columns = list(_columns(entries, rules)) if rules else []
    placed = [code for code in PLACED if any(code in entry.facts for entry in entries)]
    values = {
        "notice": found,
        "rows": [_row(entry, placed, columns) for entry in entries],
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


def _row(entry: NoticeEntry, placed: list[str], columns: list[Field]) -> Row:
    outcome = entry.facts.get("outcome", "")
    words = OUTCOMES[outcome].to("applicant") if outcome in OUTCOMES else outcome
    told = [entry.facts.get(code, "") for code in placed]
    return Row(entry, words, [*told, *(_shown(question, entry) for question in columns)])


def _shown(question: Field, entry: NoticeEntry) -> str:
    answer = entry.facts.get(question.code)
    language = get_language() or "zh-hans"
    return "" if answer is None else kind_of(question).shown(question, answer, language)
