"""Uploads in pieces through HTTP: JSON that a page can follow, and pages that show the rest."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from tests.views.applicant.drafts import PDF
from tests.views.applicant.test_papers import held, row
from tests.views.public.addresses import at, browser, text
from workflows import demo, jobs, store
from workflows.errors import FileRefused
from workflows.models import Case, Document, File, Picture, Upload, User
from workflows.stages import attaching, uploading

pytestmark = pytest.mark.django_db
DIGEST = hashlib.sha256(PDF).hexdigest()
HALF = len(PDF) // 2


@pytest.fixture(autouse=True)
def _own_folder(settings: Settings, tmp_path: Path) -> None:
    settings.HENG_UPLOADS = tmp_path / "uploads"


@pytest.fixture
def clerk(draft: Case) -> Client:
    return browser(demo.clerk(draft.applicant))


def begin(clerk: Client, case: Case, **changes: object) -> HttpResponse:
    told = {"code": "audit_or_tax", "name": "审计.pdf", "size": len(PDF), "sha256": DIGEST}
    return clerk.post(at("case_uploads", case.reference), {**told, **changes})


def send(clerk: Client, url: str, offset: int, data: bytes, sha256: str = "") -> HttpResponse:
    digest = sha256 or hashlib.sha256(data).hexdigest()
    return clerk.post(f"{url}?offset={offset}&sha256={digest}", data, "application/octet-stream")


def test_a_paper_this_house_signed_comes_in_and_a_changed_one_does_not(returned: Case) -> None:
    """Its record is a file inside, which nobody else's paper may have."""
    receipt = Document.objects.get(case=returned, kind="receipt")
    data = store.store().get(receipt.sha256)
    given = {"code": "credit_report", "name": "回执.pdf", "by": demo.clerk(returned.applicant)}

    file = attaching.attach(returned, data=data, **given)
    with pytest.raises(FileRefused) as refusal:
        attaching.attach(returned, data=data.replace(b"%%EOF", b"%%EOF\n%", 1), **given)

    assert (file.sha256, file.pages > 0) == (receipt.sha256, True)
    assert "other files inside" in refusal.value.facts["reason"]


def attached(case: Case, scan: File.Scan = File.Scan.UNSCANNED) -> File:
    file = attaching.attach(
        case, code="audit_or_tax", name="审计.pdf", data=PDF, by=demo.clerk(case.applicant)
    )
    File.objects.filter(pk=file.pk).update(scan=scan)
    return file


def test_a_file_goes_up_in_pieces(draft: Case, clerk: Client) -> None:
    url = begin(clerk, draft).json()["url"]

    first = send(clerk, url, 0, PDF[:HALF]).json()
    last = send(clerk, url, HALF, PDF[HALF:]).json()

    assert first == {"url": url, "offset": HALF, "done": False}
    assert last == {"url": url, "offset": len(PDF), "done": True}
    assert held(draft) == [("audit_or_tax", "审计.pdf")]
    assert clerk.get(url).json() == last


def test_what_broke_off_is_shown_and_goes_on(draft: Case, clerk: Client) -> None:
    url = begin(clerk, draft).json()["url"]
    send(clerk, url, 0, PDF[:HALF])

    page = clerk.get(at("case_files", draft.reference))
    again = begin(clerk, draft).json()

    assert f"broke off at {HALF * 100 // len(PDF)} %" in row(page, "audit_or_tax")
    assert again == {"url": url, "offset": HALF, "done": False}


@pytest.mark.parametrize(("offset", "sha256"), [(7, ""), (HALF, "0" * 64)])
def test_a_piece_out_of_place_or_damaged_is_told_where_to_go_on(
    draft: Case, clerk: Client, offset: int, sha256: str
) -> None:
    url = begin(clerk, draft).json()["url"]
    send(clerk, url, 0, PDF[:HALF])

    answer = send(clerk, url, offset, PDF[HALF:], sha256)

    assert (answer.status_code, answer.json()["offset"]) == (409, HALF)
    assert held(draft) == []


def test_a_piece_that_is_too_large_is_not_read_on(draft: Case, clerk: Client) -> None:
    url = begin(clerk, draft, size=6 * 1024**2).json()["url"]

    answer = send(clerk, url, 0, b"0" * (uploading.PIECE + 1))

    assert (answer.status_code, answer.json()["offset"]) == (422, 0)


@pytest.mark.parametrize("query", ["", "?offset=-1", "?offset=x", "?offset=0&sha256=zz"])
def test_a_piece_nobody_can_place_is_refused(draft: Case, clerk: Client, query: str) -> None:
    url = begin(clerk, draft).json()["url"]

    answer = clerk.post(url + query, PDF, "application/octet-stream")

    assert (answer.status_code, answer.json()["offset"]) == (422, 0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "审计.exe"}, "“审计.exe” is not accepted"),
        ({"size": 0}, "is empty"),
        ({"size": 21 * 1024**2}, "the limit is 20 MB"),
        ({"size": "many"}, "Choose a file first."),
        ({"sha256": "no digest"}, "Choose a file first."),
    ],
)
def test_a_refusal_comes_as_a_sentence_before_anything_is_sent(
    draft: Case, clerk: Client, changes: Mapping[str, Any], words: str
) -> None:
    answer = begin(clerk, draft, **changes)

    assert answer.status_code == 422
    assert words in answer.json()["error"]
    assert not Upload.objects.exists()


