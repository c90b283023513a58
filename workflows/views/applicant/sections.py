"""One section of the form: saving never refuses, and wrong typing is kept and shown again.

`section_page` shows it, `keeping` saves by itself what is typed there, and `clashes` is where two
people changed one answer.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from forms import merging
from forms.binding import pressed
from forms.merging import Marks
from forms.page import page
from forms.schema import Section
from workflows.errors import AlreadySubmitted, NotReopened, SectionTaken
from workflows.models import Case
from workflows.stages import drafting, presence, submission
from workflows.views.applicant import outline
from workflows.views.applicant.clashes import clashes, sent
from workflows.views.applicant.own import editable, own_case, section_of, see_other
from workflows.views.applicant.section_page import WAYS_BACK, Unsaved, askable, show
from workflows.views.guards import KnownRequest
from workflows.views.refusals import refused

NEXT, BACK, ASK = "next", "back", "ask"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_section(request: KnownRequest, reference: str, section: str) -> HttpResponse:
    """Show one section to fill in, or keep what was typed into it."""
    case = own_case(request, reference)
    asked = section_of(case, section)
    if request.method == "POST":
        return _save(request, case, asked)
    if not editable(case):
        return redirect("case_check", reference)
    return show(request, case, asked)


# --- saving -------------------------------------------------------------------------------------
def _save(request: KnownRequest, case: Case, section: Section) -> HttpResponse:
    typed, seen = sent(request, case, section)
    mine = merging.settled(section, typed)
    try:
        saved, merged = drafting.keep(
            case, section=section, typed=typed, seen=seen, by=request.user, quietly=not typed
        )
    except SectionTaken:
        if request.POST.get("go") == ASK:
            presence.ask(case, section=section.code, by=request.user)
        return show(request, case, section, Unsaved(423, mine, seen))
    except (AlreadySubmitted, NotReopened) as late:
        return refused(request, late, kept=_said(section, mine))
    case.draft, case.draft_revision = saved.draft, saved.draft_revision
    case.draft_saved = saved.draft_saved
    if merged.clashes:
        both = clashes(case, section, mine, merged.clashes)
        return show(request, case, section, Unsaved(409, _only(mine, merged.clashes), seen, both))
    if merged.adopted:
        messages.info(request, _adopted(len(merged.adopted)))
    return _saved(request, case, section, seen)


def _saved(request: KnownRequest, case: Case, section: Section, seen: Marks) -> HttpResponse:
    """Where the reader goes once everything is kept."""
    if table := pressed(section, request.POST):
        return see_other("case_section", case.reference, section.code, place=_row(case, table))
    bound = submission.weigh(case).bound
    shown = page(case.rules.form, section, bound)
    if shown.problems:
        return show(request, case, section, Unsaved(422))
    more = [code for code in askable(shown) if code not in seen and code not in bound.raw]
    if more and request.POST.get("go") == NEXT:  # the answers ask for more on this very page
        return see_other("case_section", case.reference, section.code, place=f"q-{more[0]}")
    return _onward(request, case, section)


def _only(mine: Mapping[str, Any], codes: Sequence[str]) -> dict[str, Any]:
    return {code: mine[code] for code in codes}


def _row(case: Case, table: str) -> str:
    """Where the reader goes on after adding or removing a row: the last row, or the table."""
    held = case.draft.get(table) or []
    if held and not held[-1]:
        first = case.rules.form.field(table).columns[0]
        return f"q-{table}-{len(held) - 1}-{first.code}"
    return f"q-{table}"


def _onward(request: KnownRequest, case: Case, section: Section) -> HttpResponse:
    """The next section, the page the reader came from, or this one again."""
    chosen, way_back = request.POST.get("go"), WAYS_BACK.get(request.POST.get("back", ""))
    if chosen == BACK:
        return see_other(way_back or "case", case.reference)
    if chosen != NEXT:
        return see_other("case_section", case.reference, section.code)
    if way_back:
        return see_other(way_back, case.reference)
    found = outline.parts(case, submission.weigh(case, submitted=True), {})
    codes = [part.section.code for part in found]
    following = codes[codes.index(section.code) + 1 :] if section.code in codes else []
    if following:
        return see_other("case_section", case.reference, following[0])
    return see_other("case_files", case.reference)


def _said(section: Section, mine: Mapping[str, Any]) -> str:
    """What the reader had typed into ``section``, in words they can copy."""
    lines = [f"{field}: {mine[field.code]}" for field in section.fields if mine.get(field.code)]
    return "\n".join(lines)


def _adopted(count: int) -> str:
    words = ngettext(
        "%(count)s answer that was changed elsewhere meanwhile was kept.",
        "%(count)s answers that were changed elsewhere meanwhile were kept.",
        count,
    )
    return words % {"count": count}
