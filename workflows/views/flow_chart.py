"""A flow as a picture: viewflow lays it out, the house draws it, downwards, with numbers and marks.

The picture is one template, ``components/flow_chart.html``, with the same steps as a list.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from textwrap import wrap
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from viewflow.workflow import chart

from workflows.status_words import CASE_STATES
from workflows.views import nodes

LONG, BROAD = 56, 136  # a step: along the flow, across it
SMALL = 22  # a gate
ASIDE = 36  # room beside a step for ways back and their answers
PILL = 60  # beginning and end, across the flow
NARROW_LETTERS = 20  # of one line in a step; half as many Chinese ones
LABEL, LINE = 14, 12  # letters of one line of an answer, and its height
HOTTEST = 4
Place = tuple[float, float, str, str]  # of words: across, down, their end there, the side
EDGE = 10  # around everything

OTHERS: dict[str, str | Promise] = {
    "submission": _("Filing"),
    "correction": _("Correction by the applicant"),
    "notice": _("Public notice"),
    "issuing": _("Making of the papers"),
    "delivery": _("Delivery"),
    "standby": _("Waiting for money"),
    "binding": _("Binding of the task book"),
    "end": _("End"),
}
FACTS: dict[str, str | Promise] = {
    "yes": _("Yes"),
    "no": _("No"),
    "confirmed": _("Confirmed"),
    "contested": _("Contested"),
    "alone": _("Not ranked"),
    "grouped": _("Ranked in a group"),
}


@dataclass(frozen=True)
class Mark:
    """What is shown on one step: a number, how hot it is, how much is late, where a case stands."""

    number: int | None = None
    late: int = 0
    heat: int = 0  # 0 to HOTTEST
    state: str = ""  # "now", "done" or nothing
    words: str = ""  # the same for the list


@dataclass(frozen=True)
class Box:
    """One node on the picture; a gate has no name."""

    node: str
    kind: str  # step, gate or pill
    title: str
    lines: tuple[tuple[str, float], ...]  # words and where they stand below the top
    x: float
    y: float
    width: float
    height: float
    mark: Mark

    @property
    def middle(self) -> float:
        """Half its width."""
        return self.width / 2

    @property
    def diamond(self) -> str:
        """The outline of a gate."""
        half = self.width / 2
        return f"M{half:g} 0L{self.width:g} {half:g}L{half:g} {self.height:g}L0 {half:g}Z"


@dataclass(frozen=True)
class Way:
    """From one node to another, with the answers that lead there."""

    path: str
    lines: tuple[tuple[str, float], ...]  # words and where they stand
    x: float
    anchor: str

    @property
    def label(self) -> str:
        """The answers as one line."""
        return " ".join(words for words, _y in self.lines)


@dataclass(frozen=True)
class Picture:
    """The whole flow."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    ways: tuple[Way, ...]

    @property
    def steps(self) -> list[Box]:
        """The steps in the order of the flow."""
        return [box for box in self.boxes if box.kind == "step"]


def called(node: str) -> str:
    """What a node of any flow is called."""
    return str(nodes.WORDS.get(node) or OTHERS.get(node) or node)


def order(node: str) -> int:
    """Where a step stands in a list of steps of several flows."""
    known = [*nodes.WORDS, *OTHERS]
    return known.index(node) if node in known else len(known)


