"""Where two people answered one question differently: what the page sends, shows and is told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from forms import binding, merging
from forms.diff import Piece, changes
from forms.fields import kind_of
from forms.merging import Marks
from forms.schema import Field, Section
from workflows.models import Case
from workflows.views.guards import KnownRequest

CHOICE, THEIRS = "choose-", "theirs"


@dataclass(frozen=True)
class Clash:
    """One question with two answers to choose from."""

    code: str
    label: str
    theirs: tuple[Piece, ...]
    mine: tuple[Piece, ...]
    mark: str  # of theirs: whoever chooses mine has seen this

    @property
    def name(self) -> str:
        """The name of the control that chooses."""
        return f"{CHOICE}{self.code}"


def sent(request: KnownRequest, case: Case, section: Section) -> tuple[dict[str, Any], Marks]:
    """What was typed into ``section``, and the marks of what its reader had before them.

    Where the page asked to choose, to choose theirs is to have typed nothing, and to choose one's
    own is to have seen theirs.
    """
    typed = binding.read(case.rules.form, section, request.POST)
    seen = merging.read_marks(request.POST.get("seen", ""))
    for code in list(typed):
        chosen = request.POST.get(f"{CHOICE}{code}", "")
        if chosen == THEIRS:
            del typed[code]
        elif chosen:
            seen[code] = chosen
    return typed, seen


def clashes(
    case: Case, section: Section, mine: Mapping[str, Any], codes: Iterable[str]
) -> list[Clash]:
    """Both answers to each of ``codes``: the draft's, and the one in ``mine``."""
    fields = [field for field in section.fields if field.code in codes]
    theirs = merging.settled(section, case.draft)
    before, after = (
        {field.code: _value(field, typed) for field in fields} for typed in (case.draft, mine)
    )
    told = {change.code: change for change in changes(case.rules.form, before, after)}
    return [
        Clash(
            field.code,
            str(field),
            _said(field, case.draft, before, told[field.code].before if field.code in told else ()),
            _said(field, mine, after, told[field.code].after if field.code in told else ()),
            merging.mark(theirs.get(field.code)),
        )
        for field in fields
    ]


def _value(field: Field, typed: Mapping[str, Any]) -> Any:
    return kind_of(field).clean(field, typed.get(field.code)).value


def _said(
    field: Field, typed: Mapping[str, Any], values: Mapping[str, Any], pieces: tuple[Piece, ...]
) -> tuple[Piece, ...]:
    """An answer with what differs marked; wrong typing, which cannot be compared, as it is."""
    raw = typed.get(field.code)
    if values[field.code] is not None or raw is None:
        return pieces or tuple(_plain(field, values[field.code]))
    return (Piece(str(raw), changed=True),)


def _plain(field: Field, value: Any) -> Iterable[Piece]:
    if value is not None:
        yield Piece(kind_of(field).shown(field, value, get_language() or "zh-hans"), changed=False)
