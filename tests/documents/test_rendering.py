import hashlib
import io
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.conf import settings
from PIL import Image, ImageChops

from tests.documents.conftest import AT, PAPERS, RECORD, certificate, letter, made
from workflows.documents import papers, qr, rendering
from workflows.documents.errors import ForbiddenResource, MissingGlyph, ProofFailed
from workflows.documents.rendering import squeezed

ROOT = Path(__file__).resolve().parents[2]


def rendered(body: str, **options: object) -> rendering.Rendered:
    """Return a small document with ``body`` in it."""
    facts = {"record": RECORD, "title": "通知", "created": AT}
    return rendering.render(f'<html lang="zh"><body>{body}</body></html>', **(facts | options))


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_bounded() for page in document)


# --- the same bytes -----------------------------------------------------------------------------
ELSEWHERE = """
import django
django.setup()
from tests.documents.conftest import PAPERS, made
print(*[made(make()).sha256 for make in PAPERS.values()])
"""


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_the_same_facts_give_the_same_bytes_in_another_process(seed):
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ
        | {"PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE},
    )

    assert done.stdout.split() == [made(paper()).sha256 for paper in PAPERS.values()]


def test_another_record_or_another_moment_gives_other_bytes():
    shas = {
        rendered("一").sha256,
        rendered("一", record=b"{}").sha256,
        rendered("一", created=datetime(2026, 1, 1, tzinfo=UTC)).sha256,
        rendered("一", title="决定").sha256,
    }

    assert len(shas) == 4


def test_threads_take_turns():
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(rendered("轮流").sha256)) for _ in range(4)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == [rendered("轮流").sha256] * 4


def test_the_hash_is_that_of_the_file():
    paper = rendered("一")

    assert paper.sha256 == hashlib.sha256(paper.pdf).hexdigest()
    assert paper.pages == 1


# --- what is inside -----------------------------------------------------------------------------
def test_the_record_travels_in_the_file_with_fixed_dates():
    with pikepdf.open(io.BytesIO(rendered("一").pdf)) as pdf:
        specification = pdf.attachments["record.json"]
        file = specification.get_file()

        assert file.read_bytes() == RECORD
        assert file.creation_date == file.mod_date == AT
        assert specification.relationship == pikepdf.Name.Data
        assert str(pdf.trailer.ID[0]) == hashlib.sha256(RECORD).hexdigest()[:32]
        assert len(pdf.Root.AF) == 1


def test_the_file_declares_pdf_a_3a_and_pdf_ua_1_and_is_tagged():
    paper = made(letter())

    with pikepdf.open(io.BytesIO(paper.pdf)) as pdf:
        with pdf.open_metadata() as metadata:
            declared = [metadata[f"pdfaid:{key}"] for key in ("part", "conformance")]
            declared.append(metadata["pdfuaid:part"])
            assert declared == ["3", "A", "1"]
            assert metadata["dc:title"] == "申请材料补正告知书 沪产教联办〔2025〕12号"
        assert "/Filter" not in pdf.Root.Metadata
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.Root.Lang) == "zh-hans"


def test_a_signature_field_waits_under_the_seal_and_is_tagged():
    paper = rendered('<div id="seal" style="width: 42mm; height: 42mm"></div>')

    with pikepdf.open(io.BytesIO(paper.pdf)) as pdf:
        (field,) = pdf.Root.AcroForm.Fields
        left, bottom, right, top = map(float, field.Rect)
        element = pdf.Root.StructTreeRoot.ParentTree.Nums[-1]
        assert (field.FT, str(field.T), "/V" in field) == (pikepdf.Name.Sig, "Issuer", False)
        assert (round(right - left), round(top - bottom)) == (119, 119)  # 42 mm
        assert pikepdf.Name.Form == element.S
        assert element.K[0].Obj.objgen == field.objgen


def test_only_our_typefaces_are_embedded():
    with pikepdf.open(io.BytesIO(made(certificate()).pdf)) as pdf:
        names = {
            str(font.BaseFont).rpartition("+")[2]
            for page in pdf.pages
            for font in page.Resources.Font.values()
        }

    assert names == {"Noto-Serif-SC", "Noto-Serif-SC-Bold", "Noto-Sans-SC"}


def test_a_family_that_is_not_ours_is_set_in_one_that_is():
    paper = rendered('<p style="font-family: Arial, monospace">衡 Heng</p>', must_show=["衡 Heng"])

    assert paper.pages == 1


def test_the_watermark_is_on_every_page():
    pages = '<p>一</p><p style="break-before: page">二</p>'

    with pypdfium2.PdfDocument(rendered(pages, watermark="演示 测试").pdf) as document:
        texts = [squeezed(page.get_textpage().get_text_bounded()) for page in document]

    assert ["演示测试" in text for text in texts] == [True, True]
    assert "演" not in text_of(rendered(pages).pdf)


