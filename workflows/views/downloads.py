"""Stored files on their way out: as downloads, which no browser runs anything of."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from workflows import drawing, store
from workflows.errors import FileDamaged, Infected, NotYetScanned
from workflows.models import Case, Evidence, File, PaperScan, Picture

ALONE = "default-src 'none'; sandbox"  # should a browser open it after all
PLAIN = "application/octet-stream"
KINDS = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


# --- files of a case ----------------------------------------------------------------------------
def attached(case: Case, code: str, sha256: str) -> File:
    """The file of ``case`` under a paper; 404 for one that was never there."""
    file = File.objects.filter(case=case, code=code, sha256=sha256).order_by("pk").last()
    if file is None:
        raise Http404
    return file


def send(file: File) -> HttpResponse:
    """Send a file of a case, unless viruses keep it shut; see ``content``."""
    require_open(file)
    return download(file.sha256, file.name, KINDS.get(file.kind, PLAIN))


def picture(file: File, number: int) -> HttpResponse:
    """Send a page as a picture: the one a worker drew, else one drawn now; 404 if there is none."""
    require_open(file)
    if file.kind not in drawing.DRAWN or not 1 <= number <= max(1, file.pages):
        raise Http404
    ready = Picture.objects.filter(of=file.sha256, number=number).first()
    drawn = (
        content(ready.sha256) if ready else drawing.draw(file.kind, number, content(file.sha256))
    )
    if not drawn:
        raise Http404
    return alone(HttpResponse(drawn, "image/webp"))


def require_open(file: File | Evidence) -> None:
    """Refuse what the scanner has not seen, and what it found a virus in."""
    if file.scan == File.Scan.QUARANTINED:
        raise NotYetScanned(name=file.name)
    if file.scan == File.Scan.INFECTED:
        raise Infected(name=file.name)


# --- papers without a row -------------------------------------------------------------------------
def send_paper(sha256: str, name: str) -> HttpResponse:
    """Send a paper that no ``File`` stands for, unless viruses keep it shut; see ``content``."""
    require_open_paper(sha256, name)
    return download(sha256, name)


def require_open_paper(sha256: str, name: str) -> None:
    """Refuse, by content, what the scanner has not seen, and what it found a virus in."""
    scan = PaperScan.objects.filter(of=sha256).values_list("scan", flat=True).first()
    if scan == File.Scan.QUARANTINED:
        raise NotYetScanned(name=name)
    if scan == File.Scan.INFECTED:
        raise Infected(name=name)


# --- bytes --------------------------------------------------------------------------------------


def content(sha256: str) -> bytes:
    """The bytes of a stored file; 404 for one that is gone, ``FileDamaged`` for an altered one."""
    try:
        return store.store().get(sha256)
    except KeyError as lost:
        raise Http404 from lost
    except store.StoreDamaged as damaged:
        raise FileDamaged from damaged


def download(sha256: str, name: str, kind: str = PLAIN) -> HttpResponse:
    """Send a stored file under ``name``; see ``content``."""
    response = HttpResponse(content(sha256), kind)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return alone(response)


def alone(response: HttpResponse) -> HttpResponse:
    """The response as one that may load and run nothing, whatever it holds."""
    response["Content-Security-Policy"] = ALONE
    response["X-Content-Type-Options"] = "nosniff"
    return response
