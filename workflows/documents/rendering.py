"""From HTML of our own templates to PDF/A-3a that is the same, byte for byte, everywhere.

WeasyPrint lays out; nothing is ever fetched; the record of the decision travels inside the file;
a signature field waits where the template has an element with the id ``seal``.
"""

import hashlib
import io
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from html import escape
from logging.handlers import BufferingHandler
from typing import TYPE_CHECKING, Any

from workflows.documents import finishing, fonts
from workflows.documents.errors import (
    FontsBroken,
    ForbiddenResource,
    MissingGlyph,
    ProofFailed,
)

if TYPE_CHECKING:
    from weasyprint import Document
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

RECORD = "record.json"
VARIANT = "pdf/a-3a"
NOWHERE = "https://nowhere.invalid/"  # makes relative addresses absolute, so that they are refused
MEDIA = {"svg": "image/svg+xml", "png": "image/png", "css": "text/css"}

# A FontConfiguration may not be shared by threads, and keeping one is what keeps memory flat.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Rendered:
    """An unsigned document: its bytes, their SHA-256, and how many pages they show."""

    pdf: bytes
    sha256: str
    pages: int


def render(
    html: str,
    *,
    record: bytes,
    title: str,
    created: datetime,
    assets: Mapping[str, bytes] | None = None,
    watermark: str | None = None,
    must_show: Sequence[str] = (),
) -> Rendered:
    """Turn ``html`` into a PDF; the same arguments give the same bytes in any process.

    ``assets`` are the only things ``html`` may refer to, as ``asset:name``, besides ``data:``
    URLs. ``record`` is embedded as ``record.json`` and gives the file its identifier;
    ``watermark`` is printed across every page; ``must_show`` lists what the text of the finished
    file is searched for. Raises ``MissingGlyph``, ``ForbiddenResource``, ``ProofFailed``,
    ``FontsBroken``.
    """
    with _one_at_a_time, no_complaints():
        document = lay_out(html, dict(assets or {}), watermark)
        document.metadata.title = title
        document.metadata.created = created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        document.metadata.modified = document.metadata.created
        pdf = write(document, record, created)
    pages = proof(pdf, must_show)
    return Rendered(pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest(), pages=pages)


def picture(svg: str, *, width: float, height: float) -> bytes:
    """Return an SVG as a one-page PDF of ``width`` by ``height`` mm, to be laid over a page."""
    css = f"@page {{ size: {width}mm {height}mm; margin: 0 }} body {{ margin: 0 }} "
    css += f"img {{ display: block; width: {width}mm; height: {height}mm }}"
    html = f'<html lang="zh"><style>{css}</style><img src="asset:picture.svg" alt="">'
    with _one_at_a_time, no_complaints():
        document = lay_out(html, {"picture.svg": svg.encode()}, watermark=None, variant=None)
        pdf = document.write_pdf()
        check_fonts(document)
    return bytes(pdf)


def lay_out(
    html: str, assets: dict[str, bytes], watermark: str | None, variant: str | None = VARIANT
) -> "Document":
    """Return the laid-out document; nothing outside ``assets`` is read."""
    configuration = font_configuration()
    from weasyprint import CSS, HTML  # noqa: PLC0415 -- slow import
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415 -- slow import

    css = PAGE_CSS
    if watermark:
        assets["watermark.svg"] = watermark_svg(watermark)
        css += WATERMARK_CSS
    fetcher = closed_fetcher(assets)
    try:
        sheet = CSS(string=css, url_fetcher=fetcher, font_config=configuration)
        source = HTML(string=html, url_fetcher=fetcher, base_url=NOWHERE)
        return source.render(font_config=configuration, stylesheets=[sheet], pdf_variant=variant)
    except FatalURLFetchingError as error:  # a BaseException: no wider clause would catch it
        raise ForbiddenResource(str(error)) from None


def write(document: "Document", record: bytes, created: datetime) -> bytes:
    """Return the bytes of a laid-out document with its record inside."""
    from weasyprint import Attachment  # noqa: PLC0415 -- slow import
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415 -- slow import

    moment = created.astimezone(UTC)
    attachment = Attachment(
        file_obj=io.BytesIO(record),
        name=RECORD,
        description="The record this document was made from",
        relationship="Data",
        created=moment,
        modified=moment,
    )
    try:
        pdf = document.write_pdf(
            pdf_variant=VARIANT,
            pdf_identifier=hashlib.sha256(record).hexdigest()[:32].encode(),
            attachments=[attachment],
            finisher=finishing.finish,
        )
    except FatalURLFetchingError as error:  # a BaseException: no wider clause would catch it
        raise ForbiddenResource(str(error)) from None
    check_fonts(document)
    return bytes(pdf)


