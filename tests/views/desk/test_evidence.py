"""Filed papers: the original as a download that nothing runs in, pages as pictures."""

import io
from urllib.parse import quote

import pytest
from django.urls import reverse
from PIL import Image

from tests.views.desk.conftest import At
from tests.views.desk.people import desk
from workflows import demo, drawing, store
from workflows.models import Case, File
from workflows.stages import attaching, corrections

WAITING = ["acceptance"]


@pytest.fixture
def paper(at: At) -> File:
    """A filed paper of a case at the window."""
    return File.objects.get(case=at("acceptance").case, code="three_year_plan")


def test_the_original_leaves_as_a_download_only(paper: File, cast: demo.Cast) -> None:
    answer = desk(cast.window).get(reverse("file", args=[paper.pk]))

    assert answer.content == store.store().get(paper.sha256)
    assert answer.headers["Content-Type"] == "application/pdf"
    disposition = f"attachment; filename*=utf-8''{quote(paper.name, safe='')}"
    assert answer.headers["Content-Disposition"] == disposition
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_page_is_shown_as_a_picture(paper: File, cast: demo.Cast) -> None:
    answer = desk(cast.window).get(reverse("file_page", args=[paper.pk, 1]))

    picture = Image.open(io.BytesIO(answer.content))
    assert answer.headers["Content-Type"] == "image/webp"
    assert picture.format == "WEBP"
    assert picture.width == 1100
    assert picture.getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize("number", [0, 2])
def test_a_page_that_is_not_there_has_no_picture(paper: File, cast: demo.Cast, number: int) -> None:
    answer = desk(cast.window).get(reverse("file_page", args=[paper.pk, number]))

    assert answer.status_code == 404


def test_a_broken_file_has_no_picture_and_breaks_nothing() -> None:
    assert drawing.draw("pdf", 1, b"%PDF-1.4 broken") == b""


def test_only_the_kinds_the_gate_lets_in_are_drawn() -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30)).save(drawn, "GIF")

    assert drawing.draw("png", 1, drawn.getvalue()) == b""


def test_an_image_with_holes_is_drawn_on_white() -> None:
    drawn = io.BytesIO()
    Image.new("RGBA", (40, 30), (0, 0, 0, 0)).save(drawn, "PNG")

    picture = Image.open(io.BytesIO(drawing.draw("png", 1, drawn.getvalue())))

    assert picture.size == (40, 30)
    assert picture.getpixel((20, 15)) == (255, 255, 255)


def test_another_offices_paper_is_as_if_it_did_not_exist(paper: File, cast: demo.Cast) -> None:
    browser = desk(cast.departments["tax"])

    answers = [browser.get(reverse("file", args=[key])) for key in (paper.pk, 10**9)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


def test_an_applicant_has_pages_of_their_own(paper: File) -> None:
    clerk = demo.clerk(paper.case.applicant)

    assert desk(clerk).get(reverse("file", args=[paper.pk])).status_code == 403


def test_what_is_not_filed_yet_is_not_the_offices_to_read(paper: File, cast: demo.Cast) -> None:
    case = Case.objects.get(pk=paper.case_id)
    item = {"target": "three_year_plan", "reason": "unreadable", "text": "请重新上传。"}
    corrections.return_once(case, items=[item], by=cast.window)
    clerk = demo.clerk(case.applicant)
    pixel = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(pixel, "PNG")
    added = attaching.attach(
        case, code="three_year_plan", name="新版.png", data=pixel.getvalue(), by=clerk
    )
    browser = desk(cast.window)

    before = browser.get(reverse("file", args=[added.pk])).status_code
    corrections.resubmit(case, note="", answers={1: "已重传"}, by=demo.signer(case.applicant))
    after = browser.get(reverse("file", args=[added.pk])).status_code

    assert (before, after) == (404, 200)
