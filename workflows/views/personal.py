"""What is kept about the reader, and asking for it to be deleted (X59)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from workflows.models import ErasureRequest
from workflows.stages import erasure
from workflows.views.guards import KnownRequest

KEPT = {
    "account": _("Your account and its address, as long as you act for an organisation or office."),
    "acts": _("What you filed, signed or decided, and under which name: it proves the files."),
    "mandates": _("Your mandates and offices: they prove that you were entitled to act."),
}
BLANKED = {
    "contact": _("Your name, phone and address as contact person in profiles"),
    "letters": _("Your address on invitations"),
    "papers": _("The number of your identity paper"),
    "desk": _("What you kept at the desk for yourself"),
    "account": _("The address of your account; the account is closed"),
    "search": _("Your name in what the office searches; the files stay as they were filed"),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def personal_data(request: KnownRequest) -> HttpResponse:
    """Tell what is kept and why; posting asks for deletion and answers at once."""
    if request.method == "POST":
        erasure.ask(request.user)
        request.user.refresh_from_db()
        if not request.user.is_active:
            return redirect("account_inactive")
        messages.success(request, gettext("Your request is recorded; the answer stands below"))
        response = redirect("personal_data")
        response.status_code = 303
        return response
    asked = ErasureRequest.objects.filter(user=request.user).order_by("-asked")
    values = {
        "kept": [KEPT[code] for code in erasure.kept(request.user)],
        "asked": [(each, [BLANKED[code] for code in each.blanked]) for each in asked],
        "acting": erasure.acting(request.user),
    }
    return render(request, "workflows/personal_data.html", values)
