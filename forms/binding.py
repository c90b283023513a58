"""A form bound to answers: what is valid, wrong, missing, shown and derived.

Saving never refuses: a draft keeps wrong typing and shows it again. Submitting demands that nothing
is wrong or missing. Answers to hidden questions stay in the draft and out of a submission.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import QueryDict

from forms import derivation, rules
from forms.bound import Bound, Sentences
from forms.expressions import Failed, plain
from forms.fields import kind_of
from forms.fields.kind import blank
from forms.schema import Field, Form, Section
from forms.transcript import transcript

__all__ = ["Bound", "bind", "context", "pressed", "read", "transcript"]

FEN_IN_WAN = 1_000_000


def context(
    settings: Mapping[str, Any],
    procedure: str,
    record: Mapping[str, Any],
    today: date,
    conditions: tuple[str, ...] = (),
) -> dict[str, Any]:
    """Give what expressions know beside the answers; `conditions` are the codes of those met."""
    return {
        "wan": FEN_IN_WAN,
        "today": today.isoformat(),
        "this_year": today.year,
        "rule": plain(settings),
        "procedure": procedure,
        "record": plain(record),
        "conditions": list(conditions),
    }


def read(form: Form, section: Section, posted: QueryDict) -> dict[str, Any]:
    """Take the posted answers of a section; a question the page did not show has no key."""
    taken = {
        field.code: kind_of(field).read(field, field.code, posted)
        for field in section.fields
        if not field.derived
    }
    return {code: typed for code, typed in taken.items() if typed is not None}


def pressed(section: Section, posted: QueryDict) -> str:
    """Give the code of the table whose add or remove button sent the form; empty if none did."""
    for field in section.fields:
        if any(
            key == f"{field.code}-add" or key.startswith(f"{field.code}-remove-") for key in posted
        ):
            return field.code
    return ""


def bind(
    form: Form,
    answers: Mapping[str, Any],
    *,
    context: Mapping[str, Any],
    section: Section | None = None,
    submitted: bool = False,
) -> Bound:
    """Judge answers, of one section or of all; `submitted` also demands what is required.

    Raises Failed when a complete form meets a rule that cannot be evaluated: the edition is wrong.
    """
    bound, wrong = _laid_out(form, answers, context)
    scope = section.fields if section else form.fields()
    judged = [field for field in scope if field.code in bound.shown]
    for field in judged:
        _place(bound.errors, field.code, wrong.get(field.code, {}))
        if field.code not in wrong and not field.derived:
            _judge(bound, field, submitted)
    unfit = {field.code for field in form.fields()} - bound.answers.keys() - bound.derived.keys()
    if submitted:  # then optional questions left open are fit, those of other sections are not
        unfit -= {field.code for field in judged}
    unfit |= {*wrong, *bound.missing}
    bound.derived = {
        code: value for code, value in bound.derived.items() if rules.fit(bound, [code], unfit)
    }
    rules.ask(bound, judged, unfit)
    if submitted and bound.ok and bound.failures:
        raise Failed("; ".join(bound.failures.values()))
    return bound


def _laid_out(
    form: Form, answers: Mapping[str, Any], context: Mapping[str, Any]
) -> tuple[Bound, dict[str, Mapping[str, list[str]]]]:
    """Give what is shown, answered and derived, and by question what is wrong with the typing."""
    asked = [field for field in form.fields() if not field.derived]
    clean = {field.code: kind_of(field).clean(field, answers.get(field.code)) for field in asked}
    valid = {code: cleaned.value for code, cleaned in clean.items() if cleaned.value is not None}
    outcome = derivation.derive(form, valid, context)
    bound = Bound(
        form,
        raw=_kept(form, answers, valid),
        values=outcome.values,
        shown=outcome.shown,
        answers={code: value for code, value in valid.items() if code in outcome.shown},
        derived=outcome.derived,
        failures=outcome.failures,
    )
    shown = {code: cleaned for code, cleaned in clean.items() if code in outcome.shown}
    return bound, {code: cleaned.errors for code, cleaned in shown.items() if cleaned.errors}


def _kept(form: Form, answers: Mapping[str, Any], valid: Mapping[str, Any]) -> dict[str, Any]:
    kept = {
        field.code: kind_of(field).kept(answers[field.code], valid.get(field.code))
        for field in form.fields()
        if not field.derived and field.code in answers
    }
    return {code: typed for code, typed in kept.items() if not blank(typed)}


def _judge(bound: Bound, field: Field, submitted: bool) -> None:
    """Say what a question lacks that has no wrong typing in it."""
    if field.code not in bound.answers:
        if submitted and rules.required(bound, field):
            bound.missing.append(field.code)
            _place(bound.errors, field.code, {"": [kind_of(field).demand(field)]})
    elif field.must_be is not None and bound.answers[field.code] is not field.must_be:
        _place(bound.errors, field.code, {"": [str(field.refusal)]})
    elif submitted:
        _place(bound.errors, field.code, kind_of(field).lacks(field, bound.answers[field.code]))


def _place(errors: Sentences, code: str, found: Mapping[str, list[str]]) -> None:
    for place, sentences in found.items():
        errors.setdefault(f"{code}{place}", []).extend(sentences)
