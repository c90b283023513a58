"""The papers an applicant filed: which there are, the bytes themselves, and a picture of a page."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from workflows.drawing import DRAWN
from workflows.models import Case, Defence, File, Submission, Supplement
from workflows.views.desk import reach
from workflows.views.downloads import picture, send
from workflows.views.guards import KnownRequest, office


@dataclass(frozen=True)
class Paper:
    """One filed paper under the name the form gives it."""

    file: File
    title: str

    @property
    def drawn(self) -> bool:
        """Whether its pages can be shown."""
        return self.file.kind in DRAWN and self.file.available

    @property
    def pages(self) -> int:
        """How many pictures it has."""
        return max(1, self.file.pages)


def papers(case: Case, filed: Submission) -> list[Paper]:
    """The papers of one submission, in the order of the form; one statement."""
    named = [each["sha256"] for each in filed.files]
    stored = File.objects.filter(case=case, sha256__in=named).order_by("pk")
    known = {(file.code, file.sha256): file for file in stored}
    titles = {each.code: str(each) for each in case.rules.form.attachments}
    order = list(titles)
    found = [
        Paper(known[key], titles.get(key[0], key[0]))
        for key in ((each["code"], each["sha256"]) for each in filed.files)
        if key in known
    ]
    return sorted(found, key=lambda paper: _place(order, paper.file.code))


def _place(order: list[str], code: str) -> int:
    return order.index(code) if code in order else len(order)


# --- pages --------------------------------------------------------------------------------------
@office(*reach.READERS)
@require_safe
def file(request: KnownRequest, pk: int) -> HttpResponse:
    """Send one filed paper, as a download that no browser runs anything of."""
    return send(_filed(request, pk))


@office(*reach.READERS)
@require_safe
def file_page(request: KnownRequest, pk: int, number: int) -> HttpResponse:
    """Send a picture of one page of a filed paper."""
    return picture(_filed(request, pk), number)


def _filed(request: KnownRequest, pk: int) -> File:
    """The file, if it was filed with a case the reader may open; a draft's is the applicant's."""
    files = File.objects.filter(case__in=reach.cases(request.user))
    found: File = get_object_or_404(files, pk=pk)
    submissions = Submission.objects.filter(case=found.case_id).values_list("files", flat=True)
    answers = Supplement.objects.filter(case=found.case_id).values_list("files", flat=True)
    stated = Defence.objects.filter(case=found.case_id).values_list("files", flat=True)
    handed_in = (*submissions, *answers, *stated)
    named = {(each["code"], each["sha256"]) for files in handed_in for each in files}
    if (found.code, found.sha256) not in named:
        raise Http404
    return found
