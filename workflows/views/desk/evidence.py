"""The papers an applicant filed: which there are, the bytes themselves, and a picture of a page."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from workflows import texts
from workflows.drawing import DRAWN
from workflows.models import Case, Defence, File, Reading, Submission, Supplement
from workflows.views.desk import reach
from workflows.views.downloads import picture, send
from workflows.views.guards import KnownRequest, office


@dataclass(frozen=True)
class Paper:
    """One filed paper under the name the form gives it, and what was read in it."""

    file: File
    title: str
    read: int | None = None  # pages; None where nothing was read
    worded: int = 0  # of them with text
    found: Mapping[str, tuple[int, int, int]] = field(default_factory=dict, hash=False)

    @property
    def drawn(self) -> bool:
        """Whether its pages can be shown."""
        return self.file.kind in DRAWN and self.file.available

    @property
    def pages(self) -> int:
        """How many pictures it has."""
        return max(1, self.file.pages)

    @property
    def textless(self) -> int:
        """How many of its pages have no text, as far as that is known."""
        if self.file.kind in DRAWN - texts.READ:
            return self.pages
        return self.pages - self.worded if self.read else 0


def papers(case: Case, filed: Submission) -> list[Paper]:
    """The papers of one submission, in the order of the form; one statement."""
    named = [each["sha256"] for each in filed.files]
    read = Reading.objects.filter(case=case, sha256=OuterRef("sha256"))
    known = {f"read_{name}": Subquery(read.values(name)) for name in ("pages", "worded", "found")}
    stored = File.objects.filter(case=case, sha256__in=named).order_by("pk").annotate(**known)
    there = {(file.code, file.sha256): file for file in stored}
    titles = {each.code: str(each) for each in case.rules.form.attachments}
    order = list(titles)
    found = [
        _paper(there[key], titles.get(key[0], key[0]))
        for key in ((each["code"], each["sha256"]) for each in filed.files)
        if key in there
    ]
    return sorted(found, key=lambda paper: _place(order, paper.file.code))


def _paper(file: File, title: str) -> Paper:
    told = vars(file)
    if told["read_pages"] is None:
        return Paper(file, title)
    return Paper(file, title, told["read_pages"], told["read_worded"], told["read_found"])


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
