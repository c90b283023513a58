"""A submission as a blind panel reads it: nothing that names the applicant (interface 4.1).

The section of the applicant's own facts is left out, so is every question marked secret; what those
answers say is struck out wherever else it stands, and so are web and mail addresses and the short
name. Better a word too many is hidden than the name is shown.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from workflows.edition import Edition as Rules
from workflows.models import Submission

WHO = "common"  # the section that says who applies
NAMING = {"text", "uscc", "phone", "email", "url"}
SHORTEST = 2  # characters; a lone character would strike out half the file
AREA_CODE = 6  # digits; an area names a district, not an applicant
ADDRESS = re.compile(r"(?:https?://|www\.)[^\s，。；、）)]+|[\w.+-]+@[\w-]+\.[\w.-]+")
PLACE = re.compile(r"([一-龥]{2,4}?)[省市区县]")
LEGAL_FORM = re.compile(r"(?:（[^）]*）)?(?:控股|集团|股份|有限|责任|公司|总)+$")


def transcript(filed: Submission, rules: Rules) -> dict[str, Any]:
    """The transcript of ``filed`` without any word that names the applicant."""
    secret = {question.code for question in rules.form.fields() if question.secret}
    sections = [
        {**section, "questions": [q for q in section["questions"] if q["code"] not in secret]}
        for section in filed.transcript["sections"]
        if section["code"] != WHO
    ]
    return {**filed.transcript, "sections": struck(filed, rules, sections)}


def struck(filed: Submission, rules: Rules, said: Any) -> Any:
    """``said``, a text or texts in lists, without any word that names who filed ``filed``."""
    name, address = filed.case.applicant.name, str(filed.answers.get("address", ""))
    names = {name, *_names(filed.answers, rules), *short_names(name, address)}
    names |= set(_partners(filed, address))
    words = sorted(names, key=len, reverse=True)
    hidden = re.compile("|".join([*map(re.escape, words), ADDRESS.pattern]))
    return _struck(said, hidden, _("[hidden]"))


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


def _partners(filed: Submission, address: str) -> Iterator[str]:
    """Who else applies: names and credit codes of the partners of a joint application."""
    joint = filed.case.procedure.joint
    for row in filed.answers.get(joint.field, []) if joint else []:
        yield from (str(row[key]) for key in ("org_name", "uscc") if row.get(key))
        yield from short_names(str(row.get("org_name", "")), address)


def short_names(name: str, address: str) -> Iterator[str]:
    """What people call an applicant: its name without place and legal form, and its first word.

    上海澄曜半导体装备有限公司 is known as 澄曜半导体装备, and as 澄曜.
    """
    core = LEGAL_FORM.sub("", name)
    for place in PLACE.findall(address):
        core = core.removeprefix(place).lstrip("省市区县")
    yield from (word for word in (core, core[:SHORTEST]) if len(word) >= SHORTEST)


def _struck(value: Any, hidden: re.Pattern[str], instead: str) -> Any:
    if isinstance(value, list):
        return [_struck(each, hidden, instead) for each in value]
    if isinstance(value, dict):
        return {
            key: each if key == "code" else _struck(each, hidden, instead)
            for key, each in value.items()
        }
    return hidden.sub(instead, value) if isinstance(value, str) else value
