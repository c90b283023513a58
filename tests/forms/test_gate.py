"""The file gate: what comes in, and what each refused file is told."""

import hashlib
import io
import subprocess

import openpyxl
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Encryption, Name, Permissions, String
from PIL import ImageFile

from forms import gate, structure
from forms.gate import Refused, check
from forms.refusals import SENTENCES
from tests.forms import hostile
from tests.forms.hostile import action, annotated, image, in_root, office, on_page, pdf


def workbook() -> bytes:
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active["A1"].hyperlink = "https://example.com/"
    book.save(target)
    return target.getvalue()


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        check(name, data)
    return str(refused.value)


def flaw(kind: str, data: bytes) -> str:
    """Examine without a process of its own, for speed."""
    with pytest.raises(structure.Flaw) as found:
        structure.examine(kind, data)
    return found.value.word


# --- what comes in ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "data", "kind", "pages"),
    [
        ("营业执照.pdf", pdf(pages=3), "pdf", 3),
        ("报告 2024.12（终稿）.PDF", hostile.opens_at_page(), "pdf", 1),
        ("照片.jpeg", image("JPEG"), "jpg", 1),
        ("章.png", image("PNG", mode="RGBA"), "png", 1),
        ("说明.docx", office(), "docx", 0),
        ("明细.xlsx", workbook(), "xlsx", 0),
    ],
)
def test_good_files_come_in(name, data, kind, pages):
    accepted = check(name, data)

    assert (accepted.name, accepted.kind, accepted.pages) == (name, kind, pages)
    assert accepted.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("pdf", in_root(OpenAction=action("GoTo", D=Array([0, Name.Fit])))),
        ("pdf", annotated(A=action("URI", URI=String("https://example.com")))),
        ("pdf", pdf(pages=2000)),
        ("docx", hostile.with_relation("hyperlink")),
        ("docx", hostile.with_relation("image", mode="Internal")),
        ("jpg", image("JPEG", mode="CMYK")),
        ("png", image("PNG", mode="P")),
        ("png", image("PNG", size=(7000, 8000), mode="1")),
    ],
)
def test_harmless_oddities_come_in(kind, data):
    assert structure.examine(kind, data) >= 0


def test_names_are_composed():
    assert check("e\u0301.png", image("PNG")).name == "é.png"


# --- names --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("", "extension"),
        ("报告", "extension"),
        ("a.", "bad_name"),
        (".pdf", "bad_name"),
        ("..pdf", "bad_name"),
        ("../../etc/a.pdf", "bad_name"),
        ("a\\b.pdf", "bad_name"),
        ("a:b.pdf", "bad_name"),
        ("a?.pdf", "bad_name"),
        ("CON.pdf", "bad_name"),
        ("lpt1.pdf", "bad_name"),
        ("a\u202efdp.exe", "invisible"),
        ("a\u200b.pdf", "invisible"),
        ("a\x00.pdf", "invisible"),
        ("a\n.pdf", "invisible"),
        ("\ud800.pdf", "invisible"),
        ("字" * 147 + ".pdf", "long_name"),
        ("a.exe.pdf", "extension"),
        ("a.PHP.pdf", "extension"),
        ("a.exe", "not_accepted"),
        ("a.svg", "not_accepted"),
        ("a.html", "not_accepted"),
        ("a.docm", "not_accepted"),
        ("合集.zip", "archive"),
        ("a.tar.gz", "archive"),
        ("a.doc", "old_word"),
        ("a.xls", "old_excel"),
        ("a.heic", "heic"),
        ("a.ofd", "ofd"),
    ],
)
def test_names_that_cannot_be_kept_are_refused(name, word):
    sentence = refusal(name, pdf())

    beginning = str(SENTENCES[word]).split("%(")[0]
    assert sentence.startswith(beginning)
    assert sentence.endswith(str(SENTENCES[word]).rsplit(")s", 1)[-1].rsplit(")d", 1)[-1])


