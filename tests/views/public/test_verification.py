"""Looking papers up by code or number, and comparing a file in hand with the register."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.views.public.addresses import at, text
from workflows import store
from workflows.models import Case, Certificate, Document
from workflows.views.public.files import LARGEST

pytestmark = pytest.mark.django_db


def certificate(case: Case) -> Document:
    return case.documents.get(kind="certificate")


def signed(case: Case) -> bytes:
    return store.store().get(certificate(case).sha256)


def compare(client: Client, pdf: bytes, name: str = "certificate.pdf") -> HttpResponse:
    return client.post(at("verify_file"), {"file": SimpleUploadedFile(name, pdf)})


# --- by code and number -------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed", [lambda document: document.code, lambda document: f" {document.number.lower()} "]
)
def test_a_known_code_or_number_leads_to_its_page(
    client: Client, certified: Case, typed: Callable[[Document], str]
) -> None:
    document = certificate(certified)

    page = client.get(at("verify"), {"q": typed(document)})

    assert page.status_code == 302
    assert page["Location"] == at("certificate_check", document.code)


def test_a_number_is_found_with_the_brackets_of_any_keyboard(
    client: Client, certified: Case
) -> None:
    Certificate.objects.filter(case=certified).update(number="沪产教培库〔2026〕0012号")

    page = client.get(at("verify"), {"q": "沪产教培库[2026]0012号"})

    assert page["Location"] == at("certificate_check", certificate(certified).code)


def test_a_title_from_before_this_system_is_verified_without_a_file(
    client: Client, certified: Case
) -> None:
    older = Certificate.objects.get(holder=certified.applicant, case=None)

    words = text(client.get(at("verify"), {"q": older.number}))

    assert "Pool entry: valid" in words
    assert "granted before this system" in words


def test_an_unknown_number_is_a_verdict_and_not_an_error(client: Client, db: None) -> None:
    page = client.get(at("verify"), {"q": "CJRH-QY-310000-2026-9999"})

    assert page.status_code == 200
    assert "is not in the register" in text(page)


def test_the_thirty_first_look_up_of_a_minute_has_to_wait(client: Client, db: None) -> None:
    answers = [client.get(at("verify"), {"q": "nothing"}).status_code for _ in range(31)]
    last = client.get(at("certificate_check", "7KQ4"))

    assert answers == [200] * 30 + [429]
    assert last.status_code == 429
    assert last["Retry-After"] == "60"


def test_opening_the_page_of_look_ups_counts_for_nothing(client: Client, db: None) -> None:
    answers = {client.get(at("verify")).status_code for _ in range(35)}

    assert answers == {200}


# --- by file ------------------------------------------------------------------------------------
def test_the_very_file_that_was_issued_is_recognised(client: Client, certified: Case) -> None:
    words = text(compare(client, signed(certified)))

    assert "The very file that was issued" in words
    assert "Certificate: valid" in words
    assert at("certificate_check", certificate(certified).code) in words


@pytest.mark.parametrize("place", [0.3, 0.6, 0.999])
def test_one_flipped_byte_is_found(client: Client, certified: Case, place: float) -> None:
    pdf = bytearray(signed(certified))
    pdf[int(len(pdf) * place)] ^= 1

    words = text(compare(client, bytes(pdf)))

    assert "Not a file of this office" in words
    assert "Not in the register" in words


def test_bytes_added_after_the_signature_are_found(client: Client, certified: Case) -> None:
    words = text(compare(client, signed(certified) + b"\n%more"))

    assert "Not a file of this office" in words


def test_a_file_under_our_signature_that_is_not_registered_is_not_called_valid(
    client: Client, certified: Case
) -> None:
    pdf = signed(certified)
    Document.objects.filter(pk=certificate(certified).pk).update(sha256="0" * 64)

    words = text(compare(client, pdf))

    assert "Signed, but not registered" in words
    assert "another file under this code" in words


def test_the_file_of_a_revoked_title_is_ours_and_counts_for_nothing(
    client: Client, certified: Case
) -> None:
    Certificate.objects.filter(case=certified).update(state=Certificate.State.REVOKED)

    words = text(compare(client, signed(certified)))

    assert "Certificate: revoked" in words


def test_a_pdf_of_somebody_else_is_not_ours(client: Client, db: None) -> None:
    words = text(compare(client, b"%PDF-1.7\nnothing of ours\n%%EOF"))

    assert "Not a file of this office" in words
    assert "carries no signature of ours" in words


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"GIF89a", "is not a PDF"),
        (b"%PDF-" + bytes(LARGEST), "larger than 10 MB"),
        (b"", "empty"),
    ],
)
def test_what_cannot_be_one_of_our_files_is_refused_with_words(
    client: Client, db: None, data: bytes, sentence: str
) -> None:
    page = compare(client, data, "picture.gif")

    assert page.status_code == 422
    assert sentence in text(page)


def test_a_compared_file_is_not_kept(
    client: Client, certified: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = store.FileStore(tmp_path)
    monkeypatch.setattr(store, "store", lambda: own)

    page = compare(client, b"%PDF-1.7 of somebody")

    assert page.status_code == 200
    assert list(tmp_path.rglob("*")) == []
