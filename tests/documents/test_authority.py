import threading
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from workflows.documents import authority


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return authority.make(tmp_path_factory.mktemp("authority") / "ca")


def read(path):
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_each_certificate_is_issued_by_the_next_and_the_root_by_itself(made):
    signer, issuing, root = (read(path) for path in (made.signer, *made.chain))

    signer.verify_directly_issued_by(issuing)
    issuing.verify_directly_issued_by(root)
    root.verify_directly_issued_by(root)
    assert made.root == made.chain[-1]


def test_the_keys_are_of_the_kinds_that_every_reader_knows(made):
    signer, issuing, root = (read(path).public_key() for path in (made.signer, *made.chain))

    assert isinstance(signer, rsa.RSAPublicKey)
    assert signer.key_size == 3072
    assert isinstance(issuing, ec.EllipticCurvePublicKey)
    assert (issuing.curve.name, root.curve.name) == ("secp256r1", "secp384r1")


def test_the_signer_may_sign_documents_and_nothing_else(made):
    signer = read(made.signer)
    usage = signer.extensions.get_extension_for_class(x509.KeyUsage)
    purposes = signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value

    assert usage.critical
    assert (usage.value.digital_signature, usage.value.content_commitment) == (True, True)
    assert not usage.value.key_cert_sign
    assert [each.dotted_string for each in purposes] == ["1.3.6.1.5.5.7.3.36", "1.3.6.1.5.5.7.3.4"]


def test_the_names_say_that_it_is_for_development(made):
    for path in (made.signer, *made.chain):
        (name,) = read(path).subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        assert "开发用" in name.value


def test_cases_recorded_years_ago_and_years_ahead_verify(made):
    for path in (made.signer, *made.chain):
        assert read(path).not_valid_before_utc == datetime(2020, 1, 1, tzinfo=UTC)
        assert read(path).not_valid_after_utc == datetime(2040, 1, 1, tzinfo=UTC)


def test_the_revocation_lists_are_empty_and_last_longer_than_a_year(made):
    for path in made.revocations:
        revoked = x509.load_der_x509_crl(path.read_bytes())
        assert list(revoked) == []
        assert (revoked.next_update_utc - revoked.last_update_utc).days > 365


def test_keys_are_readable_by_their_owner_only(made):
    keys = sorted(made.directory.glob("*.key"))

    assert [key.name for key in keys] == ["issuing.key", "root.key", "signer.key"]
    assert {key.stat().st_mode & 0o777 for key in keys} == {0o600}
    assert made.directory.stat().st_mode & 0o077 == 0


def test_an_authority_is_made_once(made):
    before = {path.name: path.read_bytes() for path in made.directory.iterdir()}

    assert authority.make(made.directory) == made
    assert {path.name: path.read_bytes() for path in made.directory.iterdir()} == before
    assert [path.name for path in made.directory.parent.iterdir()] == ["ca"]


def test_processes_that_start_together_use_the_same_authority(tmp_path):
    roots = []

    def make():
        roots.append(authority.make(tmp_path / "ca").root.read_bytes())

    threads = [threading.Thread(target=make) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(roots) == 4
    assert len(set(roots)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["ca"]
