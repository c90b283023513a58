"""Every pair of colours the design uses keeps its contrast (WCAG 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

import workflows

TOKENS = Path(workflows.__file__).parent / "static" / "heng" / "tokens.css"
TEXT, CONTROL = 4.5, 3.0
PAPERS = ("surface", "page")
MEANINGS = ("ok", "warn", "bad", "info", "plum", "brand")


def colours() -> dict[str, str]:
    """Read the colours of the light theme; the first definition is the default one."""
    found = re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", TOKENS.read_text())
    return dict(reversed(found))


def luminance(colour: str) -> float:
    """Return relative luminance (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours."""
    dark, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


TEXT_PAIRS = [
    *[(ink, paper) for ink in ("ink", "ink-2", "ink-3", "link") for paper in (*PAPERS, "sunken")],
    *[(tone, paper) for tone in MEANINGS for paper in (*PAPERS, f"{tone}-soft")],
    *[("ink-inverse", fill) for fill in ("brand", "brand-strong", "ok", "bad", "warn", "ink")],
    ("ink-2", "warn-soft"),
    ("brand-strong", "brand-soft"),
]
CONTROL_PAIRS = [
    *[(line, paper) for line in ("line-control", "warn-mark", "ok", "bad") for paper in PAPERS],
]


@pytest.mark.parametrize(("text", "paper"), TEXT_PAIRS)
def test_text_is_readable_on_its_paper(text: str, paper: str) -> None:
    palette = colours()

    assert contrast(palette[text], palette[paper]) >= TEXT


@pytest.mark.parametrize(("mark", "paper"), CONTROL_PAIRS)
def test_a_control_stands_out_from_its_paper(mark: str, paper: str) -> None:
    palette = colours()

    assert contrast(palette[mark], palette[paper]) >= CONTROL
