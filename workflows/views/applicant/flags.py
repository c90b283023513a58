"""What the correction notice flagged, and where the applicant changes it."""

from collections import defaultdict
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

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
    filed = case.latest
    renewed = set(
        File.objects.filter(case=case, removed=None, uploaded__gte=correction.issued).values_list(
            "code", flat=True
        )
    )
    sections = {
        field.code: section.code for section in case.rules.form.sections for field in section.fields
    }
    return [
        _flag(case, item, sections.get(item.target, ""), filed.answers, renewed)
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
            changed=case.draft.get(item.target) != filed.get(item.target),
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


def by_section(found: list[Flag]) -> dict[str, list[Flag]]:
    """The flags on questions, by the code of their section."""
    sections = defaultdict(list)
    for flag in found:
        if flag.section:
            sections[flag.section].append(flag)
    return sections
