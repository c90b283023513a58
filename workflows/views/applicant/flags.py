"""What the correction notice flagged, and where the applicant changes it."""

from collections import defaultdict
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from forms.fields import kind_of
from workflows.models import Case, CorrectionItem, File
from workflows.models.case import State

BACK = "?back=correction"


@dataclass(frozen=True)
class Flag:
    """One item of the notice: its name, its place in the form, whether it was touched since."""

    item: CorrectionItem
    label: str
    reason: str
    url: str
    section: str = ""  # code of the section, for a question
    paper: str = ""  # code of the attachment, for a paper
    changed: bool = False


def flags(case: Case) -> list[Flag]:
    """Every item of the notice a case is returned with, in order; none in any other state."""
    if case.state != State.RETURNED:
        return []
    correction = case.correction
    filed: dict[str, object] = case.latest.answers if case.latest else {}
    renewed = set(
        File.objects.filter(case=case, removed=None, uploaded__gte=correction.issued).values_list(
            "code", flat=True
        )
    )
    sections = {
        field.code: section.code for section in case.rules.form.sections for field in section.fields
    }
    return [
        _flag(case, item, sections.get(item.target, ""), filed, renewed)
        for item in correction.items.all()
    ]


def _flag(
    case: Case, item: CorrectionItem, section: str, filed: dict[str, object], renewed: set[str]
) -> Flag:
    reason = case.procedure.reasons.get(item.reason)
    said = str(reason) if reason else ""
    if section:
        return Flag(
            item,
            str(case.rules.form.field(item.target)),
            said,
            f"{reverse('case_section', args=[case.reference, section])}{BACK}#q-{item.target}",
            section=section,
            changed=_answer(case, item.target) != filed.get(item.target),
        )
    paper = next((each for each in case.rules.form.attachments if each.code == item.target), None)
    if paper:
        return Flag(
            item,
            str(paper),
            said,
            f"{reverse('case_files', args=[case.reference])}{BACK}#paper-{item.target}",
            paper=item.target,
            changed=item.target in renewed,
        )
    return Flag(
        item, gettext("The application as a whole"), said, reverse("case", args=[case.reference])
    )


def _answer(case: Case, code: str) -> object:
    """The answer the draft holds, in the shape answers are filed in."""
    asked = case.rules.form.field(code)
    return kind_of(asked).clean(asked, case.draft.get(code)).value


def by_section(found: list[Flag]) -> dict[str, list[Flag]]:
    """The flags on questions, by the code of their section."""
    sections = defaultdict(list)
    for flag in found:
        if flag.section:
            sections[flag.section].append(flag)
    return sections
