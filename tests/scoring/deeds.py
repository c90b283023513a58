"""What is done and read in these tests."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import strategies as st

from tests.programmes.benchmark_school.cohort import (
    CAOJIANG,
    JIANHU,
    JISHAN,
    PUYANG,
    TIANMU,
    YUEZHOU,
)
from tests.programmes.benchmark_school.weighing import PROCEDURE
from workflows import scoring
from workflows.scoring import Answer, Entry, Place

HALF_A_CENT = Fraction(1, 200)


BUDGET = Decimal(1000)


HIGHER = {"鉴湖": JIANHU, "曹江": CAOJIANG, "越州": YUEZHOU}


SECONDARY = {"稽山": JISHAN, "浦阳": PUYANG, "天姥": TIANMU}


assert PROCEDURE.index is not None


WEIGHTS = PROCEDURE.index.weights


figures = st.decimals(0, 1000, places=2)


grades = st.decimals(0, 100, places=1)


def cohort(schools, **changes: Mapping[str, object]) -> dict[str, dict[str, Decimal | None]]:
    """The figures of some schools, a few of them changed; None does not apply."""
    found = {
        name: {code: Decimal(v) for code, v in s.values.items()} for name, s in schools.items()
    }
    for name, changed in changes.items():
        found[name] |= {c: None if v is None else Decimal(str(v)) for c, v in changed.items()}
    return found


def marks(values, weights=WEIGHTS) -> dict[str, str]:
    """The marks as they are printed."""
    sheets = scoring.relative_marks(values, weights).sheets
    return {name: str(sheet.mark) for name, sheet in sheets.items()}


@st.composite
def groups(draw):
    """Schools, figures, weights that sum to 100, and what does not apply to whom."""
    cuts = sorted(draw(st.sets(st.integers(1, 99), max_size=6)))
    weights = {f"I{n:02d}": Decimal(b - a) for n, (a, b) in enumerate(pairwise([0, *cuts, 100]), 1)}
    names = [f"s{n}" for n in range(draw(st.integers(1, 5)))]
    values = {name: {code: draw(figures) for code in weights} for name in names}
    skipped = {name: draw(st.sets(st.sampled_from(sorted(weights)))) for name in names}
    return values, weights, skipped


def told(values, skipped) -> dict[str, dict[str, Decimal | None]]:
    return {
        name: {code: None if code in skipped[name] else each for code, each in row.items()}
        for name, row in values.items()
    }


def entries(*rows: Sequence[object]) -> list[Entry[str]]:
    """Entries named a, b, c ... of (mark, ties, wanted)."""
    return [
        Entry(
            name,
            Decimal(str(row[0])),
            tuple(Decimal(str(each)) for each in (row[1] if len(row) > 1 else ())),
            Decimal(str(row[2])) if len(row) > 2 else None,
        )
        for name, row in zip("abcdefghij", rows, strict=False)
    ]


def chosen(found: Sequence[Place[str]]) -> dict[str, str]:
    return {each.key: each.status for each in found}


def cut(
    rows, *, seats: int, pass_mark: object = 0, resolved: Sequence[str] = ()
) -> list[Place[str]]:
    classes = scoring.ordered(rows, resolved)
    return scoring.cut(classes, seats=seats, pass_mark=Decimal(str(pass_mark)))


def allot(
    rows: Sequence[Entry[str]],
    budget: object,
    answers: Mapping[str, Answer] | None = None,
    *,
    pass_mark: object = 70,
    resolved: Sequence[str] = (),
) -> dict[str, tuple[str, str | None]]:
    classes = scoring.ordered(rows, resolved)
    places = scoring.cut(classes, seats=len(rows), pass_mark=Decimal(str(pass_mark)))
    found = scoring.allot(classes, places, budget=Decimal(str(budget)), answers=answers or {})
    return {
        each.key: (each.status, None if each.amount is None else str(each.amount)) for each in found
    }


LINE = entries(
    (90, (), 400), (85, (), 300), (80, (), 500), (78, (), 350), (75, (), 100), (60, (), 10)
)


NO = Answer(Decimal(300), accepted=False)


YES = Answer(Decimal(300), accepted=True)


amounts = st.decimals(1, 400, places=2)


said = st.dictionaries(st.integers(0, 15), st.builds(Answer, amounts, st.booleans()))
