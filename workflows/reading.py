"""Reads the words of a file: ``python -m workflows.reading pdf < file``.

The files come from strangers, so it runs in a process of its own with little memory and time, reads
standard input, writes standard output and imports no Django. Pictures of writing are not read.
"""

import io
import re
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from xml.parsers import expat  # nosec B405 -- any DOCTYPE is refused, so no entity is ever declared

import pypdfium2

MOST = 200_000  # characters of a file
MOST_PAGES = 5_000
MEMORY = 768 * 1024 * 1024  # bytes
SECONDS = 30  # of processor time
BLOCK = 65536  # bytes
PAGE = "\f"  # ends a page
WORD = re.compile(r"word/(document|footnotes|endnotes|header\d*|footer\d*)\.xml")
SHEETS = re.compile(r"xl/(sharedStrings|worksheets/sheet\d+)\.xml")
PARTS = {"docx": WORD, "xlsx": SHEETS}
SAID = {"docx": {"t"}, "xlsx": {"t", "v"}}  # elements whose text a reader sees
ENDS = {"p", "tab", "br", "si", "c", "row"}  # elements after which a new word begins


def read(kind: str, data: bytes) -> Iterator[str]:
    """Give the words of ``data`` piece by piece, in the order of the file; `PAGE` ends a page."""
    return READERS[kind](data)


# --- PDF ------------------------------------------------------------------------------------------
def _pdf(data: bytes) -> Iterator[str]:
    for page in islice(pypdfium2.PdfDocument(data), MOST_PAGES):
        yield page.get_textpage().get_text_bounded().replace(PAGE, " ")
        yield PAGE


# --- Office files -------------------------------------------------------------------------------
def _package(kind: str) -> Callable[[bytes], Iterator[str]]:
    def read_package(data: bytes) -> Iterator[str]:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            for name in sorted(filter(PARTS[kind].fullmatch, package.namelist())):
                with package.open(name) as part:
                    markup = _Markup(SAID[kind])
                    while block := part.read(BLOCK):
                        yield from markup.read(block)

    return read_package


class _Markup:
    """What the text of some elements says, block by block; no numbers of shared strings."""

    def __init__(self, said: set[str]) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._stop
        self._parser.CharacterDataHandler = self._text
        self._said, self._inside, self._shared = said, False, False
        self._found: list[str] = []

    def read(self, block: bytes) -> list[str]:
        """Take the next bytes and give what they say; raises `expat.ExpatError` for no XML."""
        self._parser.Parse(block, False)
        found, self._found = self._found, []
        return found

    def _doctype(self, *_: object) -> None:
        raise ValueError("no file of an office program declares a document type")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "c":
            self._shared = attributes.get("t") == "s"
        self._inside = local in self._said and not (local == "v" and self._shared)

    def _stop(self, name: str) -> None:
        self._inside = False
        if name.rpartition(" ")[2] in ENDS:
            self._found.append("\n")

    def _text(self, text: str) -> None:
        if self._inside:
            self._found.append(text)


READERS: Mapping[str, Callable[[bytes], Iterator[str]]] = {
    "pdf": _pdf,
    "docx": _package("docx"),
    "xlsx": _package("xlsx"),
}


def main() -> None:
    """Read what comes in; any failure ends the process with a code, after the words before it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    left = MOST
    for piece in read(sys.argv[1], sys.stdin.buffer.read()):
        sys.stdout.buffer.write(piece[:left].encode(errors="ignore"))
        left -= len(piece)
        if left <= 0:
            return


if __name__ == "__main__":
    main()
