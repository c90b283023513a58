"""Whether the inside of a file is what its kind allows: PDF, images, DOCX and XLSX.

The files come from strangers, so it runs in a process of its own with little memory and time
(`python -m forms.structure pdf < file`), imports no Django, and names what is wrong by a word.
"""

import io
import json
import re
import resource
import struct
import sys
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pikepdf
from PIL import Image, ImageFile

from forms import packages
from forms.flaws import Flaw

MOST_PAGES = 2000
MOST_OBJECTS = 400_000
MOST_PIXELS = 60_000_000
MEMORY = 512 * 1024 * 1024  # bytes; the largest picture takes half of it
SECONDS = 4  # of processor time; the longest sound file takes a tenth of it
PACKAGES = tuple(packages.MAIN_PART)
PDFS = ("pdf", "own_pdf")  # the second is a paper this house made itself, with its record inside
TAIL = 2048  # bytes in which a whole PDF says that it ends, and where its table begins
ENDING = re.compile(rb"startxref\s+0*([1-9]\d*)\s+%%EOF")
MOST_TABLE = 16 * 1024 * 1024  # bytes of a table unpacked, enough for a million objects
# Actions that leave the page: run a program, send data, open other files, play media.
ACTIONS = frozenset(
    {
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToR",
        "/GoToE",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/RichMediaExecute",
    }
)
MEDIA = frozenset({"/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"})
# What no picture has in it: the beginnings of archives, programs and pages, too long to be chance.
FOREIGN = re.compile(
    rb"Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|%PDF-1\.|\x7fELF[\x01\x02]\x01\x01|cannot be run in DOS mode"
    rb"|<\?php|<script\b|<html\b|<!doctype html|#!/bin/",
    re.IGNORECASE,
)


def examine(kind: str, data: bytes) -> int:
    """Give the number of pages (0 where a kind has none); raise Flaw."""
    try:
        _single(kind, data)
        return EXAMINERS[kind](data)
    except Flaw:
        raise
    except MemoryError as error:
        raise Flaw("heavy") from error
    except Exception as error:  # parsers of hostile files raise whatever they stumble over
        raise Flaw("damaged") from error


def _single(kind: str, data: bytes) -> None:
    """Refuse a file that is of a second kind as well: each program would read its own."""
    if kind in PACKAGES:
        double = b"%PDF-" in data[:1024]
    else:
        own = data[data.rfind(b"%%EOF") :] if kind in PDFS else data
        double = FOREIGN.search(own) is not None or zipfile.is_zipfile(io.BytesIO(data))
    if double:
        raise Flaw("two_in_one")


def _pdf(data: bytes, own: bool = False) -> int:
    endings = ENDING.findall(data[-TAIL:])
    if not endings:
        raise Flaw("damaged")  # cut off; what a repair would find is not what was sent
    _table(data, int(endings[-1]))
    try:
        document = pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError as error:
        raise Flaw("password") from error
    with document:
        if document.is_encrypted:
            raise Flaw("password")
        _opening(document.Root)
        for number, dictionary in enumerate(_dictionaries(document)):
            if number > MOST_OBJECTS:
                raise Flaw("heavy")
            _harmless(dictionary, own)
        return _pages(document)


def _table(data: bytes, start: int) -> None:
    """Refuse a table of objects that unpacks without end, before the parser unpacks it whole."""
    place = data.find(b"stream", start, start + TAIL)
    if place < 0:
        return  # a table in words
    unpacker = zlib.decompressobj()
    try:
        unpacker.decompress(data[place + len("stream") :].lstrip(b"\r\n"), MOST_TABLE)
    except zlib.error:
        return  # packed in another way, or not at all: the parser knows
    if unpacker.unconsumed_tail:
        raise Flaw("heavy")


def _pages(document: pikepdf.Pdf) -> int:
    """Count the pages, and read what each one says."""
    pages = len(document.pages)
    if not pages:
        raise Flaw("no_pages")
    if pages > MOST_PAGES:
        raise Flaw("too_many_pages", pages=pages, most=MOST_PAGES)
    for page in document.pages:
        contents = page.obj.get("/Contents")
        for stream in contents if isinstance(contents, pikepdf.Array) else [contents]:
            if isinstance(stream, pikepdf.Stream):
                stream.read_bytes()
    return pages


def _opening(root: Any) -> None:
    """Allow a document to say at which page it opens, and nothing else."""
    action = root.get("/OpenAction")
    if isinstance(action, pikepdf.Dictionary) and (
        action.get("/S") != "/GoTo" or "/Next" in action
    ):
        raise Flaw("script" if action.get("/S") == "/JavaScript" else "actions")


def _dictionaries(document: pikepdf.Pdf) -> Iterator[Any]:
    for top in document.objects:
        waiting = [top]
        while waiting:
            found = waiting.pop()
            if isinstance(found, pikepdf.Stream):
                found = found.stream_dict
            if isinstance(found, pikepdf.Dictionary):
                yield found
                waiting += [value for _key, value in found.items() if _nested(value)]
            elif isinstance(found, pikepdf.Array):
                waiting += [value for value in found if _nested(value)]


def _nested(value: Any) -> bool:
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array) and not value.is_indirect


def _harmless(dictionary: Any, own: bool) -> None:
    action, subtype = str(dictionary.get("/S", "")), str(dictionary.get("/Subtype", ""))
    if "/JS" in dictionary or "/JavaScript" in dictionary or action == "/JavaScript":
        raise Flaw("script")
    if "/XFA" in dictionary:
        raise Flaw("dynamic_form")
    inside = "/EmbeddedFiles" in dictionary or "/EF" in dictionary
    if (inside and not own) or subtype == "/FileAttachment":
        raise Flaw("embedded")
    if "/AA" in dictionary or action in ACTIONS or (subtype in MEDIA and "/Rect" in dictionary):
        raise Flaw("actions")


def _png(data: bytes) -> int:
    place = 8
    while data[place + 4 : place + 8] != b"IEND":
        (size,) = struct.unpack_from(">I", data, place)
        (promised,) = struct.unpack_from(">I", data, place + 8 + size)
        if zlib.crc32(data[place + 4 : place + 8 + size]) != promised:
            raise Flaw("damaged")
        place += 12 + size
    return _image("PNG")(data)


def _image(plugin: str) -> Callable[[bytes], int]:
    def examiner(data: bytes) -> int:
        Image.MAX_IMAGE_PIXELS = MOST_PIXELS
        # WeasyPrint tells Pillow, for the whole process, to fill a broken picture up with grey.
        ImageFile.LOAD_TRUNCATED_IMAGES = False
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            try:
                with Image.open(io.BytesIO(data), formats=[plugin]) as picture:
                    picture.load()
            except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
                raise Flaw("too_many_pixels", most=MOST_PIXELS // 1_000_000) from error
        return 1

    return examiner


EXAMINERS: dict[str, Callable[[bytes], int]] = {
    "pdf": _pdf,
    "own_pdf": partial(_pdf, own=True),
    "jpg": _image("JPEG"),
    "png": _png,
    **{kind: packages.examiner(kind) for kind in PACKAGES},
}


def main() -> None:
    """Examine standard input as the kind named on the command line; answer in one line of JSON."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer: dict[str, Any]
    try:
        answer = {"pages": examine(sys.argv[1], sys.stdin.buffer.read())}
    except Flaw as flaw:
        answer = {"flaw": flaw.word, "facts": flaw.facts}
    print(json.dumps(answer))  # noqa: T201 -- the answer to the gate


if __name__ == "__main__":
    main()
