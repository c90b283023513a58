"""More than a thousand files that must not come in, and some that must; the same on every run.

Nothing of it lies in the repository: hostile files are made on the spot, from `hostile` and from
good files that are cut, bent, renamed or glued together.
"""

import gzip
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import openpyxl
import pikepdf
from pikepdf import Array, Dictionary, Encryption, Name, ObjectStreamMode, Stream, String
from PIL import Image, PngImagePlugin

from tests.clamd import EICAR
from tests.forms import documents, hostile
from tests.forms.documents import MAIN
from tests.forms.hostile import action, annotated, image, in_root, office, on_page, packed, pdf

CUTS = 60  # places at which a good file is cut off
PROGRAM = b"MZ\x90\x00" + b"\0" * 60 + b"This program cannot be run in DOS mode.\r\r\n$"
PAGE = b"<!DOCTYPE html><html><script>alert(document.cookie)</script></html>"
SHELL = b"<?php system($_GET['c']); ?>"


@dataclass(frozen=True)
class Sample:
    """One file and what makes it bad."""

    name: str
    data: bytes
    why: str


# --- good ones ----------------------------------------------------------------------------------
@cache
def good() -> dict[str, bytes]:
    """One rich file of every kind, and the oddities that honest programs write."""
    return {
        "报告.pdf": written(),
        "多页.pdf": pdf(pages=40),
        "压缩.pdf": pdf(pages=3, object_stream_mode=ObjectStreamMode.generate),
        "线性.pdf": pdf(pages=3, linearize=True),
        "定位.pdf": hostile.opens_at_page(),
        "链接.pdf": annotated(A=action("URI", URI=String("https://example.com"))),
        "照片.jpg": picture("JPEG"),
        "照片二.jpeg": picture("JPEG", "CMYK"),
        "章.png": picture("PNG", "RGBA"),
        "灰.png": picture("PNG", "L"),
        "说明.docx": document(),
        "外链.docx": hostile.with_relation("hyperlink"),
        "明细.xlsx": workbook(),
        " e\u0301 .png ": image("PNG"),
    }


def written() -> bytes:
    """A PDF whose pages say something, packed as printers pack it."""

    def change(document: pikepdf.Pdf) -> None:
        for number in range(3):
            said = "".join(f"BT /F1 9 Tf 9 {y} Td (row {y * number}) Tj ET\n" for y in range(180))
            document.pages[number].obj.Contents = Stream(document, said.encode())

    return pdf(change, pages=3, compress_streams=True)


def picture(kind: str, mode: str = "RGB") -> bytes:
    """A picture that is not one colour, so that damage shows."""
    target = io.BytesIO()
    Image.effect_noise((120, 90), 60).convert(mode).save(target, kind)
    return target.getvalue()


def document(parts: dict[str, bytes] | None = None, kind: str = "docx") -> bytes:
    """An office document with text."""
    text = b'<?xml version="1.0"?><d>' + b"".join(b"<p>%d</p>" % n for n in range(900)) + b"</d>"
    return office(MAIN[kind], {MAIN[kind]: text, **(parts or {})})


def workbook() -> bytes:
    book, target = openpyxl.Workbook(), io.BytesIO()
    for row in range(1, 90):
        book.active.append([row, f"=A{row}*2", "文字"])
    book.save(target)
    return target.getvalue()


# --- bad ones -----------------------------------------------------------------------------------
def bad() -> Iterator[Sample]:
    """Every file that must be refused."""
    yield from badly_named()
    yield from mislabelled()
    yield from active_pdfs()
    yield from locked_pdfs()
    yield from cut_off()
    yield from bent()
    yield from two_in_one()
    yield from oversized()
    for name, data in documents.hostile_documents():
        yield Sample(name, data, "document")
    yield from infected()


