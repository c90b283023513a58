"""Two versions of what was filed, side by side: answer by answer, word by word, paper by paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from forms import diff
from forms.diff import Change
from workflows.models import Case, CorrectionItem, Submission


@dataclass(frozen=True)
class Part:
    """One section with the answers in it that differ."""

    title: str
    changes: list[Change]


@dataclass(frozen=True)
class Swap:
    """The files under one paper that were taken out, and those that came in."""

    title: str
    gone: list[str]
    new: list[str]


@dataclass(frozen=True)
class Comparison:
    """What differs between two submissions of a case."""

    before: Submission
    after: Submission
    parts: list[Part]
    swaps: list[Swap]
    items: list[CorrectionItem]  # of the notice that lies between the two

    @property
    def count(self) -> int:
        """How many answers and papers differ."""
        return sum(len(part.changes) for part in self.parts) + len(self.swaps)


def compare(case: Case, before: Submission, after: Submission) -> Comparison:
    """Lay two submissions of ``case`` side by side; questions as the case's edition words them."""
    form = case.rules.form
    changed = diff.changes(form, _said(before), _said(after))
    parts = [
        Part(str(section), [each for each in changed if each.section == section.code])
        for section in form.sections
    ]
    return Comparison(
        before,
        after,
        [part for part in parts if part.changes],
        list(_swaps(case, before.files, after.files)),
        _items(case, before, after),
    )


def _said(filed: Submission) -> dict[str, Any]:
    return {**filed.answers, **filed.derived}


def _swaps(case: Case, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> Iterable[Swap]:
    titles = {each.code: str(each) for each in case.rules.form.attachments}
    old = {(each["code"], each["sha256"]): each for each in before}
    new = {(each["code"], each["sha256"]): each for each in after}
    codes = dict.fromkeys(code for code, _ in (*old, *new))
    for code in codes:
        gone = [each["name"] for key, each in old.items() if key not in new and key[0] == code]
        came = [each["name"] for key, each in new.items() if key not in old and key[0] == code]
        if gone or came:
            yield Swap(titles.get(code, code), gone, came)


def _items(case: Case, before: Submission, after: Submission) -> list[CorrectionItem]:
    """The items of the correction notice, if it was answered by ``after``."""
    correction = getattr(case, "correction", None)
    if correction is None or not before.submitted <= correction.issued <= after.submitted:
        return []
    return list(correction.items.all())
