"""The head's list of ratings: negative ones to answer first, then what was said lately."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from workflows import clock
from workflows.errors import CaseError
from workflows.models import Rating
from workflows.stages import ratings as stage
from workflows.status_words import Light, finished_light, time_light
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence
from workflows.views.trail_words import KINDS
from workflows.working_days import calendar

PER_PAGE = 25


@office("leader")
@require_safe
def ratings(request: KnownRequest) -> HttpResponse:
    """Every rating, those that wait for an answer first, with how often each level was given."""
    told = Rating.objects.select_related("event__case__applicant").defer("event__case__draft")
    waits = ExpressionWrapper(Q(due__isnull=False, answered=None), BooleanField())
    found = told.alias(waits=waits).order_by("-waits", F("due").asc(nulls_last=True), "-given")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    counts = dict(Rating.objects.values_list("level").annotate(Count("pk")).order_by())
    values = {
        "page": page,
        "rows": [(each, contact(each), light(each)) for each in page],
        "stats": [(counts.get(level, 0), label) for level, label in Rating.Level.choices],
    }
    return render(request, "workflows/desk/ratings.html", values)


@office("leader")
@require_http_methods(["GET", "HEAD", "POST"])
def rating(request: KnownRequest, pk: int) -> HttpResponse:
    """Read one rating and answer it."""
    found = get_object_or_404(Rating.objects.select_related("event__case__applicant"), pk=pk)
    text, error, status = request.POST.get("text", ""), "", 200
    if request.method == "POST":
        try:
            stage.answer(found, text=text, by=request.user)
        except CaseError as refusal:
            error, status = sentence(refusal), refusal.status
        else:
            messages.success(request, gettext("The answer is on its way to the applicant"))
            return redirect("ratings")
    values = {
        "rating": found,
        "contact": contact(found),
        "light": light(found),
        "text": text,
        "errors": [("text", error)] if error else [],
    }
    return render(request, "workflows/desk/rating.html", values, status=status)


def contact(rating: Rating) -> str | Promise:
    """What the rating is about."""
    return KINDS[rating.event.kind].title


def light(rating: Rating) -> Light | None:
    """The light of the time to answer; none for what asks for no answer."""
    if rating.due is None:
        return None
    if rating.answered is not None:
        return finished_light(calendar().left(rating.due, clock.local(rating.answered).date()))
    return time_light(calendar().left(rating.due, clock.today()), stage.DAYS)
