"""Answering what the office asks for after acceptance: words, files, the signer's signature."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from forms import gate
from workflows import clock
from workflows.errors import CaseError, FileRefused, NotEntitled, StoreFull
from workflows.models import Case, Document, File, Supplement, User
from workflows.stages import attaching, deadlines, intake, supplements
from workflows.status_words import Light, time_light
from workflows.views.applicant.mandates import Day
from workflows.views.applicant.own import own_case, see_other, signers, signs
from workflows.views.applicant.papers import ACCEPT, AT_ONCE, too_many
from workflows.views.guards import KnownRequest
from workflows.views.refusals import sentence
from workflows.views.signature import SignatureForm
from workflows.working_days import calendar

LONGEST = 4000  # characters of one answer
ANSWER = "answer-"  # before the position of a question, the name of its field


class KeepForm(forms.Form):
    """An answer to each question, in words; what proves it is attached beside."""

    use_required_attribute = False

    def __init__(self, supplement: Supplement, *args: Any, **kwargs: Any) -> None:
        """Ask each question of ``supplement``; what was kept before stands there again."""
        super().__init__(*args, **kwargs)
        self.fields |= questions(supplement)
        self.conditional = self.fields.keys() - {"note"}


class SendForm(SignatureForm):
    """The same answers, signed."""

    def __init__(self, signer: User, supplement: Supplement, *args: Any, **kwargs: Any) -> None:
        """Ask each question of ``supplement``, and for the signature."""
        super().__init__(signer, *args, **kwargs)
        self.fields = questions(supplement) | self.fields
        self.conditional = self.fields.keys() - {"note"}
        if renewed := self.fields.get("valid_to"):
            renewed.required = True
            renewed.error_messages["required"] = _("Give the last day of the renewed licence.")


AnswerForm = KeepForm | SendForm


def questions(supplement: Supplement) -> dict[str, forms.Field]:
    """A field for each question, and one for a note."""
    asked: dict[str, forms.Field] = {
        f"{ANSWER}{item.position}": forms.CharField(
            label=f"{item.position}. {item.text}",
            required=False,
            max_length=LONGEST,
            initial=item.answer,
            widget=forms.Textarea(attrs={"rows": 4}),
        )
        for item in supplement.items.all()
    }
    note = forms.CharField(
        label=_("Anything else for the office"),
        required=False,
        max_length=LONGEST,
        initial=supplement.note,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    if supplement.ground == Supplement.Ground.LICENCE:
        asked["valid_to"] = Day(
            _("The renewed licence is valid until"),
            required=False,
            initial=supplement.valid_to,
            help_text=_("As it stands on the licence; 9999-12-31 for one without end."),
        )
    return asked | {"note": note}


def answers_of(form: AnswerForm) -> dict[int, str]:
    """The applicant's words, by the position of the question."""
    return {
        int(name.removeprefix(ANSWER)): words
        for name, words in form.cleaned_data.items()
        if name.startswith(ANSWER)
    }


@dataclass(frozen=True)
class Asked:
    """One request with its files and its paper, to read."""

    supplement: Supplement
    files: list[File]
    notice: Document | None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_supplement(request: KnownRequest, reference: str) -> HttpResponse:
    """The open request to answer; the former ones to read."""
    case = own_case(request, reference)
    if not case.supplements.exists():
        return redirect("case_progress", reference)
    supplement = supplements.waiting(case)
    if supplement is None:
        return _read(request, case)
    if request.method == "POST":
        return _act(request, case, supplement)
    signer = request.user if signs(request.user, case) else None
    form = SendForm(signer, supplement) if signer else KeepForm(supplement)
    return _show(request, case, supplement, form)


def _act(request: KnownRequest, case: Case, supplement: Supplement) -> HttpResponse:
    """Keep, attach, take out or send; everything typed is kept with whatever was pressed."""
    sends = request.POST.get("do") == "send"
    if sends and not signs(request.user, case):
        raise NotEntitled
    form: AnswerForm = (
        SendForm(request.user, supplement, request.POST)
        if sends
        else KeepForm(supplement, request.POST)
    )
    if not form.is_valid():
        return _show(request, case, supplement, form, status=422)
    if refused := taken_in(request, case, supplement.code):
        return _show(request, case, supplement, form, status=422, refused=refused)
    try:
        _keep_or_send(request, case, form)
    except CaseError as refusal:
        words = sentence(refusal)
        return _show(request, case, supplement, form, status=refusal.status, refusal=words)
    if gone := request.POST.get("remove", ""):
        return _remove(request, case, supplement, gone)
    said = gettext("Your answer has arrived") if sends else gettext("Saved")
    messages.success(request, said)
    return see_other("case_supplement", case.reference)


