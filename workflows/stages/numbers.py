"""Numbers: given in order, once, never again (domain 0.9)."""

from collections.abc import Sequence

from django.db.models import F

from workflows import clock
from workflows.models import Case, Number, Series


def advance(*keys: str) -> list[Series]:
    """Move each series to its next serial, ``last``; the rows stay locked until the end."""
    rows = _locked(keys)
    if missing := [key for key in keys if key not in rows]:
        Series.objects.bulk_create([Series(key=key) for key in missing], ignore_conflicts=True)
        rows = _locked(keys)  # a rival may have begun the series first
    Series.objects.filter(key__in=keys).update(last=F("last") + 1)
    for series in rows.values():
        series.last += 1
    return [rows[key] for key in keys]


def _locked(keys: Sequence[str]) -> dict[str, Series]:
    found = Series.objects.select_for_update().filter(key__in=keys).order_by("key")
    return {series.key: series for series in found}


def give(locked: Case, *patterns: str) -> list[Number]:
    """Give the case the next number of each pattern (``{year}``, ``{serial}``, ``{area}``)."""
    year, area = clock.today().year, locked.rules.issuer.uscc[2:8]
    keys = [f"{pattern}:{year}" for pattern in patterns]
    return Number.objects.bulk_create(
        Number(
            series=series,
            serial=series.last,
            text=pattern.format(year=year, serial=series.last, area=area),
            case=locked,
            given=clock.now(),
        )
        for pattern, series in zip(patterns, advance(*keys), strict=True)
    )


def void(locked: Case, reason: str) -> list[str]:
    """Make every number of the case void, and give them; they stay visible and never come back."""
    standing = Number.objects.filter(case=locked, void=None)
    texts = list(standing.order_by("pk").values_list("text", flat=True))
    standing.update(void=clock.now(), void_reason=reason)
    return texts
