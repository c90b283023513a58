"""The transcript of a form: the questions exactly as shown, with their answers in words."""

from typing import Any

from django.utils.translation import override

from forms import units
from forms.bound import Bound
from forms.fields import kind_of
from forms.fields.table import Table
from forms.schema import NUMBERS, WORDY, Field, Form, Section


def transcript(form: Form, bound: Bound, language: str) -> dict[str, Any]:
    """Give the transcript in one language, as JSON; sections that ask nothing are absent."""
    with override(language):
        sections = [_section(section, bound, language) for section in form.sections]
    return {
        "language": language,
        "sections": [section for section in sections if section["questions"]],
    }


def _section(section: Section, bound: Bound, language: str) -> dict[str, Any]:
    return {
        "code": section.code,
        "title": section.in_language(language),
        "questions": [
            question(field, bound.answer(field.code), language)
            for field in section.fields
            if field.code in bound.shown
        ],
    }


def question(field: Field, answer: Any, language: str) -> dict[str, Any]:
    """Give one question with its answer in words; of a table, its columns and rows."""
    kind = kind_of(field)
    written = units.in_language(field.unit, language)
    asked = {"code": field.code, "question": field.in_language(language), "unit": written}
    if isinstance(kind, Table):
        columns = [_column(column, language) for column in field.columns]
        rows = kind.shown_rows(field, answer or [], language)
        return {**asked, "answer": "", "columns": columns, "rows": rows}
    return {**asked, "answer": "" if answer is None else kind.shown(field, answer, language)}


def _column(column: Field, language: str) -> dict[str, Any]:
    return {
        "title": column.in_language(language),
        "unit": units.in_language(column.unit, language),
        "number": column.kind in NUMBERS,
        "short": column.kind not in WORDY,
    }
