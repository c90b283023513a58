"""Is this file what we issued? Bytes first, meaning second.

The signature is checked over the bytes before anything parses the PDF, so that a hostile file
meets no parser until it has proved to be signed under one of our roots. The signature must then
reach to the last byte: we sign in one revision, so whatever follows a signature is forged, even
where other readers call the file valid.
"""

import asyncio
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_noop

from workflows.documents.rendering import RECORD

if TYPE_CHECKING:
    from asn1crypto.cms import SignedData
    from asn1crypto.x509 import Certificate
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko_certvalidator import ValidationContext

LIMIT = 50_000_000  # bytes
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
MODIFIED = re.compile(rb"/M\s*\(([^()]{14,80})\)")
ESCAPED = re.compile(rb"\\([0-7]{3})")
DATE = re.compile(rb"D:(\d{14})(?:Z|([+-])(\d\d)'(\d\d)'?)?")
SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")


class Problem(StrEnum):
    """Why a file is not trusted, in words for its reader."""

    UNSIGNED = gettext_noop("The file carries no signature of ours.")
    MALFORMED = gettext_noop("The signature in the file cannot be read.")
    CHANGED = gettext_noop("The file was changed after it was signed.")
    EXTENDED = gettext_noop("Something was added to the file after it was signed.")
    UNTRUSTED = gettext_noop("The signature was not made with a certificate that we trust.")
    REVOKED = gettext_noop("The certificate of the signature was revoked.")
    FORBIDDEN = gettext_noop("The file does not keep to what its signature permits.")


@dataclass(frozen=True)
class Verdict:
    """What a file proves. ``record`` is given only when everything else is in order."""

    intact: bool = False  # the signed bytes are unchanged
    trusted: bool = False  # the certificate leads to one of the roots, and was not revoked
    whole_file: bool = False  # nothing lies outside the signature
    signer: str = ""  # the common name in the certificate
    signed_at: datetime | None = None  # as the signer says
    record: bytes | None = None  # record.json
    problems: list[str] = field(default_factory=list)

    @property
    def valid(self) -> bool:
        """Whether there is nothing to object to."""
        return self.intact and self.trusted and self.whole_file and not self.problems


@dataclass(frozen=True)
class Signature:
    """The last signature of a file, found in its bytes."""

    contents: bytes
    signed: bytes
    whole_file: bool
    at: datetime


def verify(pdf: bytes, *, roots: Sequence[bytes], revocations: Sequence[bytes] = ()) -> Verdict:
    """Return what ``pdf`` proves to someone who trusts ``roots`` (PEM) and nothing else.

    ``revocations`` are the lists (DER) of today, which may know more than those in the file; a
    certificate counts as of the time of signing. Never raises for a bad file. The SHA-256 of the
    file and its record are for the caller to compare with the register.
    Source: ``documents.md`` 4.2, rules (b) to (d).
    """
    try:
        signature = find(pdf) if len(pdf) <= LIMIT else None
    except ValueError:
        return Verdict(problems=[Problem.MALFORMED])
    if signature is None:
        return Verdict(problems=[Problem.UNSIGNED])
    verdict = check_bytes(signature, roots, revocations)
    if verdict.valid:
        return check_meaning(pdf, verdict)
    return verdict


def find(pdf: bytes) -> Signature | None:
    """Return the last signature in the bytes; ``ValueError`` if it makes no sense."""
    *_, found = [None, *BYTE_RANGE.finditer(pdf)]
    if found is None:
        return None
    start, length, tail, rest = (int(number) for number in found.groups())
    gap = pdf[length:tail]
    if start != 0 or not length < tail <= tail + rest <= len(pdf) or gap[:1] + gap[-1:] != b"<>":
        raise ValueError("the byte range does not enclose a signature")
    dictionary = pdf[pdf.rfind(b" obj", 0, length) : length] + pdf[tail : pdf.find(b"endobj", tail)]
    if found.group() not in dictionary:
        raise ValueError("the byte range belongs to another object")
    return Signature(
        contents=container(gap[1:-1]),
        signed=pdf[:length] + pdf[tail : tail + rest],
        whole_file=tail + rest == len(pdf),
        at=date(dictionary),
    )


def container(digits: bytes) -> bytes:
    """Return the signature written in hex; nothing may hide in its spelling or its padding."""
    if not digits.isascii() or digits not in (digits.upper(), digits.lower()):
        raise ValueError("the signature is written in mixed case")
    padded = bytes.fromhex(digits.decode("ascii"))
    length = int.from_bytes(padded[2:4])
    heads = (b"", SIGNED_DATA + b"\xa0", b"0")  # ContentInfo, its [0], the SignedData in it
    lengths = (length, length - 15, length - 19)
    envelope = b"0" + b"".join(
        head + b"\x82" + max(size, 0).to_bytes(2) for head, size in zip(heads, lengths, strict=True)
    )
    if not padded.startswith(envelope) or any(padded[4 + length :]):
        raise ValueError("the signature is not one SignedData followed by zeros")
    return padded[: 4 + length]


