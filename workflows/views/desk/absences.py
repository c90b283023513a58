"""Absences: who is away and who acts meanwhile; set by oneself or by the head of the unit."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from workflows import clock, programme
from workflows.errors import CaseError
from workflows.models import Absence, Appointment, Edition, User
from workflows.stages import absences as stage
from workflows.stages.groups import LENT
from workflows.views.context import OFFICE
from workflows.views.desk import reach
from workflows.views.guards import KnownRequest, office
from workflows.views.refusals import sentence

PEOPLE = tuple(sorted(OFFICE))
ALL = ("", _("All"))


class AbsenceForm(forms.Form):
    """From when to when, who acts meanwhile, and in what."""

    use_required_attribute = False

    substitute = forms.ChoiceField(label=_("Who stands in"))
    starts = forms.DateField(label=_("First day"))
    ends = forms.DateField(label=_("Last day"))
    role = forms.ChoiceField(label=_("In which office"), required=False)
    programme = forms.ChoiceField(label=_("In which programme"), required=False)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=200)

    def __init__(self, person: User, sent: QueryDict | None = None) -> None:
        """Offer who may stand in for ``person``, and what they may be asked to do."""
        super().__init__(sent, initial={"starts": clock.today()})
        day = forms.DateInput(attrs={"type": "date", "class": "w-md"}, format="%Y-%m-%d")
        for name in ("starts", "ends"):
            self.fields[name].widget = day
        self.offer("substitute", [("", _("Choose")), *_people(stage.candidates(person))])
        roles = {each.role: each.get_role_display() for each in person.offices if each.role in LENT}
        self.offer("role", [ALL, *sorted(roles.items())])
        self.offer("programme", [ALL, *_programmes()])

    def offer(self, name: str, options: list[tuple[Any, Any]]) -> None:
        """Give a field its options."""
        cast(forms.ChoiceField, self.fields[name]).choices = options


def _people(found: list[User]) -> list[tuple[int, str]]:
    return [(each.pk, f"{each} ({each.username})") for each in found]


def _programmes() -> list[tuple[str, str]]:
    newest = {row.programme: str(row.shape.title) for row in Edition.objects.order_by("published")}
    return [(each.key, newest.get(each.key, each.key)) for each in programme.all_()]


@office(*PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def absences(request: KnownRequest) -> HttpResponse:
    """Who is away now and soon, and the form that says so."""
    person = _person(request)
    form = AbsenceForm(person, request.POST if request.method == "POST" else None)
    refusal = ""
    if form.is_valid():
        given = dict(form.cleaned_data)
        substitute = get_object_or_404(User, pk=given.pop("substitute"))
        try:
            stage.announce(person, substitute=substitute, by=request.user, **given)
        except CaseError as error:
            refusal = sentence(error)
        else:
            done = gettext("%(name)s acts for %(absent)s in that time")
            messages.success(request, done % {"name": substitute, "absent": person})
            return reach.see_other("absences")
    values = {
        "form": form,
        "person": person,
        "refusal": refusal,
        "rows": [
            (each, _scope(each), _may_end(request.user, each)) for each in _shown(request.user)
        ],
        "colleagues": _people(_colleagues()) if _heads(request.user) else [],
        "today": clock.today(),
    }
    status = 422 if refusal or form.errors else 200
    return render(request, "workflows/desk/absences.html", values, status=status)


@office(*PEOPLE)
@require_POST
def absence_end(request: KnownRequest, pk: int) -> HttpResponse:
    """The person is back, or does not go."""
    absence = get_object_or_404(_shown(request.user), pk=pk)
    if not _may_end(request.user, absence):
        raise Http404
    try:
        stage.end(absence, by=request.user)
    except CaseError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, gettext("The absence has ended"))
    return reach.see_other("absences")


def _scope(absence: Absence) -> str:
    """What the substitute does, in words; empty for everything."""
    role = dict(Appointment.Role.choices).get(absence.role, "")
    title = dict(_programmes()).get(absence.programme, "") if absence.programme else ""
    return gettext(", ").join(filter(None, [str(role), title]))


def _heads(user: User) -> bool:
    return user.holds(Appointment.Role.LEADER)


def _may_end(user: User, absence: Absence) -> bool:
    return absence.user_id == user.pk or _heads(user)


def _person(request: KnownRequest) -> User:
    """Whose absence is meant: the reader's own, or a colleague's whom the head names."""
    key = request.POST.get("person") or request.GET.get("person") or ""
    if not key or not _heads(request.user):
        return request.user
    if not key.isdecimal() or len(key) > 18:
        raise Http404
    return get_object_or_404(User, pk=key, is_active=True)


def _colleagues() -> list[User]:
    held = Appointment.objects.in_force().filter(role__in=LENT).values("user")
    return list(User.objects.filter(pk__in=held, is_active=True).order_by("name", "pk"))


def _shown(user: User) -> Any:
    """The absences ahead that concern the reader; the head of the office sees all of them."""
    ahead = Absence.objects.ahead().select_related("user", "substitute").order_by("starts", "pk")
    return ahead if _heads(user) else ahead.filter(user=user) | ahead.filter(substitute=user)
