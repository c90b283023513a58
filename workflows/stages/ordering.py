"""The order of a group, worked out from what its cases are worth and what the round lays down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflows import scoring
from workflows.models import Case, Ranking
from workflows.scoring import Answer, Entry, Place
from workflows.stages import fingerprint, merits
from workflows.stages.merits import Merits
from workflows.stages.standings import Group


@dataclass(frozen=True)
class Order:
    """Everything a revision holds."""

    places: list[Place[int]]
    marks: Mapping[int, Decimal]
    parts: Mapping[int, dict[str, Any]]
    rules: dict[str, Any]
    put: list[str]  # references of equals, as the conference ordered them
    said: Mapping[int, dict[str, Any]]  # case -> its answer to a smaller amount
    digest: str  # sha256 of everything that was weighed


def ordered(
    group: Group, cases: Sequence[Case], former: Ranking | None, put: Sequence[str] | None
) -> Order:
    """Put ``cases`` in order by the rules of the day; what the conference ordered stays ordered."""
    found = merits.weigh(group, cases)
    if put is None:
        put = former.order if former else []
    said = _said(former)
    rules = group.rules
    places = _places(group, found, _keys(cases, put), _answers(said))
    return Order(
        places=places,
        marks={each.key: each.mark for each in found.entries},
        parts=found.parts,
        rules=rules,
        put=list(put),
        said={
            key: {name: row[name] for name in ("accepted", "answered")} for key, row in said.items()
        },
        digest=_digest(rules, cases, found),
    )


def _keys(cases: Sequence[Case], references: Sequence[str]) -> list[int]:
    known = {each.reference: each.pk for each in cases}
    return [known[each] for each in references if each in known]


def _said(former: Ranking | None) -> dict[int, dict[str, Any]]:
    """What was answered to an offer, kept from one revision to the next."""
    if former is None:
        return {}
    rows = former.standings.exclude(answered=None)
    return {row["case"]: dict(row) for row in rows.values("case", "amount", "accepted", "answered")}


def _answers(said: Mapping[int, Mapping[str, Any]]) -> dict[int, Answer]:
    return {
        case: Answer(row["amount"] or Decimal(0), row["accepted"])
        for case, row in said.items()
        if row["amount"] is not None or not row["accepted"]
    }


def _places(
    group: Group, found: Merits, put: Sequence[int], answers: Mapping[int, Answer]
) -> list[Place[int]]:
    rules = group.rules
    classes = scoring.ordered(found.entries, put)
    size = max(len(found.entries), group.frozen)  # who leaves later takes nobody's place along
    seats = scoring.seats(size, share_percent=rules["share_percent"], quota=rules["quota"])
    places = scoring.cut(classes, seats=seats, pass_mark=Decimal(rules["pass_mark"]))
    if group.budget is None:
        return places
    return scoring.allot(classes, places, budget=group.budget, answers=answers)


def _digest(rules: Mapping[str, Any], cases: Sequence[Case], found: Merits) -> str:
    """Freeze what was weighed: the rules, and of every case its mark and what it is made of."""
    references = {each.pk: each.reference for each in cases}
    weighed = {
        references[each.key]: [*_written(each), found.parts[each.key]] for each in found.entries
    }
    return fingerprint.digest({"cases": weighed, "rules": dict(rules)})


def _written(entry: Entry[int]) -> list[str | None]:
    return [str(entry.mark), None if entry.wanted is None else str(entry.wanted)]
