"""A press takes effect when its window closes: at once, not when somebody happens to look."""

import json

import pytest

from tests.faults.conftest import Rung
from tests.faults.house import House

pytestmark = pytest.mark.faults
LATE = 2.0  # seconds after the window at most
WINDOW = "4"  # seconds; how late is no matter of how long


def assert_in_time(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    """Four presses in a row are carried out within ``LATE`` of the end of their windows."""
    with house.worker() as worker:
        if house.broker:
            worker.until_said("ready.")
        said = house.run("-m", "tests.faults.rehearsal", "decide", HENG_UNDO_SECONDS=WINDOW)
    late = json.loads(said)

    with capsys.disabled():
        print(f"\ncarried out after its window by {late} s")  # noqa: T201 -- the figures
    assert len(late) == 4
    assert min(late) >= 0
    assert max(late) < LATE


def test_with_a_broker_a_press_counts_when_its_window_closes(
    rung_house: Rung, capsys: pytest.CaptureFixture[str]
) -> None:
    assert_in_time(rung_house[0], capsys)


def test_without_a_broker_a_press_counts_when_its_window_closes(
    quiet_house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    assert_in_time(quiet_house, capsys)
