"""The papers of an application: what is asked for, what lies there, what may come in."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forms import gate, papers
from forms.schema import Attachment, Section
from workflows.assessment import Assessment
from workflows.errors import CaseError, FileRefused, StoreFull
from workflows.models import Case, File, User
from workflows.models.case import State
from workflows.stages import attaching, submission
from workflows.views.applicant.flags import Flag, flags
from workflows.views.applicant.own import editable, own_case, see_other
from workflows.views.downloads import download
from workflows.views.guards import KnownRequest
from workflows.views.refusals import sentence

ACCEPT = ",".join(sorted(gate.KINDS))


@dataclass(frozen=True)
class Row:
    """One paper of the list."""

    attachment: Attachment
    required: bool
    files: Sequence[File]
    flags: Sequence[Flag] = ()
    errors: list[str] = field(default_factory=list)

    @property
    def input(self) -> str:
        """The name of the control that uploads this paper."""
        return f"file-{self.attachment.code}"

    @property
    def missing(self) -> bool:
        """Whether the office will ask for it: required, not there, not fetched by the office."""
        return self.required and not self.files and not self.attachment.obtainable_by_sharing

    @property
    def described_by(self) -> str:
        """The ids of what is said about the control."""
        code = self.attachment.code
        parts = {"e": self.errors, "c": self.flags, "n": self.attachment.note}
        return " ".join(f"paper-{code}-{letter}" for letter, there in parts.items() if there)


def rows(case: Case, found: Assessment, flagged: Sequence[Flag] = ()) -> list[Row]:
    """The papers these answers call for, with the files that lie there; one statement."""
    held: dict[str, list[File]] = {}
    for file in File.objects.filter(case=case, removed=None).order_by("uploaded", "pk"):
        held.setdefault(file.code, []).append(file)
    asked = papers.papers(found.bound)
    return [
        Row(
            each.attachment,
            each.required,
            held.get(each.attachment.code, []),
            [flag for flag in flagged if flag.paper == each.attachment.code],
        )
        for each in asked
    ]


def proofs(case: Case, section: Section, found: Assessment, flagged: Sequence[Flag]) -> list[Row]:
    """The papers that prove answers of ``section``."""
    codes = {each.code for each in section.fields}
    found_rows = rows(case, found, flagged)
    return [row for row in found_rows if codes.intersection(row.attachment.evidence_for)]


# --- the list -----------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def case_files(request: KnownRequest, reference: str) -> HttpResponse:
    """Show every paper asked for; take what is uploaded, each refusal at its own row."""
    case = own_case(request, reference)
    listed = rows(case, submission.weigh(case), flags(case))
    if request.method != "POST":
        return _show(request, case, listed)
    taken, status = 0, 200
    for row in listed:
        for upload in request.FILES.getlist(row.input):
            data = upload.read(gate.LARGEST + 1)
            refusal = _take(case, row, upload.name or "", data, request.user)
            taken += refusal is None
            if refusal is not None:
                row.errors.append(sentence(refusal))
                status = max(status, refusal.status)
    if status == 200 and not taken:
        return _show(request, case, listed, nothing=True, status=422)
    if status != 200:
        fresh = rows(case, submission.weigh(case), flags(case))
        for row, old in zip(fresh, listed, strict=True):
            row.errors.extend(old.errors)
        return _show(request, case, fresh, status=status)
    words = ngettext("%(count)s file attached", "%(count)s files attached", taken)
    messages.success(request, words % {"count": taken})
    return see_other("case_files", reference)


def _take(case: Case, row: Row, name: str, data: bytes, by: User) -> CaseError | None:
    """Attach one upload, or say why it may not come in."""
    try:
        attaching.attach(case, code=row.attachment.code, name=name, data=data, by=by)
    except (FileRefused, StoreFull) as refusal:
        return refusal
    return None


def _show(
    request: KnownRequest,
    case: Case,
    listed: list[Row],
    *,
    nothing: bool = False,
    status: int = 200,
) -> HttpResponse:
    errors = [(f"id_{row.input}", said) for row in listed for said in row.errors]
    if nothing:
        errors.append((f"id_{listed[0].input}" if listed else "", gettext("Choose a file first.")))
    values = {
        "case": case,
        "rows": listed,
        "missing": sum(row.missing for row in listed),
        "editable": editable(case),
        "returned": case.state == State.RETURNED,
        "errors": errors,
        "accept": ACCEPT,
        "largest": gate.LARGEST // 1024**2,
    }
    return render(request, "workflows/applicant/files.html", values, status=status)


# --- one file -----------------------------------------------------------------------------------
@login_required
@require_safe
def case_file(request: KnownRequest, reference: str, code: str, digest: str) -> HttpResponse:
    """Send one attached file back, as a download only."""
    return send(own_case(request, reference), code, digest)


def send(case: Case, code: str, digest: str) -> HttpResponse:
    """A file of ``case`` as a download; 404 for one that is not there."""
    file = File.objects.filter(case=case, code=code, sha256=digest).order_by("pk").last()
    if file is None:
        raise Http404
    return download(file.sha256, file.name)


@login_required
@require_POST
def case_file_remove(request: KnownRequest, reference: str, code: str, digest: str) -> HttpResponse:
    """Take one file out of the draft; what was filed before keeps it."""
    case = own_case(request, reference)
    file = get_object_or_404(File, case=case, code=code, sha256=digest, removed=None)
    attaching.detach(case, file=file, by=request.user)
    messages.success(request, gettext("“%(name)s” was removed") % {"name": file.name})
    return see_other("case_files", reference, place=f"paper-{code}")