def badly_named() -> Iterator[Sample]:
    """Sound contents under names that deceive, escape or run."""
    endings = [
        "exe", "com", "bat", "cmd", "scr", "msi", "dll", "vbs", "js", "jse", "hta", "ps1", "sh",
        "py", "php", "jsp", "html", "htm", "svg", "xml", "swf", "jar", "lnk", "docm", "xlsm",
        "pptm", "doc", "xls", "ppt", "rtf", "zip", "rar", "7z", "gz", "tar", "tgz", "bz2", "xz",
        "iso", "heic", "ofd", "wps", "et", "gif", "bmp", "tif", "webp", "mp4", "eml", "msg",
        "txt", "csv",
    ]  # fmt: skip
    sound = good()["多页.pdf"]
    for ending in endings:
        yield Sample(f"材料.{ending}", sound, "extension")
        yield Sample(f"材料.{ending.upper()}", sound, "extension")
    for ending in ("exe", "bat", "cmd", "js", "vbs", "php", "html", "svg", "scr", "lnk", "docm"):
        for last in ("pdf", "jpg", "docx"):
            yield Sample(f"材料.{ending}.{last}", sound, "double extension")
    for mark in "\u202e\u202d\u2066\u200b\u200f\ufeff\u0000\u0007\u001b\n\r\t\u0085\ue000":
        yield Sample(f"材{mark}料.pdf", sound, "invisible character")
    for mark in '<>:"/\\|?*':
        yield Sample(f"材{mark}料.pdf", sound, "reserved character")
    for name in ("con", "PRN", "aux", "NUL", "com1", "LPT9"):
        yield Sample(f"{name}.pdf", sound, "device")
    for name in (
        "../a.pdf",
        "/etc/a.pdf",
        "..\\a.pdf",
        "C:a.pdf",
        ".pdf",
        "..pdf",
        "a.pdf.",
        "pdf",
    ):
        yield Sample(name, sound, "path")
    yield Sample("长" * 147 + ".pdf", sound, "length")


def mislabelled() -> Iterator[Sample]:
    """Contents of one kind under the extension of another."""
    told = good()
    sound = {"pdf": told["报告.pdf"], "jpg": told["照片.jpg"], "png": told["章.png"]}
    others = {
        "empty": b"",
        "space": b" \r\n" * 9,
        "program": PROGRAM,
        "elf": b"\x7fELF\x02\x01\x01" + b"\0" * 90,
        "page": PAGE,
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "shell": SHELL,
        "script": b"#!/bin/sh\nrm -rf /\n",
        "gif": image("GIF"),
        "bmp": image("BMP"),
        "tiff": image("TIFF"),
        "webp": image("WEBP"),
        "rar": b"Rar!\x1a\x07\x01\x00" + b"\0" * 90,
        "7z": b"7z\xbc\xaf\x27\x1c" + b"\0" * 90,
        "gzip": gzip.compress(b"text", mtime=0),
        "zip": packed({"a.txt": b"text"}),
        "old office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "words": "材料说明".encode(),
        "postscript": b"%!PS-Adobe-3.0\nshowpage\n",
        "late header": b"\0" * 9 + told["报告.pdf"],
        **sound,
    }
    for ending in ("pdf", "jpg", "jpeg", "png", "docx", "xlsx"):
        for what, data in others.items():
            if what != ending.replace("jpeg", "jpg"):
                yield Sample(f"{what}.{ending}", data, "other kind")
    yield Sample("a.docx", told["明细.xlsx"], "other kind")
    yield Sample("a.xlsx", told["说明.docx"], "other kind")


# --- PDF ----------------------------------------------------------------------------------------
SAVINGS: dict[str, dict[str, Any]] = {
    "plain": {},
    "object streams": {"object_stream_mode": ObjectStreamMode.generate},
    "linear": {"linearize": True},
    "unpacked": {"compress_streams": False, "object_stream_mode": ObjectStreamMode.disable},
}
RUNNING = {
    "JavaScript": {"JS": String("app.alert(1)")},
    "Launch": {"F": String("cmd.exe")},
    "SubmitForm": {"F": String("http://example.com/")},
    "ImportData": {"F": String("data.fdf")},
    "GoToR": {"F": String("\\\\server\\share\\a.pdf")},
    "GoToE": {},
    "Rendition": {},
    "Movie": {},
    "Sound": {},
}


