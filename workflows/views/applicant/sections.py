"""One section of the form: saving never refuses, and wrong typing is kept and shown again."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from forms import binding
from forms.bound import Bound
from forms.diff import Change, changes
from forms.page import Page, page
from forms.schema import Section
from workflows import clock
from workflows.assessment import Assessment
from workflows.errors import AlreadySubmitted, StaleForm
from workflows.models import Case, Event
from workflows.stages import drafting, submission
from workflows.stages.fingerprint import digest
from workflows.views.applicant import outline
from workflows.views.applicant.flags import Flag, by_section, flags
from workflows.views.applicant.outline import condition_names, eligibility
from workflows.views.applicant.own import editable, own_case, see_other
from workflows.views.applicant.papers import proofs
from workflows.views.guards import KnownRequest
from workflows.views.refusals import refused

NEXT, BACK = "next", "back"
WAYS_BACK = {"check": "case_check", "correction": "case_correction"}  # anything else: the overview


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_section(request: KnownRequest, reference: str, section: str) -> HttpResponse:
    """Show one section to fill in, or keep what was typed into it."""
    case = own_case(request, reference)
    asked = next((each for each in case.rules.form.sections if each.code == section), None)
    if asked is None:
        raise Http404
    if request.method == "POST":
        return _save(request, case, asked)
    if not editable(case):
        return redirect("case_check", reference)
    return _show(request, case, asked)


# --- saving -------------------------------------------------------------------------------------
def _save(request: KnownRequest, case: Case, section: Section) -> HttpResponse:
    form, revision = case.rules.form, _revision(request, case, section)
    before, asked = case.draft, submission.weigh(case).bound.shown
    case.draft = {**before, **binding.read(form, section, request.POST)}
    bound = submission.weigh(case).bound
    try:
        kept = _kept(before, bound, section)
        saved = drafting.save(case, answers=kept, revision=revision, by=request.user)
    except StaleForm:
        return _show(request, case, section, status=409, newer=before)
    except AlreadySubmitted as late:
        return refused(request, late, kept=_said(case, section, bound))
    if table := binding.pressed(section, request.POST):
        return see_other("case_section", case.reference, section.code, place=_row(saved, table))
    case.draft, case.draft_revision = saved.draft, saved.draft_revision
    shown = page(form, section, bound)
    if shown.problems:
        return _show(request, case, section, status=422)
    more = [code for code in _codes(section) if code in bound.shown - asked - bound.raw.keys()]
    if more and request.POST.get("go") == NEXT:  # the answers ask for more on this very page
        return see_other("case_section", case.reference, section.code, place=f"q-{more[0]}")
    return _onward(request, case, section)


def _kept(before: dict[str, Any], bound: Bound, section: Section) -> dict[str, Any]:
    """The draft with the answers of ``section`` replaced; every other section stays as it was."""
    codes = _codes(section)
    others = {code: typed for code, typed in before.items() if code not in codes}
    return others | {code: typed for code, typed in bound.raw.items() if code in codes}


def _revision(request: KnownRequest, case: Case, section: Section) -> int:
    """The revision the reader began from.

    A colleague who saved another section meanwhile is in nobody's way: while this section still
    holds what the reader saw, the draft counts as unchanged.
    """
    if request.POST.get("seen") == _seen(case.draft, section):
        return case.draft_revision
    told = request.POST.get("revision", "")
    return int(told) if told.isdecimal() and len(told) < 10 else -1


def _seen(draft: dict[str, Any], section: Section) -> str:
    """A short digest of what ``draft`` holds for ``section``."""
    codes = _codes(section)
    held = {code: typed for code, typed in draft.items() if code in codes}
    return digest(held)[:16]


def _codes(section: Section) -> list[str]:
    return [field.code for field in section.fields]


def _row(saved: Case, table: str) -> str:
    """Where the reader goes on after adding or removing a row: the last row, or the table."""
    held = saved.draft.get(table) or []
    if held and not held[-1]:
        first = saved.rules.form.field(table).columns[0]
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


def _said(case: Case, section: Section, bound: Bound) -> str:
    """What the reader had typed into ``section``, in words they can copy."""
    lines = [
        f"{field}: {bound.raw[field.code]}" for field in section.fields if field.code in bound.raw
    ]
    return "\n".join(lines)


# --- the page -----------------------------------------------------------------------------------
def _show(
    request: KnownRequest,
    case: Case,
    section: Section,
    *,
    status: int = 200,
    newer: dict[str, Any] | None = None,
) -> HttpResponse:
    """The section with the answers of ``case.draft``; ``newer`` is what a colleague saved since."""
    way_back = request.POST.get("back") or request.GET.get("back", "")
    flagged = flags(case)
    complete = submission.weigh(case, submitted=True)
    bound = complete.bound if way_back == "check" else submission.weigh(case).bound
    shown = page(case.rules.form, section, bound)
    if not shown.blocks:
        raise Http404  # this applicant is not asked these questions
    parts = outline.parts(case, complete, by_section(flagged))
    here = [part.section.code for part in parts].index(section.code)
    values = {
        "case": case,
        "page": shown,
        **_problems(shown, status),
        "parts": parts,
        "tasks": outline.tasks(parts, section.code),
        "done": sum(each.complete for each in parts),
        "part": parts[here],
        "previous": parts[here - 1] if here else None,
        "flagged": [flag for flag in flagged if flag.section == section.code],
        "way_back": way_back if way_back in WAYS_BACK else "",
        "seen": _seen(case.draft if newer is None else newer, section),
        "newer": _differences(case, section, newer),
        "stale": newer is not None,
        **_beside(case, section, complete, flagged),
    }
    return render(request, "workflows/applicant/section.html", values, status=status)


def _problems(shown: Page, status: int) -> dict[str, list[tuple[str, str]]]:
    """What is wrong: an error to face after posting, a reminder to whoever opens the page."""
    if status != 200:
        return {"errors": [(each.anchor, each.sentence) for each in shown.problems]}
    return {"open_problems": [(f"#{each.anchor}", each.sentence) for each in shown.problems]}


def _differences(case: Case, section: Section, newer: dict[str, Any] | None) -> list[Change]:
    """Where the colleague's version of ``section`` differs from what this reader typed."""
    if newer is None:
        return []
    mine = submission.weigh(case).bound.answers
    typed, case.draft = case.draft, newer
    theirs = submission.weigh(case).bound.answers
    case.draft = typed
    found = changes(case.rules.form, theirs, mine)
    return [change for change in found if change.section == section.code]


def _saved(case: Case) -> str:
    """When the draft was saved last, in words; nothing before the first time."""
    kinds = ("draft_saved", "file_attached", "file_removed")
    last = Event.objects.filter(case=case, kind__in=kinds).order_by("-seq").first()
    if last is None:
        return ""
    moment = date_format(clock.local(last.at), "DATETIME_FORMAT")
    return gettext("Saved %(moment)s") % {"moment": moment}


def _beside(
    case: Case, section: Section, found: Assessment, flagged: Sequence[Flag]
) -> dict[str, object]:
    """What stands beside the questions: the conditions they decide on, the papers that prove."""
    concerned = condition_names(found).intersection(_codes(section))
    return {
        "saved": _saved(case),
        "papers": proofs(case, section, found, flagged),
        "eligibility": eligibility(found) if concerned else None,
    }
