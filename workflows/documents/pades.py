"""PyHanko as we use it: a signature dated by the case, a fresh stamp, a key parsed once."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

if TYPE_CHECKING:
    from pyhanko.pdf_utils.content import PdfContent
    from pyhanko.sign.signers import PdfSigner
    from pyhanko.sign.signers import Signer as Hand

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def pdf_signer(
    signing_hand: "Hand", at: datetime, field: str, reason: str, location: str, seal: bytes | None
) -> "PdfSigner":
    """Return pyHanko's signer of one document.

    The stamp is made anew each time: one used for several documents leaks references of the first
    into the next.
    """
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter  # noqa: PLC0415 -- slow import
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner  # noqa: PLC0415 -- slow import
    from pyhanko.stamp import StaticStampStyle  # noqa: PLC0415 -- slow import

    class DatedSigner(PdfSigner):
        """Dates the signature by the clock of the case, not of the machine."""

        def init_signing_session(self, *args: Any, **options: Any) -> Any:
            session = super().init_signing_session(*args, **options)
            session.system_time = at
            return session

    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason=reason or None,
        location=location or None,
    )
    stamp = StaticStampStyle(
        border_width=0, background=page_content(seal) if seal else None, background_opacity=0.92
    )
    return DatedSigner(metadata, signing_hand, stamp_style=stamp)


def page_content(pdf: bytes) -> "PdfContent":
    """Return the first page of ``pdf`` as content for a stamp."""
    from pyhanko.pdf_utils.content import PdfContent  # noqa: PLC0415 -- slow import
    from pyhanko.pdf_utils.generic import pdf_name  # noqa: PLC0415 -- slow import
    from pyhanko.pdf_utils.layout import BoxConstraints  # noqa: PLC0415 -- slow import
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 -- slow import

    class Page(PdfContent):
        def render(self) -> bytes:
            page = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(pdf)))
            self.resources.xobject[pdf_name("/Seal")] = page
            left, bottom, right, top = page.get_object()["/BBox"]
            self.box = BoxConstraints(width=right - left, height=top - bottom)
            return b"/Seal Do"

    return Page()


def hand(key: Key, certificates: Sequence[x509.Certificate]) -> "Hand":
    """Return a pyHanko signer that keeps its parsed key (its own parses it for every document)."""
    from pyhanko.sign.signers import Signer as Hand  # noqa: PLC0415 -- slow import
    from pyhanko_certvalidator.registry import (  # noqa: PLC0415 -- slow import
        SimpleCertificateStore,
    )

    class KeptKey(Hand):
        async def async_sign_raw(
            self, data: bytes, digest_algorithm: str, dry_run: bool = False
        ) -> bytes:
            digest = getattr(hashes, digest_algorithm.upper())()
            if isinstance(key, rsa.RSAPrivateKey):
                return key.sign(data, padding.PKCS1v15(), digest)
            return key.sign(data, ec.ECDSA(digest))

    own, *above = map(asn1, certificates)
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(above)
    return KeptKey(signing_cert=own, cert_registry=store, embed_roots=False)


def asn1(certificate: x509.Certificate) -> Any:
    """Return a certificate as pyHanko wants it."""
    from asn1crypto import x509 as asn1_x509  # noqa: PLC0415 -- comes with pyHanko, slow import

    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
