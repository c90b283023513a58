import asyncio
import io
from datetime import datetime

import pikepdf
import pytest
from asn1crypto import pem
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from tests.documents.conftest import AT, certificate, flipped, letter, made, run
from workflows.documents import seal, signing
from workflows.documents.authority import Authority
from workflows.documents.errors import SigningFailed
from workflows.documents.signing import DevelopmentSigner, KeySigner, Pkcs12Signer
from workflows.documents.verification import verify

CONTENT = 20_000  # a place inside the first, unsigned revision


def by_pyhanko(pdf, roots):
    """Ask pyHanko's own validator, which looks at the document's meaning as well."""
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import (
        async_validate_pdf_signature,
    )
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415 -- slow import

    (embedded,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    context = ValidationContext(
        trust_roots=[Certificate.load(pem.unarmor(root)[2]) for root in roots], moment=AT
    )
    return asyncio.run(async_validate_pdf_signature(embedded, context))


# --- what others say of a paper of ours ---------------------------------------------------------
def test_poppler_calls_the_signature_valid_trusted_and_total(issued, trust):
    report = run("pdfsig", "-nssdir", trust, issued.path)

    for sentence in (
        "Signature Field Name: Issuer",
        "Signature Type: ETSI.CAdES.detached",
        "Signing Hash Algorithm: SHA-256",
        "Total document signed",
        "Signature is Valid",
        "Certificate is Trusted",
    ):
        assert sentence in report
    assert report.count("Signature #") == 1


def test_qpdf_finds_no_error(issued):
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", issued.path)


def test_pyhanko_validates_against_the_root(issued):
    status = by_pyhanko(issued.pdf, issued.signer.roots)

    assert status.bottom_line
    assert status.docmdp_ok
    assert status.coverage.name == "ENTIRE_FILE"


def test_one_changed_byte_fails_everywhere(issued, trust, tmp_path):
    changed = flipped(issued.pdf, CONTENT)
    path = tmp_path / "changed.pdf"
    path.write_bytes(changed)

    assert "Signature is Valid" not in run("pdfsig", "-nssdir", trust, path)
    assert not by_pyhanko(changed, issued.signer.roots).bottom_line
    assert not verify(changed, roots=issued.signer.roots).valid


# --- what is in a signature ---------------------------------------------------------------------
def test_the_signature_is_dated_by_the_case_and_gives_reason_and_place(issued):
    with pikepdf.open(issued.path) as pdf:
        signature = pdf.Root.AcroForm.Fields[0].V

        assert str(signature.M) == "D:20250916023000Z"
        assert (str(signature.Reason), str(signature.Location)) == ("发布决定", "上海")
        assert str(signature.SubFilter) == "/ETSI.CAdES.detached"


def test_the_signature_certifies_and_permits_no_change(issued):
    with pikepdf.open(issued.path) as pdf:
        signature = pdf.Root.Perms.DocMDP

        assert signature.objgen == pdf.Root.AcroForm.Fields[0].V.objgen
        assert signature.Reference[0].TransformParams.P == 1


def test_certificates_and_revocation_lists_are_in_the_signed_revision(issued):
    with pikepdf.open(issued.path) as pdf:
        enclosed = {bytes(each.read_bytes()) for each in pdf.Root.DSS.CRLs}

        assert len(pdf.Root.DSS.Certs) == 3
        assert enclosed == set(issued.signer.revocations)
    assert issued.pdf.count(b"%%EOF") == 2  # as rendered, and as signed


def test_signing_keeps_the_xmp_packet_and_its_declarations(issued):
    with pikepdf.open(issued.path) as pdf, pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfuaid:part"]) == ("3", "1")
    assert issued.pdf.count(b"pdfaExtension:schemas") == 2  # one element, opened and closed


def test_the_seal_is_the_appearance_of_the_signature(issued):
    with pikepdf.open(issued.path) as pdf:
        field = pdf.Root.AcroForm.Fields[0]
        (stamp,) = field.AP.N.Resources.XObject.values()
        left, bottom, right, top = map(float, field.Rect)

        assert [round(float(side)) for side in stamp.BBox] == [0, 0, 119, 119]  # 42 mm
        assert (round(right - left), round(top - bottom)) == (119, 119)
        assert str(field.TU) == "Electronic seal and signature of the issuing body"


def test_papers_signed_one_after_another_leak_nothing_into_each_other(signer):
    pdf = made(letter()).pdf
    mark = seal.seal_pdf("上海市教育委员会", demo=True)

    sizes = {len(signer.sign(pdf, at=AT, seal=mark)) for _ in range(3)}

    assert len(sizes) == 1


def test_a_paper_can_be_signed_without_a_seal(signer):
    signed = signer.sign(made(letter()).pdf, at=AT)

    assert verify(signed, roots=signer.roots).valid


# --- what is refused ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("pdf", "options", "reason"),
    [
        ("letter", {"field": "Nowhere"}, "Nowhere"),
        ("letter", {"at": datetime(2025, 9, 16, 10, 30)}, "aware"),  # noqa: DTZ001
        (b"%PDF-1.7 and no more", {}, "."),
        (b"", {}, "."),
    ],
)
def test_what_cannot_be_signed_is_one_clear_error(signer, pdf, options, reason):
    document = made(letter()).pdf if pdf == "letter" else pdf

    with pytest.raises(SigningFailed, match=reason):
        signer.sign(document, **({"at": AT} | options))


