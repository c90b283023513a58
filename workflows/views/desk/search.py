"""The search box of the office: typed once, and what was meant opens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from workflows import search as finding
from workflows.models import Case, Task, User
from workflows.search import Hit
from workflows.stages import desk
from workflows.views.context import OFFICE
from workflows.views.desk import reach
from workflows.views.desk.asked import typed
from workflows.views.guards import KnownRequest, office


@dataclass(frozen=True)
class Row:
    """A case that was found, where it opens, and what of it was asked for."""

    case: Case
    url: str
    hit: Hit
    mine: bool  # whether it waits in the reader's hands


@office(*reach.READERS)
@require_safe
def search(request: KnownRequest) -> HttpResponse:
    """Open the one case that is meant, or list what was found, grouped by why it was."""
    words = typed(request.GET.get("q", ""))
    after = request.GET.get("after", "")
    readable = reach.cases(request.user)
    if not after and (meant := finding.named(words, readable)) is not None:
        return _open(request.user, meant)
    hits, more = finding.page(words, readable, after)
    rows = _rows(request.user, hits)
    if len(rows) == 1 and not more and not after:
        return _open(request.user, rows[0].case)
    values = {
        "words": words,
        "groups": _groups(rows, whole=not (after or more)),
        "more": urlencode({"q": words, "after": more}) if more else "",
        "after": after,
        "shell": f"workflows/shell_{'staff' if request.user.holds(*OFFICE) else 'commission'}.html",
    }
    return render(request, "workflows/desk/search.html", values)


def _groups(rows: Sequence[Row], *, whole: bool) -> list[tuple[str, str, list[Row]]]:
    """The rows by why they were found, counted where ``rows`` are the whole of it."""
    groups = [(kind, list(found)) for kind, found in groupby(rows, key=lambda row: row.hit.kind)]
    return [(kind.label, str(len(found)) if whole else "", found) for kind, found in groups]


def _open(user: User, case: Case) -> HttpResponse:
    task = _own_tasks(user, [case.pk]).get(case.pk)
    if task is not None:
        return reach.see_other("task", task)
    return reach.see_other("case_file", case.reference)


def _rows(user: User, hits: Sequence[Hit]) -> list[Row]:
    keys = [hit.case for hit in hits]
    found = Case.objects.select_related("applicant", "edition").defer(
        "draft", "applicant__profile", "edition__content"
    )
    cases = found.in_bulk(keys)
    tasks = _own_tasks(user, keys)
    return [
        Row(cases[hit.case], _address(cases[hit.case], tasks), hit, hit.case in tasks)
        for hit in hits
    ]


def _address(case: Case, tasks: Mapping[int, int]) -> str:
    if case.pk in tasks:
        return reverse("task", args=[tasks[case.pk]])
    return reverse("case_file", args=[case.reference])


def _own_tasks(user: User, cases: Sequence[int]) -> dict[int, int]:
    """By case, the open task of it that waits in the hands of ``user``, the earliest first."""
    if not cases:
        return {}
    own = Task.objects.filter(desk.mine(user), case__in=cases, finished=None).order_by("-pk")
    return dict(own.values_list("case", "pk"))
