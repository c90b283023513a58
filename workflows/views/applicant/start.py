"""Beginning an application: what is open now, for which organisation."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from workflows import clock
from workflows.errors import CaseError, FormSentBefore, OpenCaseExists
from workflows.models import Case, Organisation, Round
from workflows.stages import drafting
from workflows.views.applicant.own import applicants, own_cases, see_other
from workflows.views.guards import KnownRequest
from workflows.views.public import self_checking
from workflows.views.public.offers import in_order
from workflows.views.refusals import sentence


@dataclass(frozen=True)
class Offer:
    """One procedure of an open call."""

    round: Round
    procedure: str

    @property
    def key(self) -> str:
        """How the form names it."""
        return f"{self.round.key}:{self.procedure}"

    @property
    def words(self) -> str:
        """What the applicant reads."""
        return gettext("%(procedure)s (%(round)s, until %(day)s)") % {
            "procedure": self.round.edition.shape.procedures[self.procedure].title,
            "round": self.round.title,
            "day": date_format(clock.local(self.round.closes)),
        }


def offers() -> list[Offer]:
    """Every procedure of every call that is open now; one statement."""
    moment = clock.now()
    rounds = Round.objects.filter(opens__lte=moment, closes__gte=moment)
    return [
        Offer(each, procedure)
        for each in rounds.select_related("edition").order_by("closes", "pk")
        for procedure in in_order(each.edition.shape)
    ]


class StartForm(forms.Form):
    """What is applied for, and by whom."""

    use_required_attribute = False

    def __init__(
        self, found: Iterable[Offer], organisations: list[Organisation], *args: Any, **kwargs: Any
    ) -> None:
        """Offer what is open to those the reader acts for; a single organisation is not asked."""
        super().__init__(*args, **kwargs)
        self.offers = {offer.key: offer for offer in found}
        self.organisations = {str(each.pk): each for each in organisations}
        alone = len(organisations) == 1
        self.fields["offer"] = forms.ChoiceField(
            label=gettext("What do you apply for"),
            choices=[(key, each.words) for key, each in self.offers.items()],
            widget=forms.RadioSelect,
            error_messages={"required": gettext("Choose what you apply for")},
        )
        self.fields["key"] = forms.CharField(
            widget=forms.HiddenInput, max_length=32, initial=uuid4().hex, required=False
        )
        self.fields["organisation"] = forms.ChoiceField(
            label=gettext("For which organisation"),
            choices=[(key, f"{each} {each.uscc}") for key, each in self.organisations.items()],
            widget=forms.HiddenInput if alone else forms.RadioSelect,
            required=not alone,
            error_messages={"required": gettext("Choose the organisation that applies")},
        )

    def renew(self) -> None:
        """Let the form be sent once more, as a new one."""
        self.data = {**self.data, "key": uuid4().hex}

    def clean_organisation(self) -> Organisation:
        """The chosen organisation, or the only one."""
        chosen = self.cleaned_data["organisation"] or next(iter(self.organisations))
        return self.organisations[chosen]

    def clean_offer(self) -> Offer:
        """The chosen procedure with its call."""
        return self.offers[self.cleaned_data["offer"]]


@applicants
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: KnownRequest) -> HttpResponse:
    """Choose procedure and organisation; posting opens the draft."""
    organisations = list(
        {each.organisation_id: each.organisation for each in request.user.mandates}.values()
    )
    form = StartForm(offers(), organisations, request.POST if request.method == "POST" else None)
    if not form.is_bound:
        form.initial["offer"] = request.GET.get("offer", "")
        return _show(request, form)
    if not form.is_valid():
        return _show(request, form, status=422)
    chosen: Offer = form.cleaned_data["offer"]
    try:
        case = drafting.draft(
            chosen.round,
            procedure=chosen.procedure,
            organisation=form.cleaned_data["organisation"],
            by=request.user,
            key=form.cleaned_data["key"],
            answers=self_checking.known(request, chosen.round, chosen.procedure),
        )
    except FormSentBefore as refusal:
        form.renew()
        return _show(request, form, status=refusal.status, refusal=refusal)
    except OpenCaseExists as refusal:
        return _show(request, form, status=refusal.status, refusal=refusal)
    return see_other("case", case.reference)


def _show(
    request: KnownRequest,
    form: StartForm,
    *,
    status: int = 200,
    refusal: CaseError | None = None,
) -> HttpResponse:
    values = {
        "form": form,
        "refusal": sentence(refusal) if refusal else "",
        "existing": refusal.facts.get("reference", "") if refusal else "",
        "open": list(_open(request)),
    }
    return render(request, "workflows/applicant/apply.html", values, status=status)


def _open(request: KnownRequest) -> Iterable[Case]:
    """The reader's open cases: a second one of the same kind leads to the first (X1)."""
    return own_cases(request).open().order_by("-created")
