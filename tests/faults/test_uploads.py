"""S-07: the whole corpus and a crowd of large files against one real web worker."""

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

import pytest

from tests import clamd
from tests.faults import served
from tests.faults.served import Clerk
from tests.forms import corpus

pytestmark = pytest.mark.faults
PAPER = "evidence_c1_c6"
MEGABYTE = 1024 * 1024
LIMIT = 5.0  # seconds a hostile file may take
Road = Callable[[str, str, bytes], int]
UNSENDABLE = {"path", "reserved character", "invisible character"}  # a form's parser cleans these


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[Clerk, served.Memory]]:
    with clamd.running() as (place, _), served.serving(tmp_path, HENG_CLAMD=place) as running:
        yield running


def test_no_hostile_file_comes_in_and_none_hurts(
    web: tuple[Clerk, served.Memory], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clerk, memory = web
    bad = list(corpus.bad())
    sendings = list(roads(clerk, bad))

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(lambda pair: sent(clerk, *pair), sendings))
    late = [pair for pair, each in zip(sendings, told, strict=True) if each[0] >= LIMIT]
    alone = [sent(clerk, *pair) for pair in late]  # the machine may have had other work to do

    slowest = max(told)
    with capsys.disabled():
        print(  # noqa: T201 -- the figures of the run
            f"\n{len(bad)} files, {dict(Counter(status for _, status, _ in told))}, "
            f"slowest {slowest[0]:.2f} s ({slowest[2]}), web worker {memory.most // MEGABYTE} MB, "
            f"looking inside {memory.child // MEGABYTE} MB"
        )
    assert len(bad) >= 1000
    assert {status for _, status, _ in told} == {422}
    assert attached(tmp_path) == []
    assert [each for each in alone if each[0] >= LIMIT] == []
    assert memory.most < 500 * MEGABYTE
    assert memory.child < 500 * MEGABYTE


def test_every_good_file_comes_in_by_both_roads(
    web: tuple[Clerk, served.Memory], tmp_path: Path
) -> None:
    clerk, _ = web
    good = list(corpus.good().items())

    forms = [clerk.send_whole(PAPER, name, data) for name, data in good]
    pieces = [clerk.send_in_pieces("audit_or_tax", name, data) for name, data in good]

    assert set(forms) == {303}
    assert set(pieces) == {200}
    assert Counter(attached(tmp_path)) == {"clean": 2 * len(good)}


def test_fifty_large_files_at_once_are_refused_or_taken_and_the_worker_stays_small(
    web: tuple[Clerk, served.Memory], tmp_path: Path
) -> None:
    clerk, memory = web
    large = corpus.good()["报告.pdf"] + b"\n%" + b"0" * (20 * MEGABYTE - 100_000)
    whole = large + corpus.good()["报告.pdf"][-60:]
    too_large = whole + b"\n" * (5 * MEGABYTE)

    with ThreadPoolExecutor(50) as pool:
        waiting = [
            pool.submit(clerk.send_in_pieces, PAPER, f"{number}.pdf", data)
            for number, data in enumerate([whole, too_large] * 25)
        ]
        statuses = Counter(each.result() for each in waiting)

    assert statuses[422] >= 25
    assert set(statuses) <= {200, 409, 422}
    assert memory.most < 500 * MEGABYTE


def roads(clerk: Clerk, bad: list[corpus.Sample]) -> Iterator[tuple[corpus.Sample, Road]]:
    """Every other file by a plain form, the rest in pieces; names a form would mend in pieces."""
    for one, road in zip(bad, cycle([clerk.send_whole, clerk.send_in_pieces]), strict=False):
        yield one, (clerk.send_in_pieces if one.why in UNSENDABLE else road)


def sent(clerk: Clerk, one: corpus.Sample, road: Road) -> tuple[float, int, str]:
    """How long it took, the answer, and what was sent."""
    begun = time.monotonic()
    status = road(PAPER, one.name, one.data)
    return time.monotonic() - begun, status, f"{one.why}: {one.name}"


def attached(var: Path) -> list[str]:
    """What is known of viruses in each attached file."""
    with sqlite3.connect(var / "heng.sqlite3") as database:
        found = [scan for (scan,) in database.execute("SELECT scan FROM workflows_file")]
    database.close()
    return found
