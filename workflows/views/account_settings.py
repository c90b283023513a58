"""What people choose about their messages: language, telephone, and how soon each topic comes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from forms.fields.contact import MOBILE
from forms.fields.kind import narrow
from workflows.models import User
from workflows.notifications import channels
from workflows.notifications.topics import TOPICS, URGENT, Pace, Reader, Topic
from workflows.stages import preferences
from workflows.stages.preferences import Ways
from workflows.views.applicant.inbox import frame
from workflows.views.applicant.own import see_other
from workflows.views.context import CONFERENCE, OFFICE, PANEL
from workflows.views.guards import KnownRequest

READERS: dict[Reader, set[str]] = {"office": OFFICE | CONFERENCE, "panel": PANEL | CONFERENCE}


@dataclass(frozen=True, slots=True)
class Row:
    """One topic as the page shows it: a control for each channel, or none where nothing is left."""

    topic: Topic
    controls: list[tuple[str | Promise, BoundField | None]]


class SettingsForm(forms.Form):
    """The choices of one person; only topics that can reach them are asked."""

    use_required_attribute = False

    language = forms.ChoiceField(
        label=_("Language of letters and messages"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )
    phone = forms.CharField(
        label=_("Mobile number"),
        help_text=_("For urgent notices only. Leave it empty if you want no text messages."),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "class": "w-md"}),
    )

    def __init__(self, user: User, ways: Ways, data: Any = None) -> None:
        """Ask what can be chosen by ``user`` on the ways that are configured."""
        chosen = preferences.chosen(user, ways)
        super().__init__(data, initial={"language": user.language, "phone": user.phone})
        self.user, self.ways = user, ways
        self.topics = [topic for topic in TOPICS if _concerns(topic, user)]
        if not any(channel.urgent_only for _name, channel in ways):
            del self.fields["phone"]
        for topic in self.topics:
            for name, channel in ways:
                if not topic.fixed and _comes_by(topic, channel):
                    self.fields[f"{topic.code}-{name}"] = forms.ChoiceField(
                        label=f"{topic.title}: {channel.title}",
                        choices=[(pace.value, pace.label) for pace in preferences.choices(channel)],
                        widget=forms.Select(attrs={"class": "select"}),
                        initial=chosen[topic.code, name],
                    )

    def clean_phone(self) -> str:
        """Accept spaces, hyphens, full-width digits and +86; give 13800000000 or nothing."""
        typed = self.cleaned_data["phone"]
        digits = re.sub(r"^(\+|00)86", "", re.sub(r"[\s()\-‐‑–—−]", "", narrow(typed)))
        if digits and not MOBILE.fullmatch(digits):
            sentence = gettext("“%(typed)s” is no mobile number. Example: 13800000000")
            raise forms.ValidationError(sentence % {"typed": typed})
        return digits

    @property
    def rows(self) -> Iterator[Row]:
        """The table of topics and channels."""
        for topic in self.topics:
            names = [(channel.title, f"{topic.code}-{name}") for name, channel in self.ways]
            yield Row(
                topic,
                [(title, self[name] if name in self.fields else None) for title, name in names],
            )

    def save(self) -> None:
        """Keep what was chosen."""
        given = self.cleaned_data
        paces = {
            (topic.code, name): Pace(given[f"{topic.code}-{name}"])
            for topic in self.topics
            for name, _channel in self.ways
            if f"{topic.code}-{name}" in given
        }
        preferences.choose(
            self.user,
            language=given["language"],
            phone=given.get("phone", self.user.phone),
            paces=paces,
            ways=self.ways,
        )


def _concerns(topic: Topic, user: User) -> bool:
    """Whether messages of ``topic`` can reach somebody in the offices of ``user``."""
    if topic.reader == "anybody":
        return True
    if topic.reader == "applicant":
        return bool(user.mandates)
    return user.holds(*READERS[topic.reader])


def _comes_by(topic: Topic, channel: channels.Channel) -> bool:
    """Whether anything of ``topic`` is sent on ``channel`` at all."""
    return not channel.urgent_only or not topic.kinds.isdisjoint(URGENT)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account_settings(request: KnownRequest) -> HttpResponse:
    """Show the choices, and keep new ones."""
    ways = [(name, channels.channel(name)) for name in channels.names()]
    form = SettingsForm(request.user, ways, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, gettext("Your settings are saved"))
        return see_other("account_settings")
    values = {
        "form": form,
        "ways": [channel.title for _name, channel in ways],
        "frame": frame(request),
    }
    status = 422 if form.errors else 200
    return render(request, "workflows/account_settings.html", values, status=status)
