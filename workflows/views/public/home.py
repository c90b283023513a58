"""The front door, and the three short pages every public service owes its readers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from workflows import clock
from workflows.models import PublicNotice
from workflows.views.privacy import public
from workflows.views.public.offers import offers

NEWEST = 3  # notices on the front page


@require_safe
@public
def home(request: HttpRequest) -> HttpResponse:
    """Three doors (apply, verify, notices), what can be applied for, and the newest notices."""
    notices = PublicNotice.objects.order_by("-published")[:NEWEST]
    values = {"offers": offers(), "notices": notices, "today": clock.today()}
    return render(request, "workflows/public/home.html", values)


@require_safe
@public
def accessibility(request: HttpRequest) -> HttpResponse:
    """How far these pages can be used by everyone, and whom to tell where they cannot."""
    return render(request, "workflows/public/accessibility.html")


@require_safe
@public
def privacy(request: HttpRequest) -> HttpResponse:
    """Which personal data are kept, why, and what is published."""
    return render(request, "workflows/public/privacy.html", {"offers": offers()})


@require_safe
@public
def contact(request: HttpRequest) -> HttpResponse:
    """Who decides, and who watches them."""
    return render(request, "workflows/public/contact.html", {"offers": offers()})
