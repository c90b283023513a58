"""Draws one page of a PDF or an image as WebP: ``python -m workflows.views.desk.picture pdf 2``.

The files come from strangers, so it runs in a process of its own with little memory and time, reads
standard input, writes standard output and imports no Django.
"""

import io
import resource
import sys

import pypdfium2
from PIL import Image

WIDTH = 1100  # pixels: an A4 page is read without enlarging
TALLEST = 4 * WIDTH
MEMORY = 1024 * 1024 * 1024  # bytes
SECONDS = 10  # of processor time
MOST_PIXELS = 60_000_000


def draw(kind: str, number: int, data: bytes) -> bytes:
    """Give page ``number``, from 1, of ``data`` as WebP, at most ``WIDTH`` wide."""
    picture = _page(number, data) if kind == "pdf" else _image(data)
    picture.thumbnail((WIDTH, TALLEST))
    picture = picture.convert("RGBA")
    sheet = Image.new("RGBA", picture.size, "white")
    sheet.alpha_composite(picture)
    drawn = io.BytesIO()
    sheet.convert("RGB").save(drawn, "WEBP", quality=82)
    return drawn.getvalue()


def _page(number: int, data: bytes) -> Image.Image:
    page = pypdfium2.PdfDocument(data)[number - 1]
    width, height = page.get_size()
    scale = min(WIDTH / width, TALLEST / height)
    picture: Image.Image = page.render(scale=scale).to_pil()
    return picture


def _image(data: bytes) -> Image.Image:
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    return Image.open(io.BytesIO(data))


def main() -> None:
    """Draw what comes in; any failure ends the process with a code and no picture."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    kind, number = sys.argv[1:]
    sys.stdout.buffer.write(draw(kind, int(number), sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
