"""The company library: papers the reader's organisations keep and use in every application."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forms import gate, papers
from workflows.errors import CaseError
from workflows.models import Evidence, Organisation
from workflows.stages import intake, library, submission
from workflows.stages.library import Label
from workflows.views import downloads
from workflows.views.applicant.mandates import ACCEPT, Day, attempt, sent
from workflows.views.applicant.members import own_organisation
from workflows.views.applicant.own import applicants, own_case, see_other
from workflows.views.guards import KnownRequest
from workflows.views.refusals import sentence


class LabelForm(forms.Form):
    """What is written on a paper; the stage says what cannot be."""

    use_required_attribute = False

    title = forms.CharField(
        label=_("What paper it is"),
        max_length=100,
        help_text=_("As you look for it later, e.g. “Audit report 2025”."),
        error_messages={"required": _("Say what paper it is.")},
    )
    dated = Day(
        _("Date of the paper"),
        required=False,
        help_text=_("The day it was issued, as it stands on the paper."),
    )
    valid_to = Day(
        _("Valid until"),
        required=False,
        help_text=_("The last day it is good for. Leave it empty if it does not expire."),
    )

    @property
    def label(self) -> Label:
        """What was given."""
        return Label(**{name: self.cleaned_data[name] for name in ("title", "dated", "valid_to")})


class KeepForm(LabelForm):
    """A paper with its label."""

    field_order = ("file", "title", "dated", "valid_to")

    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, JPG, PNG, DOCX or XLSX, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPT, "class": "input-file"}),
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("The file is empty; choose another one."),
        },
    )

    def clean_file(self) -> Any:
        """Refuse by name and size before anything is read."""
        file = self.cleaned_data["file"]
        try:
            intake.expect(file.name or "", file.size or 0)
        except CaseError as refusal:
            raise ValidationError(sentence(refusal)) from refusal
        return file


@dataclass(frozen=True)
class Shelf:
    """What one organisation keeps."""

    organisation: Organisation
    papers: list[Evidence]


# --- the library --------------------------------------------------------------------------------
@applicants
@require_safe
def library_papers(request: KnownRequest) -> HttpResponse:
    """Every paper of each organisation the reader acts for, with its dates."""
    known = {each.organisation_id: each.organisation for each in request.user.mandates}
    held = library.shelf(known)
    shelves = [
        Shelf(each, [paper for paper in held if paper.organisation_id == key])
        for key, each in known.items()
    ]
    return render(request, "workflows/applicant/library.html", {"shelves": shelves})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def library_new(request: KnownRequest, uscc: str) -> HttpResponse:
    """Upload a paper; it passes the gate every file passes."""
    organisation = own_organisation(request.user, uscc)
    form = KeepForm(*sent(request))

    def act() -> None:
        upload = form.cleaned_data["file"]
        data, name = upload.read(gate.LARGEST + 1), upload.name or ""
        library.keep(organisation, label=form.label, name=name, data=data, by=request.user)

    values = {"organisation": organisation, "title": gettext("Upload a paper")}
    return _asked(request, form, act, values)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def library_paper(request: KnownRequest, pk: int) -> HttpResponse:
    """One paper: write another title or other days on it."""
    paper = _own(request, pk)
    label = {"title": paper.title, "dated": paper.dated, "valid_to": paper.valid_to}
    form = LabelForm(*sent(request), initial=label)

    def act() -> None:
        library.describe(paper, label=form.label, by=request.user)

    values = {"organisation": paper.organisation, "paper": paper, "title": paper.title}
    return _asked(request, form, act, values)


@login_required
@require_safe
def library_file(request: KnownRequest, pk: int) -> HttpResponse:
    """Send one paper back, as a download only."""
    paper = _own(request, pk)
    downloads.require_open(paper)
    kind = downloads.KINDS.get(paper.kind, downloads.PLAIN)
    return downloads.download(paper.sha256, paper.name, kind)


@login_required
@require_POST
def library_remove(request: KnownRequest, pk: int) -> HttpResponse:
    """Take one paper out; applications that use it keep their copy."""
    paper = _own(request, pk)
    library.remove(paper, by=request.user)
    messages.success(request, gettext("“%(name)s” was removed") % {"name": paper.title})
    return see_other("library")


def _own(request: KnownRequest, pk: int) -> Evidence:
    """A paper of the reader's own organisations; any other does not exist."""
    held = Evidence.objects.filter(organisation__in=request.user.organisations(), removed=None)
    return get_object_or_404(held.select_related("organisation", "by"), pk=pk)


def _asked(
    request: KnownRequest,
    form: LabelForm,
    act: Callable[[], None],
    values: dict[str, Any],
    *,
    back: tuple[str, ...] = ("library",),
    place_of: str = "",
) -> HttpResponse:
    """The questions about a paper, or what came of the answers."""
    outcome = attempt(form, act)
    if outcome.done:
        words = gettext("“%(name)s” lies in the library")
        messages.success(request, words % {"name": form.label.title.strip()})
        return see_other(*back, place=place_of)
    shown = {**values, "form": form, "refusal": outcome.refusal}
    page = "workflows/applicant/library_paper.html"
    return render(request, page, shown, status=outcome.status)


# --- in an application ----------------------------------------------------------------------------
@login_required
@require_POST
def case_library(request: KnownRequest, reference: str, code: str, pk: int) -> HttpResponse:
    """Attach a paper of the applicant's library under one paper of the list."""
    case = own_case(request, reference)
    asked = papers.papers(submission.weigh(case).bound)
    attachment = next((each.attachment for each in asked if each.attachment.code == code), None)
    held = Evidence.objects.filter(organisation=case.applicant_id, removed=None)
    evidence = get_object_or_404(held if attachment else held.none(), pk=pk)
    library.attach_from(case, code=code, evidence=evidence, by=request.user)
    words = gettext("“%(name)s” was attached from the library")
    messages.success(request, words % {"name": evidence.title})
    return see_other("case_files", reference, place=f"paper-{code}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_file_keep(request: KnownRequest, reference: str, code: str, digest: str) -> HttpResponse:
    """Keep a file of an application in the library, with its dates."""
    case = own_case(request, reference)
    file = downloads.attached(case, code, digest)
    known = {each.code: str(each) for each in case.rules.form.attachments}
    form = LabelForm(*sent(request), initial={"title": known.get(code, file.name)[:100]})

    def act() -> None:
        library.keep_file(case, file=file, label=form.label, by=request.user)

    values = {
        "organisation": case.applicant,
        "title": gettext("Keep in the library"),
        "case": case,
        "file": file,
    }
    back = ("case_files", reference)
    return _asked(request, form, act, values, back=back, place_of=f"paper-{code}")
