"""The workspace: the one thing to do next, the cases in hand, what was said lately."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from workflows import clock
from workflows.models import Case, Defence, Message, Supplement
from workflows.models.case import State
from workflows.status_words import Light
from workflows.views.applicant import partnership, task_book
from workflows.views.applicant.defence import light as time_of_defence
from workflows.views.applicant.inbox import Told, told
from workflows.views.applicant.overview import deadline
from workflows.views.applicant.own import applicants, own_cases
from workflows.views.applicant.standing import standings
from workflows.views.applicant.supplements import light
from workflows.views.guards import KnownRequest

LATELY = 5  # messages


@dataclass(frozen=True)
class Action:
    """Something the applicant is asked to do: why, until when, and where."""

    tone: str
    title: str
    text: str
    links: list[tuple[str, str]] = field(default_factory=list)  # words, address; the first leads
    light: Light | None = None
    case: Case | None = None


@applicants
@require_safe
def workspace(request: KnownRequest) -> HttpResponse:
    """Everything of the reader's organisations, the next action first."""
    own = own_cases(request).select_related("correction", "decision")
    cases = list(own.prefetch_related("supplements", "defences").order_by("-created"))
    found = standings(cases)
    values = {
        "organisations": list(dict.fromkeys(each.organisation for each in request.user.mandates)),
        "actions": [*asked(request), *to_sign(request), *actions(cases)],
        "open": [each for each in found if each.case.is_open and each.case.state != State.DRAFT],
        "cases": found,
        "messages_lately": _lately(request, cases),
    }
    return render(request, "workflows/applicant/workspace.html", values)


def actions(cases: Sequence[Case]) -> list[Action]:
    """What waits for the applicant, most urgent first."""
    waiting = [action for case in cases for action in [_action(case)] if action]
    return sorted(waiting, key=lambda action: RANK[action.tone])


RANK = {"warn": 0, "info": 1, "ok": 2, "": 3}


def _action(case: Case) -> Action | None:
    if case.state == State.RETURNED:
        return _correct(case)
    if case.state == State.DRAFT:
        return _continue(case)
    if owed := next((each for each in case.supplements.all() if each.closed is None), None):
        return _supply(case, owed) if case.is_open else None
    intended = (each for each in case.defences.all() if not (each.closed or each.recalled))
    if case.is_open and (defence := next(intended, None)):
        return _defend(case, defence)
    decision = getattr(case, "decision", None)
    if decision and decision.delivered and not decision.acknowledged:
        return _receive(case, decision.number)
    return None


def asked(request: KnownRequest) -> list[Action]:
    """The joint applications that wait for the word of one of the reader's organisations."""
    return [
        Action(
            "warn",
            gettext("%(lead)s asks you to confirm a joint application")
            % {"lead": place.case.applicant},
            gettext("%(partner)s is named as a partner. Read the application and say yes or no.")
            % {"partner": place.organisation},
            [(gettext("Read and answer"), reverse("partnership", args=[place.case.reference]))],
            case=place.case,
        )
        for place in partnership.waiting(request)
    ]


def to_sign(request: KnownRequest) -> list[Action]:
    """The task books that wait for the signature of one of the reader's organisations."""
    return [
        Action(
            "warn",
            gettext("Sign the task book of %(reference)s") % {"reference": case.reference},
            gettext("The project is approved. Without every signature in time its funding lapses."),
            [(gettext("Read and sign"), reverse("task_book", args=[case.reference]))],
            case=case,
        )
        for case in task_book.waiting(request)
    ]


def _correct(case: Case) -> Action:
    correction = case.correction
    facts = {
        "day": date_format(correction.due),
        "told": date_format(clock.local(correction.issued)),
    }
    return Action(
        "warn",
        gettext("Correct the application by %(day)s") % facts,
        gettext(
            "On %(told)s the office listed everything to correct; nothing is added later. "
            "The decision clock has not started. Without a correction in time the application "
            "counts as abandoned, and you may apply again."
        )
        % facts,
        [(gettext("Go on correcting"), reverse("case_correction", args=[case.reference]))],
        deadline(case),
        case,
    )


def _supply(case: Case, owed: Supplement) -> Action:
    facts = {"day": date_format(owed.due), "reference": case.reference}
    title = gettext("Send supplementary material by %(day)s")
    text = gettext(
        "The office needs more to decide on %(reference)s. The decision clock stands until "
        "you answer; without an answer in time it is decided on what is there."
    )
    if owed.ground == Supplement.Ground.LICENCE:
        title = gettext("Hand in the renewed licence by %(day)s")
        text = gettext(
            "The licence named in %(reference)s has ended, and the decision waits for its seal. "
            "Without the renewed licence in time the application is to be refused."
        )
    return Action(
        "warn",
        title % facts,
        text % facts,
        [(gettext("Answer the office"), reverse("case_supplement", args=[case.reference]))],
        light(owed),
        case,
    )


def _defend(case: Case, defence: Defence) -> Action:
    facts = {"day": date_format(defence.due), "reference": case.reference}
    return Action(
        "warn",
        gettext("State your defence by %(day)s") % facts,
        gettext(
            "The office intends to refuse %(reference)s and has told you why. The decision answers "
            "what you say."
        )
        % facts,
        [(gettext("Read the reasons and answer"), reverse("case_defence", args=[case.reference]))],
        time_of_defence(defence),
        case,
    )


def _continue(case: Case) -> Action:
    facts = {
        "procedure": case.procedure.title,
        "moment": date_format(clock.local(case.round.closes), "DATETIME_FORMAT"),
    }
    closed = case.round.closes < clock.now()
    text = (
        gettext("The call closed on %(moment)s; this draft can no longer be filed.")
        if closed
        else gettext("The call closes on %(moment)s. A draft may be saved at any point.")
    )
    return Action(
        "" if closed else "info",
        gettext("Go on with your draft: %(procedure)s") % facts,
        text % facts,
        [(gettext("Go on filling in"), reverse("case", args=[case.reference]))],
        None if closed else deadline(case),
        case,
    )


def _receive(case: Case, number: str) -> Action:
    return Action(
        "ok",
        gettext("The decision on %(reference)s is there") % {"reference": case.reference},
        gettext("%(number)s. Read it and confirm that you received it.") % {"number": number},
        [(gettext("See the decision"), reverse("case_progress", args=[case.reference]))],
        case=case,
    )


def _lately(request: KnownRequest, cases: Sequence[Case]) -> list[Told]:
    newest = Message.objects.filter(recipient=request.user).order_by("-sent", "-pk")[:LATELY]
    return told(newest, {case.pk: case for case in cases})
