"""The guide: what a procedure asks, how long it takes and who answers for it, from its rules."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from workflows.procedure import Limit, Procedure
from workflows.views.privacy import public
from workflows.views.public.offers import Offer, offer, offers

STAGES: tuple[tuple[str, str | Promise, str | Promise], ...] = (
    ("completeness", _("Acceptance"), _("The window tells you whether the material is complete.")),
    (
        "correction",
        _("Correction"),
        _("If something lacks, everything is named at once; you have this long to answer."),
    ),
    ("screening", _("Screening"), _("The office looks whether anything stands in the way.")),
    ("district_review", _("District review"), _("The district where you are registered reviews.")),
    ("department_opinion", _("Opinions"), _("Other departments are asked at the same time.")),
    ("department_review", _("Department review"), _("The office weighs what was found.")),
    (
        "data_check",
        _("Check of the figures"),
        _("Two people check every figure against its evidence; this time is not counted."),
    ),
    (
        "confirmation",
        _("Confirmation by the school"),
        _("You confirm the checked figures, or say which of them you contest."),
    ),
    (
        "evaluation",
        _("Evaluation"),
        _("Outside experts weigh the material; this time is not counted."),
    ),
    (
        "visit",
        _("On-site check"),
        _("Two people may come to see the place; you are told before. This time is not counted."),
    ),
    ("ranking", _("Ranking"), _("What is compared with others is put in order.")),
    ("proposal", _("Proposal"), _("The office proposes an outcome.")),
    ("deliberation", _("Deliberation"), _("The joint conference decides by vote.")),
    (
        "defence",
        _("Statement and defence"),
        _("Before a refusal is signed you are told why; you have this long to answer."),
    ),
    ("notice", _("Public notice"), _("The public may object to a favourable outcome.")),
    (
        "signing",
        _("Signing and sealing"),
        _("One person signs the decision, another one seals it."),
    ),
    (
        "task_book",
        _("Task book"),
        _("You, your partners and the office sign what is to be done for the money."),
    ),
    ("delivery", _("Delivery"), _("You receive the decision in your account.")),
)


@dataclass(frozen=True)
class Stage:
    """One stage as the guide shows it."""

    name: str | Promise
    words: str | Promise
    limit: Limit


@require_safe
@public
def guide(request: HttpRequest) -> HttpResponse:
    """What can be applied for."""
    return render(request, "workflows/public/guide.html", {"offers": offers()})


@require_safe
@public
def guide_programme(request: HttpRequest, programme: str) -> HttpResponse:
    """One programme; ``?procedure=`` picks the procedure, the first one unless told."""
    found = offer(programme)
    values = content(found, request.GET.get("procedure", ""))
    return render(request, "workflows/public/guide_programme.html", values)


def content(found: Offer, code: str) -> dict[str, object]:
    """What the guide says of the procedure ``code``, or of the first one of the offer."""
    if code not in found.procedures:
        code = next(iter(found.procedures))
    procedure = found.procedures[code]
    return {
        "offer": found,
        "rules": found.rules,
        "procedure": procedure,
        "code": code,
        "tabs": _tabs(found, code),
        "stages": list(_stages(procedure)),
        "eligibility": [rule for rule in found.rules.rules(code) if rule.effect != "note"],
        "attachments": found.rules.form.attachments,
    }


def _tabs(found: Offer, current: str) -> list[dict[str, object]]:
    return [
        {"title": procedure.title, "url": f"?procedure={code}", "current": code == current}
        for code, procedure in found.procedures.items()
    ]


def _stages(procedure: Procedure) -> list[Stage]:
    return [
        Stage(name, words, procedure.limits[code])
        for code, name, words in STAGES
        if code in procedure.limits
    ]
