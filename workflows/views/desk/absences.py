"""Absences: who is away and who acts meanwhile; set by oneself or by the head of the unit."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db.models import Q
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
NOBODY = _("Nobody else holds one of these offices or serves at the same desk.")


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
        helpers = stage.candidates(person)
        self.offer("substitute", [("", _("Choose")), *_people(helpers)])
        if not helpers:
            self.fields["substitute"].help_text = NOBODY
        roles = {each.role: each.get_role_display() for each in person.offices if each.role in LENT}
        self.offer("role", [ALL, *sorted(roles.items())])
        self.offer("programme", [ALL, *_titles().items()])

    def offer(self, name: str, options: list[tuple[Any, Any]]) -> None:
        """Give a field its options."""
        cast(forms.ChoiceField, self.fields[name]).choices = options


def _people(found: list[User]) -> list[tuple[int, str]]:
    return [(each.pk, f"{each} ({each.username})") for each in found]


def _titles() -> dict[str, str]:
    """What each programme is called."""
    newest = {row.programme: row for row in Edition.objects.order_by("published")}
    known = [each.key for each in programme.all_()]
    return {key: str(newest[key].shape.title) if key in newest else key for key in known}


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
            absence = stage.announce(person, substitute=substitute, by=request.user, **given)
        except CaseError as error:
            refusal = sentence(error)
        else:
            done = gettext("%(name)s acts for %(absent)s in that time")
            messages.success(request, done % {"name": substitute, "absent": person})
            _warn(request, absence)
            return reach.see_other("absences")
    values = {
        "form": form,
        "person": person,
        "refusal": refusal,
        "rows": _rows(request.user),
        "colleagues": _people(list(stage.of_unit(request.user))) if _heads(request.user) else [],
        "today": clock.today(),
    }
    status = 422 if refusal or form.errors else 200
    return render(request, "workflows/desk/absences.html", values, status=status)


def _warn(request: KnownRequest, absence: Absence) -> None:
    """Say for whom nobody acts now, since who was to do it is away as well."""
    for each in stage.uncovered(absence):
        said = gettext(
            "%(name)s was to act for %(absent)s from %(starts)s to %(ends)s; name somebody else."
        )
        names = {"name": absence.user, "absent": each.user}
        days = {"starts": each.starts.isoformat(), "ends": each.ends.isoformat()}
        messages.warning(request, said % {**names, **days})


@office(*PEOPLE)
@require_POST
def absence_end(request: KnownRequest, pk: int) -> HttpResponse:
    """The person is back, or does not go."""
    absence = get_object_or_404(Absence.objects.ahead().select_related("user"), pk=pk)
    if not _may_end(request.user, absence, _unit(request.user)):
        raise Http404
    try:
        stage.end(absence, by=request.user)
    except CaseError as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, gettext("The absence has ended"))
    return reach.see_other("absences")


def _scope(absence: Absence, titles: Mapping[str, str]) -> str:
    """What the substitute does, in words; empty for everything."""
    role = dict(Appointment.Role.choices).get(absence.role, "")
    title = titles.get(absence.programme, "")
    return gettext(", ").join(filter(None, [str(role), title]))


def _heads(user: User) -> bool:
    return user.holds(Appointment.Role.LEADER)


def _rows(user: User) -> list[tuple[Absence, str, bool]]:
    """The absences that concern the reader, each with its scope and whether they may end it."""
    unit = _unit(user)
    found = _shown(user, unit)
    titles = _titles() if any(each.programme for each in found) else {}
    return [(each, _scope(each, titles), _may_end(user, each, unit)) for each in found]


def _may_end(user: User, absence: Absence, unit: set[int]) -> bool:
    return absence.user_id == user.pk or absence.user_id in unit


def _unit(user: User) -> set[int]:
    """The keys of those whose absences the reader decides on as their head."""
    return set(stage.of_unit(user).values_list("pk", flat=True)) if _heads(user) else set()


def _person(request: KnownRequest) -> User:
    """Whose absence is meant: the reader's own, or a colleague's whom their head names."""
    key = request.POST.get("person") or request.GET.get("person") or ""
    if not key or not _heads(request.user) or key == str(request.user.pk):
        return request.user
    if not key.isdecimal() or len(key) > 18:
        raise Http404
    return get_object_or_404(stage.of_unit(request.user), pk=key)


def _shown(user: User, unit: set[int]) -> list[Absence]:
    """The absences ahead that concern the reader; a head sees those of their unit."""
    concerned = Q(user=user) | Q(substitute=user) | Q(user__in=unit)
    ahead = Absence.objects.ahead().filter(concerned).select_related("user", "substitute")
    return list(ahead.order_by("starts", "pk"))
