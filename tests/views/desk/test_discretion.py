"""What the timeline of a case keeps from whom."""

from datetime import UTC, datetime

import pytest

from workflows.views import trail
from workflows.views.desk import discretion


def entry(kind: str, node: str = "") -> trail.Entry:
    """An entry of one who evaluates."""
    at = datetime(2026, 9, 24, tzinfo=UTC)
    facts = {"node": node}
    return trail.Entry(at, kind, "章立", "前持有人：章立", "", "", kind=kind, facts=facts)


@pytest.mark.parametrize(
    ("kind", "node", "shown"),
    [
        ("figures_checked", "", False),
        ("sheet_locked", "", False),
        ("given_back", "data_sheet", False),
        ("snoozed", "sheet", False),
        ("given_back", "acceptance", True),
        ("accepted", "acceptance", True),
    ],
)
def test_only_insiders_read_who_evaluates(kind: str, node: str, *, shown: bool) -> None:
    one = entry(kind, node)

    outside, inside = (
        discretion.discreet(one, set(), insider=insider) for insider in (False, True)
    )

    assert ("章立" in outside.by + outside.text) is shown
    assert (inside.by, inside.text) == (one.by, one.text)
