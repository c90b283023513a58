"""The register of cases (申请台账): all the reader may see, filtered, and as a table file."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Self
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from workflows import clock, districts
from workflows.models import Case, Edition
from workflows.models.case import STANDING_STILL
from workflows.status_words import CASE_STATES, Light, case_word
from workflows.views.applicant.account import decision_light
from workflows.views.context import OFFICE
from workflows.views.desk import reach
from workflows.views.exporting import Cell, Sheet, csv_response, xlsx_response
from workflows.views.guards import KnownRequest, office
from workflows.working_days import calendar

log = logging.getLogger(__name__)
PER_PAGE = 50
EARLIEST, LATEST = date(2000, 1, 1), date(2999, 12, 31)  # beyond anything this house knows of
MOST = 20_000  # rows of a table file: it is made while the reader waits


@dataclass(frozen=True)
class Filters:
    """Which cases are asked for; every part stands in the address."""

    q: str = ""
    procedure: str = ""
    state: str = ""
    district: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, given: QueryDict) -> Self:
        """Read them from an address; what makes no sense there asks for nothing."""
        return cls(
            q=given.get("q", "").strip()[:60],
            procedure=given.get("procedure", "")[:30],
            state=given.get("state", "") if given.get("state") in CASE_STATES else "",
            district=given.get("district", "")[:6],
            since=_day(given.get("since", "")),
            until=_day(given.get("until", "")),
        )

    @property
    def query(self) -> str:
        """The address's query that asks the same."""
        return urlencode({key: value for key, value in asdict(self).items() if value})

    def apply(self, found: QuerySet[Case]) -> QuerySet[Case]:
        """The cases of ``found`` that are asked for, newest first."""
        if self.q:
            found = found.filter(
                Q(reference__icontains=self.q)
                | Q(applicant__name__icontains=self.q)
                | Q(applicant__uscc__icontains=self.q)
            )
        exact = {"procedure_key": self.procedure, "state": self.state, "district": self.district}
        found = found.filter(**{name: value for name, value in exact.items() if value})
        if self.since:
            found = found.filter(submitted__gte=clock.start_of(date.fromisoformat(self.since)))
        if self.until:
            found = found.filter(submitted__lte=clock.end_of(date.fromisoformat(self.until)))
        return found.order_by("-submitted", "-pk")


def _day(text: str) -> str:
    try:
        day = parse_date(text)
    except ValueError:  # looks like a day, but no calendar has it
        return ""
    return day.isoformat() if day and EARLIEST <= day <= LATEST else ""


@office(*reach.READERS)
@require_safe
def cases(request: KnownRequest) -> HttpResponse:
    """The register page by page; a search that finds one case opens it."""
    filters = Filters.of(request.GET)
    found = filters.apply(_readable(request))
    if filters.q and filters == Filters(q=filters.q):
        hits = list(found.values_list("reference", flat=True)[:2])
        if len(hits) == 1:
            return redirect("case_file", hits[0])
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    titles = _procedures()
    values = {
        "page": page,
        "rows": [
            {
                "case": case,
                "procedure": titles.get(_key(case), ""),
                "district": districts.called(case.district),
                "light": light(case),
            }
            for case in page
        ],
        "filters": filters,
        "procedures": {key: title for (_kind, key), title in titles.items()},
        "states": [
            (code, word.to("staff")) for code, word in CASE_STATES.items() if code != "draft"
        ],
        "districts": _districts(request),
        "shell": f"workflows/shell_{'staff' if request.user.holds(*OFFICE) else 'commission'}.html",
    }
    return render(request, "workflows/desk/cases.html", values)


def _readable(request: KnownRequest) -> QuerySet[Case]:
    """The rows of the register, without the long columns nobody reads there."""
    return (
        reach.cases(request.user).select_related("applicant").defer("draft", "applicant__profile")
    )


def _key(case: Case) -> tuple[str, str]:
    return case.programme_key, case.procedure_key


