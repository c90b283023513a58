"""Beside the register of titles: funded projects, and the numbers that are void."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from workflows.edition import Edition
from workflows.models import Case, Certificate, Number, Submission
from workflows.models.case import State
from workflows.status_words import case_word
from workflows.views.exporting import BOM, harmless
from workflows.views.privacy import public
from workflows.views.public.directory import PER_PAGE, Filters
from workflows.views.public.offers import offers

STATES = (State.GRANTED, State.REGISTERED)


@dataclass(frozen=True)
class Project:
    """One project as the public reads it: of the answers only those the edition publishes."""

    case: Case
    told: Mapping[str, str]
    title: Certificate | None

    @property
    def name(self) -> str:
        """What the project is called."""
        rules = self.case.procedure.funding
        return self.told.get(rules.name, "") if rules else ""

    @property
    def line(self) -> str:
        """The funding line in the reader's language."""
        rules = self.case.procedure.funding
        names = {each.code: str(each) for each in rules.lines} if rules else {}
        return names.get(self.told.get(rules.line, ""), "") if rules else ""

    @property
    def amount(self) -> Decimal | None:
        """What was granted, in 万元; a project that waits has nothing yet."""
        shown = self.title and "amount" in self.case.procedure.notice.publishes
        return self.case.amount if shown else None

    @property
    def begins(self) -> date | None:
        """The first day of the title."""
        return self.title.valid_from if self.title else None

    @property
    def ends(self) -> date | None:
        """The last day of the title."""
        return self.title.valid_to if self.title else None

    @property
    def status(self) -> str:
        """Whether it is funded or waits."""
        return case_word(self.case.state, self.case.outcome).to("applicant")


def registered() -> QuerySet[Case]:
    """Projects whose applicants have been told, newest first."""
    projects = Case.objects.filter(
        Q(state=State.GRANTED, award__isnull=False) | Q(state=State.REGISTERED),
        decision__delivered__isnull=False,
    )
    return projects.select_related("edition", "applicant").order_by("-decided", "-pk")


def narrowed(projects: QuerySet[Case], asked: Filters) -> QuerySet[Case]:
    """The projects that fit; the year is that of the decision."""
    if asked.q:
        projects = projects.filter(
            Q(applicant__name__icontains=asked.q) | Q(applicant__uscc=asked.q.upper())
        )
    if asked.year:
        projects = projects.filter(decided__year=int(asked.year))
    exact = {
        "programme_key": asked.programme,
        "applicant__district": asked.district,
        "state": asked.status,
    }
    return projects.filter(**{name: value for name, value in exact.items() if value})


def described(cases: Sequence[Case]) -> list[Project]:
    """The cases as the register shows them; two statements, however many there are."""
    filed = {
        each.case_id: each for each in Submission.objects.filter(case__in=cases).order_by("number")
    }
    titles = Certificate.objects.filter(case__in=cases).select_related("document")
    held = {each.case_id: each for each in titles}
    return [Project(case, _told(case, filed[case.pk]), held.get(case.pk)) for case in cases]


def _told(case: Case, filed: Submission) -> dict[str, str]:
    publishes = case.procedure.notice.publishes
    return {code: str(filed.answers[code]) for code in publishes if code in filed.answers}


@require_safe
@public
def projects(request: HttpRequest) -> HttpResponse:
    """The register of projects, page by page."""
    filters, known = Filters.of(request, STATES), registered()
    page = Paginator(narrowed(known, filters), PER_PAGE).get_page(request.GET.get("page"))
    districts = known.exclude(applicant__district="").order_by("applicant__district")
    values = {
        "page": page,
        "rows": described(list(page)),
        "filters": filters,
        "programmes": [(each.key, each.rules.title) for each in offers() if _pays(each.rules)],
        "districts": list(districts.values_list("applicant__district", flat=True).distinct()),
        "years": [each.year for each in known.datetimes("decided", "year", "DESC")],
        "statuses": [(state, case_word(state, "").to("applicant")) for state in STATES],
        "query": request.GET.urlencode(),
    }
    return render(request, "workflows/public/projects.html", values)


def _pays(rules: Edition) -> bool:
    return any(procedure.funding for procedure in rules.procedures.values())


@require_safe
@public
def projects_csv(request: HttpRequest) -> HttpResponse:
    """The same projects as a table, UTF-8 with a mark that spreadsheet programs understand."""
    response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="projects.csv"'
    rows = csv.writer(response)
    rows.writerow(
        [
            _("Project"),
            _("Lead organisation"),
            _("Unified social credit code"),
            _("District"),
            _("Funding line"),
            _("Amount (10,000 yuan)"),
            _("Valid from"),
            _("Valid until"),
            _("Number"),
            _("Status"),
        ]
    )
    found = narrowed(registered(), Filters.of(request, STATES))
    for project in described(list(found)):
        rows.writerow(harmless(cell) for cell in _cells(project))
    return response


def _cells(project: Project) -> Iterator[str]:
    yield project.name
    yield project.title.holder_name if project.title else project.case.applicant.name
    yield project.case.applicant.uscc
    yield project.case.applicant.district
    yield project.line
    yield str(project.amount or "")
    yield project.begins.isoformat() if project.begins else ""
    yield project.ends.isoformat() if project.ends else ""
    yield project.title.number if project.title else ""
    yield project.status


@require_safe
@public
def void_numbers(request: HttpRequest) -> HttpResponse:
    """Numbers that were given and are void: nobody may rely on them, nobody gets them again."""
    voided = Number.objects.exclude(void=None).order_by("-void", "-pk")
    page = Paginator(voided, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "workflows/public/void_numbers.html", {"page": page})