def date(dictionary: bytes) -> datetime:
    """Return the moment in the entry /M of a signature; no zone means UTC."""
    written = MODIFIED.search(dictionary)
    plain = written and ESCAPED.sub(lambda octal: bytes([int(octal[1], 8) % 256]), written[1])
    parts = plain and DATE.match(plain)
    if not parts:
        raise ValueError("the signature has no date")
    digits, sign, hours, minutes = parts.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    zone = timezone(-offset if sign == b"-" else offset)
    return datetime.strptime(digits.decode(), "%Y%m%d%H%M%S").replace(tzinfo=zone)


def check_bytes(
    signature: Signature, roots: Sequence[bytes], revocations: Sequence[bytes]
) -> Verdict:
    """Check digest, signature and certificate without reading the PDF as a PDF."""
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415 -- slow import

    try:
        return judge(signature, validation_context(roots, revocations, signature.at))
    except (ValueError, TypeError, KeyError, AttributeError, PdfError):
        return Verdict(problems=[Problem.MALFORMED])  # asn1crypto reads lazily, fails anywhere


def judge(signature: Signature, context: "ValidationContext") -> Verdict:
    """Return the verdict on a signature over its bytes; raises for one that cannot be parsed."""
    from asn1crypto import cms  # noqa: PLC0415 -- comes with pyHanko, slow import
    from pyhanko.sign.validation.generic_cms import (  # noqa: PLC0415 -- slow import
        async_validate_detached_cms,
    )

    signed_data = cms.ContentInfo.load(signature.contents)["content"]
    status = asyncio.run(async_validate_detached_cms(signature.signed, signed_data, context))
    intact = bool(status.intact and status.valid) and plain(signed_data, status.signing_cert)
    trusted = bool(intact and status.trusted)
    objections = {
        Problem.CHANGED: not intact,
        Problem.REVOKED: intact and status.revoked,
        Problem.UNTRUSTED: intact and not trusted and not status.revoked,
        Problem.EXTENDED: not signature.whole_file,
    }
    return Verdict(
        intact=intact,
        trusted=trusted,
        whole_file=signature.whole_file,
        signer=status.signing_cert.subject.native.get("common_name", ""),
        signed_at=signature.at,
        problems=[problem for problem, found in objections.items() if found],
    )


def plain(signed_data: "SignedData", certificate: "Certificate") -> bool:
    """Whether the parts that no signature covers say just what every signer of ours writes."""
    from asn1crypto import algos, cms  # noqa: PLC0415 -- comes with pyHanko, slow import

    sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
    name = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    (signer,) = signed_data["signer_infos"]
    return bool(
        signed_data["version"].native == signer["version"].native == "v1"
        and signed_data["digest_algorithms"].dump() == cms.DigestAlgorithms([sha256]).dump()
        and signer["digest_algorithm"].dump() == sha256.dump()
        and signer["sid"].chosen.dump() == cms.IssuerAndSerialNumber(name).dump()
        and {each.chosen["signature_value"].contents[:1] for each in signed_data["certificates"]}
        == {b"\0"}  # no unused bits
    )


def check_meaning(pdf: bytes, verdict: Verdict) -> Verdict:
    """Read a file that its bytes proved to be ours: one signature, nothing changed, the record."""
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415 -- slow import
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 -- slow import
    from pyhanko.sign.validation.status import (  # noqa: PLC0415 -- slow import
        SignatureCoverageLevel,
    )

    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        (embedded,) = reader.embedded_signatures
        embedded.compute_integrity_info()
        whole = embedded.coverage == SignatureCoverageLevel.ENTIRE_FILE
        if not whole or embedded.docmdp_level is None:
            return replace(verdict, problems=[Problem.FORBIDDEN])
        return replace(verdict, record=attachment(reader, RECORD))
    except (ValueError, KeyError, PdfError):
        return replace(verdict, problems=[Problem.MALFORMED])


def attachment(reader: "PdfFileReader", name: str) -> bytes | None:
    """Return an embedded file by name, from the flat list that WeasyPrint writes."""
    try:
        names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    except KeyError:
        return None
    for place in range(1, len(names), 2):  # indexing, unlike slicing, follows references
        specification = names[place]
        if specification["/UF"] == name:
            return bytes(specification["/EF"]["/F"].data)
    return None


def validation_context(
    roots: Sequence[bytes], revocations: Sequence[bytes], at: datetime
) -> "ValidationContext":
    """Return the grounds on which certificates are judged: ours only, offline, at ``at``."""
    from asn1crypto import crl, pem, x509  # noqa: PLC0415 -- comes with pyHanko, slow import
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415 -- slow import

    return ValidationContext(
        trust_roots=[x509.Certificate.load(pem.unarmor(root)[2]) for root in roots],
        crls=[crl.CertificateList.load(data) for data in revocations],
        moment=at,
        allow_fetching=False,
        retroactive_revinfo=True,  # a list of today also speaks about a signature of last year
        revocation_mode="require" if revocations else "soft-fail",
    )