@contextmanager
def no_complaints() -> Iterator[None]:
    """Whatever WeasyPrint reports as an error, and goes on without, refuses the document.

    It leaves out a picture that it cannot draw, for instance. Raises ``ProofFailed``.
    """
    log = logging.getLogger("weasyprint")
    heard = BufferingHandler(capacity=1000)
    heard.setLevel(logging.ERROR)
    log.addHandler(heard)
    try:
        yield
    finally:
        log.removeHandler(heard)
    if heard.buffer:
        raise ProofFailed("; ".join(record.getMessage() for record in heard.buffer))


def check_fonts(document: "Document") -> None:
    """Refuse a document with a character no face could draw, or set in a face not ours."""
    used = document.fonts.values()
    if lost := sorted({chr(point) for font in used for point in font.missing}):
        raise MissingGlyph("".join(lost))
    if strangers := {font.family for font in used} - fonts.families():
        raise FontsBroken(f"the document is set in {', '.join(sorted(strangers))}")


def proof(pdf: bytes, must_show: Sequence[str]) -> int:
    """Read the finished file with another library; return its pages once it shows its facts."""
    import pypdfium2  # noqa: PLC0415 -- slow import

    try:
        with pypdfium2.PdfDocument(pdf) as document:
            pages = len(document)
            text = squeezed(" ".join(page.get_textpage().get_text_bounded() for page in document))
    except pypdfium2.PdfiumError as error:
        raise ProofFailed(f"the document cannot be read back: {error}") from None
    if lost := [words for words in must_show if squeezed(words) not in text]:
        raise ProofFailed(f"the document does not show {', '.join(lost)}")
    if pages < 1:
        raise ProofFailed("the document has no page")
    return pages


def squeezed(text: str) -> str:
    """Return ``text`` without white space, which line breaks of a layout put anywhere."""
    return "".join(text.split())


@cache
def font_configuration() -> "FontConfiguration":
    """Return this process's one font configuration, with no fonts but ours."""
    with fonts.chosen():  # read once now, and once when WeasyPrint is imported
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 -- slow import

        return FontConfiguration()


def closed_fetcher(assets: Mapping[str, bytes]) -> "URLFetcher":
    """Return a URL fetcher that knows ``asset:`` names and ``data:`` and stops at all else."""
    from weasyprint.urls import (  # noqa: PLC0415 -- slow import
        FatalURLFetchingError,
        URLFetcher,
        URLFetcherResponse,
    )

    class ClosedFetcher(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            scheme, _, name = url.partition(":")
            if scheme.lower() == "data":
                return super().fetch(url, headers)
            if scheme == "asset" and name in assets:
                media = MEDIA.get(name.rpartition(".")[2], "application/octet-stream")
                return URLFetcherResponse(url, assets[name], {"Content-Type": media})
            raise FatalURLFetchingError(f"refused to fetch {url[:200]}")

    return ClosedFetcher(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)


# /Interpolate on images is forbidden by PDF/A, and is WeasyPrint's default.
PAGE_CSS = "img { image-rendering: crisp-edges }"
WATERMARK_CSS = """
@page {
  background-image: url(asset:watermark.svg) !important;
  background-position: center !important;
  background-repeat: no-repeat !important;
  background-size: 210mm 210mm !important;
}
"""


def watermark_svg(words: str) -> bytes:
    """Return the words in pale diagonal rows, 210 by 210 units."""
    rows = "".join(
        f'<text x="{x}" y="{y}">{escape(words)}</text>'
        for y in range(-130, 140, 40)
        for x in (-170 + y % 80, -40 + y % 80, 90 + y % 80)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 210 210">'
        f'<g transform="translate(105 105) rotate(-30)" font-family="{fonts.SANS}" '
        f'font-size="10" letter-spacing="2" fill="#b3281c" fill-opacity="0.1">{rows}</g></svg>'
    ).encode()