def test_the_gate_speaks_through_the_last_piece(draft: Case, clerk: Client) -> None:
    """X25: a broken file is refused at upload with a clear reason."""
    data = b"%PDF-1.7 broken"
    digest = hashlib.sha256(data).hexdigest()
    url = begin(clerk, draft, size=len(data), sha256=digest).json()["url"]

    answer = send(clerk, url, 0, data)

    assert (answer.status_code, held(draft)) == (422, [])
    assert "“审计.pdf” is damaged" in answer.json()["error"]
    assert clerk.get(url).status_code == 404


def test_a_paper_nobody_asked_for_is_not_there(draft: Case, clerk: Client) -> None:
    assert begin(clerk, draft, code="no_such_paper").status_code == 404


def test_a_colleagues_upload_is_not_mine(draft: Case, clerk: Client) -> None:
    url = begin(clerk, draft).json()["url"]
    colleague = browser(demo.signer(draft.applicant))

    assert {
        colleague.get(url).status_code,
        send(colleague, url, 0, PDF).status_code,
        colleague.post(f"{url}cancel/").status_code,
    } == {404}


def test_an_upload_is_cancelled_from_a_page_without_scripts_too(draft: Case, clerk: Client) -> None:
    url = begin(clerk, draft).json()["url"]
    send(clerk, url, 0, PDF[:HALF])

    answer = clerk.post(f"{url}cancel/")

    assert (answer.status_code, Upload.objects.count()) == (303, 0)
    assert "broke off" not in text(clerk.get(answer["Location"]))


def test_nothing_is_uploaded_to_what_was_filed(evaluated: Case) -> None:
    clerk = browser(demo.clerk(evaluated.applicant))

    assert begin(clerk, evaluated).status_code == 409


# --- a plain form -------------------------------------------------------------------------------
def test_so_many_files_at_once_and_no_more(draft: Case, clerk: Client) -> None:
    files = [SimpleUploadedFile(f"{n}.pdf", PDF + b"\n" * n) for n in range(21)]

    answer = clerk.post(at("case_files", draft.reference), {"file-audit_or_tax": files})

    assert answer.status_code == 422
    assert len(held(draft)) == 20
    assert "“20.pdf” was not taken: send at most 20 files at once" in row(answer, "audit_or_tax")


# --- one file -----------------------------------------------------------------------------------
def test_a_file_has_a_page_with_its_digest_and_its_pages_as_pictures(
    draft: Case, clerk: Client
) -> None:
    """X25: the hash is shown to both sides."""
    file = attached(draft)
    address = (draft.reference, file.code, file.sha256)

    page = clerk.get(at("case_file_view", *address))
    picture = clerk.get(at("case_file_page", *address, 1))

    assert file.sha256 in text(page)
    assert "Not scanned for viruses" in text(page)
    assert at("case_file_page", *address, 1) in text(page)
    assert (picture["Content-Type"], picture.content[8:12]) == ("image/webp", b"WEBP")
    assert picture["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert clerk.get(at("case_file_page", *address, 2)).status_code == 404


def test_the_worker_draws_the_pages_beforehand(draft: Case, clerk: Client) -> None:
    file = attached(draft)

    jobs.run_due()

    drawn = Picture.objects.get(of=file.sha256)
    page = clerk.get(at("case_file_page", draft.reference, file.code, file.sha256, 1))
    assert drawn.number == 1
    assert hashlib.sha256(page.content).hexdigest() == drawn.sha256


@pytest.mark.parametrize(
    ("scan", "words"),
    [(File.Scan.QUARANTINED, "being scanned for viruses"), (File.Scan.INFECTED, "a virus in it")],
)
def test_what_is_not_known_to_be_clean_is_opened_by_nobody(
    draft: Case, clerk: Client, stranger: User, scan: File.Scan, words: str
) -> None:
    file = attached(draft, scan)
    address = (draft.reference, file.code, file.sha256)

    page = clerk.get(at("case_file_view", *address))
    listed = row(clerk.get(at("case_files", draft.reference)), "audit_or_tax")
    answers = [
        clerk.get(at("case_file_attached", *address)),
        clerk.get(at("case_file_page", *address, 1)),
    ]

    assert page.status_code == 200
    assert str(scan.label) in text(page)
    assert "<img" not in text(page)
    assert f'href="{at("case_file_attached", *address)}"' not in text(page) + listed
    assert [answer.status_code for answer in answers] == [409, 409]
    assert all(words in text(answer) for answer in answers)
    assert browser(stranger).get(at("case_file_view", *address)).status_code == 404
