"""The questions about a mandate: what it covers, on what ground, with which papers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from forms import gate
from workflows.errors import CaseError, FileRefused
from workflows.models import Membership
from workflows.stages import identity, proofs
from workflows.stages.proofs import Proof
from workflows.views.refusals import sentence

Role, Basis, Paper = Membership.Role, Membership.Basis, Membership.Paper
ACCEPT = ",".join(sorted(gate.KINDS))
GROUNDS = [
    (Basis.LEGAL, _("As legal representative")),
    (Basis.LETTER, _("By a power of attorney")),
]


class ProofField(forms.FileField):
    """A paper that passes the gate; what comes out lies in the store already."""

    def __init__(self, label: Any, *, demand: Any = "", **rest: Any) -> None:
        """Say what is taken; ``demand`` is said where nothing was sent but must be."""
        hint = _("PDF, JPG, PNG, DOCX or XLSX, at most 20 MB.")
        self.demand = demand
        super().__init__(
            label=label,
            help_text=rest.pop("help_text", hint),
            required=bool(demand),
            widget=forms.FileInput(attrs={"accept": ACCEPT, "class": "input-file"}),
            error_messages={"empty": _("The file is empty; choose another one.")},
            **rest,
        )

    def clean(self, data: Any, initial: Any = None) -> Proof:
        """Keep the paper, or say what is wrong with it."""
        if not data and self.required:
            raise ValidationError(self.demand)
        if not data:
            return proofs.NONE
        try:
            return proofs.keep(data.name or "", data.read(gate.LARGEST + 1))
        except FileRefused as refusal:
            raise ValidationError(sentence(refusal)) from refusal


class Day(forms.DateField):
    """A day as browsers ask for it."""

    def __init__(self, label: Any, **rest: Any) -> None:
        """Show it in one form only."""
        super().__init__(
            label=label,
            widget=forms.DateInput(attrs={"type": "date", "class": "w-sm"}, format="%Y-%m-%d"),
            error_messages={"invalid": _("Give the day, e.g. 2027-06-30.")},
            **rest,
        )


class GroundForm(forms.Form):
    """On what ground somebody acts; the stage says what is missing."""

    use_required_attribute = False
    conditional = frozenset({"basis", "letter", "valid_to"})  # asked of some: none is "optional"

    basis = forms.ChoiceField(
        label=_("On what ground"), choices=GROUNDS, widget=forms.RadioSelect, required=False
    )
    letter = ProofField(
        _("Power of attorney"),
        help_text=_("With the seal of the organisation; it says what the person may do."),
    )
    valid_to = Day(
        _("Valid until"), required=False, help_text=_("The last day of the power of attorney.")
    )


class IdentityForm(forms.Form):
    """How a signer is identified; whoever has no resident's card shows a passport (X57)."""

    use_required_attribute = False
    conditional = frozenset({"paper", "paper_number"})

    paper = forms.ChoiceField(
        label=_("Identity paper"), choices=Paper, widget=forms.RadioSelect, required=False
    )
    paper_number = forms.CharField(
        label=_("Number of the identity paper"),
        max_length=20,
        required=False,
        help_text=_("Only the window reads it, to compare it with the evidence."),
        widget=forms.TextInput(attrs={"class": "w-md", "autocomplete": "off"}),
    )

    def clean_paper_number(self) -> str:
        """Give the number as it is kept."""
        return identity.normal(self.cleaned_data["paper_number"])


def sent(request: HttpRequest) -> tuple[QueryDict | None, Any]:
    """What a form is bound to: nothing until it is posted."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


@dataclass(frozen=True)
class Outcome:
    """What came of a form: it is done, or its page says why not and under which status."""

    done: bool = False
    refusal: str = ""
    status: int = 200


def attempt(form: forms.Form, act: Callable[[], object]) -> Outcome:
    """Act if the form is in order; what is wrong with a field is said there."""
    if form.is_valid():
        try:
            act()
        except ValidationError as wrong:
            place(form, wrong)
        except CaseError as error:
            return Outcome(refusal=sentence(error), status=error.status)
        else:
            return Outcome(done=True)
    return Outcome(status=422 if form.errors else 200)


def place(form: forms.Form, wrong: ValidationError) -> None:
    """Show each sentence at its field; one about no field of this form stands above it."""
    told = wrong.message_dict if hasattr(wrong, "error_dict") else {"": wrong.messages}
    for name, sentences in told.items():
        form.add_error(name if name in form.fields else None, sentences)
