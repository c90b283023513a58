"""The desk's pages of calls: every round, opening one, changing it in time, its challenges."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from workflows import clock, programme
from workflows.errors import CaseError, NoEdition
from workflows.models import Edition, Round
from workflows.stages import rounds
from workflows.views.desk.reach import see_other
from workflows.views.guards import KnownRequest, office
from workflows.views.public.rounds import standing
from workflows.views.refusals import sentence

READERS = ("case_officer", "leader")
OPENER = "case_officer"
MOMENT = "%Y-%m-%dT%H:%M"
YEARS = range(2000, 3000)  # any other is a slip, and days cannot be counted from it
LINE = "budget-"  # before the code of a funding line, the name of its field
PAST = _("A round cannot close in the past.")


class Moment(forms.DateTimeField):
    """A moment as browsers ask for it."""

    def __init__(self, label: Any, **rest: Any) -> None:
        """Show it in the city's own time."""
        widget = forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": "w-md"}, format=MOMENT
        )
        wrong = _("Give date and time, e.g. 2026-12-01 09:30.")
        errors = {"required": wrong, "invalid": wrong}
        super().__init__(label=label, widget=widget, error_messages=errors, **rest)

    def to_python(self, value: Any) -> Any:
        """A moment of this age of the world."""
        moment = super().to_python(value)
        if moment is not None and moment.year not in YEARS:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class TermsForm(forms.Form):
    """What a call says of itself; money is asked for each line the rules know."""

    use_required_attribute = False

    title = forms.CharField(
        label=_("Name of the round"),
        max_length=100,
        error_messages={"required": _("Give the round a name.")},
    )
    opens = Moment(_("Opens"))
    closes = Moment(_("Closes"))
    group = forms.ChoiceField(label=_("For one group only"), required=False)
    quota = forms.IntegerField(label=_("Quota"), min_value=1, max_value=100_000, required=False)
    share_percent = forms.IntegerField(
        label=_("At most of the group, per cent"), min_value=1, max_value=100, required=False
    )
    pass_mark = forms.DecimalField(
        label=_("Pass mark"), min_value=0, max_value=100, decimal_places=2, required=False
    )
    contact = forms.CharField(label=_("Contact"), max_length=200, required=False)
    one_by_one = forms.BooleanField(
        label=_("Officers confirm every check by itself"),
        help_text=_("No press confirms all remaining checks of a case in this round."),
        required=False,
    )

    def __init__(self, edition: Edition, *args: Any, **kwargs: Any) -> None:
        """Ask for what the rules know: their groups, their lines of money."""
        super().__init__(*args, **kwargs)
        groups = rounds.groups(edition)
        self.fields["group"].choices = [("", gettext("All groups")), *groups.items()]  # type: ignore[attr-defined]
        if not groups:
            for name in ("group", "quota", "share_percent", "pass_mark"):
                del self.fields[name]
        for code, words in rounds.lines(edition).items():
            self.fields[f"{LINE}{code}"] = forms.DecimalField(
                label=gettext("Budget for %(line)s, 10,000 yuan") % {"line": words},
                min_value=0,
                max_digits=12,
                decimal_places=2,
                required=False,
            )

    def clean_closes(self) -> Any:
        """Nobody can apply yesterday."""
        closes = self.cleaned_data["closes"]
        if closes <= clock.now():
            raise ValidationError(PAST)
        return closes

    def terms(self) -> dict[str, Any]:
        """What was given, as ``rounds.open_round`` takes it."""
        given = self.cleaned_data
        budgets = {
            name.removeprefix(LINE): amount
            for name, amount in given.items()
            if name.startswith(LINE) and amount is not None
        }
        told = {name: value for name, value in given.items() if not name.startswith(LINE)}
        return told | {"budgets": budgets}


