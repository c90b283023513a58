"""Sentences of a form with answers in them: "{employees_total}", "{rule.min_years}", "{today}"."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from forms.bound import Bound
from forms.fields import kind_of
from forms.schema import Field

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)(?:\.([a-z][a-z0-9_]*))?\}")
CLAUSE = re.compile(r"（[^）]*）|\([^)]*\)|[；;，,]?[^（(；;，,]+|.")  # with the mark before it
MARKS = "；;，, "


def names_in(sentence: str) -> set[str]:
    """Give the names a sentence has placeholders for; of "{rule.min_years}" it is "rule"."""
    return {match[1] for match in PLACEHOLDER.finditer(sentence)}


def filled(sentence: str, bound: Bound, field: Field, row: Mapping[str, Any]) -> str:
    """Put answers, as shown, in the place of their names; cells of the row come first."""

    def answer(match: re.Match[str]) -> str:
        name, key = match.groups()
        if name in row:
            return _shown(field.column(name), row[name])
        if name in bound.shown:
            return _shown(bound.form.field(name), bound.answer(name))
        value = bound.values.get(name, "")
        return str(value.get(key, "") if key and isinstance(value, Mapping) else value)

    return PLACEHOLDER.sub(answer, sentence)


def known(sentence: str, bound: Bound) -> str:
    """Give the sentence without the clauses that speak of an answer nobody gave."""
    clauses = CLAUSE.findall(sentence)
    told = [each for each in clauses if all(_told(*name, bound) for name in _names(each))]
    if len(told) == len(clauses):
        return sentence
    said = re.sub(" +", " ", "".join(told)).strip(MARKS)
    end = "" if said.endswith(sentence[-1]) else sentence[-1]
    return f"{said[0].upper()}{said[1:]}{end}" if said else ""


def _names(sentence: str) -> list[tuple[str, str]]:
    return PLACEHOLDER.findall(sentence)


def _told(name: str, key: str, bound: Bound) -> bool:
    if name in bound.shown:
        return bound.answer(name) is not None
    value = bound.values.get(name, "")
    return bool((value.get(key, "") if key and isinstance(value, Mapping) else value) != "")


def _shown(field: Field, value: Any) -> str:
    return "" if value is None else kind_of(field).shown(field, value, get_language() or "zh-hans")
