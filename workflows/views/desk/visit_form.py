"""What the first of two visitors writes down, and who may have gone along."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from workflows.models import Case, Event, SiteVisit, User
from workflows.stages import visits
from workflows.views.desk.decisions.form import LONGEST, lines
from workflows.views.desk.decisions.panel import CONFLICTING


class RecordForm(forms.Form):
    """What the first of the two writes down and signs."""

    use_required_attribute = False

    visited_on = forms.DateField(
        label=_("Day of the visit"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Give the day of the visit.")},
    )
    place = forms.CharField(
        label=_("Place visited"),
        max_length=200,
        error_messages={"required": _("Say which place was visited.")},
    )
    result = forms.ChoiceField(
        label=_("What was found"),
        choices=SiteVisit.Result.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the place is as stated.")},
    )
    differences = forms.CharField(
        label=_("Differences"),
        help_text=_("One a line; needed when the place differs from what was stated."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    note = forms.CharField(
        label=_("Note on the visit"),
        help_text=_("Whom you met, what you looked at, and how it compares with the application."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write down what you saw.")},
    )
    second = forms.ChoiceField(
        label=_("Second person"),
        help_text=_("Whoever went with you; they sign the same record through their own account."),
        error_messages={"required": _("Name the second person.")},
    )

    def __init__(self, case: Case, by: User, *args: Any, **kwargs: Any) -> None:
        """Offer whoever may have gone along."""
        super().__init__(*args, **kwargs)
        self.people = companions(case, by)
        options = [(str(key), words) for key, (_user, words) in self.people.items()]
        self.fields["second"].choices = [("", _("Choose")), *options]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for the differences where there are some, and for none where all is as stated."""
        given: dict[str, Any] = super().clean() or {}
        differs = given.get("result") == SiteVisit.Result.DIFFERENCES
        if given.get("result") and differs != bool(lines(given.get("differences", ""))):
            words = _("List the differences.") if differs else _("Leave this empty, or say above.")
            self.add_error("differences", words)
        return given


def companions(case: Case, by: User) -> dict[int, tuple[User, str]]:
    """Who may be the second person: in an office that visits, and not in conflict (domain 0.3)."""
    acted = Event.objects.filter(case=case, duty__in=CONFLICTING).exclude(actor=None)
    offices = visits.visitors(case).exclude(user=by).exclude(user__in=acted.values("actor"))
    return {
        each.user_id: (
            each.user,
            " · ".join(filter(None, [each.user.name, each.get_role_display(), _employer(each)])),
        )
        for each in offices
    }


def _employer(office: Any) -> str:
    return str(office.organisation or "")
