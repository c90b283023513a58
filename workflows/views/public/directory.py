"""The register of titles (名录): filtered in the address, and as a table to take away."""

import csv
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from workflows import clock
from workflows.models import Certificate
from workflows.status_words import TITLE_STATES
from workflows.views.exporting import BOM, harmless
from workflows.views.privacy import public
from workflows.views.public.offers import offers
from workflows.views.public.verdicts import state_of

PER_PAGE = 25
RUNNING = (Certificate.State.ACTIVE, Certificate.State.WARNING)


@dataclass(frozen=True)
class Filters:
    """What the reader asked for."""

    q: str
    programme: str
    district: str
    year: str
    status: str

    @classmethod
    def of(cls, request: HttpRequest, statuses: Container[str] = TITLE_STATES) -> "Filters":
        """The filters in the address; what makes no sense asks for nothing."""
        given = {name: request.GET.get(name, "").strip() for name in cls.__annotations__}
        year = given["year"]
        given["year"] = year if len(year) == 4 and year.isdecimal() and int(year) else ""
        given["status"] = given["status"] if given["status"] in statuses else ""
        return cls(**given)

    def apply(self, titles: QuerySet[Certificate], today: date) -> QuerySet[Certificate]:
        """The titles that fit."""
        if self.q:
            titles = titles.filter(
                Q(holder_name__icontains=self.q) | Q(number=self.q) | Q(holder__uscc=self.q.upper())
            )
        if self.programme:
            titles = titles.filter(programme_key=self.programme)
        if self.district:
            titles = titles.filter(holder__district=self.district)
        if self.year:
            titles = titles.filter(valid_from__year=int(self.year))
        return titles.filter(standing(self.status, today)) if self.status else titles


def standing(status: str, today: date) -> Q:
    """The condition for a title to be in ``status`` on ``today``, as readers are told it."""
    over = Q(state__in=RUNNING, valid_to__lt=today)
    if status == Certificate.State.EXPIRED:
        return Q(state=status) | over
    return Q(state=status) & ~over


def titles() -> QuerySet[Certificate]:
    """Every title with what a row of the list shows, newest first."""
    return Certificate.objects.select_related("holder", "document").order_by("-valid_from", "-pk")


@require_safe
@public
def directory(request: HttpRequest) -> HttpResponse:
    """The list, page by page."""
    filters, today = Filters.of(request), clock.today()
    page = Paginator(filters.apply(titles(), today), PER_PAGE).get_page(request.GET.get("page"))
    values = {
        "page": page,
        "rows": [(title, state_of(title, today)) for title in page],
        "filters": filters,
        "programmes": [(each.key, each.rules.title) for each in offers()],
        "districts": _choices("holder__district"),
        "years": [day.year for day in Certificate.objects.dates("valid_from", "year", "DESC")],
        "statuses": [(code, word.to("applicant")) for code, word in TITLE_STATES.items()],
        "query": request.GET.urlencode(),
    }
    return render(request, "workflows/public/directory.html", values)


def _choices(column: str) -> list[str]:
    found = Certificate.objects.exclude(**{column: ""}).order_by(column)
    return list(found.values_list(column, flat=True).distinct())


@require_safe
@public
def directory_csv(request: HttpRequest) -> HttpResponse:
    """The same titles as a table, UTF-8 with a mark that spreadsheet programs understand."""
    response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="register.csv"'
    rows = csv.writer(response)
    today = clock.today()
    rows.writerow(
        [
            _("Number"),
            _("Holder"),
            _("Unified social credit code"),
            _("District"),
            _("Title"),
            _("Level"),
            _("Valid from"),
            _("Valid until"),
            _("Status"),
        ]
    )
    for title in Filters.of(request).apply(titles(), today):
        rows.writerow(harmless(cell) for cell in _cells(title, today))
    return response


def _cells(title: Certificate, today: date) -> Iterator[str]:
    yield title.number
    yield title.holder_name
    yield title.holder.uscc
    yield title.holder.district
    yield title.called
    yield title.graded
    yield title.valid_from.isoformat()
    yield title.valid_to.isoformat() if title.valid_to else ""
    yield TITLE_STATES[state_of(title, today)].to("applicant")
