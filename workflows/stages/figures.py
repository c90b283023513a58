"""The figures of an index: as filed, as checked, and which version of them counts.

A figure is ``{"reported", "value", "na", "finding", "reason"}``; numbers are text. Revisions are
immutable: the newest confirmed one of the present evaluation round is in force.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from workflows import clock
from workflows.errors import BadFigure, FigureUnexplained, StageClosed
from workflows.models import Case, Figures, Standing, User
from workflows.procedure import Procedure
from workflows.selection import Index, Indicator

Figure = dict[str, Any]
Finding = Figures.Finding
PERCENT = Decimal(100)


# --- which version ------------------------------------------------------------------------------
def newest(case: Case) -> Figures | None:
    """The last revision of the present round, confirmed or not."""
    return case.figures.filter(round=case.evaluation_round).order_by("-revision").first()


def told(case: Case) -> Figures | None:
    """The last revision the applicant may read: not a correction that waits for its order."""
    found = case.figures.exclude(confirmed=None, by__isnull=False)
    return found.order_by("-revision").first()


def in_force(case: Case) -> Figures | None:
    """The revision that is weighed; None while the figures are being checked."""
    found = case.figures.filter(round=case.evaluation_round).exclude(confirmed=None)
    return found.order_by("-revision").first()


def ready(case: Case) -> bool:
    """Whether the figures stand: confirmed, and no correction waits for the head of the office."""
    last = newest(case)
    return last is not None and last.confirmed is not None


def checked(case: Case) -> bool:
    """Whether the agency has reported what it found in the present round."""
    return case.figures.filter(round=case.evaluation_round).exists()


def answer(case: Case) -> str:
    """What the applicant said to the checked figures: ``contested`` or ``confirmed``."""
    last = newest(case)
    return "contested" if last is not None and last.contested else "confirmed"


def frozen(case: Case) -> bool:
    """Whether the case was ranked by the figures of the present round (数据冻结)."""
    return in_force(case) is not None and Standing.objects.filter(case=case).exists()


# --- what it holds ------------------------------------------------------------------------------
def index_of(procedure: Procedure) -> Index:
    """The index of a procedure that has one; ``StageClosed`` for any other."""
    if procedure.index is None:
        raise StageClosed
    return procedure.index


def reported(case: Case) -> dict[str, Figure]:
    """What the applicant filed, by indicator, in the order of the index."""
    index = index_of(case.procedure)
    rows = {row["id"]: row for row in case.filed.answers[index.field]}
    return {one.code: _filed(rows.get(one.code, {})) for one in index.indicators}


def _filed(row: Mapping[str, Any]) -> Figure:
    value = str(row.get("value", "0"))
    return {
        "reported": value,
        "value": value,
        "na": bool(row.get("not_applicable", False)),
        "finding": Finding.CONFIRMED.value,
        "reason": "",
    }


def known(case: Case) -> dict[str, Figure]:
    """What a check starts from: the figures last confirmed, else those filed."""
    last = case.figures.exclude(confirmed=None).order_by("-revision").first()
    return dict(last.values) if last is not None else reported(case)


def found(indicator: Indicator, figure: Figure, finding: Mapping[str, Any] | None) -> Figure:
    """``figure`` as one person finds it; without a ``finding`` it is confirmed as it stands.

    Raises ``BadFigure`` for a value the indicator cannot have, ``FigureUnexplained`` for a change
    without a reason.
    """
    if not finding:
        return dict(figure)
    kind, reason = str(finding.get("finding", "")), str(finding.get("reason", "")).strip()
    if kind not in Finding.values:
        raise BadFigure(indicator=_name(indicator), allowed=_allowed(indicator))
    if kind == Finding.CONFIRMED:
        return {**figure, "reason": reason}
    if not reason:
        raise FigureUnexplained(indicator=_name(indicator))
    na = kind == Finding.CORRECTED and bool(finding.get("na", False))
    nothing = na or kind == Finding.UNPROVEN
    value = "0" if nothing else _value(indicator, finding.get("value"))
    return {**figure, "value": value, "na": na, "finding": kind, "reason": reason}


def same(one: Figure, other: Figure) -> bool:
    """Whether two people found the same of a figure, whatever words they used."""
    return one["na"] == other["na"] and (one["na"] or number(one) == number(other))


def number(figure: Figure) -> Decimal:
    """The value of a figure that counts."""
    return Decimal(figure["value"])


def _value(indicator: Indicator, typed: Any) -> str:
    try:
        value = Decimal(str(typed).strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not (value.is_finite() and value >= 0 and _fits(indicator, value)):
        raise BadFigure(indicator=_name(indicator), allowed=_allowed(indicator))
    return format(value, "f")


def _fits(indicator: Indicator, value: Decimal) -> bool:
    if indicator.kind == "yes_no":
        return value in (0, 1)
    if indicator.kind == "percent":
        return value <= PERCENT or indicator.exceeds
    return indicator.kind != "count" or value == value.to_integral_value()


def _allowed(indicator: Indicator) -> str:
    if indicator.kind == "yes_no":
        return "0 / 1"
    if indicator.kind == "percent" and not indicator.exceeds:
        return "0 – 100"
    return "0, 1, 2 …" if indicator.kind == "count" else "≥ 0"


def _name(indicator: Indicator) -> str:
    return f"{indicator.code} {indicator}"


# --- a new version ------------------------------------------------------------------------------
def enter(
    locked: Case,
    values: Mapping[str, Figure],
    *,
    by: User | None,
    reason: str = "",
    confirmed: datetime | None = None,
) -> Figures:
    """Write the next revision of the figures; ``confirmed`` is since when they are in force."""
    return Figures.objects.create(
        case=locked,
        round=locked.evaluation_round,
        revision=locked.figures.count() + 1,
        values=dict(values),
        reason=reason,
        given=clock.now(),
        by=by,
        confirmed=confirmed,
        confirmed_by=by if confirmed else None,
    )


def confirm(revision: Figures, *, by: User | None) -> None:
    """Put a revision in force."""
    revision.confirmed, revision.confirmed_by = clock.now(), by
    revision.save(update_fields=["confirmed", "confirmed_by"])
