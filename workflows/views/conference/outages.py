"""The operator's page of outages: certifying one moves the limits it took time from (X24)."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from workflows.errors import OutageImpossible
from workflows.models import Outage
from workflows.stages import outages as stage
from workflows.views.desk.calls import Moment
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence

LISTED = 50


class OutageForm(forms.Form):
    """From when to when the service could not be reached, and why."""

    use_required_attribute = False

    started = Moment(_("Failed from"))
    ended = Moment(_("Worked again from"))
    reason = forms.CharField(
        label=_("What happened"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what happened; it is published with the moved days.")},
    )


@office("operator", "leader")
@require_http_methods(["GET", "HEAD", "POST"])
def outages(request: KnownRequest) -> HttpResponse:
    """Show what was certified, or certify an outage."""
    if request.method != "POST":
        return _show(request, OutageForm())
    form = OutageForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    try:
        outage = stage.certify(**form.cleaned_data, by=request.user)
    except OutageImpossible as refusal:
        form.add_error("ended", sentence(refusal))
        return _show(request, form, status=422)
    words = ngettext("%(count)s limit was moved", "%(count)s limits were moved", len(outage.moved))
    messages.success(request, words % {"count": len(outage.moved)})
    return redirect("outages")


def _show(request: KnownRequest, form: OutageForm, *, status: int = 200) -> HttpResponse:
    values = {
        "form": form,
        "outages": Outage.objects.select_related("by")[:LISTED],
        "title": gettext("Outages"),
    }
    return render(request, "workflows/conference/outages.html", values, status=status)
