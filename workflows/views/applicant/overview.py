"""The application at a glance: its sections as tasks, its papers, its deadline."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from workflows import clock
from workflows.models import Case
from workflows.models.case import State
from workflows.stages import partners, submission
from workflows.status_words import Light, time_light
from workflows.views.applicant import outline
from workflows.views.applicant.flags import by_section, flags
from workflows.views.applicant.outline import Part
from workflows.views.applicant.own import editable, own_case, signers, signs
from workflows.views.applicant.papers import Row, rows
from workflows.views.guards import KnownRequest
from workflows.working_days import calendar


@login_required
@require_safe
def case(request: KnownRequest, reference: str) -> HttpResponse:
    """What is filled in and what is not; a case in the office's hands shows its progress."""
    found = own_case(request, reference)
    if not editable(found):
        return redirect("case_progress", reference)
    flagged = flags(found)
    weighed = submission.weigh(found, submitted=True)
    parts = outline.parts(found, weighed, by_section(flagged))
    papers = rows(found, weighed, flagged)
    values = {
        "case": found,
        "done": sum(part.complete for part in parts),
        "total": len(parts),
        "tasks": [*outline.tasks(parts), *last_tasks(found, parts, papers)],
        "open_parts": [part for part in parts if not part.complete],
        "missing": [row for row in papers if row.missing],
        "flagged": flagged,
        "open_flags": [flag for flag in flagged if not flag.changed],
        "eligibility": outline.eligibility(weighed),
        "returned": found.state == State.RETURNED,
        "light": deadline(found),
        "signs": signs(request.user, found),
        "signers": signers(found),
    }
    return render(request, "workflows/applicant/case.html", values)


def last_tasks(case: Case, parts: Sequence[Part], papers: Sequence[Row]) -> list[dict[str, object]]:
    """What follows the sections: the papers, checking, and signing once everything is complete."""
    missing = sum(row.missing for row in papers)
    words = ngettext(
        "%(count)s required paper missing", "%(count)s required papers missing", missing
    )
    ready = all(part.complete for part in parts)
    returned = case.state == State.RETURNED
    sign = "case_correction" if returned else "case_submit"
    joint = [_partners(case, len(parts) + 2)] if case.procedure.joint else []
    return [
        {
            "no": len(parts) + 1,
            "name": gettext("Papers"),
            "url": reverse("case_files", args=[case.reference]),
            "words": words % {"count": missing} if missing else gettext("Complete"),
            "tone": "now" if missing else "ok",
        },
        *joint,
        {
            "no": len(parts) + len(joint) + 2,
            "name": gettext("Check the answers"),
            "url": reverse("case_check", args=[case.reference]),
        },
        {
            "no": len(parts) + len(joint) + 3,
            "name": gettext("Hand in the correction") if returned else gettext("Sign and submit"),
            "url": reverse(sign, args=[case.reference]) if ready or returned else None,
            "words": "" if ready or returned else gettext("Once every section is complete"),
        },
    ]


def _partners(case: Case, number: int) -> dict[str, object]:
    """The task of having every partner confirm."""
    total, open_ = partners.active(case).count(), len(partners.unconfirmed(case))
    words = gettext("%(done)s of %(total)s have confirmed")
    return {
        "no": number,
        "name": gettext("Partners confirm"),
        "url": reverse("case_partners", args=[case.reference]),
        "words": words % {"done": total - open_, "total": total},
        "tone": "ok" if total and not open_ else "now",
    }


def deadline(case: Case) -> Light | None:
    """The light of the applicant's own time limit: the call's end, or the correction's."""
    today = clock.today()
    if case.state == State.RETURNED:
        left = calendar().left(case.correction.due, today)
        return time_light(left, case.procedure.limits["correction"].days)
    opened, closes = clock.local(case.round.opens).date(), clock.local(case.round.closes).date()
    return time_light(calendar().left(closes, today), calendar().count(opened, closes))
