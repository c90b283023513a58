import io
import re

import pikepdf
import pypdfium2
import pytest

from workflows.documents import seal
from workflows.documents.errors import MissingGlyph


def words(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(document[0].get_textpage().get_text_bounded().split())


def test_the_seal_is_round_42_mm_wide_and_drawn_in_lines():
    with pikepdf.open(io.BytesIO(seal.seal_pdf("上海市教育委员会", demo=False))) as pdf:
        (page,) = pdf.pages
        width, height = (float(side) / 72 * 25.4 for side in page.MediaBox[2:])
        pictures = [each for each in page.Resources.XObject.values() if each.Subtype == "/Image"]

    assert (round(width, 1), round(height, 1)) == (42.0, 42.0)
    assert width <= 45  # 印章管理规定
    assert pictures == []


def test_the_name_goes_round_and_a_demonstration_says_so():
    assert "演示样章" in words(seal.seal_pdf("上海市教育委员会", demo=True))
    assert set("上海市教育委员会") == set(words(seal.seal_pdf("上海市教育委员会", demo=False)))


@pytest.mark.parametrize("body", ["办", "上海市教育委员会", "上海市浦东新区" * 5, "Education <&>"])
def test_names_of_any_length_keep_their_distance(body):
    turns = [float(turn) for turn in re.findall(r"rotate\((-?[\d.]+) 50 50\)", seal.ring(body))]

    assert len(turns) == len(body)
    assert turns == sorted(turns)
    assert turns[0] == pytest.approx(-turns[-1], abs=12)
    assert turns[-1] - turns[0] <= seal.WIDEST


def test_the_star_has_five_points_and_stands_upright():
    corners = re.findall(r"(-?[\d.]+) (-?[\d.]+)", seal.star(50, 50, 10))

    assert len(corners) == 10
    assert corners[0] == ("50.000", "40.000")


def test_a_name_that_cannot_be_drawn_is_refused():
    with pytest.raises(MissingGlyph):
        seal.seal_pdf("𠮷县教育局", demo=False)
