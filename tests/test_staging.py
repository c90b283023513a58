"""Files on their way in: in order, whole, and gone when they are dropped."""

import errno
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from pytest_django import Settings

from workflows import staging
from workflows.store import StoreFull


@pytest.fixture
def key(settings: Settings, tmp_path: Path) -> Iterator[UUID]:
    settings.HENG_UPLOADS = tmp_path / "uploads"
    return uuid4()


def test_pieces_in_order_make_the_file(key: UUID) -> None:
    assert staging.length(key) == 0

    assert staging.append(key, 0, b"one ") == 4
    assert staging.append(key, 4, b"two") == 7

    assert staging.read(key) == b"one two"


@pytest.mark.parametrize("offset", [0, 3, 5, 10**12])
def test_a_piece_that_does_not_follow_says_where_the_next_belongs(key: UUID, offset: int) -> None:
    staging.append(key, 0, b"one ")

    with pytest.raises(staging.OutOfPlace) as wrong:
        staging.append(key, offset, b"two")

    assert wrong.value.args == (4,)
    assert staging.read(key) == b"one "


def test_a_late_piece_does_not_bring_a_dropped_upload_back(key: UUID) -> None:
    staging.append(key, 0, b"one ")
    staging.drop(key)
    staging.drop(key)

    with pytest.raises(staging.OutOfPlace):
        staging.append(key, 4, b"two")

    assert (staging.length(key), staging.read(key)) == (0, b"")


def test_of_the_same_piece_twice_at_once_one_counts(key: UUID) -> None:
    def add(_: int) -> bool:
        try:
            staging.append(key, 0, b"0" * 100_000)
        except staging.OutOfPlace:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(add, range(8)))

    assert added.count(True) == 1
    assert staging.length(key) == 100_000


def test_everything_that_lies_here_has_a_key(key: UUID, settings: Settings) -> None:
    assert list(staging.keys()) == []

    staging.append(key, 0, b"one ")
    (settings.HENG_UPLOADS / "lost+found").mkdir()

    assert list(staging.keys()) == [key]


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_keeps_what_was_there(key: UUID, reason: int) -> None:
    staging.append(key, 0, b"one ")

    with (
        patch("os.fsync", side_effect=OSError(reason, os.strerror(reason))),
        pytest.raises(StoreFull),
    ):
        staging.append(key, 4, b"two")

    assert staging.read(key) == b"one "
    assert staging.append(key, 4, b"two") == 7
