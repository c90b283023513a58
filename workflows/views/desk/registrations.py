"""The window's list of registrations, and one of them with its evidence."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from workflows.errors import CaseError
from workflows.models import Registration
from workflows.stages import identity, membership, vetting
from workflows.stages.vetting import DESKS
from workflows.views.desk.reach import see_other
from workflows.views.downloads import send_paper
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence

LATELY = 30  # decided ones that are still shown
PAPERS = ("licence", "letter")


class RefuseForm(forms.Form):
    """Why the evidence does not hold."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("The person reads this; say what evidence would do."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why.")},
    )


@office(*DESKS)
@require_safe
def registrations(request: KnownRequest) -> HttpResponse:
    """What waits, the oldest first, and what was answered lately."""
    found = vetting.readable(request.user)
    values = {
        "waiting": found.filter(decided=None).order_by("filed", "pk"),
        "decided": found.exclude(decided=None).order_by("-decided", "-pk")[:LATELY],
    }
    return render(request, "workflows/desk/registrations.html", values)


@office(*DESKS)
@require_http_methods(["GET", "HEAD", "POST"])
def registration_one(request: KnownRequest, pk: int) -> HttpResponse:
    """One registration with its evidence; posting confirms or refuses it."""
    found = get_object_or_404(vetting.readable(request.user), pk=pk)
    form = RefuseForm(request.POST if _refusing(request) else None)
    if request.method != "POST":
        return _show(request, found, form)
    if _refusing(request) and not form.is_valid():
        return _show(request, found, form, status=422)
    act, done = _answer(request, found, form)
    try:
        act()
    except CaseError as refusal:
        return _show(request, found, form, refusal=sentence(refusal), status=refusal.status)
    messages.success(request, done)
    return see_other("registrations")


def _refusing(request: KnownRequest) -> bool:
    return request.method == "POST" and request.POST.get("do") == "refuse"


def _answer(
    request: KnownRequest, found: Registration, form: RefuseForm
) -> tuple[Callable[[], None], str]:
    do = request.POST.get("do", "")
    if do == "confirm":
        told = gettext("The registration was confirmed")
        return lambda: vetting.confirm(found, by=request.user), told
    if do == "refuse":
        told, reason = gettext("The registration was refused"), form.cleaned_data["reason"]
        return lambda: vetting.refuse(found, reason=reason, by=request.user), told
    raise Http404


def _show(
    request: KnownRequest,
    found: Registration,
    form: RefuseForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    people = membership.in_force(found.organisation)
    waits = found.decided is None
    values = {
        "registration": found,
        "form": form,
        "refusal": refusal,
        "number": found.paper_number if waits else identity.masked(found.paper_number),
        "differs": waits and found.name != found.organisation.name,
        "people": [each for each in people if not each.provisional],
        "papers": [each for each in PAPERS if getattr(found, f"{each}_sha256")],
    }
    return render(request, "workflows/desk/registration.html", values, status=status)


@office(*DESKS)
@require_safe
def registration_paper(request: KnownRequest, pk: int, paper: str) -> HttpResponse:
    """One piece of the evidence, as a download only."""
    found = get_object_or_404(vetting.readable(request.user), pk=pk)
    digest = getattr(found, f"{paper}_sha256") if paper in PAPERS else ""
    if not digest:
        raise Http404
    return send_paper(digest, getattr(found, f"{paper}_name"))
