"""The page of the statistics, and its tables to take away."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from workflows import clock, districts
from workflows.models import Round
from workflows.views.context import OFFICE
from workflows.views.desk.stats.asked import READERS, Asked, scopes
from workflows.views.desk.stats.counted import Counted
from workflows.views.desk.stats.parts import PARTS, Part
from workflows.views.exporting import csv_response, xlsx_response
from workflows.views.guards import KnownRequest, office

ALL = "all"


@office(*READERS)
@require_safe
def stats(request: KnownRequest) -> HttpResponse:
    """How much work there is, how long it takes, and what becomes of it."""
    asked = Asked.of(request.GET)
    known = Counted(request.user, asked)
    shown = {key: part(known) for key, part in PARTS.items()}
    rounds = list(Round.objects.order_by("-opens").values_list("key", "title", "programme"))
    own = scopes(request.user)
    values = {
        "asked": asked,
        "parts": shown,
        "tiles": _tiles(known),
        "about": about(known),
        "programmes": known.programmes,
        "rounds": [each for each in rounds if asked.programme in ("", each[2])],
        "districts": [
            (code, districts.called(code)) for code in districts.NAMES if {"", code} & own
        ],
        "flows": _flows(known),
        "narrowed": bool(asked.programme or asked.round or asked.district),
        "shell": f"workflows/shell_{'staff' if request.user.holds(*OFFICE) else 'commission'}.html",
    }
    return render(request, "workflows/desk/stats.html", values)


def _tiles(known: Counted) -> list[tuple[object, str]]:
    """The few numbers a head of office asks for first."""
    now, whole = known.lights, known.whole
    opened = now.red + now.yellow + now.green + now.still + _without_limit(known)
    kept = f"{whole.share}%" if whole and whole.share is not None else "–"
    return [
        (opened, _("Open tasks")),
        (now.red, _("Overdue")),
        (now.yellow, _("Nearly due")),
        (sum(each.done for each in known.loads), _("Done in the period")),
        (whole.cases if whole else 0, _("Cases decided")),
        (kept, _("Decided within the limit")),
    ]


def _without_limit(known: Counted) -> int:
    return sum(
        each.number
        for each in known.work
        if each.finished is None and each.due is None and not each.still
    )


def _flows(known: Counted) -> list[dict[str, object]]:
    """The procedures whose diagram may be shown."""
    titles = dict(known.programmes)
    keys = [key for key in known.procedures if known.asked.programme in ("", key[0])]
    several = {key[0] for key in keys if sum(other[0] == key[0] for other in keys) > 1}
    return [
        {
            "title": _title(titles[key[0]], str(known.procedures[key].title), key[0] in several),
            "url": f"?{known.asked.narrow}&flow={key[0]}:{key[1]}#flow",
            "current": key == known.drawn,
        }
        for key in keys
    ]


def _title(programme: str, procedure: str, several: bool) -> str:
    return f"{programme} · {procedure}" if several else programme


def about(known: Counted) -> list[str]:
    """What the figures are of, in lines: the head of every exported table."""
    asked = known.asked
    told = [
        dict(known.programmes).get(asked.programme, ""),
        asked.round,
        districts.called(asked.district) if asked.district else "",
    ]
    moment = date_format(clock.local(clock.now()), "Y-m-d H:i")
    return [
        " · ".join([*filter(None, told)] or [_("All cases in your reach")]),
        f"{asked.since.isoformat()} – {asked.until.isoformat()}",
        _("As of %(moment)s") % {"moment": moment},
    ]


# --- to take away -------------------------------------------------------------------------------
def _asked_for(request: KnownRequest, table: str) -> tuple[list[Part], list[str]]:
    known = Counted(request.user, Asked.of(request.GET))
    if table != ALL and table not in PARTS:
        raise Http404
    keys = PARTS if table == ALL else (table,)
    return [PARTS[key](known) for key in keys], about(known)


@office(*READERS)
@require_safe
def stats_csv(request: KnownRequest, table: str) -> HttpResponse:
    """One table as CSV."""
    if table == ALL:
        raise Http404
    (part,), lines = _asked_for(request, table)
    return csv_response(f"statistics-{table}", part.sheet(lines))


@office(*READERS)
@require_safe
def stats_xlsx(request: KnownRequest, table: str) -> HttpResponse:
    """One table as XLSX, or all of them as the sheets of one file."""
    found, lines = _asked_for(request, table)
    return xlsx_response(f"statistics-{table}", [part.sheet(lines) for part in found])
