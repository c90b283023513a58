"""Whose case it is: an applicant's pages know the cases of the reader's own organisations only.

An officer or an expert who may read a case elsewhere finds nothing here: these pages name the
applicant, and a blind panel must not meet the name by typing an address.
"""

from functools import wraps
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from forms.schema import Section
from workflows.errors import NotEntitled
from workflows.models import Case, Membership, User
from workflows.models.case import CaseQuerySet, State
from workflows.views.guards import Guarded, KnownRequest, P, View

PEOPLE = ("applicant_clerk", "applicant_signer", "applicant_owner")
EDITABLE = (State.DRAFT, State.RETURNED)


def applicants(view: Guarded[P]) -> View[P]:
    """Let those in who act for an organisation; visitors sign in first, officers read 403.

    Whoever acts for nobody yet is led to where an organisation is registered.
    """

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        known = cast(KnownRequest, request)
        roles = known.user.roles()
        if not roles:
            return see_other("organisations")
        if roles.isdisjoint(PEOPLE):
            raise NotEntitled
        return view(known, *args, **kwargs)

    return cast(View[P], guarded)


def own_cases(request: KnownRequest) -> CaseQuerySet:
    """The cases of the organisations the reader acts for today."""
    organisations = request.user.organisations()
    return (
        Case.objects.visible_to(request.user)
        .filter(applicant__in=organisations)
        .select_related("edition", "applicant", "round")
    )


def own_case(request: KnownRequest, reference: str) -> Case:
    """One of the reader's own cases; anybody else's does not exist."""
    return get_object_or_404(own_cases(request), reference=reference)


def section_of(case: Case, code: str) -> Section:
    """One section of the case's form; any other does not exist."""
    for section in case.rules.form.sections:
        if section.code == code:
            return section
    raise Http404


def editable(case: Case) -> bool:
    """Whether answers and papers may be changed now."""
    return case.state in EDITABLE


def signs(user: User, case: Case) -> bool:
    """Whether ``user`` may sign for the applicant today."""
    return any(
        mandate.organisation_id == case.applicant_id and mandate.role == mandate.Role.SIGNER
        for mandate in user.mandates
    )


def signers(case: Case) -> list[str]:
    """The names of those who may sign for the applicant today."""
    mandates = Membership.objects.in_force().filter(
        organisation=case.applicant_id, role=Membership.Role.SIGNER
    )
    return [str(mandate.user) for mandate in mandates.select_related("user")]


def see_other(name: str, *args: object, place: str = "") -> HttpResponse:
    """Send the browser on after a POST (303), to a ``place`` of the page if one is named."""
    fragment = f"#{place}" if place else ""
    response = HttpResponseRedirect(f"{reverse(name, args=args)}{fragment}")
    response.status_code = 303
    return response