class ChallengeForm(forms.Form):
    """A need that units may bid for."""

    use_required_attribute = False

    number = forms.CharField(label=_("Number of the challenge"), max_length=40)
    line = forms.ChoiceField(label=_("Kind of money"))
    title = forms.CharField(label=_("Title"), max_length=100)
    need = forms.CharField(
        label=_("What is needed"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5})
    )
    owner = forms.CharField(label=_("Needed by whom"), max_length=100)
    cap = forms.DecimalField(
        label=_("Most a bid may ask for, 10,000 yuan"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        required=False,
    )
    opens = Moment(_("Bids from"))
    closes = Moment(_("Bids until"))

    def __init__(self, call: Round, sent: QueryDict | None = None) -> None:
        """Open as long as its round unless told."""
        first = {"opens": _shown(call.opens), "closes": _shown(call.closes)}
        super().__init__(sent, initial=first)
        self.fields["line"].choices = list(rounds.lines(call.edition).items())  # type: ignore[attr-defined]


def _shown(moment: Any) -> str:
    return clock.local(moment).strftime(MOMENT)


# --- every round ----------------------------------------------------------------------------------
@office(*READERS)
@require_safe
def calls(request: KnownRequest) -> HttpResponse:
    """Every round, the newest first, and the programmes one can be opened for."""
    found = Round.objects.select_related("edition").order_by("-opens", "-pk")
    values = {
        "calls": [(each, standing(each)) for each in found],
        "programmes": _offered() if request.user.holds(OPENER) else [],
    }
    return render(request, "workflows/desk/calls.html", values)


def _offered() -> list[tuple[str, str]]:
    editions = {each.key: rounds.newest_edition(each.key) for each in programme.all_()}
    return [(key, str(each.shape.title)) for key, each in editions.items() if each is not None]


def _unruled(key: str) -> Exception:
    """Why no round of a programme can be opened: it has no rules, or there is no such programme."""
    installed = key in {each.key for each in programme.all_()}
    return NoEdition(programme=key) if installed else Http404()


@office(OPENER)
@require_http_methods(["GET", "HEAD", "POST"])
def call_new(request: KnownRequest, programme: str) -> HttpResponse:
    """Open a round of one programme, under its newest rules."""
    edition = rounds.newest_edition(programme)
    if edition is None:
        raise _unruled(programme)
    form = TermsForm(edition, _sent(request))

    def act() -> Round:
        return rounds.open_round(
            programme=programme, edition=edition, by=request.user, **form.terms()
        )

    return _tried(request, form, act, {"edition": edition}, gettext("The round was announced"))


# --- one round ----------------------------------------------------------------------------------
@office(*READERS)
@require_safe
def call(request: KnownRequest, key: str) -> HttpResponse:
    """One round: its terms, its challenges, how many have applied."""
    found = _call(key)
    names = rounds.lines(found.edition)
    tone, words = standing(found)
    values = {
        "call": found,
        "tone": tone,
        "standing": words,
        "group": rounds.groups(found.edition).get(found.group, ""),
        "budgets": [(names.get(line, line), sum_) for line, sum_ in sorted(found.budgets.items())],
        "challenges": found.challenges.all(),
        "filed": found.cases.filed().count(),
        "changes": request.user.holds(OPENER) and clock.now() < found.opens,
        "publishes": request.user.holds(OPENER) and rounds.takes_bids(found.edition),
    }
    return render(request, "workflows/desk/call.html", values)


@office(OPENER)
@require_http_methods(["GET", "HEAD", "POST"])
def call_change(request: KnownRequest, key: str) -> HttpResponse:
    """Change the terms of a round that has not opened."""
    found = _call(key)
    first = {name: getattr(found, name) for name in rounds.TERMS if name != "budgets"}
    first |= {f"{LINE}{line}": amount for line, amount in found.budgets.items()}
    first |= {name: _shown(first[name]) for name in ("opens", "closes")}
    form = TermsForm(found.edition, _sent(request), initial=first)

    def act() -> Round:
        return rounds.change_round(found, by=request.user, **form.terms())

    values = {"edition": found.edition, "call": found}
    return _tried(request, form, act, values, gettext("The round was changed"))


@office(OPENER)
@require_http_methods(["GET", "HEAD", "POST"])
def call_challenge(request: KnownRequest, key: str) -> HttpResponse:
    """Publish a need that units may bid for."""
    found = _call(key)
    if not rounds.takes_bids(found.edition):
        raise Http404
    form = ChallengeForm(found, _sent(request))

    def act() -> Round:
        return rounds.publish_challenge(found, by=request.user, **form.cleaned_data).round

    values = {"edition": found.edition, "call": found, "challenge": True}
    return _tried(request, form, act, values, gettext("The challenge was published"))


def _call(key: str) -> Round:
    return get_object_or_404(Round.objects.select_related("edition"), key=key)


def _sent(request: KnownRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _tried(
    request: KnownRequest,
    form: forms.Form,
    act: Callable[[], Round],
    values: dict[str, Any],
    done: str,
) -> HttpResponse:
    """The form with its errors, or what it led to."""
    refusal = ""
    if form.is_valid():
        try:
            found = act()
        except ValidationError as wrong:
            _place(form, wrong)
        except CaseError as error:
            refusal = sentence(error)
        else:
            messages.success(request, done)
            return see_other("call", found.key)
    values |= {"form": form, "refusal": refusal}
    status = 409 if refusal else 422 if form.errors else 200
    return render(request, "workflows/desk/call_form.html", values, status=status)


def _place(form: forms.Form, wrong: ValidationError) -> None:
    """Show each sentence at its field; one about no field of this form stands above it."""
    for name, sentences in wrong.message_dict.items():
        form.add_error(name if name in form.fields else None, sentences)