# --- size and first bytes -----------------------------------------------------------------------
def test_size_has_two_ends():
    assert refusal("a.pdf", b"") == "“a.pdf” is empty; check that the right file was saved"
    assert refusal("a.pdf", b"%PDF-" + b"0" * gate.LARGEST).startswith(
        "“a.pdf” has 20.0 MB and the limit is 20 MB; compress or split it"
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", image("PNG")),
        ("a.png", image("JPEG")),
        ("a.jpg", pdf()),
        ("a.pdf", b"MZ\x90\x00"),
        ("a.pdf", b"<html>"),
        ("a.docx", pdf()),
        ("a.jpg", image("GIF")),
        ("a.png", image("WEBP")),
        ("a.pdf", b"\n" * 900 + pdf()),
        ("a.xlsx", office()),
        ("a.docx", workbook()),
        ("a.docx", hostile.packed({"a.txt": b"x"})),
    ],
)
def test_a_file_is_what_its_extension_says(name, data):
    assert refusal(name, data).startswith(f"“{name}” is not what its extension says")


def test_an_office_file_with_a_password_is_told_so():
    assert "is protected by a password" in refusal("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


# --- PDF ----------------------------------------------------------------------------------------
SCRIPT = action("JavaScript", JS=String("app.alert(1)"))


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (pdf(encryption=Encryption(owner="a", user="b")), "password"),
        (pdf(encryption=Encryption(owner="a", user="")), "password"),
        (
            pdf(encryption=Encryption(owner="a", user="", allow=Permissions(extract=False))),
            "password",
        ),
        (in_root(OpenAction=SCRIPT), "script"),
        (hostile.escaped_name(), "script"),
        (hostile.hidden_in_object_stream(), "script"),
        (in_root(Names=Dictionary(JavaScript=Dictionary(Names=Array([])))), "script"),
        (annotated(A=SCRIPT), "script"),
        (annotated(A=action("GoTo", Next=Array([Array([SCRIPT])]))), "script"),
        (in_root(OpenAction=action("Launch", F=String("cmd.exe"))), "actions"),
        (in_root(OpenAction=action("URI", URI=String("http://example.com"))), "actions"),
        (in_root(OpenAction=action("GoTo", Next=action("URI"))), "actions"),
        (in_root(AA=Dictionary(WC=action("URI"))), "actions"),
        (on_page(AA=Dictionary(O=action("URI"))), "actions"),
        (annotated(A=action("Launch", F=String("cmd.exe"))), "actions"),
        (annotated(A=action("SubmitForm", F=String("http://example.com"))), "actions"),
        (annotated(A=action("ImportData", F=String("a.fdf"))), "actions"),
        (annotated(A=action("GoToR", F=String("//server/share"))), "actions"),
        (annotated(A=action("GoToE")), "actions"),
        (annotated(Subtype=Name.RichMedia), "actions"),
        (annotated(Subtype=Name.Screen), "actions"),
        (annotated(Subtype=Name.Movie), "actions"),
        (annotated(Subtype=Name("/3D")), "actions"),
        (in_root(AcroForm=Dictionary(XFA=String("<xdp/>"), Fields=Array([]))), "dynamic_form"),
        (hostile.attached(), "embedded"),
        (annotated(Subtype=Name.FileAttachment, FS=Dictionary(F=String("a"))), "embedded"),
        (in_root(AF=Array([Dictionary(EF=Dictionary())])), "embedded"),
        (pdf(pages=0), "no_pages"),
        (pdf(pages=2001), "too_many_pages"),
        (b"%PDF-1.7\n", "damaged"),
        (b"%PDF-1.7\n" + b"\xff" * 5000, "damaged"),
        (b"%PDF-1.7\n" + b"[" * 200_000, "damaged"),
    ],
)
def test_a_pdf_is_paper_and_nothing_else(data, word):
    assert flaw("pdf", data) == word


def test_every_flaw_of_a_file_has_its_sentence():
    assert refusal("a.pdf", pdf(pages=2001)) == (
        "“a.pdf” has 2001 pages and the limit is 2000; split it and upload the parts"
    )
    assert refusal("a.pdf", in_root(OpenAction=SCRIPT)) == (
        "“a.pdf” contains a program; print it to a new PDF and upload that one"
    )


