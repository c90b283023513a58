"""The figures of an index as pages lay them out: line by line, under the headings of the index."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.utils.formats import number_format
from django.utils.translation import gettext

from forms import units
from workflows.models import Case, Figures
from workflows.selection import Indicator
from workflows.stages import figures
from workflows.stages.figures import Figure

TONES = {"confirmed": "ok", "corrected": "warn", "unproven": "bad"}


@dataclass(frozen=True)
class Line:
    """One indicator with what was filed, what was found, and where the evidence lies."""

    indicator: Indicator
    figure: Figure
    filed: Figure
    evidence: str = ""  # the name of its file, as the applicant gave it
    contested: str = ""

    @property
    def code(self) -> str:
        """The code of the indicator."""
        return self.indicator.code

    @property
    def name(self) -> str:
        """Code and name."""
        return f"{self.code} {self.indicator}"

    @property
    def reported(self) -> str:
        """What the applicant filed."""
        return shown(self.indicator, self.filed)

    @property
    def value(self) -> str:
        """What counts."""
        return shown(self.indicator, self.figure)

    @property
    def differs(self) -> bool:
        """Whether what counts is not what was filed."""
        return not figures.same(self.figure, self.filed)

    @property
    def finding(self) -> str:
        """What the check came to, in words."""
        return str(Figures.Finding(self.figure["finding"]).label)

    @property
    def tone(self) -> str:
        """How the finding looks."""
        return TONES[self.figure["finding"]]


@dataclass(frozen=True)
class Level:
    """A heading of the index with its lines."""

    title: str
    weight: Decimal
    lines: list[Line]


def shown(indicator: Indicator, figure: Figure) -> str:
    """A figure with its unit, as a reader sees it."""
    if figure["na"]:
        return gettext("does not apply")
    value = Decimal(figure["value"])
    if indicator.kind == "yes_no":
        return gettext("yes") if value else gettext("no")
    places = max(0, -int(value.as_tuple().exponent))
    number = number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)
    unit = units.shown(indicator.unit)
    return f"{number}{'' if unit == '%' else ' '}{unit}".strip()


def lines(
    case: Case, values: Mapping[str, Figure], contested: Mapping[str, str] | None = None
) -> list[Line]:
    """The lines of ``values``, in the order of the index."""
    index = figures.index_of(case.procedure)
    filed, words = figures.reported(case), contested or {}
    rows = {row["id"]: row for row in case.filed.answers[index.field]}
    return [
        Line(
            one,
            values[one.code],
            filed[one.code],
            str(rows.get(one.code, {}).get("evidence_file", "")),
            words.get(one.code, ""),
        )
        for one in index.indicators
        if one.code in values
    ]


def levels(case: Case, found: list[Line]) -> Iterator[Level]:
    """The lines under the headings of the index; a heading without lines is left out."""
    titles = {level.code: str(level) for level in figures.index_of(case.procedure).levels}
    for code, members in groupby(found, key=lambda line: line.indicator.level1):
        own = list(members)
        weight = sum((line.indicator.weight for line in own), Decimal(0))
        yield Level(titles.get(code, code), weight, own)
