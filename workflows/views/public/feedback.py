"""Rating one contact with the office (好差评): no sign-in, two answers, never asked twice."""

from contextlib import suppress

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from workflows.errors import AlreadyRated
from workflows.models import Event, Rating
from workflows.stages import contacts, ratings
from workflows.views import visitors
from workflows.views.privacy import public
from workflows.views.trail_words import KINDS


class FeedbackForm(forms.Form):
    """How it was, and a word about it for whoever likes."""

    use_required_attribute = False

    level = forms.TypedChoiceField(
        label=_("How satisfied are you?"),
        choices=Rating.Level.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the five levels.")},
    )
    remark = forms.CharField(
        label=_("What was good, what should be better?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@public
def feedback(request: HttpRequest, token: str) -> HttpResponse:
    """Rate the contact the address speaks of; once rated, show what was said and answered."""
    event = contacts.contact(token)
    if event is None:
        raise Http404
    rating = Rating.objects.filter(event=event).first()
    form = FeedbackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        visitors.spend(request, "feedback")
        if rating is None and form.is_valid():
            return _rated(event, token, form)
    page = {"event": event, "contact": KINDS[event.kind].title, "rating": rating, "form": form}
    status = 422 if rating is None and form.errors else 200
    return render(request, "workflows/public/feedback.html", page, status=status)


def _rated(event: Event, token: str, form: FeedbackForm) -> HttpResponse:
    given = form.cleaned_data
    with suppress(AlreadyRated):  # somebody was faster: the page shows what they said
        ratings.rate(event, level=given["level"], remark=given["remark"])
    return redirect("feedback", token)
