"""The reader's organisations: what is registered, what waits, and the profile they share."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from forms import binding
from forms.page import page
from workflows.errors import Incomplete
from workflows.models import Organisation, Registration
from workflows.stages import profile
from workflows.views.applicant.members import own_organisation, units
from workflows.views.applicant.own import see_other
from workflows.views.guards import KnownRequest


@login_required
@require_safe
def organisations(request: KnownRequest) -> HttpResponse:
    """Every organisation the reader acts for, and the registrations the reader filed."""
    filed = Registration.objects.filter(user=request.user).select_related("organisation")
    values = {"units": units(request.user), "filed": filed.order_by("-filed")}
    return render(request, "workflows/applicant/organisations.html", values)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def org_profile(request: KnownRequest, uscc: str) -> HttpResponse:
    """The answers every application of the organisation begins with."""
    organisation = own_organisation(request.user, uscc)
    rules = profile.rules()
    if rules is None:
        raise Http404
    section, answers = profile.questions(rules), organisation.profile
    if request.method == "POST":
        answers = {**answers, **binding.read(rules.form, section, request.POST)}
    bound = profile.bind(rules, organisation, answers)
    if request.method == "POST":
        try:
            profile.keep(organisation, bound=bound, by=request.user)
        except Incomplete:
            pass  # the page says what is wrong, at each question
        else:
            messages.success(request, gettext("The profile was kept"))
            return see_other("org_profile", uscc)
    shown = page(rules.form, section, bound)
    values = {
        "organisation": organisation,
        "names": _names(organisation),
        "page": shown,
        "errors": [(each.anchor, each.sentence) for each in shown.problems],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "workflows/applicant/profile.html", values, status=status)


def _names(organisation: Organisation) -> list[tuple[str, object]]:
    """The names it bore before, the latest first, each with the moment it was given up."""
    former = organisation.former_names.order_by("-until")
    return [(each.name, each.until) for each in former]
