"""The inside of DOCX and XLSX: text and pictures, nothing that runs, fetches or unpacks for ever.

Used by `forms.structure` only, in its process of little memory and time; imports no Django.
"""

import io
import re
import stat
import zipfile
from collections.abc import Callable, Mapping
from xml.parsers import expat  # nosec B405 -- any DOCTYPE is refused, so no entity is ever declared

from forms.flaws import Flaw

MOST_PARTS = 2000
MOST_UNPACKED = 100 * 1024 * 1024  # bytes, counted while reading
MOST_RATIO = 200  # unpacked to packed
BLOCK = 65536  # bytes
MAIN_PART = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
PROGRAMS = (
    "vbaproject.bin", ".js", ".jse", ".vbs", ".vbe", ".exe", ".dll", ".bat", ".cmd", ".com", ".scr",
    ".hta", ".ps1", ".lnk", ".jar", ".swf", ".msi",
)  # fmt: skip
PROGRAM_FOLDERS = ("/activex/", "/macrosheets/", "/dialogsheets/")
OTHER_FILES = (
    ".htm", ".html", ".mht", ".mhtml", ".rtf", ".docx", ".xlsx", ".pptx", ".docm", ".xlsm", ".pdf",
    ".zip", ".rar", ".7z",
)  # fmt: skip
OTHER_FOLDERS = ("/embeddings/", "/externallinks/", "/querytables/")
CONNECTIONS = "xl/connections.xml"
RUNS = re.compile(r"\bDDE(AUTO)?\b", re.IGNORECASE)
FETCHES = re.compile(r"\bINCLUDE(TEXT|PICTURE)\s+\"?\s*(https?:|file:|\\\\)", re.IGNORECASE)


def examiner(kind: str) -> Callable[[bytes], int]:
    """Give what examines a package of `kind`; it has no pages of its own, so it answers 0."""

    def examine(data: bytes) -> int:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            _listing(parts, kind)
            unpacked = 0
            for part in parts:
                unpacked = _part(package, part, unpacked)
            if unpacked > MOST_RATIO * len(data):
                raise Flaw("heavy")
        return 0

    return examine


# --- before anything is unpacked ----------------------------------------------------------------
def _listing(parts: list[zipfile.ZipInfo], kind: str) -> None:
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS:
        raise Flaw("heavy")
    if len(set(names)) != len(names) or any(_outside(part) for part in parts):
        raise Flaw("damaged")
    if any(part.flag_bits & 1 for part in parts):
        raise Flaw("password")
    if not {"[Content_Types].xml", MAIN_PART[kind]} <= set(names):
        raise Flaw("other_kind")
    for name in names:
        _named(f"/{name.lower()}")


def _named(name: str) -> None:
    if name.endswith(PROGRAMS) or any(folder in name for folder in PROGRAM_FOLDERS):
        raise Flaw("script")
    if name.endswith((*OTHER_FILES, CONNECTIONS)) or any(each in name for each in OTHER_FOLDERS):
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


# --- one part -----------------------------------------------------------------------------------
def _part(package: zipfile.ZipFile, part: zipfile.ZipInfo, unpacked: int) -> int:
    """Unpack one part, counting; read it if it is markup."""
    markup = _Markup() if part.filename.lower().endswith((".xml", ".rels")) else None
    with package.open(part) as stream:
        while block := stream.read(BLOCK):
            unpacked += len(block)
            if unpacked > MOST_UNPACKED:
                raise Flaw("heavy")
            if markup:
                markup.read(block)
    if markup:
        markup.end()
    return unpacked


class _Markup:
    """Reads XML as an office program does, so that no way of spelling hides what it says."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._stop
        self._parser.CharacterDataHandler = self._text
        self._field = False  # inside the instruction of a Word field
        self._instructions: list[str] = []

    def read(self, block: bytes) -> None:
        """Take the next bytes; raises `expat.ExpatError` where they are no XML."""
        self._parser.Parse(block, False)

    def end(self) -> None:
        """Judge what the instructions of all fields say, since one may be cut in many pieces."""
        self._parser.Parse(b"", True)
        said = "".join(self._instructions)
        if RUNS.search(said):
            raise Flaw("actions")
        if FETCHES.search(said):
            raise Flaw("embedded")

    def _doctype(self, *_args: object) -> None:
        raise Flaw("damaged")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        element = name.rpartition(" ")[2]
        if element == "Relationship" and _external(attributes):
            raise Flaw("embedded")
        if "macroenabled" in attributes.get("ContentType", "").lower():
            raise Flaw("script")
        if element == "instrText":
            self._field = True
        if element == "fldSimple":
            found = [value for key, value in attributes.items() if key.endswith("instr")]
            self._instructions += [f" {value} " for value in found]

    def _stop(self, name: str) -> None:
        if name.endswith("instrText"):
            self._field = False

    def _text(self, text: str) -> None:
        if self._field:
            self._instructions.append(text)


def _external(attributes: Mapping[str, str]) -> bool:
    """Tell whether a relation fetches something; a link that somebody may press does not."""
    mode, kind = attributes.get("TargetMode", ""), attributes.get("Type", "")
    return mode.strip().lower() == "external" and not kind.endswith("/hyperlink")
