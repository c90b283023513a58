"""The meetings of the joint conference: the list, and calling the next one."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from workflows import clock
from workflows.errors import CaseError, NotEntitled
from workflows.models import Appointment, Meeting, MeetingMember, User
from workflows.stages import deliberation
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence

RUNNERS = ("case_officer", "convenor")  # who may call a meeting
READERS = (*RUNNERS, "leader", "member")
MOMENT = "%Y-%m-%dT%H:%M"

MOST_DIGITS = 18  # of a key; SQLite and PostgreSQL hold nineteen, not all of them


class PeopleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several people; a key no database holds is nobody's, not an overflow."""

    def clean(self, value: Any) -> Any:
        """Refuse what cannot be a key before a database sees it."""
        for key in value or ():
            if len(str(key)) > MOST_DIGITS:
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], params={"value": key}
                )
        return super().clean(value)


class MeetingForm(forms.Form):
    """When, who, and whether it is a sitting or a written round."""

    use_required_attribute = False

    number = forms.SlugField(
        label=_("Number of the meeting"),
        max_length=30,
        error_messages=dict.fromkeys(
            ("required", "invalid"),
            _("Give a number of letters, digits and hyphens, e.g. 2026-05."),
        ),
    )
    title = forms.CharField(
        label=_("Name of the meeting"),
        max_length=100,
        error_messages={"required": _("Give the meeting a name.")},
    )
    held = forms.DateTimeField(
        label=_("Date and time"),
        error_messages=dict.fromkeys(
            ("required", "invalid"), _("Give date and time, e.g. 2026-12-01 09:30.")
        ),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "w-md"}, format=MOMENT
        ),
    )
    written = forms.BooleanField(
        label=_("Written round: members vote without meeting"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer those who hold the offices today; every member is ticked at first."""
        super().__init__(*args, **kwargs)
        members = holders("member")
        self.fields["convenor"] = forms.ModelChoiceField(
            holders("convenor"), label=_("Convenor"), empty_label=None
        )
        self.fields["members"] = PeopleField(
            members,
            label=_("Voting members"),
            widget=forms.CheckboxSelectMultiple,
            initial=[member.pk for member in members],
            error_messages={"required": _("Tick at least one voting member.")},
        )

    def clean_number(self) -> str:
        """A number is given once."""
        number: str = self.cleaned_data["number"]
        if Meeting.objects.filter(number=number).exists():
            raise forms.ValidationError(
                _("Meeting %(number)s exists already."), params={"number": number}
            )
        return number


def holders(role: str) -> QuerySet[User]:
    """The people who hold ``role`` today."""
    in_force = Appointment.objects.in_force().filter(role=role)
    return User.objects.filter(is_active=True, pk__in=in_force.values("user")).order_by("pk")


@office(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def meetings(request: KnownRequest) -> HttpResponse:
    """The meetings the reader may know of; officers and convenors call the next one here."""
    runs = request.user.holds(*RUNNERS)
    if request.method == "POST" and not runs:
        raise NotEntitled
    form = MeetingForm(request.POST if request.method == "POST" else None, initial=_next())
    refusal = ""
    if form.is_valid():
        try:
            _convene(form, request.user)
            return redirect("meeting", form.cleaned_data["number"])
        except CaseError as error:
            refusal = sentence(error)
    values = {
        "meetings": readable(request.user).annotate(
            cases=Count("items", distinct=True),
            open_cases=Count("items", filter=Q(items__result=""), distinct=True),
        ),
        "form": form if runs else None,
        "refusal": refusal,
        "votes": request.user.holds("member", "convenor"),
    }
    status = 422 if form.errors else 409 if refusal else 200
    return render(request, "workflows/conference/meetings.html", values, status=status)


def readable(user: User) -> QuerySet[Meeting]:
    """The meetings ``user`` may read: all for the office, their own for members."""
    found = Meeting.objects.select_related("convenor").order_by("-held", "-pk")
    if user.holds(*RUNNERS, "leader"):
        return found
    return found.filter(pk__in=MeetingMember.objects.filter(user=user).values("meeting"))


def _next() -> dict[str, object]:
    today = clock.local(clock.now())
    number = f"{today.year}-{Meeting.objects.filter(held__year=today.year).count() + 1:02d}"
    return {"number": number, "held": today.strftime(MOMENT)}


def _convene(form: MeetingForm, by: User) -> None:
    given = form.cleaned_data
    held: datetime = given["held"]
    deliberation.convene(
        number=given["number"],
        title=given["title"],
        held=held,
        members=[(member, unit_of(member)) for member in given["members"]],
        convenor=given["convenor"],
        written=given["written"],
        by=by,
    )


def unit_of(member: User) -> str:
    """The unit a member speaks for: as at their last meeting, else as appointed."""
    last = MeetingMember.objects.filter(user=member).exclude(unit="").order_by("-pk").first()
    if last is not None:
        return last.unit
    seat = next((office for office in member.offices if office.role == "member"), None)
    return seat.organisation.name if seat and seat.organisation else ""
