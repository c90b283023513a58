"""What the applicant answered after acceptance, as those who weigh the case read it."""

from dataclasses import dataclass
from typing import Any

from workflows.models import Seat, Supplement
from workflows.stages import supplements
from workflows.views.conference import blind


@dataclass(frozen=True)
class Answered:
    """One request with its answer; its papers by the number under which they are opened."""

    number: int
    pairs: list[tuple[str, str]]
    note: str
    papers: list[tuple[int, str]]


def opens_papers(seat: Seat) -> bool:
    """Whether the seat checks originals; a blind panel opens no paper, for it bears a name."""
    return bool(seat.case.procedure.evaluation.kind == "checks")


def papers(seat: Seat) -> list[dict[str, Any]]:
    """Every paper the seat may open, in order: those filed, then those handed in afterwards."""
    later = (file for each in supplements.answered(seat.case) for file in each.files)
    return [*seat.case.submissions.latest("number").files, *later]


def answered(seat: Seat) -> list[Answered]:
    """Every answered request of the case; a blind panel reads the words without any name."""
    found, opens = supplements.answered(seat.case), opens_papers(seat)
    if not found:
        return []
    filed = seat.case.submissions.latest("number")
    first, told = len(filed.files) + 1, []
    for each in found:
        names = [file["name"] for file in each.files] if opens else []
        told.append(_told(each, list(enumerate(names, first))))
        first += len(names)
    return told if opens else [_blind(seat, each) for each in told]


def _told(supplement: Supplement, papers: list[tuple[int, str]]) -> Answered:
    pairs = [(item.text, item.answer) for item in supplement.items.all()]
    return Answered(supplement.number, pairs, supplement.note, papers)


def _blind(seat: Seat, told: Answered) -> Answered:
    filed, rules = seat.case.submissions.latest("number"), seat.case.rules
    said = [each for pair in told.pairs for each in pair]
    note, *words = blind.struck(filed, rules, [told.note, *said])
    return Answered(told.number, list(zip(words[::2], words[1::2], strict=True)), note, [])
