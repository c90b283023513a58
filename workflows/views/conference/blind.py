"""A submission as a blind panel reads it: nothing that names the applicant (interface 4.1).

The section of the applicant's own facts is left out, so is every question marked secret; what those
answers say is struck out wherever else it stands.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from workflows.edition import Edition as Rules
from workflows.models import Submission

WHO = "common"  # the section that says who applies
NAMING = {"text", "uscc", "phone", "email", "url"}
SHORTEST = 2  # characters; a lone character would strike out half the file
AREA_CODE = 6  # digits; an area names a district, not an applicant


def transcript(filed: Submission, rules: Rules) -> dict[str, Any]:
    """The transcript of ``filed`` without any word that names the applicant."""
    words = sorted(_names(filed.answers, rules), key=len, reverse=True)
    secret = {question.code for question in rules.form.fields() if question.secret}
    sections = [
        {**section, "questions": [q for q in section["questions"] if q["code"] not in secret]}
        for section in filed.transcript["sections"]
        if section["code"] != WHO
    ]
    return {**filed.transcript, "sections": _struck(sections, words, _("[hidden]"))}


def questions(shown: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The questions of a transcript by their codes."""
    return {
        question["code"]: question
        for section in shown["sections"]
        for question in section["questions"]
    }


def _names(answers: Mapping[str, Any], rules: Rules) -> Iterator[str]:
    for section in rules.form.sections:
        for question in section.fields:
            if question.kind in NAMING and (section.code == WHO or question.secret):
                said = str(answers.get(question.code, "")).strip()
                if len(said) >= SHORTEST and not (said.isdigit() and len(said) == AREA_CODE):
                    yield said


def _struck(value: Any, words: list[str], instead: str) -> Any:
    if isinstance(value, list):
        return [_struck(each, words, instead) for each in value]
    if isinstance(value, dict):
        return {key: _struck(each, words, instead) for key, each in value.items()}
    if isinstance(value, str):
        for word in words:
            value = value.replace(word, instead)
    return value
