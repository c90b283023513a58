"""The papers of an application: what is asked for, what lies there, what may come in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from forms import gate, papers
from forms.schema import Attachment, Section
from workflows.assessment import Assessment
from workflows.drawing import DRAWN
from workflows.errors import CaseError, FileRefused, NotReopened, StoreFull
from workflows.models import Case, Evidence, File, Upload, User
from workflows.models.case import State
from workflows.models.evidence import Validity
from workflows.stages import attaching, intake, library, reopening, submission, uploading
from workflows.views import downloads
from workflows.views.applicant.flags import Flag, flags
from workflows.views.applicant.own import editable, own_case, see_other
from workflows.views.guards import KnownRequest
from workflows.views.refusals import sentence

ACCEPT = ",".join(sorted(gate.KINDS))
CORRECTION = "correction"  # where the reader came from
AT_ONCE = 20  # files of one request (reliability 4.3)


@dataclass(frozen=True)
class Row:
    """One paper of the list."""

    attachment: Attachment
    required: bool
    files: Sequence[File]
    flags: Sequence[Flag] = ()
    open: bool = False  # whether files may be added and taken out now
    errors: list[str] = field(default_factory=list)
    broken: list[Upload] = field(default_factory=list)  # uploads that broke off
    validities: Mapping[str, Validity] = field(default_factory=dict)  # of its files, by digest
    library: list[Evidence] = field(default_factory=list)  # what may be attached from there

    @property
    def input(self) -> str:
        """The name of the control that uploads this paper."""
        return f"file-{self.attachment.code}"

    @property
    def missing(self) -> bool:
        """Whether the office will ask for it: required, not there, not fetched by the office."""
        return self.required and not self.files and not self.attachment.obtainable_by_sharing

    @property
    def to_correct(self) -> bool:
        """Whether an item of the correction notice was not touched here yet."""
        return any(not flag.changed for flag in self.flags)

    @property
    def fits(self) -> bool:
        """Whether the library holds what was kept from this very paper before."""
        return any(each.code == self.attachment.code for each in self.library)

    @property
    def infected(self) -> bool:
        """Whether a virus was found in a file of it."""
        return any(file.scan == File.Scan.INFECTED for file in self.files)

    @property
    def described_by(self) -> str:
        """The ids of what is said about the control."""
        code = self.attachment.code
        parts = {"e": self.errors, "c": self.flags, "n": self.attachment.note}
        return " ".join(f"paper-{code}-{letter}" for letter, there in parts.items() if there)


def rows(case: Case, found: Assessment, flagged: Sequence[Flag] = ()) -> list[Row]:
    """The papers these answers call for, with the files that lie there; two statements."""
    held: dict[str, list[File]] = {}
    files = list(File.objects.filter(case=case, removed=None).order_by("uploaded", "pk"))
    for file in files:
        held.setdefault(file.code, []).append(file)
    known = library.validities(case.applicant, [file.sha256 for file in files]) if files else {}
    asked, free = papers.papers(found.bound), reopening.opened(case).papers
    return [
        Row(
            each.attachment,
            each.required,
            held.get(each.attachment.code, []),
            [flag for flag in flagged if flag.paper == each.attachment.code],
            each.attachment.code in free,
            validities=known,
        )
        for each in asked
    ]


def expired(listed: Sequence[Row]) -> list[tuple[Attachment, File, date]]:
    """The files that can be replaced now, and whose last day, as the library knows, has passed."""
    return [
        (row.attachment, file, known.until)
        for row in listed
        if row.open
        for file in row.files
        if (known := row.validities.get(file.sha256)) and known.state == "expired" and known.until
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
    uploads = sent(request, listed)
    taken, status = 0, 422 if any(row.errors for row in listed) else 200
    for row, upload in uploads:
        refusal = take(case, row, upload, request.user)
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
    came = request.POST.get("back") == CORRECTION and case.state == State.RETURNED
    return see_other("case_correction" if came else "case_files", reference)


def sent(request: KnownRequest, listed: Sequence[Row]) -> list[tuple[Row, "UploadedFile[bytes]"]]:
    """What came with the request; what is too much for one says so at its row."""
    uploads = [(row, each) for row in listed for each in request.FILES.getlist(row.input)]
    for row, each in uploads[AT_ONCE:]:
        row.errors.append(too_many(each.name))
    return uploads[:AT_ONCE]


def too_many(name: str | None) -> str:
    """What is said of the file ``name`` when more came than one request may bring."""
    words = gettext("“%(name)s” was not taken: send at most %(most)d files at once")
    return words % {"name": name, "most": AT_ONCE}


def take(case: Case, row: Row, upload: "UploadedFile[bytes]", by: User) -> CaseError | None:
    """Attach one upload, or say why it may not come in."""
    name, size = upload.name or "", upload.size or 0
    try:
        intake.expect(name, size)  # before anything is read
        attaching.attach(case, code=row.attachment.code, name=name, data=upload.read(), by=by)
    except (FileRefused, NotReopened, StoreFull) as refusal:
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
    _continue(case, listed, request.user)
    _offer(case, listed)
    values = {
        "case": case,
        "rows": listed,
        "missing": sum(row.missing for row in listed),
        "expired": expired(listed),
        "editable": editable(case),
        "returned": case.state == State.RETURNED,
        "back": request.POST.get("back") or request.GET.get("back", ""),
        "errors": errors,
        "accept": ACCEPT,
        "largest": gate.LARGEST // 1024**2,
        "piece": uploading.PIECE,
    }
    return render(request, "workflows/applicant/files.html", values, status=status)


def _continue(case: Case, listed: Sequence[Row], by: User) -> None:
    """Put the uploads of ``by`` that broke off to their papers."""
    places = {row.attachment.code: row for row in listed if row.open}
    for upload in Upload.objects.filter(case=case, by=by, file=None).order_by("begun"):
        if upload.code in places:
            places[upload.code].broken.append(upload)


def _offer(case: Case, listed: Sequence[Row]) -> None:
    """Put what lies in the library to the papers; what was kept from one stands first there."""
    places = [row for row in listed if row.open]
    shelf = library.shelf([case.applicant_id]) if places else []
    for row in places:
        code, there = row.attachment.code, {file.sha256 for file in row.files}
        offered = [each for each in shelf if each.sha256 not in there]
        row.library.extend(sorted(offered, key=lambda each: each.code != code))


# --- one file -----------------------------------------------------------------------------------
@login_required
@require_safe
def case_file(request: KnownRequest, reference: str, code: str, digest: str) -> HttpResponse:
    """Send one attached file back, as a download only."""
    return send(own_case(request, reference), code, digest)


def send(case: Case, code: str, digest: str) -> HttpResponse:
    """A file of ``case`` as a download; 404 for one that is not there."""
    return downloads.send(downloads.attached(case, code, digest))


@login_required
@require_safe
def case_file_view(request: KnownRequest, reference: str, code: str, digest: str) -> HttpResponse:
    """Show what is known of one attached file, and its pages as pictures."""
    case = own_case(request, reference)
    file = downloads.attached(case, code, digest)
    pages = Paginator(range(1, max(1, file.pages) + 1), 1)
    values = {
        "case": case,
        "file": file,
        "paper": next((each for each in case.rules.form.attachments if each.code == code), code),
        "validity": library.validities(case.applicant, [digest]).get(digest),
        "drawn": file.available and file.kind in DRAWN,
        "page": pages.get_page(request.GET.get("page")),
    }
    return render(request, "workflows/applicant/file.html", values)


@login_required
@require_safe
def case_file_page(
    request: KnownRequest, reference: str, code: str, digest: str, number: int
) -> HttpResponse:
    """Send a picture of one page of an attached file."""
    file = downloads.attached(own_case(request, reference), code, digest)
    return downloads.picture(file, number)


@login_required
@require_POST
def case_file_remove(request: KnownRequest, reference: str, code: str, digest: str) -> HttpResponse:
    """Take one file out of the draft; what was filed before keeps it."""
    case = own_case(request, reference)
    file = get_object_or_404(File, case=case, code=code, sha256=digest, removed=None)
    attaching.detach(case, file=file, by=request.user)
    messages.success(request, gettext("“%(name)s” was removed") % {"name": file.name})
    return see_other("case_files", reference, place=f"paper-{code}")
