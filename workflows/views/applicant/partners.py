"""The lead's page of its partners: who has confirmed, asking the others, naming substitutes."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from forms.fields import credit_code
from workflows.errors import CaseError
from workflows.models import Case, Membership, Organisation, Partner
from workflows.stages import partners, substitution
from workflows.views.applicant.own import editable, own_case, see_other, signers, signs
from workflows.views.guards import KnownRequest
from workflows.views.refusals import sentence


class SubstituteForm(forms.Form):
    """Which unit takes the place of one that left."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Name of the substitute"),
        max_length=100,
        error_messages={"required": _("Give the name of the substitute")},
    )
    uscc = forms.CharField(
        label=_("Unified social credit code"),
        max_length=30,
        error_messages={"required": _("Give the credit code of the substitute")},
    )

    def clean_uscc(self) -> str:
        """A code whose check characters are right."""
        code = credit_code.normal(self.cleaned_data["uscc"])
        if wrong := credit_code.fault(code):
            raise forms.ValidationError(wrong)
        return code


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_partners(request: KnownRequest, reference: str) -> HttpResponse:
    """The partners of a joint application; posting asks them, or names a substitute."""
    case = own_case(request, reference)
    if case.procedure.joint is None:
        raise Http404
    if request.method != "POST":
        return _show(request, case)
    if request.POST.get("do") == "substitute":
        return _substitute(request, case)
    try:
        asked = partners.ask(case, by=request.user)
    except CaseError as refusal:
        return _show(request, case, refusal=refusal)
    words = ngettext("%(count)s partner was asked", "%(count)s partners were asked", len(asked))
    messages.success(request, words % {"count": len(asked)})
    return see_other("case_partners", reference)


def _substitute(request: KnownRequest, case: Case) -> HttpResponse:
    form = SubstituteForm(request.POST)
    chosen = request.POST.get("place", "")
    place = next((each for each in _vacant(case) if str(each.pk) == chosen), None)
    if place is None:
        raise Http404
    if not form.is_valid():
        return _show(request, case, form=form, place=place)
    told = form.cleaned_data
    known = Organisation.objects.filter(uscc=told["uscc"]).first()
    unit = known or partners.entered(told["name"], told["uscc"], place.role)
    try:
        substitution.replace(
            case, leaving=place, organisation=unit, role=place.role, by=request.user
        )
    except CaseError as refusal:
        return _show(request, case, form=form, place=place, refusal=refusal)
    messages.success(request, gettext("The substitute was named and asked to confirm"))
    return see_other("case_partners", case.reference)


def _vacant(case: Case) -> list[Partner]:
    """The places that fell empty and that nobody has been named for."""
    gone = case.partners.exclude(left=None).prefetch_related("successors")
    return [
        each
        for each in gone
        if (each.replaces_id is None or each.approved)
        and all(next_.left for next_ in each.successors.all())
    ]


def _show(
    request: KnownRequest,
    case: Case,
    *,
    form: SubstituteForm | None = None,
    place: Partner | None = None,
    refusal: CaseError | None = None,
) -> HttpResponse:
    listed = list(case.partners.select_related("organisation", "replaces", "confirmed_by"))
    vacant = _vacant(case)
    values: dict[str, Any] = {
        "case": case,
        "partners": rows(case, listed),
        "editable": editable(case),
        "waiting": editable(case) and bool(partners.unconfirmed(case)),
        "vacant": vacant,
        "place": place or (vacant[0] if vacant else None),
        "form": form or SubstituteForm(),
        "refusal": sentence(refusal) if refusal else "",
        "signs": signs(request.user, case),
        "signers": signers(case),
        "days": case.procedure.joint.replacement_days if case.procedure.joint else 0,
    }
    wrong = 422 if form is not None and form.errors else 200
    status = refusal.status if refusal else wrong
    return render(request, "workflows/applicant/partners.html", values, status=status)


def rows(case: Case, listed: Iterable[Partner]) -> list[dict[str, object]]:
    """Each partner with its role in words, where it stands, and whether anybody acts for it."""
    stale = {each.pk for each in partners.unconfirmed(case)}
    listed = list(listed)
    staffed = set(
        Membership.objects.in_force()
        .filter(organisation__in=[each.organisation_id for each in listed])
        .values_list("organisation", flat=True)
    )
    names = role_names(case)
    return [
        {
            "partner": each,
            "role": names.get(each.role, each.role),
            "mark": mark(each, each.pk in stale and editable(case)),
            "unstaffed": each.left is None and each.organisation_id not in staffed,
        }
        for each in listed
    ]


def role_names(case: Case) -> dict[str, str]:
    """What the form calls the roles of partners."""
    joint = case.procedure.joint
    assert joint is not None, "only a joint application has partners"
    column = case.rules.form.field(joint.field).column("role")
    return {choice.value: str(choice) for choice in column.choices}


def mark(partner: Partner, stale: bool) -> tuple[str, str | Promise]:
    """Where a partner stands, in a tone and in words."""
    if partner.left:
        return "bad", _("has left")
    if partner.refused:
        return "bad", _("does not agree")
    if partner.replaces_id is not None and partner.approved is None:
        return ("info", _("waits for approval")) if partner.confirmed else ("warn", _("asked"))
    if partner.confirmed and not stale:
        return "ok", _("has confirmed")
    if partner.confirmed:
        return "warn", _("confirmed an earlier version")
    return ("warn", _("asked")) if partner.asked else ("", _("not asked yet"))
