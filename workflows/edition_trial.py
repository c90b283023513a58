"""Every expression of an edition tried on its samples: types show only when an expression runs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from forms.expressions import Failed, compile
from workflows.assessment import Assessment, assess
from workflows.edition import Edition
from workflows.edition_source import Key
from workflows.procedure import Procedure


@dataclass(frozen=True)
class Problem:
    """Something wrong with an edition, and the key where it stands."""

    key: Key
    reason: str


@dataclass(frozen=True)
class Formula:
    """One expression of an edition outside its form, and what it must give."""

    key: Key
    source: str
    gives: Literal["truth", "points", "number", "text"] = "truth"
    maximum: Decimal = Decimal(0)
    known: frozenset[str] = frozenset()  # the texts it may give; empty: any

    def refusal(self, value: object) -> str:
        """Say what is wrong with a result; empty if nothing is."""
        if self.gives == "truth":
            return "" if isinstance(value, bool) else f"gives {value!r}, not true or false"
        if self.gives == "text":
            fits = isinstance(value, str) and (not self.known or value in self.known)
            return "" if fits else f"gives {value!r}, not {self._texts}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            return f"gives {value!r}, not a number"
        if self.gives == "number":
            return ""
        fits = 0 <= Decimal(str(value)) <= self.maximum
        return "" if fits else f"gives {value} points, outside 0 to {self.maximum}"

    @property
    def _texts(self) -> str:
        return f"one of {', '.join(sorted(filter(None, self.known)))}" if self.known else "a text"


def formulas(edition: Edition) -> Iterator[Formula]:
    """Yield every expression outside the form."""
    for index, condition in enumerate(edition.conditions):
        yield Formula(("conditions", index, "met"), condition.met)
    for index, rule in enumerate(edition.eligibility):
        yield Formula(("eligibility", index, "holds"), rule.holds)
    for code, procedure in edition.procedures.items():
        yield from _of_procedure(("procedures", code), procedure)


def trials(edition: Edition) -> Iterator[Problem]:
    """Run everything on every sample, and on a form without answers; yield what does not fit."""
    for index, sample in enumerate(edition.samples):
        key: Key = ("samples", index)
        facts = (sample.procedure, sample.answers, sample.record, sample.today)
        assessment, problems = _run(edition, key, *facts)
        yield from problems
        if assessment is not None:
            yield from _unexpected((*key, "expect"), sample.expect, outcome(assessment))
    for code in edition.procedures:
        yield from _run(edition, ("procedures", code), code, {}, {}, edition.valid_from)[1]


def outcome(assessment: Assessment) -> dict[str, Any]:
    """Give what a sample may expect, by name: verdicts, codes, points and derived values."""
    return {
        **assessment.bound.derived,
        "eligible": assessment.eligible,
        "complete": assessment.bound.ok,
        "conditions": list(assessment.conditions),
        "blocks": [rule.code for rule in assessment.blocks],
        "warnings": [rule.code for rule in assessment.warnings],
        "notes": [rule.code for rule in assessment.notes],
        "departments": [department.code for department in assessment.departments()],
        "points": {code: str(points) for code, points in assessment.points().items()},
        "bands": [str(band.at_least) for band in assessment.bands()],
        "visited": assessment.visited(),
    }


def _of_procedure(key: Key, procedure: Procedure) -> Iterator[Formula]:
    for index, department in enumerate(procedure.departments):
        yield from _truth((*key, "departments", index, "when"), department.when)
    for index, item in enumerate(procedure.checklist):
        yield from _truth((*key, "checklist", index, "when"), item.when)
        yield from _truth((*key, "checklist", index, "automatic"), item.automatic)
    for index, line in enumerate(procedure.evaluation.rubric):
        at = (*key, "evaluation", "rubric", index, "parts")
        for place, part in enumerate(line.parts):
            if part.computed:
                yield Formula((*at, place, "computed"), part.computed, "points", part.maximum)
    yield from _of_choosing(key, procedure)


def _of_choosing(key: Key, procedure: Procedure) -> Iterator[Formula]:
    """Yield what decides which cases stand together, in which order, and what one may get."""
    for index, band in enumerate(procedure.bands):
        yield from _truth((*key, "bands", index, "when"), band.when)
    if procedure.one_per:
        yield Formula((*key, "one_per"), procedure.one_per, "text")
    if procedure.joint:
        yield Formula((*key, "joint", "lead"), procedure.joint.lead, "text")
    if procedure.visit:
        yield from _truth((*key, "visit", "always"), procedure.visit.always)
    if funding := procedure.funding:
        yield Formula((*key, "funding", "cap"), funding.cap, "number")
        yield Formula((*key, "funding", "share_percent"), funding.share_percent, "number")
    yield from _of_selection(key, procedure)


def _of_selection(key: Key, procedure: Procedure) -> Iterator[Formula]:
    if selection := procedure.selection:
        groups = frozenset({"", *(one.code for one in selection.groups)})
        yield Formula((*key, "selection", "group"), selection.group, "text", known=groups)
        for index, tie in enumerate(selection.ties):
            if tie.value:
                yield Formula((*key, "selection", "ties", index, "value"), tie.value, "number")


def _truth(key: Key, source: str | None) -> Iterator[Formula]:
    if source is not None:
        yield Formula(key, source)


def _run(
    edition: Edition,
    key: Key,
    procedure: str,
    answers: Mapping[str, Any],
    record: Mapping[str, Any],
    today: date,
) -> tuple[Assessment | None, list[Problem]]:
    try:
        assessment = assess(edition, procedure, answers, record, today, submitted=True)
    except Failed as failure:
        return None, [Problem(key, str(failure))]
    problems = [Problem(key, reason) for reason in assessment.bound.failures.values()]
    governed = [formula for formula in formulas(edition) if _concerns(formula, procedure)]
    values, names = assessment.bound.values, edition.form.names()
    for formula in governed:
        try:
            reason = formula.refusal(compile(formula.source, names).evaluate(values))
        except Failed as failure:
            reason = str(failure)
        if reason:
            problems.append(Problem(formula.key, f"{reason} (tried on {_name(edition, key)})"))
    return (None if problems else assessment), problems


def _concerns(formula: Formula, procedure: str) -> bool:
    return formula.key[0] != "procedures" or formula.key[1] == procedure


def _name(edition: Edition, key: Key) -> str:
    if key[0] == "samples":
        return f"sample {edition.samples[int(key[1])].name!r}"
    return "a form without answers"


def _unexpected(
    key: Key, expected: Mapping[str, Any], found: Mapping[str, Any]
) -> Iterator[Problem]:
    for name, value in expected.items():
        if name not in found:
            yield Problem((*key, name), "nothing of this name comes out")
        elif found[name] != value:
            yield Problem((*key, name), f"expected {value!r}, but {found[name]!r} comes out")
