"""Signing: the port, and two signers behind it.

A signature is a PAdES signature (``ETSI.CAdES.detached``, SHA-256) that certifies the document and
permits no change; certificates and revocation lists go into the same revision, so that the
signature covers the whole file and whatever follows it is forged.
"""

import asyncio
import io
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from django.conf import settings
from django.utils.module_loading import import_string

from workflows.documents import authority, pades
from workflows.documents.errors import SigningFailed
from workflows.documents.finishing import FIELD

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer as Hand

RESERVED = 16384  # hex digits kept free for the signature: chain of three and no timestamp


class Signer(ABC):
    """Whoever signs papers. Another service needs ``sign``, and the facts below it."""

    demo: bool = False  # its papers say 演示 across page and seal
    roots: Sequence[bytes] = ()  # certificates (PEM) that its signatures are trusted by
    revocations: Sequence[bytes] = ()  # revocation lists (DER) as they stand now

    @abstractmethod
    def sign(
        self,
        pdf: bytes,
        *,
        at: datetime,
        field: str = FIELD,
        reason: str = "",
        location: str = "",
        seal: bytes | None = None,
    ) -> bytes:
        """Return ``pdf`` signed in its waiting signature ``field``, dated ``at`` (aware).

        ``seal`` is a one-page PDF shown in the field. Raises ``SigningFailed``.
        """


class KeySigner(Signer):
    """Signs with a private key held in memory."""

    def __init__(self, key: object, certificates: Sequence[x509.Certificate]) -> None:
        """Sign with ``key``; ``certificates`` begin with its own and go up to the root.

        Raises ``SigningFailed`` for any key but RSA and ECDSA: few readers know the others.
        """
        if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise SigningFailed("the key must be RSA or ECDSA")
        self.key = key
        self.certificates = tuple(certificates)
        self.roots = tuple(pem(each) for each in certificates if each.issuer == each.subject)

    def sign(
        self,
        pdf: bytes,
        *,
        at: datetime,
        field: str = FIELD,
        reason: str = "",
        location: str = "",
        seal: bytes | None = None,
    ) -> bytes:
        """Sign with the key: one revision, certifying, no change permitted."""
        from pyhanko.pdf_utils.incremental_writer import (  # noqa: PLC0415 -- slow import
            IncrementalPdfFileWriter,
        )
        from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415 -- slow import
        from pyhanko.sign.general import SigningError  # noqa: PLC0415 -- slow import

        if at.utcoffset() is None:
            raise SigningFailed("the time of signing must be aware")
        try:
            writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
            # It would drop the PDF/UA schema from the XMP packet.
            writer._update_meta = lambda: None  # type: ignore[method-assign]
            self._enclose_evidence(writer)
            signer = pades.pdf_signer(self._hand, at, field, reason, location, seal)
            work = signer.async_sign_pdf(writer, existing_fields_only=True, bytes_reserved=RESERVED)
            return bytes(asyncio.run(work).getvalue())
        except (PdfError, SigningError, ValueError, OSError) as error:
            raise SigningFailed(str(error)) from error

    @cached_property
    def _hand(self) -> "Hand":
        return pades.hand(self.key, self.certificates)

    def _enclose_evidence(self, writer: Any) -> None:
        from asn1crypto import crl  # noqa: PLC0415 -- comes with pyHanko, slow import
        from pyhanko.sign.validation.dss import (  # noqa: PLC0415 -- slow import
            DocumentSecurityStore,
        )

        DocumentSecurityStore.supply_dss_in_writer(
            writer,
            None,
            certs=[pades.asn1(each) for each in self.certificates],
            ocsps=(),
            crls=[crl.CertificateList.load(data) for data in self.revocations],
        )


class DevelopmentSigner(KeySigner):
    """Signs with the development authority; its papers are marked 演示."""

    demo = True

    def __init__(self, directory: Path | str) -> None:
        """Use the authority in ``directory``, made at first use."""
        self.directory = Path(directory)
        made = authority.make(self.directory)
        key = serialization.load_pem_private_key(made.key.read_bytes(), password=None)
        paths = (made.signer, *made.chain)
        super().__init__(key, [x509.load_pem_x509_certificate(p.read_bytes()) for p in paths])
        self.revocations = tuple(path.read_bytes() for path in made.revocations)


class Pkcs12Signer(KeySigner):
    """Signs with a PKCS#12 file that holds the key and the chain, the root included."""

    def __init__(
        self,
        certificate: Path | str,
        passphrase_file: Path | str = "",
        directory: Path | str | None = None,
    ) -> None:
        """Read the file; revocation lists are the ``*.crl`` (DER) lying in ``directory``.

        Raises ``SigningFailed`` if the file cannot be opened or holds no key or no root.
        """
        passphrase = Path(passphrase_file).read_bytes().strip() if passphrase_file else None
        try:
            archive = pkcs12.load_pkcs12(Path(certificate).read_bytes(), passphrase)
        except (OSError, ValueError) as error:
            raise SigningFailed(f"{certificate}: {error}") from error
        if archive.cert is None:
            raise SigningFailed(f"{certificate} holds no certificate for its key")
        above = [each.certificate for each in archive.additional_certs]
        super().__init__(archive.key, [archive.cert.certificate, *above])
        if not self.roots:
            raise SigningFailed(f"{certificate} does not hold the root of its chain")
        lists = sorted(Path(directory).glob("*.crl")) if directory else []
        self.revocations = tuple(path.read_bytes() for path in lists)


def pem(certificate: x509.Certificate) -> bytes:
    """Return a certificate as PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM)


@cache
def signer() -> Signer:
    """Return the signer named by the setting ``HENG_SIGNER``."""
    configuration: Any = settings.HENG_SIGNER
    backend: Signer = import_string(configuration["BACKEND"])(**configuration["OPTIONS"])
    return backend
