import io
import logging
from datetime import UTC, timedelta, timezone

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.documents.conftest import AT, RECORD, flipped, letter, made
from workflows.documents import authority, verification
from workflows.documents.signing import DevelopmentSigner
from workflows.documents.verification import Problem, Verdict, verify


@pytest.fixture(autouse=True)
def _quiet():
    """PyHanko logs a traceback for every chain that does not hold."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def appended(pdf: bytes, change) -> bytes:
    """Return ``pdf`` with an incremental update, as an attacker would write it."""
    from pyhanko.pdf_utils.incremental_writer import (
        IncrementalPdfFileWriter,
    )

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    change(writer)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def revoked(signer: DevelopmentSigner, name: str) -> bytes:
    """Return a list of ``issuing`` that revokes the signer's certificate."""
    made_by = authority.Authority(signer.directory)
    key = load_pem_private_key((made_by.directory / f"{name}.key").read_bytes(), None)
    issuer = x509.load_pem_x509_certificate((made_by.directory / f"{name}.pem").read_bytes())
    serial = signer.certificates[0].serial_number
    return authority.revocation_list(issuer.subject, key, [serial])


def test_a_paper_of_ours_is_intact_trusted_whole_and_hands_over_its_record(issued):
    verdict = verify(issued.pdf, roots=issued.signer.roots, revocations=issued.signer.revocations)

    assert verdict == Verdict(
        intact=True,
        trusted=True,
        whole_file=True,
        signer="衡 演示电子印章（开发用）",
        signed_at=AT,
        record=RECORD,
        problems=[],
    )
    assert verdict.valid


def test_a_paper_not_yet_signed_is_unsigned(signer):
    assert verify(made(letter()).pdf, roots=signer.roots).problems == [Problem.UNSIGNED]


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7", b"PK\x03\x04" * 1000])
def test_what_is_no_paper_at_all_is_unsigned(signer, data):
    assert verify(data, roots=signer.roots).problems == [Problem.UNSIGNED]


def test_a_file_too_large_to_be_ours_is_not_read(issued, monkeypatch):
    monkeypatch.setattr(verification, "LIMIT", len(issued.pdf) - 1)

    assert verify(issued.pdf, roots=issued.signer.roots).problems == [Problem.UNSIGNED]


def test_another_root_does_not_trust_it(issued, tmp_path):
    stranger = authority.make(tmp_path / "ca").root.read_bytes()

    verdict = verify(issued.pdf, roots=[stranger])

    assert (verdict.intact, verdict.trusted) == (True, False)
    assert verdict.problems == [Problem.UNTRUSTED]
    assert verdict.record is None


def test_an_authority_of_the_same_names_is_not_ours(issued, tmp_path):
    forger = DevelopmentSigner(tmp_path / "ca")
    forged = forger.sign(made(letter(addressee="冒名有限公司")).pdf, at=AT)

    assert verify(forged, roots=forger.roots).valid
    assert verify(forged, roots=issued.signer.roots).problems == [Problem.UNTRUSTED]


def test_a_certificate_revoked_before_the_signature_is_named(issued):
    lists = [revoked(issued.signer, "issuing"), issued.signer.revocations[1]]

    verdict = verify(issued.pdf, roots=issued.signer.roots, revocations=lists)

    assert verdict.problems == [Problem.REVOKED]
    assert (verdict.intact, verdict.trusted) == (True, False)


@pytest.mark.parametrize("tail", [b"\n", b"x", b"%%EOF\n", b"\0" * 4096])
def test_anything_after_the_signature_is_refused(issued, tail):
    verdict = verify(issued.pdf + tail, roots=issued.signer.roots)

    assert (verdict.intact, verdict.whole_file) == (True, False)
    assert verdict.problems == [Problem.EXTENDED]
    assert verdict.record is None


def add_attachment(writer):
    from pyhanko.pdf_utils.generic import (
        DictionaryObject,
        pdf_name,
        pdf_string,
    )

    names = DictionaryObject({pdf_name("/Nothing"): pdf_string("x")})
    writer.root[pdf_name("/Names")] = names
    writer.update_root()