def active_pdfs() -> Iterator[Sample]:
    """Whatever runs, sends, fetches, embeds or plays, wherever it hides and however it is saved."""
    for kind, more in RUNNING.items():
        for where, data in _acting(kind, more):
            for saved, how in SAVINGS.items():
                yield Sample(f"{kind} {where} {saved}.pdf", resaved(data, **how), "action")
    made = {
        "names": hostile.hidden_in_object_stream(),
        "escaped": hostile.escaped_name(),
        "attached": hostile.attached(),
        "xfa": in_root(AcroForm=Dictionary(XFA=String("<xdp/>"), Fields=Array([]))),
        "media": annotated(Subtype=Name.RichMedia),
        "screen": annotated(Subtype=Name.Screen),
        "solid": annotated(Subtype=Name("/3D")),
        "pinned": annotated(Subtype=Name.FileAttachment, FS=Dictionary(F=String("a"))),
        "associated": in_root(AF=Array([Dictionary(EF=Dictionary())])),
    }
    for where, data in made.items():
        for saved, how in SAVINGS.items():
            yield Sample(f"{where} {saved}.pdf", resaved(data, **how), "active content")


def _acting(kind: str, more: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    act = action(kind, **more)
    yield "at opening", in_root(OpenAction=act)
    yield "of the file", in_root(AA=Dictionary(WC=act))
    yield "of a page", on_page(AA=Dictionary(O=act))
    yield "of a link", annotated(A=act)
    yield "after another", annotated(A=action("URI", URI=String("https://a"), Next=act))


def resaved(data: bytes, **how: Any) -> bytes:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        document.save(target, **how)
    return target.getvalue()


def locked_pdfs() -> Iterator[Sample]:
    for level in (2, 3, 4, 6):
        for user in ("", "secret"):
            lock = Encryption(owner="owner", user=user, R=level, metadata=False, aes=level == 6)
            if level < 4:
                lock = Encryption(owner="owner", user=user, R=level, metadata=False, aes=False)
            if level == 4:
                lock = Encryption(owner="owner", user=user, R=4, aes=True)
            if level == 6:
                lock = Encryption(owner="owner", user=user, R=6)
            yield Sample(f"加密 {level} {user}.pdf", pdf(encryption=lock), "password")


# --- damage -------------------------------------------------------------------------------------
def cut_off() -> Iterator[Sample]:
    """Good files that did not arrive whole."""
    for name, data in good().items():
        if name.strip() != name or name in ("多页.pdf", "照片二.jpeg", "灰.png", "外链.docx"):
            continue
        last = len(data) - 40
        for part in range(1, CUTS + 1):
            yield Sample(f"{part} {name}", data[: last * part // CUTS], "cut off")


def bent() -> Iterator[Sample]:
    """Good files with bytes that changed where that can be told."""
    told = good()
    for name in ("章.png", "灰.png"):
        data = told[name]
        body = data.index(b"IDAT") + 8
        step = (len(data) - body - 40) // 40
        for place in range(body, len(data) - 40, step):
            yield Sample(f"{place} {name}", hostile.flipped(data, place), "bent")
    for name in ("说明.docx", "明细.xlsx"):
        data = told[name]
        directory = data.index(b"PK\x01\x02")
        for place in range(120, directory, max(1, directory // 40)):
            yield Sample(f"{place} {name}", _noise(data, place), "bent")
    for number in range(30):
        yield Sample(f"{number} 乱.pdf", b"%PDF-1.7\n" + bytes([number, 255]) * 900, "noise")
        yield Sample(f"{number} 乱.jpg", b"\xff\xd8\xff\xe0" + bytes([number]) * 900, "noise")
        yield Sample(f"{number} 乱.png", hostile.png_chunk(b"IHDR", bytes([number]) * 13), "noise")
        yield Sample(f"{number} 乱.docx", b"PK\x03\x04" + bytes([number]) * 900, "noise")


def _noise(data: bytes, place: int) -> bytes:
    """Bytes inside a packed part overwritten, enough that a checksum cannot miss it."""
    return (
        data[:place] + bytes(byte ^ 0xA5 for byte in data[place : place + 24]) + data[place + 24 :]
    )


def two_in_one() -> Iterator[Sample]:
    """A good file and something else glued together, so that each program reads its own."""
    told = good()
    guests = {
        "zip": packed({"a.js": b"alert(1)"}),
        "docx": told["说明.docx"],
        "rar": b"Rar!\x1a\x07\x01\x00" + b"\0" * 40,
        "7z": b"7z\xbc\xaf\x27\x1c" + b"\0" * 40,
        "program": PROGRAM,
        "elf": b"\x7fELF\x02\x01\x01" + b"\0" * 40,
        "page": PAGE,
        "shell": SHELL,
        "script": b"\n#!/bin/sh\nid\n",
    }
    for name in ("报告.pdf", "照片.jpg", "章.png", "灰.png"):
        for what, guest in guests.items():
            yield Sample(f"{what} {name}", told[name] + guest, "two in one")
    for what, guest in guests.items():
        remark, drawn = PngImagePlugin.PngInfo(), io.BytesIO()
        remark.add_text("Comment", guest.decode("latin-1"))
        Image.new("RGB", (9, 9)).save(drawn, "PNG", pnginfo=remark)
        if what not in ("zip", "docx"):  # a remark is packed or not; those two begin anywhere
            yield Sample(f"{what} 注.png", drawn.getvalue(), "two in one")
            yield Sample(f"{what} 注.jpg", image("JPEG", comment=guest), "two in one")
    for name in ("照片.jpg", "章.png"):
        yield Sample(f"pdf {name}", told[name] + told["报告.pdf"], "two in one")
    for name in ("说明.docx", "明细.xlsx"):
        yield Sample(f"pdf {name}", _pdf_in_package(told[name]), "two in one")


def _pdf_in_package(data: bytes) -> bytes:
    """A package whose first part is an unpacked PDF: it reads as one from its first kilobyte."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        new.writestr("docProps/a.bin", good()["多页.pdf"], zipfile.ZIP_STORED)
        for part in old.namelist():
            new.writestr(part, old.read(part), zipfile.ZIP_DEFLATED)
    return target.getvalue()


def oversized() -> Iterator[Sample]:
    """Small files that unpack to something vast, and files that are vast."""
    yield Sample("炸弹.pdf", hostile.pdf_bomb(), "bomb")
    yield Sample("太多页.pdf", pdf(pages=2001), "pages")
    yield Sample("无页.pdf", pdf(pages=0), "pages")
    for width in range(30_000, 65_000, 2_500):
        yield Sample(f"{width}.png", hostile.png_bomb(width, 60_000), "pixels")
    for kind, main in MAIN.items():
        for size in (30, 60, 90, 110):
            bomb = {"a.bin": b"\0" * size * 1024**2}
            yield Sample(f"{size}.{kind}", office(main, parts=bomb), "bomb")
        many = {f"word/{number}.xml": b"<a/>" for number in range(2100)}
        yield Sample(f"多.{kind}", office(main, parts=many), "parts")
        yield Sample(f"大.{kind}", document(kind=kind) + b"\0" * 21 * 1024**2, "size")
    yield Sample("大.pdf", b"%PDF-1.7\n" + b"0" * 25 * 1024**2, "size")


def infected() -> Iterator[Sample]:
    """Sound files with the test virus inside, for houses that have a scanner."""
    for number in range(5):
        remark, drawn = PngImagePlugin.PngInfo(), io.BytesIO()
        remark.add_text("Comment", EICAR.decode())
        Image.new("RGB", (9 + number, 9)).save(drawn, "PNG", pnginfo=remark)
        yield Sample(f"毒 {number}.png", drawn.getvalue(), "virus")