# --- what is refused ----------------------------------------------------------------------------
def test_a_character_no_face_can_draw_is_named():
    with pytest.raises(MissingGlyph, match="生僻字待补字: 𠮷") as refusal:
        rendered("<p>𠮷野家（上海）有限公司</p>")

    assert refusal.value.characters == "𠮷"


def test_a_character_missing_from_a_picture_is_named_too():
    with pytest.raises(MissingGlyph):
        rendering.picture(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text y="9">𠮷</text></svg>',
            width=10,
            height=10,
        )


OUTSIDE = ["file:///etc/hostname", "http://127.0.0.1:1/x", "https://heng.example/x", "ftp://h/x"]
DOORS = [
    '<img src="{}" alt="">',
    '<link rel="stylesheet" href="{}">',
    '<link rel="attachment" href="{}">',
    '<a rel="attachment" href="{}">x</a>',
    '<p style="background: url({})">x</p>',
    "<style>@import url({});</style>",
    "<style>p::before {{ content: url({}) }}</style><p>x</p>",
    "<style>@font-face {{ font-family: x; src: url({}) }}</style>",
    '<object data="{}"></object>',
    '<embed src="{}">',
]


@pytest.mark.parametrize("address", [*OUTSIDE, "asset:unknown.svg"])
@pytest.mark.parametrize("door", DOORS)
def test_nothing_outside_the_document_is_fetched_or_attached(door, address):
    with pytest.raises(ForbiddenResource):
        rendered(door.format(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_picture_that_refers_further_is_refused(address):
    svg = f"""
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">
        <image href="{address}" width="9" height="9"/>
      </svg>
    """

    with pytest.raises(ProofFailed, match="Failed to render SVG image"):
        rendered('<img src="asset:a.svg" alt="a">', assets={"a.svg": svg.encode()})


def test_a_picture_that_cannot_be_read_is_refused():
    with pytest.raises(ProofFailed, match="Failed to load image"):
        rendered('<img src="asset:a.png" alt="a">', assets={"a.png": b"no picture"})


@pytest.mark.parametrize("door", DOORS)
def test_a_relative_address_leads_nowhere(door):
    with pytest.raises(ForbiddenResource, match=r"nowhere\.invalid"):
        rendered(door.format("../../../../etc/hostname"))


def test_an_ordinary_link_is_allowed_since_nothing_is_fetched():
    assert rendered('<a href="https://heng.example/v/1/">查验</a>', must_show=["查验"]).pages == 1


def test_a_document_that_does_not_show_its_facts_is_refused():
    with pytest.raises(ProofFailed, match="沪产教联办"):
        rendered("<p>正文</p>", must_show=["正文", "沪产教联办〔2025〕12号"])


def test_after_a_refusal_the_next_document_is_made():
    with pytest.raises(ForbiddenResource):
        rendered('<img src="http://127.0.0.1:1/x" alt="">')

    assert rendered("一").pages == 1


# --- how it looks -------------------------------------------------------------------------------
def test_page_one_looks_the_same_in_poppler_and_pdfium(issued, tmp_path):
    scale = 100 / 72
    subprocess.run(
        ["pdftoppm", "-r", "100", "-f", "1", "-l", "1", "-png", issued.path, tmp_path / "page"],
        check=True,
    )
    (picture,) = tmp_path.glob("page*.png")
    with pypdfium2.PdfDocument(issued.pdf) as document:
        document.init_forms()
        ours = document[0].render(scale=scale, may_draw_forms=True).to_pil().convert("L")

    theirs = Image.open(picture).convert("L").resize(ours.size)
    difference = ImageChops.difference(ours, theirs)
    share = sum(difference.histogram()[96:]) / (ours.width * ours.height)

    assert share < 0.02
    assert sum(ours.histogram()[:96]) > 2000  # neither is a blank page


def test_the_qr_code_is_drawn_in_squares():
    picture = qr.qr_svg("https://heng.example/v/7KQ4-M2XD/").decode()

    assert picture.startswith("<svg ")
    assert 'viewBox="0 0 37 37"' in picture  # version 3 with its quiet zone


def test_papers_are_made_in_reasonable_time():
    made(letter())
    before = os.times()

    made(letter(number="沪产教联办〔2025〕13号"))

    after = os.times()
    assert after.user + after.system - before.user - before.system < 2


def test_a_paper_that_asks_for_ten_bodies_still_fits_its_seal():
    paper = papers.make(
        letter(bodies=tuple(f"上海市第{n}委员会" for n in "一二三四五六七八九十")),
        record=RECORD,
        created=AT,
    )

    with pikepdf.open(io.BytesIO(paper.pdf)) as pdf:
        left, bottom, right, top = map(float, pdf.Root.AcroForm.Fields[0].Rect)
        _, _, width, height = map(float, pdf.pages[-1].MediaBox)
    assert 0 < left < right < width
    assert 0 < bottom < top < height
