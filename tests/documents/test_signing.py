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

from tests.documents.conftest import AT, RECORD, certificate, flipped, letter, made, run
from workflows.documents import papers, signing
from workflows.documents.authority import Authority
from workflows.documents.errors import SigningFailed
from workflows.documents.signing import DevelopmentSigner, KeySigner, Pkcs12Signer
from workflows.documents.verification import verify

CONTENT = 20_000  # a place inside the first, unsigned revision


def by_pyhanko(pdf, roots):
    """Ask pyHanko's own validator, which looks at the document's meaning as well."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 -- slow import
    from pyhanko.sign.validation import (  # noqa: PLC0415 -- slow import
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

        assert str(signature.M) == "D:20250916023000+00'00'"
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
        stamped = str(field.AP.N.Resources.XObject["/Background"].Subtype) if (
            "/Background" in field.AP.N.Resources.XObject
        ) else [str(each.Subtype) for each in field.AP.N.Resources.XObject.values()][0]

        assert stamped == "/Form"
        assert str(field.TU) == "Electronic seal and signature of the issuing body"


def test_papers_signed_one_after_another_leak_nothing_into_each_other(signer):
    pdf = made(letter()).pdf
    mark = papers_seal()

    sizes = {len(signer.sign(pdf, at=AT, seal=mark)) for _ in range(3)}

    assert len(sizes) == 1


def papers_seal() -> bytes:
    from workflows.documents import seal  # noqa: PLC0415

    return seal.seal_pdf("上海市教育委员会", demo=True)
