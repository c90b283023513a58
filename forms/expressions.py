"""The only door to CEL, the language of conditions and derived values.

CEL compares whole with fractional numbers but does not add or multiply them: int, year and money
(whole fen) are int; decimal and percent are double. Dates are ISO texts, which compare as dates do.
`size` of a text counts bytes; `length` counts characters.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import cel

from forms.fields import kind_of
from forms.fields.number import rounded
from forms.schema import Form

MACROS = re.compile(r"\.(?:all|exists|exists_one|map|filter)\s*\(\s*([A-Za-z_]\w*)\s*,")
STRINGS = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""", re.DOTALL)
NATIVE = frozenset(
    {
        "size",
        "contains",
        "startsWith",
        "endsWith",
        "matches",
        "int",
        "uint",
        "double",
        "string",
        "max",
        "min",
    }
)


class BadExpression(Exception):
    """An expression that does not parse or names something the form does not have."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Failed(Exception):
    """An expression that cannot be evaluated on these values; the argument says which and why."""


@dataclass(frozen=True)
class Expression:
    """A compiled expression and the names it uses."""

    source: str
    names: frozenset[str]
    program: cel.Program

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """Give the result on CEL values (see `values_for`); raise Failed with the reason."""
        context = cel.Context({name: values[name] for name in self.names}, functions=FUNCTIONS)
        try:
            return self.program.execute(context)
        except Exception as error:  # the library raises whatever suits the operand
            raise Failed(f"{self.source}: {error}") from error


def compile(source: str, names: Collection[str]) -> Expression:
    """Compile an expression that uses only `names`; raise BadExpression with the reason."""
    return _compiled(source, frozenset(names))


def values_for(form: Form, answers: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    """Give every name of the form its CEL value, an unanswered question the empty of its type."""
    values = dict(extra)
    for field in form.fields():
        kind, answer = kind_of(field), answers.get(field.code)
        values[field.code] = kind.empty if answer is None else kind.to_cel(field, answer)
    return values


def plain(value: Any) -> Any:
    """Give settings and facts in the types CEL knows: Decimal as double, dates as ISO text."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(inner) for inner in value]
    return value


@lru_cache(maxsize=4096)
def _compiled(source: str, names: frozenset[str]) -> Expression:
    try:
        program = cel.compile(source)
    except ValueError as error:
        raise BadExpression(f"does not parse: {error}") from error
    if unknown := sorted(set(program.variables()) - names - _bound(source)):
        raise BadExpression(f"uses names the form does not have: {', '.join(unknown)}")
    functions = {name for name in program.functions() if name.isidentifier()}  # not operators
    if unknown := sorted(functions - NATIVE - FUNCTIONS.keys()):
        raise BadExpression(f"calls functions that do not exist: {', '.join(unknown)}")
    return Expression(source, frozenset(program.variables()) & names, program)


def _bound(source: str) -> set[str]:
    """Give the names that macros bind, refusing their use outside the macro's brackets."""
    text = STRINGS.sub(lambda match: " " * len(match[0]), source)
    scopes: dict[str, list[range]] = {}
    for macro in MACROS.finditer(text):
        scopes.setdefault(macro[1], []).append(
            range(macro.start(1), _closing(text, macro.start(1)))
        )
    for name, ranges in scopes.items():
        for use in re.finditer(rf"(?<![\w.]){name}\b(?!\s*\()", text):
            if not any(use.start() in scope for scope in ranges):
                raise BadExpression(f"uses {name} outside the brackets that bind it")
    return set(scopes)


def _closing(text: str, start: int) -> int:
    depth = 1
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
    return len(text)


def _total(numbers: list[Any]) -> Any:
    return sum(numbers)


def _percent(part: float, whole: float) -> float:
    """Give part of whole in per cent, rounded half up to two places; 0 of nothing."""
    if not whole:
        return 0.0
    return float(rounded(Decimal(str(part)) * 100 / Decimal(str(whole))))


def _completion(rows: list[Mapping[str, float]]) -> float:
    """Give the mean of what was reached of each target, no target counting more than once."""
    reached = [min(row["actual"] / row["target"], 1.0) for row in rows if row["target"] > 0]
    return sum(reached) / len(reached) if reached else 0.0


def _months_after(day: str, months: int) -> str:
    """Give the corresponding day months later, or the last of that month (民法典 202)."""
    if not day:
        return ""
    found = date.fromisoformat(day)
    year, month = divmod(found.year * 12 + found.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return date.max.isoformat() if months > 0 else date.min.isoformat()
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(found.day, last)).isoformat()


def _years_after(day: str, years: int) -> str:
    return _months_after(day, 12 * years)


def _days_between(first: str, last: str) -> int:
    """Give the days from one day to another; 0 while one of them is missing."""
    return (date.fromisoformat(last) - date.fromisoformat(first)).days if first and last else 0


def _years_before(day: str, years: int) -> str:
    return _years_after(day, -years)


def _year_of(day: str) -> int:
    return int(day[:4] or 0)


def _length(text: str) -> int:
    return len(text)


def _least(first: Any, second: Any) -> Any:
    return min(first, second)


def _most(first: Any, second: Any) -> Any:
    return max(first, second)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sum": _total,
    "percent": _percent,
    "completion": _completion,
    "years_before": _years_before,
    "years_after": _years_after,
    "months_after": _months_after,
    "days_between": _days_between,
    "year_of": _year_of,
    "length": _length,
    "min": _least,
    "max": _most,
}
