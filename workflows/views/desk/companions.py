"""Who applies together, and which other files a case is like: two tabs of the case file."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from workflows.models import Case, Likeness
from workflows.views.applicant.partners import rows

READERS = ("case_officer", "leader", "auditor")  # other files are nobody else's business
GROUNDS: Mapping[str, str | Promise] = {
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
    """Every file this one is like, found from either side."""
    found = Likeness.objects.filter(Q(case=case) | Q(other=case)).order_by("pk")
    related = ("case__applicant", "case__edition", "other__applicant", "other__edition")
    listed = [
        {
            "likeness": each,
            "linked": each.other if each.case_id == case.pk else each.case,
            "grounds": [_said(ground) for ground in each.grounds],
        }
        for each in found.select_related(*related, "decided_by")
    ]
    return {"likenesses": listed}


def is_like_another(case: Case) -> bool:
    """Whether there is anything to look at."""
    return Likeness.objects.filter(Q(case=case) | Q(other=case)).exists()


def _said(ground: Mapping[str, Any]) -> dict[str, Any]:
    return {**ground, "title": GROUNDS.get(ground["kind"], ground["kind"])}
