"""Papers, a development authority, and the programs of others that read what we signed."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from workflows.documents import codes, papers, seal
from workflows.documents.rendering import Rendered
from workflows.documents.signing import DevelopmentSigner

AT = datetime(2025, 9, 16, 2, 30, tzinfo=UTC)
RECORD = '{"number":"沪产教联办〔2025〕12号","schema":"heng.record/1"}'.encode()
CODE = "7KQ4-M2XD-09FT-3WBN-HZ8" + codes.check_character("7KQ4M2XD09FT3WBNHZ8", codes.CROCKFORD)
USCC = "91310115MA1K4Q1T4X"


def letter(**changes: object) -> papers.Letter:
    """Return a correction notice."""
    facts = {
        "lang": "zh-hans",
        "issuer": "上海市产教融合工作联席会议办公室",
        "number": "沪产教联办〔2025〕12号",
        "title": "申请材料补正告知书",
        "addressee": "东澜海工装备股份有限公司",
        "paragraphs": ("你单位提交的申请材料不齐全，现一次性告知需要补正的全部内容。",),
        "items": (papers.Item("营业执照", "扫描件第二页无法辨认。", "2025年9月30日"),),
        "closing": ("补正期间不计入办理时限。",),
        "bodies": ("上海市产教融合工作联席会议办公室",),
        "date_text": "2025年9月16日",
        "code": CODE,
        "verify_url": f"https://heng.example/v/{CODE}/",
        "digest_short": "9f3a1c0752be88d1",
        "demo": True,
    }
    return papers.Letter(**(facts | changes))


def certificate(**changes: object) -> papers.Certificate:
    """Return the certificate of an enterprise."""
    facts = {
        "lang": "zh-hans",
        "title": "产教融合型企业证书",
        "number": "CJRH-QY-310000-2025-0001",
        "identifier": codes.certificate_identifier("11310000002420136G001", USCC, "20250001", 1),
        "holder": "东澜海工装备股份有限公司",
        "uscc": USCC,
        "level": "市级",
        "text": "经评估、审议并公示无异议，认定该企业为上海市产教融合型企业。",
        "issued_on": date(2025, 9, 16),
        "valid_from": date(2025, 9, 16),
        "valid_to": date(2028, 9, 15),
        "bodies": ("上海市发展和改革委员会", "上海市教育委员会"),
        "code": CODE,
        "verify_url": f"https://heng.example/v/{CODE}/",
        "demo": True,
    }
    return papers.Certificate(**(facts | changes))


def designation() -> papers.Designation:
    """Return the certificate of a base."""
    return papers.Designation(
        **vars(certificate(title="产教融合协同育人基地证书")),
        base_name="云枢人工智能教学型协同育人基地",
        base_kind="教学型",
        partners="上海浦汇应用技术大学、上海滨江工程职业技术学院",
        agreement_no="YS-EDU-2024-031",
    )


def recognition() -> papers.Recognition:
    """Return the certificate of a school."""
    return papers.Recognition(**vars(certificate(title="标杆学校证书")), group="高职")


def made(paper: papers.Paper) -> Rendered:
    """Return the unsigned paper."""
    return papers.make(paper, record=RECORD, created=AT)


PAPERS: dict[str, Callable[[], papers.Paper]] = {
    "letter": letter,
    "certificate": certificate,
    "designation": designation,
    "recognition": recognition,
}


@dataclass(frozen=True)
class Issued:
    """A signed paper, in memory and in a file, and who can be asked about it."""

    pdf: bytes
    path: Path
    signer: DevelopmentSigner


@pytest.fixture(scope="session")
def signer(tmp_path_factory: pytest.TempPathFactory) -> DevelopmentSigner:
    """A development signer with an authority of its own."""
    return DevelopmentSigner(tmp_path_factory.mktemp("authority") / "ca")


@pytest.fixture(scope="session", params=PAPERS)
def issued(
    request: pytest.FixtureRequest,
    signer: DevelopmentSigner,
    tmp_path_factory: pytest.TempPathFactory,
) -> Issued:
    """One paper of each kind, signed."""
    paper = PAPERS[request.param]()
    mark = seal.seal_pdf(paper.bodies[0], demo=True)
    pdf = signer.sign(made(paper).pdf, at=AT, reason="发布决定", location="上海", seal=mark)
    path = tmp_path_factory.mktemp("issued") / f"{request.param}.pdf"
    path.write_bytes(pdf)
    return Issued(pdf, path, signer)


@pytest.fixture(scope="session")
def trust(signer: DevelopmentSigner, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of trusted certificates, as poppler wants it, with our root in it."""
    directory = tmp_path_factory.mktemp("nss")
    root = directory / "root.pem"
    root.write_bytes(signer.roots[0])
    run("certutil", "-N", "-d", directory, "--empty-password")
    run("certutil", "-A", "-d", directory, "-n", "root", "-t", "C,C,C", "-i", root)
    return directory


def run(*command: str | Path) -> str:
    """Run a program and return what it prints; it must succeed."""
    done = subprocess.run([str(part) for part in command], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    return done.stdout.decode()


def flipped(pdf: bytes, place: int, bit: int = 0) -> bytes:
    """Return ``pdf`` with one bit changed."""
    changed = bytearray(pdf)
    changed[place] ^= 1 << bit
    return bytes(changed)
