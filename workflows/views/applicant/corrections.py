"""Answering the one correction notice."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from workflows.errors import AlreadySubmitted, CaseError, NotEntitled
from workflows.models import Case, Correction, Document
from workflows.models.case import State
from workflows.stages import submission
from workflows.views.applicant import outline
from workflows.views.applicant.checking import problems
from workflows.views.applicant.flags import Flag, flags
from workflows.views.applicant.overview import deadline
from workflows.views.applicant.own import own_case, see_other, signers, signs
from workflows.views.guards import KnownRequest
from workflows.views.refusals import sentence

LONGEST, SHORT = 2000, 300  # characters of the note, of one answer


class AnswerForm(forms.Form):
    """A few words to each item, and to the whole; what was changed speaks for itself."""

    use_required_attribute = False

    note = forms.CharField(
        label=_("Note to the office"),
        help_text=_("What you changed, in a few words."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, found: list[Flag], *args: Any, **kwargs: Any) -> None:
        """Ask for an answer to each item that was ``found``."""
        super().__init__(*args, **kwargs)
        for flag in found:
            self.fields[name_of(flag)] = forms.CharField(
                label=_("Your answer"),
                required=False,
                max_length=SHORT,
            )
        self.flags = found
        self.order_fields([*map(name_of, found), "note"])

    def answers(self) -> dict[int, str]:
        """The applicant's words, by the position of the item."""
        return {flag.item.position: self.cleaned_data[name_of(flag)] for flag in self.flags}

    def rows(self) -> list[tuple[Flag, forms.BoundField]]:
        """Each item with the control for its answer."""
        return [(flag, self[name_of(flag)]) for flag in self.flags]


def name_of(flag: Flag) -> str:
    """The name of the control that answers ``flag``."""
    return f"answer-{flag.item.position}"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_correction(request: KnownRequest, reference: str) -> HttpResponse:
    """The items to correct, each with its reason and place; the signer hands in once."""
    case = own_case(request, reference)
    if case.state != State.RETURNED:
        return _answered(request, case)
    found = flags(case)
    if request.method != "POST":
        return _show(request, case, AnswerForm(found))
    if not signs(request.user, case):
        raise NotEntitled
    form = AnswerForm(found, request.POST)
    if not form.is_valid():
        return _show(request, case, form, status=422)
    note, answers = form.cleaned_data["note"], form.answers()
    try:
        submission.resubmit(case, note=note, answers=answers, by=request.user)
    except AlreadySubmitted:
        pass  # a second press of the button: one receipt for both
    except CaseError as refusal:
        return _show(request, case, form, status=refusal.status, refusal=sentence(refusal))
    return see_other("case_receipt", reference)


def _show(
    request: KnownRequest, case: Case, form: AnswerForm, *, status: int = 200, refusal: str = ""
) -> HttpResponse:
    weighed = submission.weigh(case, submitted=True)
    values = {
        "case": case,
        "correction": case.correction,
        "form": form,
        "refusal": refusal,
        "changed": sum(flag.changed for flag in form.flags),
        "problems": problems(case, weighed),
        "eligibility": outline.eligibility(weighed),
        "light": deadline(case),
        "notice": _notice(case),
        "signs": signs(request.user, case),
        "signers": signers(case),
    }
    return render(request, "workflows/applicant/correction.html", values, status=status)


def _answered(request: KnownRequest, case: Case) -> HttpResponse:
    """What was asked and answered, to read; a case that was never returned has no such page."""
    if request.method == "POST":
        return see_other("case_receipt" if case.latest else "case", case.reference)
    correction = Correction.objects.filter(case=case).prefetch_related("items").first()
    if correction is None:
        return redirect("case", case.reference)
    form = case.rules.form
    names = {each.code: str(each) for each in form.fields()}
    names |= {each.code: str(each) for each in form.attachments}
    values = {
        "case": case,
        "correction": correction,
        "items": [(item, names.get(item.target)) for item in correction.items.all()],
        "notice": _notice(case),
    }
    return render(request, "workflows/applicant/corrected.html", values)


def _notice(case: Case) -> Document | None:
    """The signed correction notice, once it is issued."""
    issued = Document.objects.filter(
        case=case, kind="correction_notice", state=Document.State.ISSUED
    )
    return issued.order_by("revision").last()