def heat(number: int, most: int) -> int:
    """How hot a number is beside the largest: 0 for none, up to ``HOTTEST``."""
    return -(-number * HOTTEST // most) if number > 0 else 0


def names(flow: Any) -> list[str]:
    """The steps of a flow in the order of the picture."""
    return [cell.node.name for cell in _cells(flow) if kind_of(cell.node) == "step"]


def picture(flow: Any, marks: Mapping[str, Mark]) -> Picture:
    """The flow with ``marks`` on its steps, in the reader's language."""
    grid = _grid(flow)
    cells = _cells(flow)
    turns = [point for edge in grid.edges for point in edge.segments]
    ends = [(cell.shape.x + cell.shape.width, cell.shape.y + cell.shape.height) for cell in cells]
    return Picture(
        width=int(max(across for _along, across in (*ends, *turns))) + 2 * EDGE,
        height=int(max(along for along, _across in (*ends, *turns))) + 2 * EDGE,
        boxes=tuple(_box(cell, marks.get(cell.node.name, Mark())) for cell in cells),
        ways=tuple(_ways(grid)),
    )


def kind_of(node: Any) -> str:
    """How a node is drawn."""
    if node.task_type == "HUMAN":
        return "step"
    return "pill" if node.task_type in ("START", "END") else "gate"


# --- layout -------------------------------------------------------------------------------------
# viewflow runs a flow from left to right; a page scrolls downwards. So it is given sizes with
# length and breadth exchanged, and what it answers is exchanged back when drawn.
@cache
def _grid(flow: Any) -> Any:
    """viewflow's rows, columns and ways, for the sizes of this house."""
    grid = chart.calc_layout_data(flow)
    _narrow(grid)
    along, across = _sizes(grid, "col", 0), [each + ASIDE for each in _sizes(grid, "row", 1)]
    for cell in grid.cells:
        long, broad = _size(cell.node)
        cell.width, cell.height = along[cell.col], across[cell.row]
        cell.x = sum(along[: cell.col]) + chart.GAP_SIZE * cell.col
        cell.y = sum(across[: cell.row]) + chart.GAP_SIZE * cell.row
        cell.shape.width, cell.shape.height = long, broad
        cell.shape.x = cell.x + (cell.width - long) // 2
        cell.shape.y = cell.y + (cell.height - broad) // 2
    chart.calc_edges(grid)
    return grid


def _narrow(grid: Any) -> None:
    """Let neighbouring rows become one where no two of their nodes stand in the same column."""
    by_row: dict[int, list[Any]] = {}
    for cell in grid.cells:
        by_row.setdefault(cell.row, []).append(cell)
    row, taken = -1, set[int]()
    for _former, cells in sorted(by_row.items()):
        columns = {cell.col for cell in cells}
        if row < 0 or columns & taken:
            row, taken = row + 1, set()
        taken |= columns
        for cell in cells:
            cell.row = row


def _sizes(grid: Any, axis: str, side: int) -> list[int]:
    """The size of every column, or row: that of the largest node in it."""
    found = [0] * (1 + max(getattr(cell, axis) for cell in grid.cells))
    for cell in grid.cells:
        place = getattr(cell, axis)
        found[place] = max(found[place], _size(cell.node)[side])
    return found


def _size(node: Any) -> tuple[int, int]:
    return {"step": (LONG, BROAD), "pill": (SMALL, PILL), "gate": (SMALL, SMALL)}[kind_of(node)]


def _cells(flow: Any) -> list[Any]:
    return sorted(_grid(flow).cells, key=lambda cell: (cell.col, cell.row))


# --- drawing ------------------------------------------------------------------------------------
def _box(cell: Any, mark: Mark) -> Box:
    kind, shape = kind_of(cell.node), cell.shape
    title = "" if kind == "gate" else called(cell.node.name)
    return Box(
        node=cell.node.name,
        kind=kind,
        title=title,
        lines=tuple(_lines(title, kind, numbered=mark.number is not None)),
        x=shape.y + EDGE,
        y=shape.x + EDGE,
        width=shape.height,
        height=shape.width,
        mark=mark,
    )


def _lines(title: str, kind: str, *, numbered: bool) -> Iterator[tuple[str, float]]:
    """The words of a box, at most two lines; a number needs the lower third."""
    found = _wrapped(title, NARROW_LETTERS)[:2]
    middle = SMALL / 2 if kind == "pill" else (18.0 if numbered else LONG / 2)
    for place, words in enumerate(found):
        yield words, middle + 4 + 13 * (place - (len(found) - 1) / 2)


def _wrapped(words: str, letters: int) -> list[str]:
    """The words in lines of so many letters, of half as many Chinese ones."""
    wide = any(ord(letter) > 0x2E7F for letter in words)
    return wrap(words, letters // 2 if wide else letters)


def _ways(grid: Any) -> Iterator[Way]:
    """Every way; answers that lead to one place from several gates are written once, together."""
    tops = {cell.node: cell.shape.x + EDGE for cell in grid.cells}
    drawn: list[tuple[str, Place]] = []
    answers: dict[Place, list[str]] = {}
    written = set()
    for edge in grid.edges:
        points = [(y + EDGE, x + EDGE) for x, y in edge.segments]
        place = _label_place(points, tops[edge.dst])
        drawn.append(("M" + "L".join(f"{x:g} {y:g}" for x, y in points), place))
        answer = _answer(edge)
        if answer and (edge.dst, answer) not in written:
            written.add((edge.dst, answer))
            answers.setdefault(place, []).append(answer)
    for path, place in drawn:
        yield _way(path, place, answers.pop(place, []))


def _way(path: str, place: Place, answers: Sequence[str]) -> Way:
    """The way with its answers, line upon line; several lines keep clear of the gate above."""
    x, y, anchor, side = place
    found = [line for answer in answers for line in _wrapped(answer, LABEL)]
    first = y if side == "below" else y - LINE * (len(found) - 1)
    lines = tuple((words, first + LINE * no) for no, words in enumerate(found))
    return Way(path, lines, x + SMALL / 2 if side == "above" and len(found) > 1 else x, anchor)


def _label_place(points: Sequence[tuple[float, float]], top: float) -> Place:
    """Where the way ends; from the right, above the corner of what it leads to, clear of others."""
    (x1, y1), (x2, y2) = points[-2:]
    if x1 == x2:
        return (
            (x2 + 5, y2 - 5, "start", "above") if y2 > y1 else (x2 + 5, y2 + 12, "start", "below")
        )
    return (x2 - 6, y2 - 6, "end", "left") if x1 < x2 else (x2 + 6, top - 5, "start", "right")


def _answer(edge: Any) -> str:
    """The answer on which a gate goes that way; empty where it does not ask."""
    targets = getattr(edge.src, "targets", None) or {}
    for answer, target in targets.items():
        if target.name == edge.dst.name:
            return str(FACTS[answer]) if answer in FACTS else _state(answer)
    return ""


def _state(answer: str) -> str:
    return CASE_STATES[answer].to("staff") if answer in CASE_STATES else answer
