"""What a demonstration puts beside a checklist: papers that say what they prove."""

import pypdfium2
import pytest

from tests.conftest import recording
from workflows import store
from workflows.models import Case
from workflows.recording import house
from workflows.recording.reader import Recording

pytestmark = pytest.mark.django_db


def carried(left_at: str, until: str) -> Case:
    """A recorded pool entry, ``left_at`` a step by the record or carried ``until`` one."""
    known = next(each for each in recording().applications if each.id == "P1-002")
    told = {**known.model_dump(mode="json"), "expected": {}, "until": left_at}
    whole = {**recording().model_dump(mode="json"), "applications": [told]}
    (result,) = house.carry(Recording.model_validate(whole), lambda words: None, until=until)
    return Case.objects.get(reference=result.case)


def said(case: Case) -> str:
    """The text of all papers of a case."""
    found = []
    for file in case.files.all():
        paper = pypdfium2.PdfDocument(store.store().get(file.sha256))
        found += [page.get_textpage().get_text_range() for page in paper]
    return "".join(found)


def test_papers_of_a_case_left_beside_a_checklist_say_the_answers_they_prove(office: None) -> None:
    case = carried("acceptance", "")

    assert case.applicant.name in said(case)
    assert case.applicant.uscc in said(case)


def test_papers_of_other_cases_are_samples(office: None) -> None:
    case = carried("", "acceptance")

    assert "示例材料" in said(case)
    assert case.applicant.uscc not in said(case)
