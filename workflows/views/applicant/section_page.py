"""The page of one section: its questions, what stood in the way of saving, and who else is here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from forms import merging
from forms.merging import Marks
from forms.page import Page, page
from forms.schema import Section
from workflows import clock
from workflows.assessment import Assessment
from workflows.models import Case, Presence
from workflows.models.case import State
from workflows.stages import presence, reopening, submission
from workflows.views import staying
from workflows.views.applicant import outline
from workflows.views.applicant.clashes import Clash
from workflows.views.applicant.flags import Flag, by_section, flags
from workflows.views.applicant.keeping import Answer, clash_words, saved_words, taken_words
from workflows.views.applicant.outline import condition_names
from workflows.views.applicant.papers import proofs
from workflows.views.guards import KnownRequest

WAYS_BACK = {"check": "case_check", "correction": "case_correction"}  # anything else: the overview


@dataclass(frozen=True)
class Unsaved:
    """What stood in the way of saving, and what the reader typed in vain."""

    status: int
    mine: Mapping[str, Any] = member(default_factory=dict)
    seen: Marks = member(default_factory=dict)  # what its reader had before them, typing it
    clashes: Sequence[Clash] = ()


NOTHING = Unsaved(200)


def show(
    request: KnownRequest, case: Case, section: Section, unsaved: Unsaved = NOTHING
) -> HttpResponse:
    """The section as the draft holds it, and over that what the reader could not save."""
    held, case.draft = case.draft, {**case.draft, **unsaved.mine}
    others = presence.elsewhere(case, request.user)
    taken = others.pop(section.code, None)
    back = request.POST.get("back") or request.GET.get("back", "")
    complete = submission.weigh(case, submitted=True)
    bound = complete.bound if back == "check" else submission.weigh(case).bound
    only_read = taken is not None and not unsaved.mine
    free = frozenset[str]() if only_read else reopening.opened(case).questions
    shown = page(case.rules.form, section, bound, free, condition_names(complete))
    if not shown.questions:
        raise Http404  # this applicant is not asked these questions
    status = 423 if taken else unsaved.status
    values = {
        "case": case,
        "page": shown,
        "returned": case.state == State.RETURNED,
        "closed": not askable(shown),
        "way_back": back if back in WAYS_BACK else "",
        "seen": merging.written(_marks(shown, held, unsaved)),
        "saved": saved_words(case),
        "ends": staying.left(request),
        **_problems(shown, status),
        **_around(case, section, complete),
        **_in_the_way(request, taken, unsaved),
        "elsewhere": [
            (str(place.user), each)
            for each in case.rules.form.sections
            if (place := others.get(each.code))
        ],
    }
    return render(request, "workflows/applicant/section.html", values, status=status)


def looked(request: KnownRequest, case: Case, section: Section, typed: Mapping[str, Any]) -> Answer:
    """What the page would show had ``typed`` been saved; nothing is.

    The marks are of what is saved: whoever answers a question that is asked only now has that
    before them.
    """
    held = merging.settled(section, case.draft)
    case.draft = {**case.draft, **merging.settled(section, typed)}
    complete = submission.weigh(case, submitted=True)
    free = reopening.opened(case).questions
    shown = page(
        case.rules.form, section, submission.weigh(case).bound, free, condition_names(complete)
    )
    values = {"case": case, "page": shown, **_beside(case, section, complete, flags(case))}
    return {
        "state": "shown",
        "seen": merging.written(merging.marks(askable(shown), held)),
        "html": render_to_string("workflows/applicant/section_shown.html", values, request),
    }


def askable(shown: Page) -> list[str]:
    """The codes of the questions that can be answered on the page."""
    return [each.field.code for each in shown.questions if not (each.locked or each.field.derived)]


def _marks(shown: Page, held: Mapping[str, Any], unsaved: Unsaved) -> Marks:
    """Marks of what the reader now has before them; of what is not saved, of what they had."""
    before = {code: unsaved.seen.get(code, merging.NOTHING) for code in unsaved.mine}
    return merging.marks(askable(shown), merging.settled(shown.section, held)) | before


def _problems(shown: Page, status: int) -> dict[str, list[tuple[str, str]]]:
    """What is wrong: an error to face after posting, a reminder to whoever opens the page."""
    if status == 422:
        return {"errors": [(each.anchor, each.sentence) for each in shown.problems]}
    return {"open_problems": [(f"#{each.anchor}", each.sentence) for each in shown.problems]}


def _around(case: Case, section: Section, complete: Assessment) -> dict[str, object]:
    """The other sections, and what stands beside the questions of this one."""
    flagged = flags(case)
    parts = outline.parts(case, complete, by_section(flagged))
    here = [part.section.code for part in parts].index(section.code)
    return {
        "parts": parts,
        "tasks": outline.tasks(parts, section.code),
        "done": sum(each.complete for each in parts),
        "part": parts[here],
        "previous": parts[here - 1] if here else None,
        "flagged": [flag for flag in flagged if flag.section == section.code],
        **_beside(case, section, complete, flagged),
    }


def _beside(
    case: Case, section: Section, complete: Assessment, flagged: Sequence[Flag]
) -> dict[str, object]:
    """What stands beside the questions and follows from the answers."""
    concerned = condition_names(complete).intersection(each.code for each in section.fields)
    return {
        "papers": proofs(case, section, complete, flagged),
        "eligibility": outline.eligibility(complete) if concerned else None,
    }


def _in_the_way(
    request: KnownRequest, taken: Presence | None, unsaved: Unsaved
) -> dict[str, object]:
    """Who is writing here, and the answers that two people gave differently."""
    return {
        "taken": taken,
        "taken_words": taken_words(taken, request.user) if taken else "",
        "asked": taken is not None and taken.asker(clock.now()) == request.user,
        "clashes": unsaved.clashes,
        "clash_words": clash_words(len(unsaved.clashes)),
        "unsaved": bool(unsaved.mine),
    }
