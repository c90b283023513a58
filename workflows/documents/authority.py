"""A certificate authority for development: root, issuing, signer, revocation lists.

Its papers prove that the software works and nothing else; the names of the certificates say so.
Everything is valid from 2020 to 2040, because recorded cases of earlier years are signed at the
time of the case.
"""

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

BEGIN = datetime(2020, 1, 1, tzinfo=UTC)
END = datetime(2040, 1, 1, tzinfo=UTC)
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336
FILES = ("root.pem", "issuing.pem", "signer.pem", "signer.key", "root.crl", "issuing.crl")


@dataclass(frozen=True)
class Authority:
    """Where the parts of the authority lie, all in one folder."""

    directory: Path

    @property
    def root(self) -> Path:
        """The certificate to trust (PEM)."""
        return self.directory / "root.pem"

    @property
    def chain(self) -> tuple[Path, ...]:
        """The certificates above the signer's (PEM), the root last."""
        return (self.directory / "issuing.pem", self.root)

    @property
    def signer(self) -> Path:
        """The signer's certificate (PEM)."""
        return self.directory / "signer.pem"

    @property
    def key(self) -> Path:
        """The signer's private key (PEM, not encrypted, mode 0600)."""
        return self.directory / "signer.key"

    @property
    def revocations(self) -> tuple[Path, ...]:
        """The revocation lists of both authorities (DER)."""
        return (self.directory / "issuing.crl", self.directory / "root.crl")


def make(directory: Path) -> Authority:
    """Return the development authority in ``directory``, making it if it is not there.

    It appears by one rename: of two processes that start together, one makes it and both use it.
    """
    if not complete(directory):
        directory.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(dir=directory.parent, prefix=f"{directory.name}-"))
        try:
            establish(fresh)
            fresh.rename(directory)
        except OSError:
            if not complete(directory):  # not another process's finished work
                raise
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return Authority(directory)


def complete(directory: Path) -> bool:
    """Whether every part of an authority is in ``directory``."""
    return all((directory / name).is_file() for name in FILES)


def establish(directory: Path) -> None:
    """Write a new authority into an empty folder.

    The keys of root and issuing authority stay beside the rest, so that a test can revoke.
    """
    root_key = ec.generate_private_key(ec.SECP384R1())
    issuing_key = ec.generate_private_key(ec.SECP256R1())
    signer_key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    root_name, issuing_name = named("衡 开发用根证书"), named("衡 开发用签发证书")
    root = certify(root_name, root_key.public_key(), root_name, root_key, authority(1))
    issuing = certify(issuing_name, issuing_key.public_key(), root_name, root_key, authority(0))
    signer = certify(
        named("衡 演示电子印章（开发用）"),
        signer_key.public_key(),
        issuing_name,
        issuing_key,
        SIGNING,
    )
    for name, certificate in {"root": root, "issuing": issuing, "signer": signer}.items():
        write(directory / f"{name}.pem", certificate.public_bytes(serialization.Encoding.PEM))
    write(directory / "root.key", private_bytes(root_key), mode=0o600)
    write(directory / "issuing.key", private_bytes(issuing_key), mode=0o600)
    write(directory / "signer.key", private_bytes(signer_key), mode=0o600)
    write(directory / "root.crl", revocation_list(root_name, root_key))
    write(directory / "issuing.crl", revocation_list(issuing_name, issuing_key))


def certify(
    subject: x509.Name,
    public_key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey,
    issuer: x509.Name,
    issuer_key: CertificateIssuerPrivateKeyTypes,
    extensions: Sequence[tuple[x509.ExtensionType, bool]],
) -> x509.Certificate:
    """Return a certificate over the whole life of the authority."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGIN)
        .not_valid_after(END)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(key_identifier(issuer_key), critical=False)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(issuer_key, hashes.SHA256())


def revocation_list(
    issuer: x509.Name, key: CertificateIssuerPrivateKeyTypes, revoked: Sequence[int] = ()
) -> bytes:
    """Return the revocation list (DER) of an issuer; ``revoked`` are serial numbers."""
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer)
        .last_update(BEGIN)
        .next_update(END)
        .add_extension(x509.CRLNumber(1), critical=False)
        .add_extension(key_identifier(key), critical=False)
    )
    for serial in revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(BEGIN)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def key_identifier(key: CertificateIssuerPrivateKeyTypes) -> x509.AuthorityKeyIdentifier:
    """Return the extension that names the issuer's key."""
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())


def named(common_name: str) -> x509.Name:
    """Return the name of a holder in this authority."""
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Heng Development"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def authority(path_length: int) -> list[tuple[x509.ExtensionType, bool]]:
    """Return the extensions of a certificate that signs certificates and revocation lists."""
    return [
        (x509.BasicConstraints(ca=True, path_length=path_length), True),
        (usage(key_cert_sign=True, crl_sign=True), True),
    ]


def usage(**allowed: bool) -> x509.KeyUsage:
    """Return the key usage with everything refused but what is named."""
    every = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement "
        "key_cert_sign crl_sign encipher_only decipher_only"
    )
    return x509.KeyUsage(**(dict.fromkeys(every.split(), False) | allowed))


# Without emailProtection poppler and NSS call the certificate unknown.
SIGNING: list[tuple[x509.ExtensionType, bool]] = [
    (x509.BasicConstraints(ca=False, path_length=None), True),
    (usage(digital_signature=True, content_commitment=True), True),
    (x509.ExtendedKeyUsage([DOCUMENT_SIGNING, ExtendedKeyUsageOID.EMAIL_PROTECTION]), False),
]


def private_bytes(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    """Return a private key as PEM."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def write(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a new file that was never open to more readers than ``mode`` says."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