def turn_page(writer):
    from pyhanko.pdf_utils.generic import NumberObject, pdf_name

    page, _ = writer.find_page_for_modification(0)
    page.get_object()[pdf_name("/Rotate")] = NumberObject(180)
    writer.mark_update(page)


def touch_evidence(writer):
    from pyhanko.pdf_utils.generic import pdf_name, pdf_string

    writer.root["/DSS"][pdf_name("/Note")] = pdf_string("harmless, it seems")
    writer.update_container(writer.root["/DSS"])


@pytest.mark.parametrize("change", [add_attachment, turn_page, touch_evidence])
def test_an_incremental_update_is_refused(issued, change):
    changed = appended(issued.pdf, change)

    assert changed.startswith(issued.pdf)
    assert len(changed) > len(issued.pdf)
    assert verify(changed, roots=issued.signer.roots).problems == [Problem.EXTENDED]


def test_a_signature_over_a_signed_and_extended_file_is_not_taken_for_the_first(issued, tmp_path):
    forger = DevelopmentSigner(tmp_path / "ca")
    extended = issued.pdf + forger.sign(made(letter()).pdf, at=AT)

    assert not verify(extended, roots=issued.signer.roots).valid


def test_a_truncated_file_is_refused(issued):
    for length in range(0, len(issued.pdf), 997):
        assert not verify(issued.pdf[:length], roots=issued.signer.roots).valid


def test_every_changed_byte_is_noticed(issued):
    places = range(0, len(issued.pdf), 331)

    verdicts = [verify(flipped(issued.pdf, at), roots=issued.signer.roots) for at in places]

    assert [at for at, verdict in zip(places, verdicts, strict=True) if verdict.valid] == []


def test_every_changed_byte_of_the_signature_itself_is_noticed(issued):
    """No signature covers its own container: its padding, its spelling, its certificates."""
    found = verification.BYTE_RANGE.search(issued.pdf)
    start, end = int(found[2]), int(found[3])
    written = start + 1 + 2 * len(verification.find(issued.pdf).contents)
    places = [*range(start, written, 7), *range(start, start + 240), *range(written, end, 499)]

    verdicts = [verify(flipped(issued.pdf, at, at % 3), roots=issued.signer.roots) for at in places]

    assert [at for at, verdict in zip(places, verdicts, strict=True) if verdict.valid] == []


@pytest.mark.parametrize(
    "replacement",
    [
        b"/ByteRange [0 0 0 0]",
        b"/ByteRange [5 10 20 30]",
        b"/ByteRange [0 99999999999 99999999999 1]",
        b"/ByteRange [0 10 5 30]",
    ],
)
def test_a_byte_range_that_encloses_nothing_is_malformed(issued, replacement):
    found = verification.BYTE_RANGE.search(issued.pdf)
    changed = issued.pdf.replace(found.group(), replacement.ljust(len(found.group())))

    assert verify(changed, roots=issued.signer.roots).problems == [Problem.MALFORMED]


def test_an_emptied_signature_is_malformed(issued):
    found = verification.BYTE_RANGE.search(issued.pdf)
    start, end = int(found[2]), int(found[3])
    emptied = issued.pdf[: start + 1] + b"0" * (end - start - 2) + issued.pdf[end - 1 :]

    assert verify(emptied, roots=issued.signer.roots).problems == [Problem.MALFORMED]


def test_the_date_is_read_with_its_zone(signer):
    east = AT.astimezone(timezone(timedelta(hours=8)))
    west = AT.astimezone(timezone(-timedelta(hours=3, minutes=30)))

    for at in (east, west, AT.astimezone(UTC)):
        verdict = verify(signer.sign(made(letter()).pdf, at=at), roots=signer.roots)
        assert verdict.signed_at == AT
        assert verdict.signed_at.utcoffset() == at.utcoffset()


def test_a_signature_dated_outside_the_life_of_its_certificate_is_not_trusted(signer):
    late = signer.sign(made(letter()).pdf, at=AT.replace(year=2041))

    assert verify(late, roots=signer.roots).problems == [Problem.UNTRUSTED]


def test_every_problem_is_a_sentence():
    assert all(problem.endswith(".") and problem[0].isupper() for problem in Problem)
