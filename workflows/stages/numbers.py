"""Numbers: given in order, once, never again (domain 0.9)."""

from collections.abc import Sequence

from django.db.models import F

from workflows import clock
from workflows.models import Case, Certificate, Number, Series, rows


def advance(*keys: str) -> list[Series]:
    """Move each series to its next serial, ``last``; the rows stay locked until the end."""
    held = _locked(keys)
    if missing := [key for key in keys if key not in held]:
        Series.objects.bulk_create([Series(key=key) for key in missing], ignore_conflicts=True)
        held = _locked(keys)  # a rival may have begun the series first
    Series.objects.filter(key__in=keys).update(last=F("last") + 1)
    for series in held.values():
        series.last += 1
    return [held[key] for key in keys]


def _locked(keys: Sequence[str]) -> dict[str, Series]:
    found = Series.objects.select_for_update().filter(key__in=keys).order_by("key")
    return {series.key: series for series in found}


def give(locked: Case, *patterns: str) -> list[Number]:
    """Give the case the next number of each pattern (``{year}``, ``{serial}``, ``{area}``).

    A number that a title from before this house bears is passed over.
    """
    year, area = clock.today().year, locked.rules.issuer.uscc[2:8]
    given: dict[str, Number] = {}
    while missing := [each for each in patterns if each not in given]:
        for pattern, series in zip(
            missing, advance(*(f"{each}:{year}" for each in missing)), strict=True
        ):
            given[pattern] = Number(
                series=series,
                serial=series.last,
                text=pattern.format(year=year, serial=series.last, area=area),
                case=locked,
                given=clock.now(),
            )
        borne = Certificate.objects.filter(number__in=[given[each].text for each in missing])
        taken = set(borne.values_list("number", flat=True))
        given = {pattern: each for pattern, each in given.items() if each.text not in taken}
    found = [given[each] for each in patterns]
    rows.insert(*found)
    return found


def void(texts: Sequence[str], reason: str) -> None:
    """Make the numbers ``texts`` void; they stay visible and never come back."""
    standing = Number.objects.filter(text__in=texts, void=None)
    standing.update(void=clock.now(), void_reason=reason)
