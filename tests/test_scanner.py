"""The scanner: only a clear verdict is one, whatever else comes back."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests import clamd
from tests.clamd import EICAR
from workflows import scanner


@pytest.fixture
def stand_in(settings: Settings) -> Iterator[clamd.Scanner]:
    with clamd.running() as (place, running):
        settings.HENG_CLAMD = place
        yield running


def test_a_clean_file_has_no_virus_and_was_sent_whole(stand_in: clamd.Scanner) -> None:
    data = b"%PDF-" + b"0" * 200_000

    assert scanner.scan(data) == ""
    assert stand_in.seen == [data]


def test_a_virus_is_called_by_its_name(stand_in: clamd.Scanner) -> None:
    assert scanner.scan(b"before " + EICAR) == "Eicar-Test-Signature"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"stream: OK but not really\0",
        b"OK\0",
        b"\xff" * 100_000,
    ],
    ids=["nothing", "limit", "memory", "more", "less", "noise"],
)
def test_what_is_not_a_verdict_is_none(stand_in: clamd.Scanner, answer: bytes) -> None:
    stand_in.answer = answer

    with pytest.raises(scanner.ScannerDown):
        scanner.scan(b"a file")


@pytest.mark.parametrize("where", ["/no/such/socket", "unix:/no/such/socket", "127.0.0.1:9"])
def test_a_scanner_that_is_not_there_is_down(settings: Settings, where: str) -> None:
    settings.HENG_CLAMD = where

    with pytest.raises(scanner.ScannerDown):
        scanner.scan(b"a file")


def test_a_house_without_a_scanner_says_so(settings: Settings) -> None:
    assert not scanner.configured()

    settings.HENG_CLAMD = "127.0.0.1:3310"
    assert scanner.configured()
