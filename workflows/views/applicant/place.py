"""Where the applicant stands in its group, and the smaller amount it may be offered.

Nobody reads of others here: the own rank and mark, and the best of the group to measure it by.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from workflows import scoring
from workflows.errors import CaseError, NotEntitled
from workflows.models import Case, Standing
from workflows.stages import ranking, standings
from workflows.views.applicant.own import own_case, see_other, signers, signs
from workflows.views.guards import KnownRequest
from workflows.views.refusals import sentence
from workflows.views.signature import SignatureForm

TAKE, WAIT = "take", "wait"


@dataclass(frozen=True)
class Figure:
    """One indicator: the own figure, the best of the group, and what it earned."""

    code: str
    title: str
    value: str
    best: str
    mark: str
    weight: str


@dataclass(frozen=True)
class Place:
    """What the applicant may know of a countersigned ranking."""

    standing: Standing
    group: str
    participants: int
    best: str  # the highest mark of the group
    figures: list[Figure]

    @property
    def offered(self) -> bool:
        """Whether a smaller amount waits for an answer."""
        return is_offered(self.standing)


def of(case: Case) -> Place | None:
    """The place of ``case`` in the newest ranking, once that is countersigned."""
    standing = standings.standing_of(case) if case.group else None
    if standing is None or standing.ranking.approved is None:
        return None
    others = standing.ranking.standings
    return Place(
        standing=standing,
        group=str(standings.group_of(case).named),
        participants=others.count(),
        best=str(others.latest("mark").mark),
        figures=list(_figures(case, standing)),
    )


def is_offered(standing: Standing) -> bool:
    """Whether ``standing`` holds a smaller amount that was not answered."""
    return standing.status == Standing.Status.OFFERED and standing.answered is None


def _figures(case: Case, standing: Standing) -> Iterator[Figure]:
    """Every indicator; the weight of what does not apply is spread over the others (3.3)."""
    index, parts = case.procedure.index, standing.parts
    if index is None:
        return
    weights = scoring.spread(index.weights, [code for code in index.weights if code in parts])
    for one in index.indicators:
        if one.code not in parts:
            yield Figure(one.code, str(one), gettext("does not apply"), "", "", "")
            continue
        known, weight = parts[one.code], f"{weights[one.code].normalize():f}"
        best = known["best"] if Decimal(known["best"]) else gettext("no data in the group")
        yield Figure(one.code, str(one), known["value"], best, known["mark"], weight)


class OfferForm(SignatureForm):
    """Take what is left, or wait for the whole; signed."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            (TAKE, _("We take the smaller amount and carry out the project with it")),
            (WAIT, _("We wait in the project register until money comes free")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose an answer")},
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_offer(request: KnownRequest, reference: str) -> HttpResponse:
    """Answer the offer of a smaller amount; only who signs for the applicant may."""
    case = own_case(request, reference)
    place = of(case)
    if place is None or not place.offered:
        if request.method == "POST":
            return see_other("case_progress", reference)  # a second press of the button
        raise Http404
    if request.method != "POST":
        return _ask(request, case, place, OfferForm(request.user))
    if not signs(request.user, case):
        raise NotEntitled
    form = OfferForm(request.user, request.POST)
    if not form.is_valid():
        return _ask(request, case, place, form, status=422)
    accepted = form.cleaned_data["answer"] == TAKE
    try:
        ranking.answer_offer(
            place.standing, accepted=accepted, signed_with=form.signed_with, by=request.user
        )
    except CaseError as refusal:
        return _ask(request, case, place, form, status=refusal.status, refusal=sentence(refusal))
    messages.success(request, gettext("Your answer has arrived"))
    return see_other("case_progress", reference)


def _ask(
    request: KnownRequest,
    case: Case,
    place: Place,
    form: OfferForm,
    *,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    values: dict[str, Any] = {
        "case": case,
        "place": place,
        "until": ranking.offer_ends(place.standing),
        "form": form,
        "refusal": refusal,
        "signs": signs(request.user, case),
        "signers": signers(case),
    }
    return render(request, "workflows/applicant/offer.html", values, status=status)
