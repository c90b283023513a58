"""Answering the one correction notice, and correcting on its page what is short."""

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from forms.controls import Question
from workflows.errors import AlreadySubmitted, CaseError, NotEntitled
from workflows.models import Case, Correction, Document, User
from workflows.models.case import State
from workflows.stages import corrections, deadlines, submission
from workflows.views.applicant import in_place, outline, papers
from workflows.views.applicant.checking import problems
from workflows.views.applicant.flags import Flag, flags
from workflows.views.applicant.in_place import Corrected
from workflows.views.applicant.overview import deadline
from workflows.views.applicant.own import own_case, see_other, signers, signs
from workflows.views.guards import KnownRequest
from workflows.views.refusals import sentence
from workflows.views.signature import SignatureForm

LONGEST, SHORT = 2000, 300  # characters of the note, of one answer
SAVE = "save"  # what the button says that keeps the changes and hands nothing in


@dataclass(frozen=True)
class Place:
    """An item on the page: what is asked, and the controls that answer it there."""

    flag: Flag
    answer: forms.BoundField
    question: Question | None
    paper: papers.Row | None


class AnswerForm(SignatureForm):
    """A few words to each item, and to the whole; what was changed speaks for itself.

    An item that was not changed must be explained, or left open knowingly (X20).
    """

    note = forms.CharField(
        label=_("Note to the office"),
        help_text=_("What you changed, in a few words."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    leave_open = forms.BooleanField(
        label=_("Hand in with unanswered items left open"),
        help_text=_("The office may then refuse to accept the application; it cannot ask again."),
        required=False,
    )

    def __init__(self, signer: User, found: list[Flag], *args: Any, **kwargs: Any) -> None:
        """Ask for an answer to each item that was ``found``."""
        super().__init__(signer, *args, **kwargs)
        left_open = bool(self.data.get("leave_open"))
        for flag in found:
            self.fields[name_of(flag)] = forms.CharField(
                label=_("Remark") if flag.changed else _("Explanation"),
                help_text=_help(flag),
                required=not (flag.changed or left_open),
                max_length=SHORT,
                error_messages={"required": _("Neither changed nor explained yet.")},
            )
        self.flags = found
        if all(flag.changed for flag in found):
            del self.fields["leave_open"]
        self.order_fields([*map(name_of, found), "note", "leave_open", "factor"])

    def answers(self) -> dict[int, str]:
        """The applicant's words, by the position of the item."""
        return {flag.item.position: self.cleaned_data[name_of(flag)] for flag in self.flags}


def _help(flag: Flag) -> str:
    if flag.changed:
        return gettext("Changed. You may add a few words.")
    if flag.opens:
        return gettext("Change it above, or explain why it stays as it is.")
    return gettext("This item opens nothing to change: answer it in words.")


NOTHING = Corrected()


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
    if request.method != "POST":
        return _show(request, case, AnswerForm(request.user, flags(case)))
    keeps_only = request.POST.get("do") == SAVE
    if not (keeps_only or signs(request.user, case)):
        raise NotEntitled
    try:
        corrected = in_place.correct(request, case, flags(case))
        form = AnswerForm(request.user, flags(case), request.POST)
        if corrected.status != 200:
            return _show(request, case, form, corrected, status=corrected.status)
        if keeps_only:
            return see_other("case_correction", reference)
        return _hand_in(request, case, form)
    except AlreadySubmitted:  # a second press of the button: one receipt for both
        return see_other("case_receipt", reference)


def _hand_in(request: KnownRequest, case: Case, form: AnswerForm) -> HttpResponse:
    if not form.is_valid():
        return _show(request, case, form, status=422)
    note, answers = form.cleaned_data["note"], form.answers()
    try:
        corrections.resubmit(
            case, note=note, answers=answers, signed_with=form.signed_with, by=request.user
        )
    except AlreadySubmitted:
        raise
    except CaseError as refusal:
        return _show(request, case, form, status=refusal.status, refusal=sentence(refusal))
    return see_other("case_receipt", case.reference)


def _show(
    request: KnownRequest,
    case: Case,
    form: AnswerForm,
    corrected: Corrected = NOTHING,
    *,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    weighed = submission.weigh(case, submitted=True)
    seen = in_place.marks(case, in_place.questions(case, form.flags))
    case.draft = {**case.draft, **corrected.typed}
    values = {
        "case": case,
        "correction": case.correction,
        "form": form,
        "places": _places(case, form, corrected),
        "seen": seen,
        "accept": papers.ACCEPT,
        "errors": [(place, each) for place, said in corrected.refused.items() for each in said],
        "refusal": refusal,
        "changed": sum(flag.changed for flag in form.flags),
        "problems": problems(case, weighed),
        "eligibility": outline.eligibility(weighed),
        "expired": papers.expired(papers.rows(case, weighed)),
        "light": deadline(case),
        "closing": deadlines.closing_if_over(case.correction.due),
        "notice": _notice(case),
        "signs": signs(request.user, case),
        "signers": signers(case),
    }
    return render(request, "workflows/applicant/correction.html", values, status=status)


def _places(case: Case, form: AnswerForm, corrected: Corrected) -> list[Place]:
    """Each item with its controls; what was refused stands at the control it was sent for."""
    questions, rows = in_place.questions(case, form.flags), in_place.rows(case, form.flags)
    questions = {code: _told(each, corrected) for code, each in questions.items()}
    for row in rows.values():
        row.errors.extend(corrected.refused.get(f"id_{row.input}", ()))
    return [
        Place(flag, form[name_of(flag)], questions.get(flag.item.target), rows.get(flag.paper))
        for flag in form.flags
    ]


def _told(question: Question, corrected: Corrected) -> Question:
    """``question`` with what could not be kept of it."""
    said = corrected.refused.get(question.id, [])
    return replace(question, errors=(*said, *question.errors)) if said else question


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
        "versions": _versions(case, correction),
    }
    return render(request, "workflows/applicant/corrected.html", values)


def _versions(case: Case, correction: Correction) -> tuple[int, int] | None:
    """The numbers of the submissions before and after the correction."""
    filed = case.submissions.order_by("number").values_list("number", "submitted")
    before = [number for number, moment in filed if moment < correction.issued]
    after = [number for number, moment in filed if moment > correction.issued]
    return (before[-1], after[0]) if before and after else None


def _notice(case: Case) -> Document | None:
    """The signed correction notice, once it is issued."""
    issued = Document.objects.filter(
        case=case, kind="correction_notice", state=Document.State.ISSUED
    )
    return issued.order_by("revision").last()