def test_a_signed_paper_is_not_signed_again(issued):
    with pytest.raises(SigningFailed):
        issued.signer.sign(issued.pdf, at=AT)


@pytest.mark.parametrize("seal_pdf", [b"no pdf", b"%PDF-1.7\n%%EOF"])
def test_a_seal_that_is_no_picture_is_refused(signer, seal_pdf):
    with pytest.raises(SigningFailed):
        signer.sign(made(letter()).pdf, at=AT, seal=seal_pdf)


# --- which signer -------------------------------------------------------------------------------
@pytest.fixture
def archive(signer, tmp_path):
    """A PKCS#12 file, its passphrase in another, and revocation lists, as operators keep them."""

    def write(chain=signer.certificates[1:], passphrase=b"open sesame"):
        key = serialize_key_and_certificates(
            b"seal", signer.key, signer.certificates[0], chain, BestAvailableEncryption(passphrase)
        )
        (tmp_path / "seal.p12").write_bytes(key)
        (tmp_path / "passphrase").write_text("open sesame\n", encoding="utf-8")
        for number, data in enumerate(signer.revocations):
            (tmp_path / f"{number}.crl").write_bytes(data)
        return {"certificate": tmp_path / "seal.p12", "passphrase_file": tmp_path / "passphrase"}

    return write


def test_a_pkcs12_file_signs_and_its_papers_are_no_demonstration(archive, tmp_path):
    signer = Pkcs12Signer(**archive(), directory=tmp_path)

    signed = signer.sign(made(letter(demo=signer.demo)).pdf, at=AT)

    verdict = verify(signed, roots=signer.roots, revocations=signer.revocations)
    assert verdict.valid
    assert not signer.demo
    assert len(signer.revocations) == 2


def test_a_wrong_passphrase_is_said_at_once(archive):
    with pytest.raises(SigningFailed, match=r"seal\.p12"):
        Pkcs12Signer(**archive(passphrase=b"another"))


def test_a_missing_file_is_said_at_once(tmp_path):
    with pytest.raises(SigningFailed, match=r"absent\.p12"):
        Pkcs12Signer(certificate=tmp_path / "absent.p12")


def test_a_chain_without_its_root_is_refused(archive, signer):
    with pytest.raises(SigningFailed, match="root"):
        Pkcs12Signer(**archive(chain=signer.certificates[1:2]))


def test_a_kind_of_key_that_readers_do_not_know_is_refused(signer):
    with pytest.raises(SigningFailed, match="RSA or ECDSA"):
        KeySigner(Ed25519PrivateKey.generate(), signer.certificates)


def test_an_elliptic_key_signs_as_well(signer):
    made_by = Authority(signer.directory)
    key = load_pem_private_key((made_by.directory / "issuing.key").read_bytes(), None)
    above = [x509.load_pem_x509_certificate(path.read_bytes()) for path in made_by.chain]

    signed = KeySigner(key, above).sign(made(certificate()).pdf, at=AT)

    assert by_pyhanko(signed, signer.roots).intact


def test_the_signer_is_a_setting(settings, tmp_path):
    settings.HENG_SIGNER = {
        "BACKEND": "workflows.documents.signing.DevelopmentSigner",
        "OPTIONS": {"directory": tmp_path / "ca"},
    }
    signing.signer.cache_clear()

    chosen = signing.signer()

    assert isinstance(chosen, DevelopmentSigner)
    assert chosen.demo
    assert signing.signer() is chosen
    assert (tmp_path / "ca" / "root.pem").read_bytes() == chosen.roots[0]
    signing.signer.cache_clear()