# --- images -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "data", "word"),
    [
        ("png", hostile.png_bomb(8000, 8000), "too_many_pixels"),
        ("png", hostile.png_bomb(60_000, 60_000), "too_many_pixels"),
        ("png", hostile.png_bomb(2**31 - 1, 2**31 - 1), "too_many_pixels"),
        ("png", image("PNG")[:50], "damaged"),
        ("png", hostile.flipped(image("PNG"), 20), "damaged"),
        ("jpg", image("JPEG")[:200], "damaged"),
        ("jpg", b"\xff\xd8\xff" + b"\x00" * 500, "damaged"),
        ("jpg", image("PNG"), "damaged"),
        ("png", image("GIF"), "damaged"),
    ],
)
def test_a_picture_is_whole_and_not_vast(kind, data, word):
    assert flaw(kind, data) == word


def test_a_truncated_picture_is_refused_after_a_renderer_allowed_such_pictures(monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    assert flaw("png", image("PNG")[:50]) == "damaged"


# --- office documents ---------------------------------------------------------------------------
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
MACROS = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled"/></Types>'


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (office()[:100], "damaged"),
        (office(parts={"../evil.xml": b""}), "damaged"),
        (office(parts={"/etc/evil.xml": b""}), "damaged"),
        (office(parts={"word\\..\\evil.xml": b""}), "damaged"),
        (office(parts={"c:evil.xml": b""}), "damaged"),
        (hostile.with_link(), "damaged"),
        (hostile.with_twin(), "damaged"),
        (office(parts={"word/a.xml": DOCTYPE}), "damaged"),
        (office(parts={"word/a.xml": DOCTYPE.decode().encode("utf-16")}), "damaged"),
        (hostile.with_flag(1), "password"),
        (office(parts={"word/vbaProject.bin": b"x"}), "script"),
        (office(parts={"word/activeX/activeX1.xml": b"x"}), "script"),
        (office(parts={"[Content_Types].xml": MACROS}), "script"),
        (office(parts={"word/embeddings/oleObject1.bin": b"x"}), "embedded"),
        (office(parts={"xl/externalLinks/externalLink1.xml": b"x"}), "embedded"),
        (hostile.with_relation("attachedTemplate"), "embedded"),
        (hostile.with_relation("oleObject"), "embedded"),
        (office(parts={"word/a.bin": b"\0" * 60_000_000}), "heavy"),
        (office(parts={f"word/{n}.bin": b"\0" * 6_000_000 for n in range(18)}), "heavy"),
        (office(parts={f"word/{n}.xml": b"" for n in range(2000)}), "heavy"),
    ],
)
def test_an_office_document_is_text_and_nothing_else(data, word):
    assert flaw("docx", data) == word


@pytest.mark.parametrize(
    ("kind", "data", "word"),
    [
        ("pdf", pdf() + b"<script>alert(1)</script>", "two_in_one"),
        ("pdf", pdf() + office(), "two_in_one"),
        ("png", image("PNG") + b"<?php phpinfo();", "two_in_one"),
        ("jpg", image("JPEG", comment=b"<script>alert(1)</script>"), "two_in_one"),
        ("jpg", image("JPEG") + pdf(), "two_in_one"),
    ],
)
def test_a_file_is_of_one_kind(kind, data, word):
    assert flaw(kind, data) == word


def test_a_linear_pdf_that_was_cut_off_is_damaged_though_its_first_page_is_there():
    linear = pdf(pages=9, linearize=True)

    assert structure.examine("pdf", linear) == 9
    assert flaw("pdf", linear[:-200]) == "damaged"


def test_a_picture_whose_checksum_is_wrong_is_damaged():
    data = image("PNG", size=(90, 90))

    assert flaw("png", hostile.flipped(data, data.index(b"IEND") - 6)) == "damaged"


