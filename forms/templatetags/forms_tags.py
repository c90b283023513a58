"""Template tags of the forms: a section to fill in, a transcript to read, what changed."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django import template

from forms.bound import Bound
from forms.controls import with_unit
from forms.diff import Change
from forms.page import page
from forms.schema import Form, Section

register = template.Library()
register.filter("with_unit", with_unit)


@register.inclusion_tag("forms/section.html")
def section_form(form: Form, section: Section, bound: Bound) -> dict[str, Any]:
    """Show the error summary and the questions of a section; stands inside a <form novalidate>."""
    return {"page": page(form, section, bound)}


@register.inclusion_tag("forms/problems.html")
def section_problems(form: Form, section: Section, bound: Bound) -> dict[str, Any]:
    """Show the error summary alone, for pages that place it above the form."""
    return {"page": page(form, section, bound)}


@register.inclusion_tag("forms/questions.html")
def section_questions(form: Form, section: Section, bound: Bound) -> dict[str, Any]:
    """Show the questions alone; stands inside a <form novalidate>."""
    return {"page": page(form, section, bound)}


@register.inclusion_tag("forms/transcript.html")
def show_transcript(transcript: dict[str, Any]) -> dict[str, Any]:
    """Show a transcript: the questions as they were asked, with their answers."""
    return {"transcript": transcript}


@register.inclusion_tag("forms/diff.html")
def show_changes(changes: Sequence[Change], before_title: str, after_title: str) -> dict[str, Any]:
    """Show what changed between two sets of answers, under the titles given for them."""
    return {"changes": changes, "before_title": before_title, "after_title": after_title}


@register.filter
def runs(questions: Iterable[dict[str, Any]]) -> list[tuple[bool, list[dict[str, Any]]]]:
    """Part the questions of a transcript into runs of tables and runs of others."""
    return [(tables, list(run)) for tables, run in groupby(questions, lambda one: "rows" in one)]


@register.filter
def beside(left: Iterable[Any], right: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    """Pair two lists, item by item."""
    return zip(left, right, strict=True)
