"""Saving by itself: what the script of a section's page tells every few seconds, and is told.

The answers are JSON under the same law as the page (`sections`): a ``state`` the script acts on,
and ``words`` it shows. Nothing is decided here that the page does not decide too; where two people
changed one answer, the script sends its reader to the page.
"""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from forms import merging
from forms.schema import Section
from workflows import clock
from workflows.errors import AlreadySubmitted, CaseBusy, CaseError, SectionTaken
from workflows.models import Case, Presence, User
from workflows.stages import drafting, presence
from workflows.views.applicant.clashes import sent
from workflows.views.applicant.own import editable, own_case, section_of
from workflows.views.guards import KnownRequest, answering
from workflows.views.refusals import sentence

Answer = dict[str, Any]
STATES: dict[type[CaseError], str] = {SectionTaken: "taken", CaseBusy: "busy"}  # others: "closed"


@answering
@require_http_methods(["GET", "HEAD", "POST"])
def case_keep(request: KnownRequest, reference: str, section: str) -> HttpResponse:
    """Keep what was typed so far, right or wrong, and say how the section stands."""
    case = own_case(request, reference)
    asked = section_of(case, section)
    if request.method != "POST":
        return JsonResponse(_standing(request, case, asked))
    try:
        told = _heard(request, case, asked)
    except CaseError as refusal:
        state = STATES.get(type(refusal), "closed")
        return JsonResponse({"state": state, "words": sentence(refusal)}, status=refusal.status)
    return JsonResponse(told, status=409 if told["state"] == "clash" else 200)


def _standing(request: KnownRequest, case: Case, section: Section) -> Answer:
    """Whether ``section`` can be written to; who asks, and their form's token."""
    place = presence.elsewhere(case, request.user).get(section.code)
    return {
        "state": "taken" if place else "free",
        "words": taken_words(place, request.user) if place else gettext("You may save now"),
        "who": request.user.pk,
        "token": get_token(request),
    }


def _heard(request: KnownRequest, case: Case, section: Section) -> Answer:
    """Do what the script says: it leaves, it answers a request, it has something to keep."""
    code, by = section.code, request.user
    if "leave" in request.POST:
        presence.leave(case, section=code, by=by)
        return {"state": "left"}
    if "answer" in request.POST:
        presence.answer(case, section=code, grant=request.POST["answer"] == "grant", by=by)
    if not editable(case):
        raise AlreadySubmitted
    asker = presence.hold(case, section=code, by=by).asker(clock.now())
    typed, seen = sent(request, case, section)
    kept = _kept(case, section, typed, seen, by) if typed else {"state": "kept"}
    return {**kept, "asker": str(asker) if asker else ""}


def _kept(case: Case, section: Section, typed: Answer, seen: merging.Marks, by: User) -> Answer:
    """Keep ``typed``; the marks that come back are of what the reader has before them now.

    Where the draft holds somebody else's answer the page still shows another one, so its mark
    stays what it was.
    """
    saved, merged = drafting.keep(
        case, section=section, typed=typed, seen=seen, by=by, quietly=True
    )
    held, theirs = merging.settled(section, saved.draft), (*merged.clashes, *merged.adopted)
    as_before = {code: seen.get(code, merging.NOTHING) for code in theirs}
    return {
        "state": "clash" if merged.clashes else "kept",
        "words": clash_words(len(merged.clashes)) if merged.clashes else saved_words(saved),
        "seen": merging.written(seen | merging.marks(typed, held) | as_before),
        "elsewhere": len(merged.adopted),
    }


# --- words ----------------------------------------------------------------------------------------
def saved_words(case: Case) -> str:
    """When the answers were saved last; nothing before the first time."""
    if case.draft_saved is None:
        return ""
    saved = clock.local(case.draft_saved)
    shape = "TIME_FORMAT" if saved.date() == clock.today() else "DATETIME_FORMAT"
    return gettext("Saved %(moment)s") % {"moment": date_format(saved, shape)}


def clash_words(count: int) -> str:
    """How many answers wait for a choice."""
    words = ngettext(
        "%(count)s answer was changed elsewhere too",
        "%(count)s answers were changed elsewhere too",
        count,
    )
    return words % {"count": count}


def taken_words(place: Presence, user: User) -> str:
    """Who is writing, and what became of the request of ``user``."""
    if place.asker(clock.now()) == user:
        words = gettext(
            "%(name)s was asked to hand over; without an answer the section is yours in a minute"
        )
    else:
        words = gettext("%(name)s is filling in this section.")
    return words % {"name": place.user}