def _keep_or_send(request: KnownRequest, case: Case, form: AnswerForm) -> None:
    given, by = answers_of(form), request.user
    valid_to = form.cleaned_data.get("valid_to")
    if isinstance(form, KeepForm):
        note = form.cleaned_data["note"]
        supplements.keep(case, answers=given, note=note, valid_to=valid_to, by=by)
        return
    supplements.answer(
        case,
        answers=given,
        note=form.cleaned_data["note"],
        valid_to=valid_to,
        signed_with=form.signed_with,
        by=by,
    )


def taken_in(request: KnownRequest, case: Case, code: str) -> list[str]:
    """Attach what came with the request under ``code``; the sentences of what may not come in."""
    sent, refused = request.FILES.getlist("files"), []
    for upload in sent[:AT_ONCE]:
        name = upload.name or ""
        try:
            intake.expect(name, upload.size or 0)  # before anything is read
            attaching.attach(case, code=code, name=name, data=upload.read(), by=request.user)
        except (FileRefused, StoreFull) as refusal:
            refused.append(sentence(refusal))
    return refused + [too_many(upload.name) for upload in sent[AT_ONCE:]]


def _remove(request: KnownRequest, case: Case, supplement: Supplement, digest: str) -> HttpResponse:
    file = get_object_or_404(File, case=case, code=supplement.code, sha256=digest, removed=None)
    attaching.detach(case, file=file, by=request.user)
    messages.success(request, gettext("“%(name)s” was removed") % {"name": file.name})
    return see_other("case_supplement", case.reference, place="files-h")


# --- the page -------------------------------------------------------------------------------------
def _show(
    request: KnownRequest,
    case: Case,
    supplement: Supplement,
    form: AnswerForm,
    *,
    status: int = 200,
    refusal: str = "",
    refused: list[str] | None = None,
) -> HttpResponse:
    signing = form if isinstance(form, SendForm) else SignatureForm(request.user)
    held = File.objects.filter(case=case, code=supplement.code, removed=None)
    values = {
        "case": case,
        "supplement": supplement,
        "form": form,
        "factor": signing["factor"],
        "refusal": refusal,
        "errors": [("id_files", words) for words in refused or []],
        "files": held.order_by("uploaded", "pk"),
        "light": light(supplement),
        "closing": deadlines.closing_if_over(supplement.due),
        "notice": _notice(case, supplement),
        "earlier": asked(case, besides=supplement),
        "signs": signs(request.user, case),
        "signers": signers(case),
        "accept": ACCEPT,
        "largest": gate.LARGEST // 1024**2,
    }
    return render(request, "workflows/applicant/supplement.html", values, status=status)


def _read(request: KnownRequest, case: Case) -> HttpResponse:
    """What was asked and answered; a second press of the button ends here too."""
    if request.method == "POST":
        return see_other("case_supplement", case.reference)
    values = {"case": case, "asked": asked(case)}
    return render(request, "workflows/applicant/supplemented.html", values)


def asked(case: Case, *, besides: Supplement | None = None) -> list[Asked]:
    """Every request but ``besides``, with the files that were handed in."""
    found = case.supplements.prefetch_related("items")
    return [
        Asked(each, handed_in(case, each), _notice(case, each))
        for each in (found.exclude(pk=besides.pk) if besides else found)
    ]


def handed_in(case: Case, supplement: Supplement) -> list[File]:
    """The files an answer came with."""
    named = [each["sha256"] for each in supplement.files]
    held = File.objects.filter(case=case, code=supplement.code, sha256__in=named, removed=None)
    return list(held.order_by("pk"))


def _notice(case: Case, supplement: Supplement) -> Document | None:
    issued = Document.objects.filter(case=case, kind=supplements.LETTER)
    return issued.filter(revision=supplement.number, state=Document.State.ISSUED).first()


def light(supplement: Supplement) -> Light:
    """The light of the applicant's own time."""
    return time_light(calendar().left(supplement.due, clock.today()), supplement.days)
