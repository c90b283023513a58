"""X53 on the pages: the auditor attaches, the office sees and answers."""

import pytest

from tests.views.public.addresses import at, browser, text
from workflows import demo
from workflows.models import AuditFinding, Case

pytestmark = pytest.mark.django_db
FOUND, SAID = "公示期少于规定天数", "已重新公示"


def page(case: Case) -> str:
    """The address of the findings on a case."""
    return at("audit_findings", case.reference)


def test_x53_a_finding_is_visible_to_the_office_and_answered_there(
    marked: Case, cast: demo.Cast
) -> None:
    auditor, leader = browser(cast.auditor), browser(cast.leader)

    auditor.post(page(marked), {"report-text": FOUND})
    (finding,) = AuditFinding.objects.all()
    file = text(leader.get(at("case_file", marked.reference)))
    leader.post(page(marked), {"finding": finding.pk, f"answer-{finding.pk}-text": SAID})

    assert "To be answered" in file
    assert SAID in text(auditor.get(page(marked)))


def test_x53_a_finding_without_words_comes_back(marked: Case, cast: demo.Cast) -> None:
    answer = browser(cast.auditor).post(page(marked), {"report-text": ""})

    assert answer.status_code == 422
    assert not AuditFinding.objects.exists()


def test_x53_the_auditor_answers_for_nobody_and_the_office_finds_nothing(
    marked: Case, cast: demo.Cast
) -> None:
    auditor, officer = browser(cast.auditor), browser(cast.officer)
    auditor.post(page(marked), {"report-text": FOUND})
    (finding,) = AuditFinding.objects.all()

    own = auditor.post(page(marked), {"finding": finding.pk, f"answer-{finding.pk}-text": SAID})
    other = officer.post(page(marked), {"report-text": FOUND})

    assert (own.status_code, other.status_code) == (403, 403)
    assert AuditFinding.objects.get().answered is None


def test_x53_an_answer_is_given_once(marked: Case, cast: demo.Cast) -> None:
    leader = browser(cast.leader)
    browser(cast.auditor).post(page(marked), {"report-text": FOUND})
    (finding,) = AuditFinding.objects.all()
    words = {"finding": finding.pk, f"answer-{finding.pk}-text": SAID}

    first = leader.post(page(marked), words)
    again = leader.post(page(marked), words)

    assert (first.status_code, again.status_code) == (302, 409)
