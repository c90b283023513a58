"""Registering an organisation, and reporting its new name; the window confirms both."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from forms.fields import credit_code
from workflows import districts
from workflows.stages import profile, registration
from workflows.views.applicant import mandates
from workflows.views.applicant.members import managed
from workflows.views.applicant.own import see_other
from workflows.views.guards import KnownRequest

BY_CODE, ELSEWHERE = "", "elsewhere"  # where nothing is chosen the credit code tells


class NameForm(forms.Form):
    """A legal name, with the paper that proves it."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("Legal name"),
        min_length=2,
        max_length=100,
        help_text=_("As it stands on the business licence or registration paper."),
        error_messages={"required": _("Give the legal name.")},
    )
    licence = mandates.ProofField(
        _("Business licence or registration paper"),
        demand=_("Add the business licence or registration paper."),
    )


class RegisterForm(mandates.GroundForm, mandates.IdentityForm, NameForm):
    """The organisation, the person who asks, and the evidence for both."""

    conditional = mandates.GroundForm.conditional | mandates.IdentityForm.conditional
    field_order = (
        "uscc", "name", "kind", "district", "licence", "basis", "letter", "valid_to", "signs",
        "paper", "paper_number",
    )  # fmt: skip

    uscc = forms.CharField(
        label=_("Unified social credit code"),
        max_length=40,
        widget=forms.TextInput(attrs={"class": "w-md num", "autocomplete": "off"}),
        error_messages={"required": _("Give the credit code.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind of organisation"),
        error_messages={"required": _("Choose the kind of organisation.")},
    )
    basis = forms.ChoiceField(
        label=_("On what ground"),
        choices=mandates.GROUNDS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say on what ground you act for the organisation.")},
    )
    district = forms.ChoiceField(
        label=_("District where it is registered"),
        required=False,
        help_text=_("Its window looks at the registration."),
    )
    signs = forms.BooleanField(
        label=_("I also sign for the organisation"),
        help_text=_("Otherwise you invite its authorised signer later."),
        required=False,
    )

    def __init__(self, *args: Any) -> None:
        """Offer the kinds the rules know, and the districts of the city."""
        super().__init__(*args)
        self.fields["kind"].choices = kinds()  # type: ignore[attr-defined]
        places = [(code, str(name)) for code, name in districts.NAMES.items()]
        ends = ((BY_CODE, _("As the credit code tells")), (ELSEWHERE, _("Elsewhere")))
        self.fields["district"].choices = [ends[0], *places, ends[1]]  # type: ignore[attr-defined]

    def clean_uscc(self) -> str:
        """Both check characters are right, however the code was spaced."""
        code = credit_code.normal(self.cleaned_data["uscc"])
        if wrong := credit_code.fault(code):
            raise ValidationError(wrong)
        return code

    def clean(self) -> dict[str, Any]:
        """Take the district from the credit code, which names it, unless another was chosen."""
        given = super().clean() or self.cleaned_data
        chosen = given.get("district") or given.get("uscc", "")[2:8]
        given["district"] = chosen if chosen in districts.NAMES else ""
        return given

    def facts(self) -> dict[str, Any]:
        """What was given, as ``registration.file`` takes it."""
        given = dict(self.cleaned_data)
        names = ("basis", "letter", "valid_to", "paper", "paper_number")
        standing = registration.Standing(**{name: given.pop(name) for name in names})
        return given | {"standing": standing}


def kinds() -> list[tuple[str, str]]:
    """The kinds of organisation the newest rules know."""
    rules = profile.rules()
    if rules is None:
        return [("enterprise", gettext("Enterprise"))]
    return [(each.value, str(each)) for each in rules.form.field("org_kind").choices]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def org_new(request: KnownRequest) -> HttpResponse:
    """Ask for the account of an organisation; a new one may be drafted for at once."""
    form = RegisterForm(*mandates.sent(request))

    def act() -> None:
        registration.file(by=request.user, **form.facts())

    return _asked(request, form, act, gettext("The window has your registration now"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def org_name(request: KnownRequest, uscc: str) -> HttpResponse:
    """Report a new legal name with the new licence."""
    organisation = managed(request.user, uscc)
    form = NameForm(*mandates.sent(request))

    def act() -> None:
        registration.report_name(organisation, by=request.user, **form.cleaned_data)

    done = gettext("The window has the new name now")
    return _asked(request, form, act, done, organisation=organisation)


def _asked(
    request: KnownRequest,
    form: forms.Form,
    act: Callable[[], None],
    done: str,
    **values: object,
) -> HttpResponse:
    """The questions, or what came of the answers."""
    outcome = mandates.attempt(form, act)
    if outcome.done:
        messages.success(request, done)
        return see_other("organisations")
    shown = {**values, "form": form, "refusal": outcome.refusal}
    return render(request, "workflows/applicant/register.html", shown, status=outcome.status)
