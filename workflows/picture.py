"""Draws pages of a PDF or an image as WebP: ``python -m workflows.picture pdf 2 5 < file``.

The files come from strangers, so it runs in a process of its own with little memory and time, reads
standard input, writes standard output and imports no Django. Each picture follows its length in
four bytes.
"""

import io
import resource
import struct
import sys
from collections.abc import Iterator

import pypdfium2
from PIL import Image, ImageOps

WIDTH = 1100  # pixels: an A4 page is read without enlarging
TALLEST = 4 * WIDTH
MEMORY = 768 * 1024 * 1024  # bytes
SECONDS = 30  # of processor time, for all pages together
MOST_PIXELS = 60_000_000
FORMATS = ("JPEG", "PNG")  # what the gate lets in; Pillow would try fifty more


def draw(kind: str, first: int, last: int, data: bytes) -> Iterator[bytes]:
    """Give pages ``first`` to ``last``, from 1, of ``data`` as WebP, at most ``WIDTH`` wide."""
    if kind != "pdf":
        yield _drawn(_image(data))
        return
    document = pypdfium2.PdfDocument(data)
    for number in range(first, min(last, len(document)) + 1):
        yield _drawn(_page(document, number))


def _drawn(picture: Image.Image) -> bytes:
    picture.thumbnail((WIDTH, TALLEST))
    picture = picture.convert("RGBA")
    sheet = Image.new("RGBA", picture.size, "white")
    sheet.alpha_composite(picture)
    drawn = io.BytesIO()
    sheet.convert("RGB").save(drawn, "WEBP", quality=82)
    return drawn.getvalue()


def _page(document: pypdfium2.PdfDocument, number: int) -> Image.Image:
    page = document[number - 1]
    width, height = page.get_size()
    picture: Image.Image = page.render(scale=min(WIDTH / width, TALLEST / height)).to_pil()
    return picture


def _image(data: bytes) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    picture = Image.open(io.BytesIO(data), formats=FORMATS)
    picture.thumbnail((TALLEST, TALLEST))  # first, so that turning it takes little memory
    return ImageOps.exif_transpose(picture)


def main() -> None:
    """Draw what comes in; any failure ends the process with a code, after the pages before it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    kind, first, last = sys.argv[1:]
    for picture in draw(kind, int(first), int(last), sys.stdin.buffer.read()):
        sys.stdout.buffer.write(struct.pack(">I", len(picture)) + picture)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
