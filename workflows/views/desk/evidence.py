"""The papers an applicant filed: which there are, the bytes themselves, and a picture of a page.

A page of the house shows evidence as pictures only; the original leaves it as a download.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from workflows.models import Case, File, Submission
from workflows.views.desk import reach
from workflows.views.downloads import PLAIN, alone, content, download
from workflows.views.guards import KnownRequest, office

PATIENCE = 20  # seconds
DRAWN = frozenset({"pdf", "jpg", "png"})
KINDS = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Paper:
    """One filed paper under the name the form gives it."""

    file: File
    title: str

    @property
    def drawn(self) -> bool:
        """Whether its pages can be shown."""
        return self.file.kind in DRAWN

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
    found = _filed(request, pk)
    return download(found.sha256, found.name, KINDS.get(found.kind, PLAIN))


@office(*reach.READERS)
@require_safe
def file_page(request: KnownRequest, pk: int, number: int) -> HttpResponse:
    """Send a picture of one page of a filed paper."""
    found = _filed(request, pk)
    if found.kind not in DRAWN or not 1 <= number <= max(1, found.pages):
        raise Http404
    picture = draw(found.kind, number, content(found.sha256))
    if not picture:
        raise Http404
    return alone(HttpResponse(picture, "image/webp"))


def _filed(request: KnownRequest, pk: int) -> File:
    """The file, if it was filed with a case the reader may open; a draft's is the applicant's."""
    files = File.objects.filter(case__in=reach.cases(request.user))
    found: File = get_object_or_404(files, pk=pk)
    submissions = Submission.objects.filter(case=found.case_id).values_list("files", flat=True)
    named = {(each["code"], each["sha256"]) for files in submissions for each in files}
    if (found.code, found.sha256) not in named:
        raise Http404
    return found


def draw(kind: str, number: int, data: bytes) -> bytes:
    """A page as WebP, drawn by a process that has little memory and time; empty if it cannot."""
    try:
        done = subprocess.run(  # noqa: S603 -- our own module, by our own interpreter
            [sys.executable, "-m", "workflows.views.desk.picture", kind, str(number)],
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            cwd=Path(__file__).resolve().parents[3],
            check=False,
        )
    except subprocess.TimeoutExpired:
        return b""
    return done.stdout if done.returncode == 0 else b""
