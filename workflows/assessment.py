"""Answers weighed by an edition: conditions met, rules broken, points computed, opinions to ask.

The same weighing serves the applicant's self-check, the draft, the submission and every officer
who opens the case later; the answers and the day decide, nothing is stored here.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from forms import binding, papers, sentences
from forms.binding import Bound
from forms.expressions import compile
from forms.schema import Attachment, Cel, Section
from workflows.edition import RECORD, Condition, Edition, Rule
from workflows.procedure import Band, CheckItem, Department, Part, Procedure, Step


@dataclass(frozen=True)
class Assessment:
    """What an edition says of one set of answers on one day."""

    edition: Edition
    procedure: Procedure
    bound: Bound
    conditions: tuple[str, ...]  # codes of the conditions met
    blocks: tuple[Rule, ...]
    warnings: tuple[Rule, ...]
    notes: tuple[Rule, ...]

    @property
    def eligible(self) -> bool:
        """Say whether no rule stands in the way."""
        return not self.blocks

    def sentence(self, rule: Rule) -> str:
        """Give what the applicant reads when `rule` does not hold, with the answers in it."""
        anyone = next(self.edition.form.fields())
        return sentences.filled(str(rule.sentence), self.bound, anyone, {})

    def met(self) -> list[Condition]:
        """Give the conditions met, in order."""
        return [one for one in self.edition.conditions if one.code in self.conditions]

    def departments(self) -> list[Department]:
        """Give the departments whose opinion this applicant needs."""
        asked = self.procedure.departments
        return [one for one in asked if one.when is None or self._holds(one.when)]

    def bands(self) -> list[Band]:
        """Give the bands of marks that count for this applicant."""
        return [one for one in self.procedure.bands if one.when is None or self._holds(one.when)]

    def visited(self) -> bool:
        """Say whether every such applicant is visited on site."""
        visit = self.procedure.visit
        return visit is not None and visit.always is not None and self._holds(visit.always)

    def checks(self, step: Step) -> list[CheckItem]:
        """Give what an officer confirms at `step`."""
        items = [item for item in self.procedure.checklist if item.step == step]
        return [item for item in items if item.when is None or self._holds(item.when)]

    def confirmed(self, item: CheckItem) -> bool | None:
        """Give what the answers say of a check by themselves; None where a person must look."""
        return None if item.automatic is None else self._holds(item.automatic)

    def points(self) -> dict[str, Decimal]:
        """Give the points of every computed part of the rubric, half up to two places."""
        parts = [part for line in self.procedure.evaluation.rubric for part in line.parts]
        return {part.code: self._points(part) for part in parts if part.computed}

    def lacking(self, provided: Collection[str]) -> list[Attachment]:
        """Give the papers required but neither `provided` nor to be had by data sharing.

        They do not block a submission: the desk asks for everything missing at once.
        """
        asked = [paper.attachment for paper in papers.papers(self.bound) if paper.required]
        return [one for one in asked if one.code not in provided and not one.obtainable_by_sharing]

    def _points(self, part: Part) -> Decimal:
        computed = Decimal(str(self.value(part.computed or "0")))
        return computed.quantize(Decimal("0.01"), ROUND_HALF_UP)

    def _holds(self, source: Cel) -> bool:
        return self.value(source) is True

    def value(self, source: Cel) -> Any:
        """Give what an expression of the edition makes of the answers; money is whole fen."""
        return compile(source, self.edition.form.names()).evaluate(self.bound.values)


def bind(
    edition: Edition,
    procedure: str,
    answers: Mapping[str, Any],
    record: Mapping[str, Any],
    today: date,
    *,
    section: Section | None = None,
    submitted: bool = False,
) -> Bound:
    """Bind answers to the edition's form: derived values first, then the conditions met, then all.

    `record` holds what the office knows of the applicant (edition.RECORD); what it lacks is empty.
    """
    form, known = edition.form, {**RECORD, **record}
    context = binding.context(edition.rule, procedure, known, today)
    first = binding.bind(form, answers, context=context)
    context["conditions"] = [one.code for one in edition.conditions if _met(one, first)]
    return binding.bind(form, answers, context=context, section=section, submitted=submitted)


def assess(
    edition: Edition,
    procedure: str,
    answers: Mapping[str, Any],
    record: Mapping[str, Any],
    today: date,
    *,
    section: Section | None = None,
    submitted: bool = False,
) -> Assessment:
    """Weigh answers by every rule of `procedure`; KeyError if the edition has no such procedure."""
    chosen = edition.procedures[procedure]
    bound = bind(edition, procedure, answers, record, today, section=section, submitted=submitted)
    names, rules = edition.form.names(), edition.rules(procedure)
    broken = [rule for rule in rules if not compile(rule.holds, names).evaluate(bound.values)]
    blocks, warnings, notes = (
        tuple(rule for rule in broken if rule.effect == effect)
        for effect in ("block", "warning", "note")
    )
    met = tuple(bound.values["conditions"])
    return Assessment(edition, chosen, bound, met, blocks, warnings, notes)


def _met(condition: Condition, bound: Bound) -> bool:
    return bool(compile(condition.met, bound.form.names()).evaluate(bound.values))
