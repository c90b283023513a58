"""Whether the inside of a file is what its kind allows: PDF, images, DOCX and XLSX.

The files come from strangers, so it runs in a process of its own with little memory and time
(`python -m forms.structure pdf < file`), imports no Django, and names what is wrong by a word.
"""

import io
import json
import re
import resource
import stat
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
from PIL import Image, ImageFile

MOST_PAGES = 2000
MOST_OBJECTS = 400_000
MOST_PIXELS = 60_000_000
MOST_PARTS = 2000
MOST_UNPACKED = 100 * 1024 * 1024  # bytes, counted while reading
MOST_RATIO = 200  # unpacked to packed
MEMORY = 1024 * 1024 * 1024  # bytes
SECONDS = 10  # of processor time
MAIN_PART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
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
EXTERNAL = re.compile(
    rb"<(?:\w+:)?Relationship\b[^>]*\bTargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE
)
HYPERLINK = re.compile(rb"\bType\s*=\s*[\"'][^\"']*/hyperlink[\"']")


class Flaw(Exception):
    """What is wrong, as a word the gate has a sentence for."""

    def __init__(self, word: str, **facts: int) -> None:
        super().__init__(word)
        self.word = word
        self.facts = facts


def examine(kind: str, data: bytes) -> int:
    """Give the number of pages (0 where a kind has none); raise Flaw."""
    try:
        return EXAMINERS[kind](data)
    except Flaw:
        raise
    except MemoryError as error:
        raise Flaw("heavy") from error
    except Exception as error:  # parsers of hostile files raise whatever they stumble over
        raise Flaw("damaged") from error


def _pdf(data: bytes) -> int:
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
            _harmless(dictionary)
        pages = len(document.pages)
    if not pages:
        raise Flaw("no_pages")
    if pages > MOST_PAGES:
        raise Flaw("too_many_pages", pages=pages, most=MOST_PAGES)
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


def _harmless(dictionary: Any) -> None:
    action, subtype = str(dictionary.get("/S", "")), str(dictionary.get("/Subtype", ""))
    if "/JS" in dictionary or "/JavaScript" in dictionary or action == "/JavaScript":
        raise Flaw("script")
    if "/XFA" in dictionary:
        raise Flaw("dynamic_form")
    if "/EmbeddedFiles" in dictionary or "/EF" in dictionary or subtype == "/FileAttachment":
        raise Flaw("embedded")
    if "/AA" in dictionary or action in ACTIONS or (subtype in MEDIA and "/Rect" in dictionary):
        raise Flaw("actions")


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


def _office(kind: str) -> Callable[[bytes], int]:
    def examiner(data: bytes) -> int:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            _listing(parts, kind)
            unpacked = 0
            for part in parts:
                unpacked = _part(package, part, unpacked)
            if unpacked > MOST_RATIO * len(data):
                raise Flaw("heavy")
        return 0

    return examiner


def _listing(parts: list[zipfile.ZipInfo], kind: str) -> None:
    """Look at the list of parts before anything is unpacked."""
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS:
        raise Flaw("heavy")
    if len(set(names)) != len(names) or any(_outside(part) for part in parts):
        raise Flaw("damaged")
    if any(part.flag_bits & 1 for part in parts):
        raise Flaw("password")
    if not {"[Content_Types].xml", MAIN_PART[kind]} <= set(names):
        raise Flaw("other_kind")
    for name in map(str.lower, names):
        if name.endswith(("vbaproject.bin", ".js", ".vbs", ".exe", ".dll")) or "/activex/" in name:
            raise Flaw("script")
        if "/embeddings/" in name or "/externallinks/" in name:
            raise Flaw("embedded")


def _outside(part: zipfile.ZipInfo) -> bool:
    """Tell whether unpacking a part would write outside its folder."""
    name = part.filename
    path = name.replace("\\", "/")
    link = stat.S_ISLNK(part.external_attr >> 16)
    return (
        link
        or "\\" in name
        or path.startswith("/")
        or ":" in path
        or ".." in path.split("/")
        or "\0" in part.orig_filename
    )


def _part(package: zipfile.ZipFile, part: zipfile.ZipInfo, unpacked: int) -> int:
    """Unpack one part, counting; look for what an office document must not do."""
    markup = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    kept = bytearray()
    with package.open(part) as stream:
        while block := stream.read(65536):
            unpacked += len(block)
            if unpacked > MOST_UNPACKED:
                raise Flaw("heavy")
            if markup:
                kept += block
    _markup(bytes(kept))
    return unpacked


def _markup(xml: bytes) -> None:
    if xml[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        xml = xml.decode("utf-16").encode()
    if re.search(rb"<!(DOCTYPE|ENTITY)", xml, re.IGNORECASE):
        raise Flaw("damaged")
    if b"macroEnabled" in xml and b"ContentType" in xml:
        raise Flaw("script")
    if any(not HYPERLINK.search(link) for link in EXTERNAL.findall(xml)):
        raise Flaw("embedded")


EXAMINERS: dict[str, Callable[[bytes], int]] = {
    "pdf": _pdf,
    "jpg": _image("JPEG"),
    "png": _image("PNG"),
    "docx": _office("docx"),
    "xlsx": _office("xlsx"),
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
