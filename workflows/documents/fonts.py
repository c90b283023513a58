"""The typefaces of every paper: our own, found through a private fontconfig.

Fonts installed on the machine never reach a document, so the same words give the same bytes
everywhere. They are shipped as WOFF2 and unpacked once, since WeasyPrint embeds TrueType.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from django.conf import settings

from workflows.documents.errors import FontsBroken

SHIPPED = Path(__file__).resolve().parent.parent / "fonts"
SERIF = "Noto Serif SC"
SANS = "Noto Sans SC"

CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <reset-dirs/>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <alias binding="same"><family>serif</family><prefer><family>{serif}</family></prefer></alias>
  <alias binding="same"><family>sans-serif</family><prefer><family>{sans}</family></prefer></alias>
</fontconfig>
"""


@contextmanager
def chosen() -> Iterator[None]:
    """While this is open, fontconfig finds our typefaces and no others.

    Afterwards the environment is as before, so that programs started by this process (a browser,
    say) keep their own fonts. Raises ``FontsBroken`` for a damaged font.
    """
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(install(settings.HENG_VAR))
    try:
        yield
    finally:
        del os.environ["FONTCONFIG_FILE"]
        if before is not None:
            os.environ["FONTCONFIG_FILE"] = before


def install(var: Path) -> Path:
    """Unpack the typefaces into ``var/fonts`` and return the configuration ``var/fonts.conf``.

    Fontconfig takes a missing configuration for a wish to see all fonts of the machine, so what
    is returned was just written or read.
    """
    configuration = var / "fonts.conf"
    text = CONFIGURATION.format(
        fonts=escape(str(unpack(var / "fonts"))),
        cache=escape(str(var / "fonts" / "cache")),
        serif=SERIF,
        sans=SANS,
    )
    if not configuration.is_file() or configuration.read_text(encoding="utf-8") != text:
        replace(configuration, text)
    return configuration


def unpack(directory: Path) -> Path:
    """Return the folder of unpacked TrueType files, writing it if this release has none yet.

    The folder is named after the manifest and appears by one rename, so that processes that
    start together cannot see half of it.
    """
    target = directory / hashlib.sha256((SHIPPED / "manifest.json").read_bytes()).hexdigest()[:12]
    if not intact(target):
        directory.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=directory) as temporary:
            write(Path(temporary))
            if target.exists() and not intact(target):
                shutil.rmtree(target)
            try:
                Path(temporary).rename(target)
            except OSError:
                if not intact(target):  # not another process's finished work
                    raise
            else:
                Path(temporary).mkdir()  # for TemporaryDirectory to remove
    return target


def write(directory: Path) -> None:
    """Turn every shipped WOFF2 into TrueType and note the hashes beside them."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 -- slow import

    hashes = {}
    for face in manifest()["faces"]:
        source = SHIPPED / face["file"]
        if not source.is_file() or digest(source) != face["sha256"]:
            raise FontsBroken(f"{source.name} is not the file named in the manifest")
        target = directory / f"{source.stem}.ttf"
        font = TTFont(source, recalcTimestamp=False)
        font.flavor = None
        font.save(target)
        hashes[target.name] = digest(target)
    (directory / "unpacked.json").write_text(json.dumps(hashes), encoding="utf-8")


def intact(directory: Path) -> bool:
    """Whether the unpacked files are all there and unchanged."""
    record = directory / "unpacked.json"
    if not record.is_file():
        return False
    hashes = json.loads(record.read_text(encoding="utf-8"))
    return len(hashes) == len(manifest()["faces"]) and all(
        (directory / name).is_file() and digest(directory / name) == value
        for name, value in hashes.items()
    )


def missing(text: str) -> str:
    """Return the characters of ``text`` that no document can show, each once, in order."""
    return "".join(sorted({character for character in text if ord(character) not in coverage()}))


@cache
def coverage() -> frozenset[int]:
    """Return the code points that every face holds: all faces are cut to the same set."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 -- slow import

    held = [TTFont(SHIPPED / face["file"]).getBestCmap() for face in manifest()["faces"]]
    return frozenset.intersection(*map(frozenset, held)) | {ord("\n"), ord("\t")}


@cache
def manifest() -> dict[str, list[dict[str, str]]]:
    """Return the list of shipped faces, with family, weight, SHA-256 and source package."""
    text = (SHIPPED / "manifest.json").read_text(encoding="utf-8")
    faces: dict[str, list[dict[str, str]]] = json.loads(text)
    return faces


def families() -> frozenset[str]:
    """Return the names of the families a document may be set in."""
    return frozenset(face["family"] for face in manifest()["faces"])


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, as hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def replace(path: Path, text: str) -> None:
    """Write a text file so that readers see the old one or the new one, never a part."""
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=path.name, delete=False
    ) as temporary:
        temporary.write(text)
    Path(temporary.name).replace(path)
