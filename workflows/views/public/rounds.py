"""Calls as the public reads them: when, for whom, how much, by which rules, and what is needed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from workflows import clock
from workflows.models import Challenge, Round
from workflows.procedure import Procedure
from workflows.stages import rounds as calls
from workflows.views.privacy import public
from workflows.views.public.guide import content
from workflows.views.public.offers import Offer

PER_LIST = 200  # rounds the list shows; older ones have an address of their own


@dataclass(frozen=True)
class Listed:
    """One round of the list."""

    round: Round
    programme: str
    tone: str
    words: str | Promise


@dataclass(frozen=True)
class Terms:
    """What a round sets, or the rules where the round says nothing; None where neither does."""

    group: str
    groups: list[str]
    quota: int | None
    share_percent: int | None
    pass_mark: Decimal | None
    budgets: list[tuple[str, str]]  # line, 万元


def terms(call: Round, procedure: Procedure) -> Terms:
    """The terms of ``call`` for one of its procedures."""
    known, own = calls.groups(call.edition), procedure.selection
    names = calls.lines(call.edition)
    groups = [str(each) for each in own.groups] if own else []
    return Terms(
        group=known.get(call.group, ""),
        groups=[] if call.group else groups,
        quota=call.quota or (own.quota if own else None),
        share_percent=call.share_percent or (own.share_percent if own else None),
        pass_mark=own.pass_mark if own and call.pass_mark is None else call.pass_mark,
        budgets=[(names.get(line, line), amount) for line, amount in sorted(call.budgets.items())],
    )


def standing(call: Round) -> tuple[str, str | Promise]:
    """Whether a round is open, in a tone and in words."""
    moment = clock.now()
    if moment < call.opens:
        return "info", _("Opens later")
    if moment <= call.closes:
        return "ok", _("Open for applications")
    return "", _("Closed")


@require_safe
@public
def rounds(request: HttpRequest) -> HttpResponse:
    """Every round, the newest first."""
    found = Round.objects.select_related("edition").order_by("-opens", "-pk")[:PER_LIST]
    return render(request, "workflows/public/rounds.html", {"rounds": list(_listed(found))})


def _listed(found: Iterable[Round]) -> Iterator[Listed]:
    for each in found:
        tone, words = standing(each)
        yield Listed(each, str(each.edition.shape.title), tone, words)


@require_safe
@public
def round_guide(request: HttpRequest, key: str) -> HttpResponse:
    """The guide of one round, under the rules it stands on; ``?procedure=`` as in the guide."""
    call = get_object_or_404(Round.objects.select_related("edition"), key=key)
    offer = Offer(call.programme, call.edition.shape, call.edition, [call])
    values = content(offer, request.GET.get("procedure", ""))
    procedure = values["procedure"]
    assert isinstance(procedure, Procedure), "the guide is about a procedure"
    tone, words = standing(call)
    values |= {
        "call": call,
        "terms": terms(call, procedure),
        "tone": tone,
        "standing": words,
        "open": call.opens <= clock.now() <= call.closes,
        "challenges": [_shown(each) for each in call.challenges.select_related("round__edition")],
    }
    return render(request, "workflows/public/round.html", values)


@dataclass(frozen=True)
class Shown:
    """A challenge with what it is called by its rules."""

    challenge: Challenge
    line: str
    programme: str
    open: bool


@require_safe
@public
def challenges(request: HttpRequest) -> HttpResponse:
    """The needs open to bidders now, those that close first in front."""
    moment = clock.now()
    found = Challenge.objects.filter(opens__lte=moment, closes__gte=moment)
    listed = found.select_related("round__edition").order_by("closes", "number")
    values = {"challenges": [_shown(each) for each in listed]}
    return render(request, "workflows/public/challenges.html", values)


def _shown(challenge: Challenge) -> Shown:
    call = challenge.round
    return Shown(
        challenge,
        calls.lines(call.edition).get(challenge.line, challenge.line),
        str(call.edition.shape.title),
        challenge.opens <= clock.now() <= challenge.closes,
    )