def test_an_own_pdf_may_have_a_file_inside_and_nothing_else():
    data, worse = hostile.attached(), annotated(A=action("Launch", F=String("cmd.exe")))
    own = {hashlib.sha256(each).hexdigest() for each in (data, worse)}

    accepted = gate.check("回执.pdf", data, own.__contains__)

    assert accepted.pages == 1
    with pytest.raises(gate.Refused, match="actions"):
        gate.check("回执.pdf", worse, own.__contains__)
    gate._sound.clear()
    with pytest.raises(gate.Refused, match="other files inside"):
        gate.check("回执.pdf", data)


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.mark.parametrize(
    ("xml", "word"),
    [
        ('<r><Relationship Type="x/image" TargetMode="&#69;xternal"/></r>', "embedded"),
        ('<r><Relationship Type="x/image" TargetMode="\nExternal"/></r>', "embedded"),
        ('<r><Relationship Type="x/hyperlink/image" TargetMode="External"/></r>', "embedded"),
        (f'<w:d xmlns:w="{WORD}"><w:instrText>DD</w:instrText>'
         "<w:instrText>EAUTO cmd</w:instrText></w:d>", "actions"),
        (f'<w:d xmlns:w="{WORD}"><w:fldSimple w:instr="DDE cmd"/></w:d>', "actions"),
        (f'<w:d xmlns:w="{WORD}"><w:instrText>INCLUDEPICTURE "http://a"</w:instrText></w:d>',
         "embedded"),
        ("<a><b></a>", "damaged"),
        ("", "damaged"),
    ],
)  # fmt: skip
def test_no_way_of_spelling_hides_what_a_document_does(xml, word):
    assert flaw("docx", office(parts={"word/a.xml": xml.encode()})) == word


def test_a_document_may_speak_of_what_it_does_not_do():
    said = f'<w:d xmlns:w="{WORD}"><w:t>DDE, INCLUDETEXT "http://a"</w:t></w:d>'

    assert structure.examine("docx", office(parts={"word/a.xml": said.encode()})) == 0


# --- before the bytes come ----------------------------------------------------------------------
def test_a_name_and_a_size_are_judged_before_the_bytes_come():
    assert gate.expect("e\u0301.PDF", gate.LARGEST) == ("é.PDF", "pdf")
    for name, size in (("a.exe", 10), ("a.pdf", 0), ("a.pdf", gate.LARGEST + 1)):
        with pytest.raises(Refused):
            gate.expect(name, size)


# --- the process of its own ---------------------------------------------------------------------
def test_a_look_inside_that_takes_too_long_is_a_refusal(monkeypatch):
    def late(*_args: object, **_more: object) -> None:
        raise subprocess.TimeoutExpired("python", gate.PATIENCE)

    monkeypatch.setattr(subprocess, "run", late)

    assert "is too complicated to check" in refusal("a.pdf", pdf())


def test_a_process_that_dies_is_a_refusal(monkeypatch):
    monkeypatch.setattr(gate.sys, "executable", "/bin/false")

    assert "is too complicated to check" in refusal("a.pdf", pdf())


def test_a_file_that_eats_memory_is_refused_in_its_own_process():
    assert refusal("a.pdf", hostile.pdf_bomb()).startswith("“a.pdf” is ")


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("pdf", pdf(pages=2)),
        ("png", image("PNG")),
        ("jpg", image("JPEG")),
        ("docx", office()),
    ],
)
@given(
    blows=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8)
)
def test_a_damaged_copy_is_read_or_refused_and_never_breaks_the_gate(kind, data, blows):
    copy = bytearray(data)
    for place, byte in blows:
        copy[place % len(copy)] = byte

    assert word_for(kind, bytes(copy)) in {"fine", *SENTENCES}


def word_for(kind: str, data: bytes) -> str:
    try:
        structure.examine(kind, data)
    except structure.Flaw as found:
        return found.word
    return "fine"


def test_the_sentences_speak_chinese_too():
    with translation.override("zh-hans"):
        assert "%" not in refusal("a.zip", b"x")