def _procedures() -> dict[tuple[str, str], str]:
    """The titles of every procedure, by programme and key, as the newest edition has them."""
    return {
        (edition.programme, key): str(procedure.title)
        for edition in Edition.objects.order_by("published")
        for key, procedure in edition.shape.procedures.items()
    }


def _districts(request: KnownRequest) -> list[tuple[str, str]]:
    """The districts of the cases the reader may see, each with its name."""
    found = reach.cases(request.user).order_by("district").values_list("district", flat=True)
    return [(code, districts.called(code)) for code in found.distinct()]


def light(case: Case) -> Light | None:
    """The light of the decision clock; a register of many cases reads no clock accounts."""
    if case.due is None or case.accepted is None:
        return None
    allowed = calendar().count(clock.local(case.accepted).date(), case.due)
    return decision_light(case, allowed, paused=case.state in STANDING_STILL or case.stands_still)


# --- as a table file ----------------------------------------------------------------------------
@office(*reach.READERS)
@require_safe
def cases_csv(request: KnownRequest) -> HttpResponse:
    """The same cases, UTF-8 with a mark that spreadsheet programs understand."""
    return _taken(request, "csv", lambda sheet: csv_response("cases", sheet))


@office(*reach.READERS)
@require_safe
def cases_xlsx(request: KnownRequest) -> HttpResponse:
    """The same cases as a workbook."""
    return _taken(request, "xlsx", lambda sheet: xlsx_response("cases", [sheet]))


def _taken(
    request: KnownRequest, kind: str, written: Callable[[Sheet], HttpResponse]
) -> HttpResponse:
    """The table file of what is asked for; who takes it away is in the log.

    Too long a table is not made: the reader goes back to the list and narrows it.
    """
    filters = Filters.of(request.GET)
    found = filters.apply(_readable(request))
    number = found.count()
    if number > MOST:
        told = _("%(number)s cases are too many for one file; narrow the list to %(most)s.")
        messages.error(request, told % {"number": number, "most": MOST})
        return redirect(f"{reverse('cases')}?{filters.query}")
    log.info("%s takes %s cases away as %s: %s", request.user, number, kind, filters.query)
    return written(_sheet(found, filters))


def _sheet(found: QuerySet[Case], filters: Filters) -> Sheet:
    """The cases asked for as a table, below what was asked and when."""
    head = (
        _("Case"),
        _("Applicant"),
        _("Unified social credit code"),
        _("Procedure"),
        _("District"),
        _("State"),
        _("Filed on"),
        _("Accepted on"),
        _("Due"),
        _("Decided on"),
        _("Mark"),
    )
    titles = _procedures()
    rows = (tuple(_cells(case, titles)) for case in found.iterator(chunk_size=500))
    return Sheet(_("Register of cases"), head, rows, about=_about(filters, titles))


def _about(filters: Filters, titles: dict[tuple[str, str], str]) -> list[str]:
    """What was asked for, in words, and when."""
    procedures = {key: title for (_kind, key), title in titles.items()}
    days = f"{filters.since} – {filters.until}" if filters.since or filters.until else ""
    told = [
        filters.q,
        procedures.get(filters.procedure, ""),
        CASE_STATES[filters.state].to("staff") if filters.state else "",
        districts.called(filters.district) if filters.district else "",
        days,
    ]
    moment = date_format(clock.local(clock.now()), "Y-m-d H:i")
    return [
        " · ".join([*filter(None, map(str, told))] or [_("All cases in your reach")]),
        _("As of %(moment)s") % {"moment": moment},
    ]


def _cells(case: Case, titles: dict[tuple[str, str], str]) -> Iterator[Cell]:
    yield case.reference
    yield case.applicant.name
    yield case.applicant.uscc
    yield titles.get(_key(case), "")
    yield districts.called(case.district)
    yield case_word(case.state, case.outcome).to("staff")
    for moment in (case.submitted, case.accepted):
        yield clock.local(moment).date().isoformat() if moment else ""
    yield case.due.isoformat() if case.due else ""
    yield clock.local(case.decided).date().isoformat() if case.decided else ""
    yield case.score
