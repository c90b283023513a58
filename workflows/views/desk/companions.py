"""Who applies together, and which other files a case is like: two tabs of the case file."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflows.models import Case, Likeness
from workflows.stages import likeness, repeats
from workflows.views.applicant.partners import rows

READERS = ("case_officer", "leader", "auditor")  # other files are nobody else's business
KINDS = ("likeness_found", "likeness_decided")  # entries of the trail that name another file
GROUNDS: Mapping[str, str | Promise] = {
    "applicant": _("Same applicant"),
    "holder": _("Applicant's name nearly the same"),
    "texts": _("Texts nearly the same"),
    "name": _("Name"),
    "site": _("Site"),
    "units": _("Units in common"),
    "vouchers": _("Vouchers in common"),
    "budget": _("Budget items in common"),
}


def partners(case: Case) -> dict[str, Any]:
    """Every partner, those who left included."""
    listed = case.partners.select_related("organisation", "replaces", "confirmed_by")
    return {"partners": rows(case, listed)}


def likenesses(case: Case) -> dict[str, Any]:
    """Every file this one is like, found from either side, and every title from before."""
    found = Likeness.objects.filter(Q(case=case) | Q(other=case)).order_by("pk")
    related = ("case__applicant", "case__edition", "other__applicant", "other__edition")
    listed: list[dict[str, Any]] = [
        {
            "likeness": each,
            "linked": each.other if each.case_id == case.pk else each.case,
            "grounds": [_said(ground) for ground in each.grounds],
        }
        for each in found.select_related(*related, "decided_by")
    ]
    earlier: list[dict[str, Any]] = [
        {"title": title, "grounds": [_said(ground._asdict()) for ground in shared]}
        for title, shared in likeness.earlier(case)
    ]
    linked = {each["linked"].pk for each in listed}
    known = {each["title"].pk for each in earlier}
    return {
        "likenesses": listed,
        "earlier": earlier,
        "repeats": _repeats(repeats.files(case), linked),
        "titles": _repeats(repeats.titles(case), known),
    }


def _repeats(found: list[repeats.Repeat], besides: set[int]) -> list[dict[str, Any]]:
    """What is shown of files or titles, those that stand above left out."""
    return [
        {"found": each.found, "grounds": [_said(ground._asdict()) for ground in each.grounds]}
        for each in found
        if each.found.pk not in besides
    ]


def _said(ground: Mapping[str, Any]) -> dict[str, Any]:
    return {**ground, "title": GROUNDS.get(ground["kind"], ground["kind"])}
