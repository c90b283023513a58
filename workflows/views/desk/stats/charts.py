"""Bars and columns as numbers a template draws; sizes are attributes, for the CSP allows no style.

Every chart is 360 units wide, so that its letters can be read on a telephone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, log10

from workflows.statistics import Lights

WIDTH = 360
LETTER, WIDE = 6.6, 12.5  # how broad a letter is, a Chinese one
WORDS, THICK, GAP = 15, 10, 12  # of a bar: a line of its words, itself, the room below
PLOT = (30, 356, 10, 130)  # of columns: left, right, top, bottom
FOOT = 18  # below the columns, for the days
MOST_LABELS = 7
WIDE_FROM = 0x2E7F
PIECES = re.compile(r"[\u2e80-\uffff][，。、；：）】」]*|[^\u2e80-\uffff\s]+\s*|\s+")


@dataclass(frozen=True)
class Line:
    """What one bar shows: amounts drawn one over another from the left, and marks."""

    name: str
    value: str
    amounts: Sequence[tuple[str, float]]  # class, amount
    marks: Sequence[float] = ()


@dataclass(frozen=True)
class Bar:
    """One bar, drawn: its words, each line with its height, then the bar."""

    words: tuple[tuple[str, int], ...]
    value: str
    value_at: int
    y: int
    parts: tuple[tuple[str, float], ...]  # class, width
    marks: tuple[float, ...]


@dataclass(frozen=True)
class Bars:
    """A chart of horizontal bars."""

    bars: tuple[Bar, ...]
    height: int
    kind: str = "bars"
    width: int = WIDTH
    thick: int = THICK


def bars(lines: Sequence[Line]) -> Bars:
    """Bars to one scale: the largest amount or mark is as long as the chart is wide."""
    sizes = [size for line in lines for _css, size in line.amounts]
    most = max([*sizes, *(mark for line in lines for mark in line.marks)], default=0)
    drawn, y = [], 0
    for line in lines:
        drawn.append(_bar(line, y, most))
        y = drawn[-1].y + THICK + GAP
    return Bars(tuple(drawn), y)


def _bar(line: Line, y: int, most: float) -> Bar:
    """The value stands at the right, beside the last line of the words."""
    words = wrapped(line.name, WIDTH, WIDTH - broad(line.value) - WIDE)
    places = tuple((each, y + WORDS * place - 3) for place, each in enumerate(words, 1))
    return Bar(
        words=places,
        value=line.value,
        value_at=places[-1][1],
        y=y + WORDS * len(words),
        parts=tuple((css, _scaled(size, most)) for css, size in line.amounts if size),
        marks=tuple(min(_scaled(mark, most), WIDTH - 1) for mark in line.marks),
    )


def broad(words: str) -> float:
    """About how broad ``words`` are on a chart."""
    return sum(WIDE if ord(letter) > WIDE_FROM else LETTER for letter in words)


def wrapped(words: str, room: float, last: float) -> list[str]:
    """``words`` in lines of ``room``, the last one of ``last``; Latin words stay whole."""
    lines, line = [], ""
    for piece in PIECES.findall(words):
        if line and broad(line + piece.rstrip()) > room:
            lines.append(line.rstrip())
            line = ""
        line += piece
    if broad(line.rstrip()) <= last:
        return [*lines, line.rstrip()]
    return [*lines, line.rstrip(), ""]


def _scaled(size: float, most: float) -> float:
    return round(WIDTH * size / most, 1) if most else 0


@dataclass(frozen=True)
class Column:
    """One day of the trend, drawn: its parts from below, and its label if it has room."""

    x: float
    middle: float
    width: float
    parts: tuple[tuple[str, float, float], ...]  # class, y, height
    label: str


@dataclass(frozen=True)
class Columns:
    """A chart of stacked columns with a scale at the left."""

    columns: tuple[Column, ...]
    ticks: tuple[tuple[int, float], ...]  # number, y
    kind: str = "columns"
    width: int = WIDTH
    height: int = PLOT[3] + FOOT
    left: int = PLOT[0]
    right: int = PLOT[1]
    foot: int = field(default=PLOT[3] + 13)


def columns(trend: Sequence[Lights]) -> Columns:
    """Red below, yellow above, one column a week."""
    left, right, top, bottom = PLOT
    ticks = scale(max((each.red + each.yellow for each in trend), default=0))
    step = (right - left) / max(len(trend), 1)
    every = ceil(len(trend) / MOST_LABELS)
    drawn = []
    for place, each in enumerate(trend):
        parts, y = [], float(bottom)
        for css, number in (("svg-bad", each.red), ("svg-warn", each.yellow)):
            height = round((bottom - top) * number / ticks[-1], 1)
            y = round(y - height, 1)
            if number:
                parts.append((css, y, height))
        x, wide = round(left + step * (place + 0.15), 1), round(step * 0.7, 1)
        last = (len(trend) - 1 - place) % every == 0
        label = f"{each.day:%m-%d}" if last else ""
        drawn.append(Column(x, round(x + wide / 2, 1), wide, tuple(parts), label))
    rise = (bottom - top) / ticks[-1]
    return Columns(tuple(drawn), tuple((tick, round(bottom - tick * rise, 1)) for tick in ticks))


def scale(most: int) -> list[int]:
    """Round numbers from 0 to beyond ``most``, at most six of them."""
    rough = max(most, 1) / 4
    power = 10 ** max(0, int(log10(rough))) if rough >= 1 else 1
    step = next(power * each for each in (1, 2, 5, 10) if power * each >= rough)
    return list(range(0, step * ceil(max(most, 1) / step) + 1, step))
