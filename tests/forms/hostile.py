"""Files for the gate, good and hostile, made on the spot."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

CONTENT_TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
XML = b'<?xml version="1.0"?><document/>'


# --- PDF ----------------------------------------------------------------------------------------
def pdf(
    change: Callable[[pikepdf.Pdf], None] | None = None, pages: int = 1, **saving: Any
) -> bytes:
    document = pikepdf.new()
    for _page in range(pages):
        document.add_blank_page(page_size=(200, 200))
    if change:
        change(document)
    target = io.BytesIO()
    document.save(target, **saving)
    return target.getvalue()


def in_root(**entries: Any) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        for name, value in entries.items():
            document.Root[f"/{name}"] = value

    return pdf(change)


def on_page(**entries: Any) -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        for name, value in entries.items():
            document.pages[0].obj[f"/{name}"] = value

    return pdf(change)


def annotated(**entries: Any) -> bytes:
    box = Array([0, 0, 9, 9])
    note = Dictionary(Type=Name.Annot, Rect=box, **{"Subtype": Name.Link, **entries})
    return on_page(Annots=Array([note]))


def action(kind: str, **entries: Any) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **entries)


def attached() -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.attachments["a.txt"] = b"hello"

    return pdf(change)


def opens_at_page() -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = Array([document.pages[0].obj, Name.Fit])

    return pdf(change)


def escaped_name() -> bytes:
    """Spell /JavaScript with escapes, as those do who know that others search for it."""
    script = in_root(OpenAction=action("JavaScript", JS=String("app.alert(1)")))
    return script.replace(b"/JavaScript", b"/J#61vaScript")


def hidden_in_object_stream() -> bytes:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.Names = document.make_indirect(
            Dictionary(JavaScript=document.make_indirect(Dictionary(Names=Array([]))))
        )

    return pdf(change, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def pdf_bomb() -> bytes:
    """Give a PDF of two megabytes whose table of contents unpacks to two gigabytes."""
    packer = zlib.compressobj(9)
    megabyte = packer.compress(b"\0" * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(b"\0" * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)
    table = megabyte + again * 2047 + packer.flush()
    head = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    entries = b"<</Type/XRef/Size 9/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>" % len(table)
    stream = b"5 0 obj" + entries + b"stream\n" + table + b"\nendstream endobj\n"
    return head + stream + b"startxref\n%d\n%%%%EOF" % len(head)


# --- images -------------------------------------------------------------------------------------
def image(kind: str, size: tuple[int, int] = (40, 30), mode: str = "RGB", **saving: Any) -> bytes:
    target = io.BytesIO()
    Image.new(mode, size).save(target, kind, **saving)
    return target.getvalue()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + png_chunk(b"IEND", b"")
    )


# --- office documents ---------------------------------------------------------------------------
def office(
    main: str = "word/document.xml", parts: dict[str, bytes] | None = None, **more: bytes
) -> bytes:
    return packed({"[Content_Types].xml": CONTENT_TYPES, main: XML, **(parts or {}), **more})


def packed(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return target.getvalue()


def with_relation(kind: str, mode: str = "External") -> bytes:
    relation = (
        f'<Relationships><Relationship Id="r1" Type="http://x/relationships/{kind}" '
        f'Target="http://example.com/x" TargetMode="{mode}"/></Relationships>'
    )
    return office(parts={"word/_rels/document.xml.rels": relation.encode()})


def with_link() -> bytes:
    link = zipfile.ZipInfo("word/link")
    link.external_attr = 0o120777 << 16
    target = io.BytesIO(office())
    with zipfile.ZipFile(target, "a") as package:
        package.writestr(link, "/etc/passwd")
    return target.getvalue()


def with_twin() -> bytes:
    target = io.BytesIO(office())
    with zipfile.ZipFile(target, "a") as package:
        package.writestr("word/other.xml", XML)
        package.writestr("word/OTHER.xml", XML)
        package.filelist.append(package.filelist[-1])
    return target.getvalue()


def with_flag(flag: int) -> bytes:
    """Set a flag on every entry; 1 says that it is encrypted."""
    data = bytearray(office())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := data.find(signature, start)) >= 0:
            data[start + place] |= flag
            start += 4
    return bytes(data)


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1 :]
