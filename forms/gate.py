"""The file gate: what an applicant may upload.

`check` looks at the name, the size, the first bytes and the structure, and believes neither the
extension nor the browser. It starts a process and takes a tenth of a second or more: call it before
a transaction begins. `expect` says as much as a name and a size can tell before the bytes come.
Scanning for viruses and storing come after it.
"""

import hashlib
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import BoundedSemaphore
from typing import Any

from forms.refusals import SENTENCES

LARGEST = 20 * 1024 * 1024  # bytes
LONGEST_NAME = 150  # characters
PATIENCE = 20  # seconds for the look inside
AT_ONCE = BoundedSemaphore(2)  # looks inside by one process: each may take much memory
KINDS = {
    ".pdf": "pdf",
    ".jpg": "jpg",
    ".jpeg": "jpg",
    ".png": "png",
    ".docx": "docx",
    ".xlsx": "xlsx",
}
FIRST_BYTES = {
    "pdf": b"%PDF-",
    "jpg": b"\xff\xd8\xff",
    "png": b"\x89PNG\r\n\x1a\n",
    "docx": b"PK\x03\x04",
    "xlsx": b"PK\x03\x04",
}
OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # .doc and .xls, and DOCX or XLSX with a password
ARCHIVES = {".zip", ".rar", ".7z", ".gz", ".tar", ".tgz", ".bz2", ".xz"}
ADVICE = {
    ".doc": "old_word",
    ".xls": "old_excel",
    ".heic": "heic",
    ".ofd": "ofd",
    **dict.fromkeys(ARCHIVES, "archive"),
}
PROGRAM = re.compile(
    r"\.(app|bat|cmd|com|cpl|dll|docm|exe|hta|html?|jar|jse?|jsp|lnk|msi|php|ps1|py|scr|sh|svg|vb[es]?"
    r"|wsf|xlsm)\.",
    re.IGNORECASE,
)
UNUSABLE = re.compile(
    r'.*[<>:"/\\|?*].*|\..*|.*\.|(con|prn|aux|nul|com\d|lpt\d)(\..*)?', re.IGNORECASE
)
INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs"}  # Unicode categories


class Refused(Exception):
    """The file may not come in; the argument is the sentence for the person who sent it."""


@dataclass(frozen=True)
class Accepted:
    """A file that may come in: its name in NFC, its kind, its pages (0 for DOCX and XLSX)."""

    name: str
    kind: str
    pages: int
    sha256: str


def unknown(digest: str) -> bool:
    """No file is one's own."""
    return False


def check(name: str, data: bytes, own: Callable[[str], bool] = unknown) -> Accepted:
    """Accept a PDF, JPG, PNG, DOCX or XLSX of at most 20 MB; raise Refused with what to do.

    A PDF with a file inside comes in only where ``own`` knows its digest: whoever asks made it.
    """
    name, kind = expect(name, len(data))
    _alike(name, kind, data)
    digest = hashlib.sha256(data).hexdigest()
    if (kind, digest) not in _sound:
        _remember(kind, digest, _look_inside(name, kind, data, lambda: own(digest)))
    return Accepted(name, kind, _sound[kind, digest], digest)


def expect(name: str, size: int) -> tuple[str, str]:
    """Give the name in NFC and the kind of a file of `size` bytes that may come; raise Refused."""
    name = _named(name)
    kind = _kind(name)
    _sized(name, size)
    return name, kind


_sound: dict[tuple[str, str], int] = {}  # files found sound lately, and their pages


def _remember(kind: str, digest: str, pages: int) -> None:
    """Let the same bytes be looked into once: many hand in the same licence again and again."""
    if len(_sound) >= 1000:
        _sound.clear()
    _sound[kind, digest] = pages


def _refused(word: str, name: str, **facts: object) -> Refused:
    return Refused(str(SENTENCES[word]) % {"name": name, **facts})


def _named(name: str) -> str:
    name = unicodedata.normalize("NFC", name).strip()
    if any(unicodedata.category(character) in INVISIBLE for character in name):
        raise _refused("invisible", "")
    if len(name) > LONGEST_NAME:
        raise _refused("long_name", name, count=len(name), most=LONGEST_NAME)
    if UNUSABLE.fullmatch(name):
        raise _refused("bad_name", name)
    return name


def _kind(name: str) -> str:
    extension = PurePosixPath(name).suffix.lower()
    if not extension or PROGRAM.search(name):
        raise _refused("extension", name)
    if extension not in KINDS:
        raise _refused(ADVICE.get(extension, "not_accepted"), name)
    return KINDS[extension]


def _sized(name: str, size: int) -> None:
    if size < 1:
        raise _refused("empty", name)
    if size > LARGEST:
        megabytes = f"{size / 1024**2:.1f}"
        raise _refused("large", name, size=megabytes, most=LARGEST // 1024**2)


def _alike(name: str, kind: str, data: bytes) -> None:
    """Compare the first bytes with the extension."""
    if kind in {"docx", "xlsx"} and data.startswith(OLD_OFFICE):
        raise _refused("password", name)
    if not data.startswith(FIRST_BYTES[kind]):
        raise _refused("other_kind", name)


def _look_inside(name: str, kind: str, data: bytes, own: Callable[[], bool]) -> int:
    """Give the number of pages, found by a process that has little memory and time."""
    answer = _examined(name, kind, data)
    if kind == "pdf" and answer.get("flaw") == "embedded" and own():
        answer = _examined(name, "own_pdf", data)
    if "flaw" in answer:
        raise _refused(answer["flaw"], name, **answer["facts"])
    return int(answer["pages"])


def _examined(name: str, kind: str, data: bytes) -> dict[str, Any]:
    try:
        with AT_ONCE:
            done = subprocess.run(  # noqa: S603 -- our own module, by our own interpreter
                [sys.executable, "-m", "forms.structure", kind],
                input=data,
                capture_output=True,
                timeout=PATIENCE,
                cwd=Path(__file__).resolve().parent.parent,
                check=False,
            )
        answer: dict[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, json.JSONDecodeError):
        raise _refused("heavy", name) from None
    return answer
