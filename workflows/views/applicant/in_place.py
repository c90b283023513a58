"""Items of the correction notice that are corrected on its own page.

A short answer is changed, and a paper added, right where the item stands. A table or a long text
has the page of its section, which saves by itself while one writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from forms import binding, merging
from forms.controls import Question
from forms.page import page
from forms.schema import Section
from workflows.errors import SectionTaken
from workflows.models import Case
from workflows.stages import drafting, reopening, submission
from workflows.views.applicant import papers
from workflows.views.applicant.clashes import clashes
from workflows.views.applicant.flags import Flag
from workflows.views.applicant.papers import Row
from workflows.views.guards import KnownRequest
from workflows.views.refusals import sentence

WRITTEN_ELSEWHERE = {"table", "longtext"}


@dataclass
class Corrected:
    """What came of the changes made on the page; while ``status`` is 200 all of them are kept.

    ``refused`` maps the id of a control to what is said there, ``typed`` a code to what is not
    kept yet.
    """

    status: int = 200
    refused: dict[str, list[str]] = field(default_factory=dict)
    typed: dict[str, Any] = field(default_factory=dict)

    def refuse(self, control: str, words: str, status: int) -> None:
        """Say ``words`` at ``control``."""
        self.refused.setdefault(control, []).append(words)
        self.status = max(self.status, status)


# --- what is shown ------------------------------------------------------------------------------
def questions(case: Case, flagged: Sequence[Flag]) -> dict[str, Question]:
    """The flagged questions that are answered here, by code."""
    bound, free = submission.weigh(case).bound, reopening.opened(case).questions
    found = {}
    for section in _sections(case, flagged):
        codes = {flag.item.target for flag in flagged if flag.section == section.code}
        for question in page(case.rules.form, section, bound, free).questions:
            code = question.field.code
            if code in codes and not question.locked:
                found[code] = question
    return {code: each for code, each in found.items() if each.field.kind not in WRITTEN_ELSEWHERE}


def marks(case: Case, shown: Mapping[str, Question]) -> str:
    """What the reader has before them, for the page to carry."""
    held: dict[str, Any] = {}
    for section in case.rules.form.sections:
        held |= merging.settled(section, case.draft)
    return merging.written(merging.marks(shown, held))


def rows(case: Case, flagged: Sequence[Flag]) -> dict[str, Row]:
    """The flagged papers that may be added to, by code."""
    listed = papers.rows(case, submission.weigh(case), flagged)
    return {row.attachment.code: row for row in listed if row.flags and row.open}


def _sections(case: Case, flagged: Sequence[Flag]) -> list[Section]:
    named = {flag.section for flag in flagged}
    return [each for each in case.rules.form.sections if each.code in named]


# --- what is sent -------------------------------------------------------------------------------
def correct(request: KnownRequest, case: Case, flagged: Sequence[Flag]) -> Corrected:
    """Keep the answers and papers that came with the page, and say what could not be kept."""
    done = Corrected()
    seen = merging.read_marks(request.POST.get("seen", ""))
    for section in _sections(case, flagged):
        sent = binding.read(case.rules.form, section, request.POST)
        typed = {code: each for code, each in sent.items() if code in seen}
        mine = merging.settled(section, typed)
        changed = [code for code in typed if merging.mark(mine[code]) != seen[code]]
        if changed:
            _keep(request, case, section, {code: typed[code] for code in changed}, done)
    listed = list(rows(case, flagged).values())
    for row, upload in papers.sent(request, listed):
        refusal = papers.take(case, row, upload, request.user)
        if refusal is not None:
            done.refuse(f"id_{row.input}", sentence(refusal), refusal.status)
    for row in listed:
        for words in row.errors:  # more than one request may bring
            done.refuse(f"id_{row.input}", words, 422)
    return done


def _keep(
    request: KnownRequest, case: Case, section: Section, typed: Mapping[str, Any], done: Corrected
) -> None:
    seen = merging.read_marks(request.POST.get("seen", ""))
    mine = {code: merging.settled(section, typed)[code] for code in typed}
    try:
        saved, merged = drafting.keep(
            case, section=section, typed=typed, seen={code: seen[code] for code in typed},
            by=request.user,
        )  # fmt: skip
    except SectionTaken as taken:
        done.typed |= mine
        done.refuse(f"q-{next(iter(typed))}", sentence(taken), taken.status)
        return
    case.draft, case.draft_revision = saved.draft, saved.draft_revision
    for clash in clashes(case, section, mine, merged.clashes):
        theirs = "".join(piece.text for piece in clash.theirs)
        words = gettext(
            "A colleague changed this to “%(theirs)s” meanwhile. Send the page again to put your "
            "answer in its place."
        )
        done.refuse(f"q-{clash.code}", words % {"theirs": theirs}, 409)
        done.typed[clash.code] = mine[clash.code]
