"""A group as tables: how far every group is, and the places of one, on the page and as a file."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from workflows import scoring
from workflows.models import Case, Ranking, Round, Standing, Task
from workflows.models.case import State
from workflows.stages import merits, standings
from workflows.stages.standings import EARLY, GONE, NODES, Group, Status
from workflows.views import nodes
from workflows.views.exporting import BOM, harmless

TONES = {
    Status.SELECTED: "ok",
    Status.TIED: "warn",
    Status.OFFERED: "warn",
    Status.WAITING: "info",
    Status.BELOW: "",
    Status.FAILED: "bad",
}
NAMED = 30  # unready cases on the page
Key = tuple[int, str, str]


@dataclass(frozen=True)
class Line:
    """One group in the list of all."""

    group: Group
    url: str
    size: int
    ready: int
    waits: list[str]  # "Check of the figures 3"
    made: Ranking | None
    open: int  # places that are not settled


@dataclass(frozen=True)
class Row:
    """One place in the table of a group."""

    standing: Standing
    tone: str
    ties: list[tuple[str, str]]  # rule, value
    amount: str


# --- every group ----------------------------------------------------------------------------------
def overview(calls: Sequence[Round]) -> list[tuple[Round, list[Line]]]:
    """How far every group of ``calls`` is; the statements do not grow with the list."""
    cases = Case.objects.filter(round__in=calls).exclude(group="").exclude(state__in=GONE)
    sizes = {_key(row): row["n"] for row in _counted(cases.values(*KEY))}
    waits = _waits(calls)
    newest = {_of(each): each for each in Ranking.objects.filter(round__in=calls)}
    unsettled = Standing.objects.filter(ranking__in=newest.values(), status__in=standings.UNDECIDED)
    open_ = {
        row["ranking"]: row["n"] for row in unsettled.values("ranking").annotate(n=Count("pk"))
    }
    return [
        (call, [_line(each, sizes, waits, newest, open_) for each in standings.groups(call)])
        for call in calls
    ]


KEY = ("round", "procedure_key", "group")


def _counted(rows: Any) -> Iterable[dict[str, Any]]:
    return rows.order_by().annotate(n=Count("pk", distinct=True))  # type: ignore[no-any-return]


def _key(row: Mapping[str, Any], prefix: str = "") -> Key:
    return row[f"{prefix}round"], row[f"{prefix}procedure_key"], row[f"{prefix}group"]


def _of(ranking: Ranking) -> Key:
    return ranking.round_id, ranking.procedure_key, ranking.group


def _waits(calls: Sequence[Round]) -> dict[Key, dict[str, int]]:
    """At which steps the cases of each group stand that are not ranked yet."""
    tasks = Task.objects.filter(finished=None, case__round__in=calls).exclude(case__group="")
    early = tasks.filter(case__state__in=EARLY) | tasks.filter(node__in=NODES)
    found: dict[Key, dict[str, int]] = {}
    columns = [f"case__{name}" for name in KEY]
    for row in early.values(*columns, "node").order_by().annotate(n=Count("case", distinct=True)):
        found.setdefault(_key(row, "case__"), {})[row["node"]] = row["n"]
    return found


def _line(
    group: Group,
    sizes: Mapping[Key, int],
    waits: Mapping[Key, Mapping[str, int]],
    newest: Mapping[Key, Ranking],
    open_: Mapping[int, int],
) -> Line:
    key = (group.round.pk, group.procedure_key, group.code)
    steps, made = waits.get(key, {}), newest.get(key)
    return Line(
        group=group,
        url=reverse("ranking", args=[group.round.key, group.procedure_key, group.code]),
        size=sizes.get(key, 0),
        ready=sum(steps.get(node, 0) for node in NODES),
        waits=[f"{nodes.WORDS.get(n, n)} {steps[n]}" for n in sorted(steps) if n not in NODES],
        made=made,
        open=open_.get(made.pk, 0) if made else 0,
    )


# --- one group ------------------------------------------------------------------------------------
def places(group: Group, made: Ranking | None) -> QuerySet[Standing]:
    """The places of the newest ranking, best first."""
    found = Standing.objects.filter(ranking=made) if made else Standing.objects.none()
    return found.select_related("case__applicant").order_by("place", "case__reference")


def rows(group: Group, held: Iterable[Standing]) -> list[Row]:
    """Places as the page shows them."""
    return [
        Row(
            each,
            TONES[Status(each.status)],
            _ties(group, each),
            "" if each.amount is None else str(each.amount),
        )
        for each in held
    ]


def _ties(group: Group, standing: Standing) -> list[tuple[str, str]]:
    """What told equals apart, by rule; empty values for whoever had no equal."""
    rules, known = map(str, group.selection.ties), standing.parts.get("ties", [])
    return list(zip_longest(rules, known, fillvalue=""))


def tied(made: Ranking | None) -> dict[str, str]:
    """Those whom the conference has to put in order, reference -> name."""
    if made is None:
        return {}
    found = made.standings.filter(status=Status.TIED).order_by("case__reference")
    return dict(found.values_list("case__reference", "case__applicant__name"))


def terms(group: Group, made: Ranking | None) -> list[tuple[str, str]]:
    """What the group is chosen by, and what is left of its money."""
    rules = group.rules
    found = [
        (_("Pass mark"), rules["pass_mark"]),
        (_("Share of the group"), f"{rules['share_percent']} %"),
    ]
    if rules["quota"] is not None:
        found.append((_("Quota"), str(rules["quota"])))
    if group.budget is not None:
        spent = _spent(made)
        found += [
            (_("Budget, 10,000 yuan"), str(group.budget)),
            (_("Given or offered"), str(spent)),
            (_("Left"), str(group.budget - spent)),
        ]
    return found


def _spent(made: Ranking | None) -> Decimal:
    if made is None:
        return Decimal(0)
    return made.standings.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def unready(group: Group) -> list[tuple[str, str, str]]:
    """Cases still being checked: reference, name, and the steps they wait at."""
    found = list(
        group.unready.select_related("applicant").defer("draft").order_by("reference")[:NAMED]
    )
    open_ = Task.objects.filter(case__in=found, finished=None).order_by("pk")
    steps: dict[int, list[str]] = {}
    for case, node in open_.values_list("case", "node"):
        steps.setdefault(case, []).append(str(nodes.WORDS.get(node, node)))
    return [
        (each.reference, each.applicant.name, ", ".join(dict.fromkeys(steps.get(each.pk, []))))
        for each in found
    ]


def outliers(group: Group) -> list[tuple[str, str]]:
    """Figures that stand out before the freeze: case and indicator."""
    index = group.procedure.index
    if index is None or group.selection.by != "index":
        return []
    cases = list(group.waiting.only("pk", "reference"))
    names = {each.pk: each.reference for each in cases}
    known = {one.code: str(one) for one in index.indicators}
    counted = [one.code for one in index.indicators if one.kind != "yes_no"]
    found = scoring.outliers(merits.figures(cases, counted), index.outlier)
    return [(names[case], f"{code} {known[code]}") for case, code in found]


def revisions(group: Group) -> list[Ranking]:
    """Every revision, the newest first."""
    made = Ranking.objects.filter(
        round=group.round, procedure_key=group.procedure_key, group=group.code
    )
    return list(made.select_related("by", "approved_by").order_by("-revision"))


# --- as a table file ------------------------------------------------------------------------------
def as_csv(group: Group, made: Ranking | None) -> HttpResponse:
    """The places, UTF-8 with a mark that spreadsheet programs understand."""
    response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ranking-{group.code}.csv"'
    table = csv.writer(response)
    ties = [str(each) for each in group.selection.ties]
    table.writerow(
        harmless(each)
        for each in (
            _("Rank"), _("Case"), _("Applicant"), _("Unified social credit code"), _("Mark"),
            *ties, _("Standing"), _("Amount, 10,000 yuan"), _("State"),
        )
    )  # fmt: skip
    for row in rows(group, places(group, made).iterator(chunk_size=500)):
        table.writerow(harmless(cell) for cell in _cells(row))
    return response


def _cells(row: Row) -> Iterator[str]:
    standing, case = row.standing, row.standing.case
    yield str(standing.place)
    yield case.reference
    yield case.applicant.name
    yield case.applicant.uscc
    yield str(standing.mark)
    yield from (value for _rule, value in row.ties)
    yield str(standing.get_status_display())
    yield row.amount
    yield str(State(case.state).label)
