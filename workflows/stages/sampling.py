"""Which files are visited on site (行政许可法 34): a kind, all near the pass mark, some by lot.

Whether a file is among the drawn is read from the trail itself: its last event before the place is
ordered to be visited decides. Nobody can know it before the last sheet is in, and everybody can
draw it again.
"""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from workflows.models import Case, Round, SiteVisit
from workflows.selection import Visit

Ground = SiteVisit.Ground


@dataclass(frozen=True)
class Need:
    """Why a place is to be visited; `lot` says how it was drawn."""

    ground: str
    lot: Mapping[str, int] = field(default_factory=dict)


def needed(locked: Case) -> Need | None:
    """Say why the place must be visited, now that the sheets are in; None where it need not be."""
    rules = locked.procedure.visit
    if rules is None:
        return None
    if locked.weighed.get("visited"):
        return Need(Ground.ALWAYS)
    if _is_near(locked, rules):
        return Need(Ground.NEAR)
    return _drawn(locked, rules)


def _is_near(locked: Case, rules: Visit) -> bool:
    procedure = locked.procedure
    bands = procedure.counting(locked.weighed.get("bands"))
    passing = [band.at_least for band in bands if band.outcome == procedure.grant.outcome]
    if locked.score is None or not passing:
        return False
    return abs(locked.score - min(passing)) <= rules.near


def _drawn(locked: Case, rules: Visit) -> Need | None:
    """Draw the file by lot, or because too few of the round have been drawn so far.

    One file of a round is drawn at a time: two at once would not count each other.
    """
    Round.objects.select_for_update(no_key=True).get(pk=locked.round_id)
    others = Case.objects.filter(
        round=locked.round_id, procedure_key=locked.procedure_key, score__isnull=False
    ).exclude(pk=locked.pk)
    files = 1 + others.exclude(visits__ground__in=(Ground.ALWAYS, Ground.NEAR)).count()
    drawn = others.filter(visits__ground=Ground.SAMPLE).distinct().count()
    number = lot(locked.reference, locked.head)
    if not is_drawn(number, rules.sample_percent, files=files, drawn=drawn):
        return None
    return Need(Ground.SAMPLE, {"lot": number, "files": files, "drawn": drawn})


def is_drawn(number: int, percent: int, *, files: int, drawn: int) -> bool:
    """Whether the lot ``number`` (0 to 99) is drawn, the last of ``files`` of which ``drawn`` were.

    At every moment at least ``percent`` of the files have been drawn (domain 0.10).
    """
    return number < percent or math.ceil(files * percent / 100) > drawn


def lot(reference: str, head: str) -> int:
    """The lot of a case, 0 to 99, from the hash of the last event before it was drawn."""
    return int(hashlib.sha256(f"{reference} {head}".encode()).hexdigest(), 16) % 100
