"""What the correction notice flagged, and where the applicant changes it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from workflows.models import Case, CorrectionItem
from workflows.models.case import State
from workflows.stages import reopening

BACK = "?back=correction"


@dataclass(frozen=True)
class Flag:
    """One item of the notice: its name and place in the form, what was filed, what became of it."""

    item: CorrectionItem
    label: str
    reason: str
    rule: str  # on which the reason rests
    url: str
    section: str = ""  # code of the section, for a question
    paper: str = ""  # code of the attachment, for a paper
    before: str = ""  # what was filed, in words
    changed: bool = False

    @property
    def opens(self) -> bool:
        """Whether there is anything to change; a remark on the whole can only be answered."""
        return bool(self.section or self.paper)


def flags(case: Case) -> list[Flag]:
    """Every item of the notice a case is returned with, in order; none in any other state."""
    if case.state != State.RETURNED:
        return []
    changed, filed = reopening.changed(case), _filed(case)
    return [_flag(case, item, changed, filed) for item in case.correction.items.all()]


def _filed(case: Case) -> dict[str, str]:
    """What was filed, in words, by the code of the question or paper."""
    said = {}
    for section in case.filed.transcript["sections"]:
        for question in section["questions"]:
            said[question["code"]] = f"{question['answer']} {question['unit']}".strip()
    names: dict[str, list[str]] = defaultdict(list)
    for file in case.filed.files:
        names[file["code"]].append(file["name"])
    return said | {code: gettext(", ").join(listed) for code, listed in names.items()}


def _flag(
    case: Case, item: CorrectionItem, changed: Collection[str], filed: Mapping[str, str]
) -> Flag:
    form, target = case.rules.form, item.target
    reason = case.procedure.reasons.get(item.reason)
    said, rule = (str(reason), reason.source) if reason else ("", "")
    before, touched = filed.get(target, ""), target in changed
    for section in form.sections:
        if any(field.code == target for field in section.fields):
            page = reverse("case_section", args=[case.reference, section.code])
            url = f"{page}{BACK}#q-{target}"
            label = str(form.field(target))
            return Flag(item, label, said, rule, url, section.code, "", before, touched)
    for paper in form.attachments:
        if paper.code == target:
            url = f"{reverse('case_files', args=[case.reference])}{BACK}#paper-{target}"
            return Flag(item, str(paper), said, rule, url, "", target, before, touched)
    whole = gettext("The application as a whole")
    return Flag(item, whole, said, rule, reverse("case", args=[case.reference]))


def by_section(found: list[Flag]) -> dict[str, list[Flag]]:
    """The flags on questions, by the code of their section."""
    sections = defaultdict(list)
    for flag in found:
        if flag.section:
            sections[flag.section].append(flag)
    return sections
